# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Take a workspace that git-repo made as it is, so that both can go on with it.

Only files of ours are added beside `.repo/`; no project is touched.
"""

import contextlib
import dataclasses
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.syncing import git_of
from sel4build.errors import InputError, ProblemsError, Span
from sel4build.git.client import Git
from sel4build.git.failure import GitError
from sel4build.git.remotes import GitRemote
from sel4build.git.repository import Repository
from sel4build.git.safety import without_credentials
from sel4build.lock import write_lock
from sel4build.lock.resolve import lock_at, require_projects
from sel4build.manifest import ManifestFiles, load_manifest, select_projects
from sel4build.manifest.extras import warn_of_manifest
from sel4build.manifest.submanifests import SubmanifestSource
from sel4build.model.lock import Lock, ManifestOrigin
from sel4build.model.manifest import CommitId, Manifest, Project
from sel4build.model.paths import RelPath
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.workspace.laying import Laying
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.observe import Presence, observe_project, observe_workspace
from sel4build.workspace.plan import plan_sync
from sel4build.workspace.remote import remote_of
from sel4build.workspace.repo_layout import RepoLayout
from sel4build.workspace.spec import write_spec
from sel4build.workspace.state import SyncedProject, SyncState, write_state
from sel4build.workspace.submanifests import join_submanifests
from sel4build.writing import explaining_os_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A workspace that is ours too, and its lock."""

    workspace: Workspace
    lock: Lock
    moved: tuple[str, ...]
    """Paths of projects at another commit than the one that the manifest pins."""


def adopt(context: Context, directory: Path | None = None) -> Adopted:
    """Make the git-repo workspace in `directory` one of ours, locked as it is checked out.

    Raises InputError with every reason when something does not fit; then nothing has changed.
    """
    root = (context.cwd / directory if directory else context.cwd).resolve()
    workspace, layout = Workspace(root), RepoLayout(root=root)
    if workspace.spec_file.exists():
        message = f"`{root}` is a workspace already"
        raise InputError(message, hint="`sel4build status` shows what is in it")
    if os.path.lexists(workspace.lock_file):
        message = f"`{root}` cannot be adopted: `{workspace.lock_file}` is there already"
        raise InputError(message, hint="move it away")
    git = git_of(context)
    origin = layout.read_origin(git)
    _check_local_manifests(workspace, layout)
    manifest, manifest_commit = _load(layout, git, origin)
    warn_of_manifest(manifest, context.reporter)
    if not origin.groups and any(each.default_groups for each in manifest.projects):
        # Run from the top, `repo` lets the groups of the whole count for submanifests too.
        origin = dataclasses.replace(origin, groups=("default",))
    require_projects(manifest, origin.groups)
    projects = select_projects(manifest.projects, origin.groups)
    commits = _commits(git, root, projects)
    lock = lock_at(manifest, commits, origin=origin, manifest_commit=manifest_commit)
    _warn_of_local_commits(context, git, root, projects, commits)
    with _undoing_on_failure(workspace), workspace_lock(workspace, context.reporter):
        _write(context, workspace, layout, origin, lock)
    return Adopted(
        workspace=workspace,
        lock=lock,
        moved=tuple(
            each.path.text
            for each in projects
            if each.is_pinned and commits[each.path] != each.revision
        ),
    )


def _check_local_manifests(workspace: Workspace, layout: RepoLayout) -> None:
    """Raise InputError when local manifests of both kinds would differ."""
    ours = workspace.local_manifests_dir
    if not os.path.lexists(ours):
        return
    if not ours.exists() or not layout.local_manifests_dir.exists():
        reason = f"`{ours}` is there, but `repo` does not read it"
    elif ours.samefile(layout.local_manifests_dir):
        return
    else:
        reason = f"`{ours}` and `{layout.local_manifests_dir}` are both there"
    raise InputError(f"`{workspace.root}` cannot be adopted: {reason}", hint=f"move `{ours}` away")


def _load(layout: RepoLayout, git: Git, origin: ManifestOrigin) -> tuple[Manifest, CommitId]:
    """Return the manifest as it is checked out, and the commit of its repository."""
    repository = Repository(git=git, work_tree=layout.manifests_dir)
    try:
        commit = repository.head_commit() if repository.git_dir.is_dir() else None
        changed = repository.changed_files() if commit is not None else ()
    except GitError as error:
        message = f"`{layout.manifests_dir}` cannot be read by git: {error.reason}"
        raise InputError(message) from error
    if commit is None:
        message = f"`{layout.manifests_dir}` is no repository with a commit"
        raise InputError(message, hint="run `repo sync` first")
    if changed:
        message = f"`{layout.root}` cannot be adopted: its manifest has changes of your own"
        hint = "commit and push them, or put them into `.repo/local_manifests`"
        raise InputError(message, details=changed, hint=hint)
    files = ManifestFiles(
        root_dir=layout.manifests_dir,
        file=origin.file,
        url=origin.url,
        local_dir=layout.local_manifests_dir,
    )
    manifest = load_manifest(files, groups=origin.groups)

    def check_out(source: SubmanifestSource, _pin: CommitId | None) -> tuple[Path, CommitId]:
        place = layout.submanifest_dir(source.path)
        head = Repository(git=git, work_tree=place).head_commit() if place.is_dir() else None
        if head is None:
            message = f"{source.subject} is not checked out in `{place}`"
            raise InputError(message, hint="run `repo sync` first")
        return place, head

    manifest = join_submanifests(
        manifest, origin, base=origin.url, commit=commit, pins={}, check_out=check_out
    )
    return manifest, commit


