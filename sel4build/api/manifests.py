# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Check, show and compare manifests; take a lock to a pinned manifest and back."""

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.finding import find_workspace, open_workspace
from sel4build.api.initialising import read_origin
from sel4build.api.locking import Locked, lock_workspace
from sel4build.api.syncing import SyncWishes, find_verifier, git_of
from sel4build.errors import InputError, Sel4BuildError
from sel4build.git.repository import Repository
from sel4build.lock import lock_pinned, read_lock, render_pinned, write_lock
from sel4build.manifest import ManifestFiles, load_manifest, select_projects
from sel4build.manifest.compare import ManifestChanges, ProjectChange, compare_projects
from sel4build.manifest.extras import warn_of_manifest
from sel4build.manifest.flatten import flatten_manifest
from sel4build.manifest.xml import problems_error
from sel4build.model.lock import Lock, ManifestOrigin
from sel4build.model.manifest import CommitId, Manifest, Project, is_commit_id
from sel4build.model.workspace import Workspace
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.origin import OpenedManifest, open_manifest
from sel4build.workspace.spec import read_spec
from sel4build.writing import write_if_changed

_MOST_COMMITS = 50
_LOCK_SUFFIXES = (".lock", ".toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A manifest as a command names it: by name, file or URL."""

    word: str
    revision: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A manifest, the projects of it that are selected, and the groups that select them."""

    manifest: Manifest
    selected: tuple[Project, ...]
    groups: tuple[str, ...]
    commit: CommitId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commits:
    """The commits between two revisions of a project, as far as the workspace has them."""

    added: tuple[str, ...]
    """Short id and subject, the newest first; at most fifty."""
    num_added: int
    num_removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs between two manifests, and the commits by path of the new one."""

    changes: ManifestChanges
    commits: dict[str, Commits]


def show_manifest(
    context: Context,
    source: Source | None,
    *,
    workspace: Path | None = None,
    groups: tuple[str, ...] | None = None,
    is_resolved: bool = False,
    is_strict: bool = False,
) -> Shown:
    """Load the manifest of `source`, or that of the workspace with its local manifests.

    One that is resolved stands for itself: it has only what is selected, and absolute URLs.
    Raises ProblemsError with all that is wrong in it; with `is_strict` so is what is passed over.
    """
    if source is None:
        place = open_workspace(context, workspace)
        spec = read_spec(place)
        origin = spec.manifest if groups is None else _with(spec.manifest, groups)
        overlays = context.overlays_of(place, spec)
        with workspace_lock(place, context.reporter):
            opened = _open(context, place, origin, overlays, is_strict=is_strict)
    else:
        origin = _with(_origin(context, source), groups or ())
        with _nowhere(context) as place:
            opened = _open(context, place, origin, context.overlays, is_strict=is_strict)
    manifest = opened.manifest
    if manifest.lack is not None:
        if is_strict:
            raise problems_error(manifest.origin, [manifest.lack])
        span, reason = manifest.lack
        context.reporter.warn(f"{span}: {reason}")
    selected = select_projects(manifest.projects, origin.groups)
    if is_resolved:
        manifest = flatten_manifest(manifest, selected, base=opened.base)
        selected = manifest.projects
    return Shown(manifest=manifest, selected=selected, groups=origin.groups, commit=opened.commit)


def diff_manifests(
    context: Context,
    old: Source,
    new: Source,
    *,
    workspace: Path | None = None,
    groups: tuple[str, ...] | None = None,
) -> Difference:
    """Compare two manifests or lockfiles.

    With a lockfile only what is selected is compared, since it holds nothing else.
    """
    if groups is None and any(_is_lock(each) for each in (old, new)):
        groups = ()
    changes = compare_projects(_projects(context, old, groups), _projects(context, new, groups))
    place = find_workspace(context, workspace)
    commits = {} if place is None else _commits(context, place, changes)
    return Difference(changes=changes, commits=commits)


def export_lock(context: Context, workspace: Workspace, file: Path) -> Lock:
    """Write the lock of `workspace` to `file` as a pinned manifest; lock first without one."""
    if not workspace.lock_file.is_file():
        lock_workspace(context, workspace)
    lock = read_lock(workspace.lock_file)
    write_if_changed(context.cwd / file, render_pinned(lock))
    return lock


def import_lock(
    context: Context, workspace: Workspace, file: Path, *, wishes: SyncWishes | None = None
) -> Locked:
    """Make the pinned manifest `file` the lock of `workspace`.

    Relative URLs are relative to the workspace's own manifest, where that has a URL. Raises
    UnverifiedError when signatures are wanted and missing; then nothing is written.
    """
    wishes = wishes or SyncWishes()
    path = context.cwd / file
    if not path.is_file():
        message = f"manifest file `{file}` does not exist"
        raise InputError(message)
    with workspace_lock(workspace, context.reporter):
        spec = read_spec(workspace)
        origin = spec.manifest
        url = origin.url or str(path.parent.resolve())
        files = ManifestFiles(root_dir=path.parent, file=path.name, url=url)
        manifest = load_manifest(files, groups=origin.groups)
        warn_of_manifest(manifest, context.reporter)
        lock = lock_pinned(manifest, origin=origin)
        previous = read_lock(workspace.lock_file) if workspace.lock_file.is_file() else None
        git = git_of(context, wishes).knowing([origin.url])
        verifier = find_verifier(context, workspace, spec, git=git, wishes=wishes)
        verified = None if verifier is None else verifier.verify_lock(lock)
        write_lock(lock, workspace.lock_file)
    before = {} if previous is None else {each.path: each.commit for each in previous.projects}
    changed = (each.path for each in lock.projects if before.get(each.path) != each.commit)
    return Locked(lock=lock, changed=tuple(map(str, changed)), verified=verified)


def _with(origin: ManifestOrigin, groups: tuple[str, ...]) -> ManifestOrigin:
    return dataclasses.replace(origin, groups=groups)


def _origin(context: Context, source: Source) -> ManifestOrigin:
    origin = read_origin(context, source.word, revision=source.revision, file=source.file)
    if origin is None:  # only without a word
        raise AssertionError
    return origin


@contextlib.contextmanager
def _nowhere(context: Context) -> Iterator[Workspace]:
    """Yield a workspace for what needs none of the user's; it is gone afterwards."""
    base = context.environ.get("TMPDIR") or None
    with tempfile.TemporaryDirectory(prefix="sel4build-", dir=base) as folder:
        yield Workspace(Path(folder))


def _open(
    context: Context,
    place: Workspace,
    origin: ManifestOrigin,
    overlays: tuple[Path, ...],
    *,
    is_strict: bool,
) -> OpenedManifest:
    return open_manifest(
        place,
        origin,
        git=git_of(context),
        overlays=overlays,
        reporter=context.reporter,
        is_strict=is_strict,
    )


def _is_lock(source: Source) -> bool:
    return source.word.endswith(_LOCK_SUFFIXES) and "://" not in source.word


def _projects(
    context: Context, source: Source, groups: tuple[str, ...] | None
) -> tuple[Project, ...]:
    if _is_lock(source):
        return _locked_projects(read_lock(context.cwd / source.word))
    shown = show_manifest(context, source, groups=groups)
    return shown.manifest.projects if groups is None else shown.selected


def _locked_projects(lock: Lock) -> tuple[Project, ...]:
    return tuple(
        Project(
            name=each.name,
            path=each.path,
            remote="",
            url=each.url,
            revision=each.commit,
            upstream=each.upstream,
            groups=frozenset(each.groups),
            links=each.links,
            copies=each.copies,
            annotations=each.annotations,
            clone_depth=each.clone_depth,
            git_remote=each.remote,
            push_url=each.push_url,
            sync_c=each.sync_c,
            sync_s=each.sync_s,
            sync_tags=each.sync_tags,
        )
        for each in lock.projects
    )


def _commits(
    context: Context, workspace: Workspace, changes: ManifestChanges
) -> dict[str, Commits]:
    found: dict[str, Commits] = {}
    for change in (*changes.moved, *changes.changed):
        commits = _between(context, workspace, change)
        if commits is not None:
            found[change.new.path.text] = commits
    return found


def _between(context: Context, workspace: Workspace, change: ProjectChange) -> Commits | None:
    old, new = change.old.revision, change.new.revision
    if old == new or not (is_commit_id(old) and is_commit_id(new)):
        return None
    places = (each.path.below(workspace.root) for each in (change.new, change.old))
    work_tree = next((place for place in places if (place / ".git").exists()), None)
    if work_tree is None:
        return None
    repository = Repository(git=git_of(context), work_tree=work_tree)
    try:
        if not all(repository.has_commit(CommitId(each)) for each in (old, new)):
            return None
        counts = repository.run("rev-list", "--left-right", "--count", f"{old}...{new}")
        options = (f"--max-count={_MOST_COMMITS}", "--format=%h %s", "--no-show-signature")
        log = repository.run("log", *options, f"{old}..{new}")
    except Sel4BuildError:  # a damaged repository is the matter of `sync`
        return None
    removed, added = map(int, counts.split())
    return Commits(added=tuple(log.splitlines()), num_added=added, num_removed=removed)