def _commits(git: Git, root: Path, projects: tuple[Project, ...]) -> dict[RelPath, CommitId]:
    """Return what is checked out; raise ProblemsError with each project that does not fit."""
    among = frozenset(each.path for each in projects)
    commits: dict[RelPath, CommitId] = {}
    problems: list[tuple[Span | None, str]] = []
    for each in projects:
        found = observe_project(root, each.path, among=among)
        head = found.head
        if found.presence is Presence.REPOSITORY and head is None:
            head = Repository(git=git, work_tree=each.path.below(root)).head_commit()
        if found.presence is Presence.ABSENT:
            problems.append((None, f"project `{each.path}` is not checked out"))
        elif found.presence is not Presence.REPOSITORY:
            problems.append((None, f"project `{each.path}` {found.reason}"))
        elif head is None:
            problems.append((None, f"project `{each.path}` has no commit"))
        else:
            commits[each.path] = head
    if problems:
        count = f"{len(problems)} of {len(projects)} projects"
        message = f"`{root}` cannot be adopted: not as `repo sync` leaves them are {count}"
        raise ProblemsError(message, tuple(problems), hint="run `repo sync` first")
    return commits


def _warn_of_local_commits(
    context: Context,
    git: Git,
    root: Path,
    projects: tuple[Project, ...],
    commits: dict[RelPath, CommitId],
) -> None:
    """Say where the lock names what nobody else can fetch."""
    for each in projects:
        if each.revision == commits[each.path]:
            continue
        try:
            count = Repository(git=git, work_tree=each.path.below(root)).num_local_commits()
        except GitError:
            continue  # what is wrong with it shows when it is synced
        if count:
            context.reporter.warn(
                f"`{each.path}` has {count} commits that no remote has, so far as is known here; "
                "the lock is of use to others once they are pushed"
            )


def _write(
    context: Context, workspace: Workspace, layout: RepoLayout, origin: ManifestOrigin, lock: Lock
) -> None:
    """Write what makes it a workspace; `sel4build.toml`, by which it is one, comes last."""
    _keep_manifest(context, workspace, layout, origin, lock)
    plan = plan_sync(lock, observe_workspace(workspace, lock))
    laying = Laying(workspace, plan, context.reporter)
    state = SyncState(
        projects=tuple(
            SyncedProject(path=each.path, url=each.url, commit=each.commit, remote=remote_of(each))
            for each in lock.projects
        ),
        links=laying.own_links(is_done=True),
        copies=laying.own_copies(is_done=True),
    )
    write_state(state, workspace)
    write_lock(lock, workspace.lock_file)
    ours = workspace.local_manifests_dir
    if layout.local_manifests_dir.is_dir() and not ours.exists():
        with explaining_os_errors(ours):
            ours.symlink_to(layout.local_manifests_dir.relative_to(workspace.root))
    write_spec(WorkspaceSpec(manifest=origin), workspace)


def _keep_manifest(
    context: Context, workspace: Workspace, layout: RepoLayout, origin: ManifestOrigin, lock: Lock
) -> None:
    """Take the manifest's commit over, so that the lock can be checked without a network."""
    if lock.manifest_commit is None:
        raise AssertionError
    url = without_credentials(origin.url or "")
    kept = [(layout.manifests_dir, workspace.manifest_dir, url, lock.manifest_commit)]
    kept += [
        (
            layout.submanifest_dir(each.path),
            workspace.submanifest_dir(each.path),
            each.url,
            each.commit,
        )
        for each in lock.submanifests
    ]
    for source, dest, url, commit in kept:
        repository = Repository(git=git_of(context), work_tree=dest)
        try:
            repository.create(GitRemote(url=url))
            repository.obtain(commit, location=str(source / ".git"), upstream=None)
            repository.check_out(commit, force=True)
        except GitError as error:
            message = f"the manifest in `{source}` cannot be read: {error.reason}"
            raise InputError(message) from error


@contextlib.contextmanager
def _undoing_on_failure(workspace: Workspace) -> Iterator[None]:
    """Leave nothing of ours in a workspace that was not adopted."""
    had_local = os.path.lexists(workspace.local_manifests_dir)
    had_state = workspace.state_dir.exists()
    try:
        yield
    except BaseException:
        workspace.spec_file.unlink(missing_ok=True)
        workspace.lock_file.unlink(missing_ok=True)
        if not had_local:
            workspace.local_manifests_dir.unlink(missing_ok=True)
        if not had_state:
            shutil.rmtree(workspace.state_dir, ignore_errors=True)
        raise
