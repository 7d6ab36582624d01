# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""From a manifest to its lock: what is pinned needs no network, what floats is asked for."""

import concurrent.futures
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from sel4build.errors import Sel4BuildError, Span
from sel4build.git.client import Git
from sel4build.git.connections import Connections
from sel4build.git.failure import GitError, combine_errors, explain_remote_error
from sel4build.git.safety import bundled_name, without_credentials
from sel4build.manifest import select_projects
from sel4build.manifest.groups import why_nothing_selected
from sel4build.manifest.xml import problems_error
from sel4build.model.lock import Lock, LockedProject, LockedSubmanifest, ManifestOrigin
from sel4build.model.manifest import CommitId, Manifest, Project, is_commit_id
from sel4build.model.paths import RelPath
from sel4build.model.reporter import Reporter, SilentReporter, TaskEnd

_TASK = "lock"
_MOST_AT_ONCE = 8


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LockPlan:
    """What is known without asking anyone, and which projects have to be asked for."""

    settled: tuple[LockedProject, ...]
    floating: tuple[Project, ...]


def plan_lock(
    manifest: Manifest,
    *,
    previous: Lock | None = None,
    groups: Sequence[str] = (),
    renewed: frozenset[RelPath] = frozenset(),
) -> LockPlan:
    """Tell pinned projects from floating ones, among those that `groups` selects.

    A floating project that `previous` holds at the same path, from the same URL and the same
    branch or tag, keeps its commit, unless it is one of `renewed`. A pinned one of these moves to
    its upstream, and keeps what it has moved to as long as the manifest stays what it was.
    """
    is_same_manifest = previous is not None and previous.manifest_digest == manifest.digest
    known = {each.path: each for each in previous.projects} if previous else {}
    require_projects(manifest, groups)
    settled: list[LockedProject] = []
    floating: list[Project] = []
    for project in select_projects(manifest.projects, groups):
        before = known.get(project.path)
        upstream = project.upstream if project.is_pinned else project.revision
        is_kept = before is not None and _is_same(before, project, upstream)
        if project.path in renewed and can_move(project):
            floating.append(dataclasses.replace(project, revision=upstream or ""))
        elif before is not None and is_kept and (is_same_manifest or not project.is_pinned):
            settled.append(_locked(project, before.commit, upstream))
        elif project.is_pinned:
            settled.append(_locked(project, CommitId(project.revision), upstream))
        else:
            floating.append(project)
    return LockPlan(settled=tuple(settled), floating=tuple(floating))


def require_projects(manifest: Manifest, groups: Sequence[str]) -> None:
    """Raise ProblemsError when `groups` selects nothing: that is hardly meant."""
    if reason := why_nothing_selected(manifest.projects, groups):
        span = manifest.lack[0] if manifest.lack else Span(file=manifest.origin)
        raise problems_error(span.file if span else manifest.origin, [(span, reason)])


def resolve_lock(  # noqa: PLR0913 - one parameter an effect or a wish
    manifest: Manifest,
    *,
    origin: ManifestOrigin,
    git: Git,
    base_dir: Path,
    previous: Lock | None = None,
    renewed: frozenset[RelPath] = frozenset(),
    manifest_commit: CommitId | None = None,
    reporter: Reporter | None = None,
) -> Lock:
    """Return the lock of what `origin` wants of `manifest`, asking remotes only for what floats.

    URLs that are relative paths are relative to `base_dir`. Every remote that cannot be reached
    and every revision that does not exist is reported, all of them together.
    """
    reporter = reporter or SilentReporter()
    plan = plan_lock(manifest, previous=previous, groups=origin.groups, renewed=renewed)
    commits = _ask(plan.floating, git=git, base_dir=base_dir, reporter=reporter)
    written = {each.path: each for each in manifest.projects}
    asked = [
        _locked(written[each.path], commits[each.path.text], each.revision)
        for each in plan.floating
    ]
    return Lock(
        origin=without_secret(origin),
        manifest_digest=manifest.digest,
        manifest_commit=manifest_commit,
        submanifests=lock_parts(manifest),
        sync_j=manifest.default.sync_j,
        sync_j_max=manifest.default.sync_j_max,
        projects=tuple(sorted([*plan.settled, *asked], key=lambda project: project.path)),
    )


def lock_at(
    manifest: Manifest,
    commits: Mapping[RelPath, CommitId],
    *,
    origin: ManifestOrigin,
    manifest_commit: CommitId | None,
) -> Lock:
    """Return the lock of the projects that have a commit in `commits`, by path."""
    chosen = (each for each in manifest.projects if each.path in commits)
    return Lock(
        origin=without_secret(origin),
        manifest_digest=manifest.digest,
        manifest_commit=manifest_commit,
        submanifests=lock_parts(manifest),
        sync_j=manifest.default.sync_j,
        sync_j_max=manifest.default.sync_j_max,
        projects=tuple(
            _locked(each, commits[each.path], each.upstream if each.is_pinned else each.revision)
            for each in sorted(chosen, key=lambda project: project.path)
        ),
    )


def lock_parts(manifest: Manifest) -> tuple[LockedSubmanifest, ...]:
    """Return the submanifests of `manifest` as they are locked."""
    return tuple(
        LockedSubmanifest(
            name=each.name,
            path=each.path,
            url=each.url,
            commit=each.commit,
            revision=each.revision,
            file=each.file,
            digest=each.digest,
        )
        for each in manifest.parts
    )


def can_move(project: Project) -> bool:
    """Tell whether there is a branch or tag to ask for a commit."""
    upstream = project.upstream if project.is_pinned else project.revision
    return upstream is not None and not is_commit_id(upstream)


def without_secret(origin: ManifestOrigin) -> ManifestOrigin:
    """Return `origin` as it may be stored: without credentials in its URL."""
    if origin.url is None:
        return origin
    return dataclasses.replace(origin, url=without_credentials(origin.url))


def _ask(
    projects: tuple[Project, ...],
    *,
    git: Git,
    base_dir: Path,
    reporter: Reporter,
) -> Mapping[str, CommitId]:
    """Return the commits by path, or raise one error for all that failed."""
    if not projects:
        return {}
    knowing = git.knowing(each.url for each in projects)
    commits: dict[str, CommitId] = {}
    errors: dict[str, Sel4BuildError] = {}
    reporter.start(_TASK, total=len(projects))
    pool = concurrent.futures.ThreadPoolExecutor(_MOST_AT_ONCE)
    connections = Connections()
    try:
        futures = {
            pool.submit(
                _resolve_project, each, git=knowing, base_dir=base_dir, connections=connections
            ): each
            for each in projects
        }
        for done, future in enumerate(concurrent.futures.as_completed(futures), start=1):
            project = futures[future]
            try:
                commits[project.path.text] = future.result()
            except Sel4BuildError as error:
                errors[project.path.text] = error
            reporter.progress(_TASK, done=done, total=len(projects), detail=str(project.path))
    except BaseException:
        connections.interrupt()
        git.interrupt()
        pool.shutdown(wait=True, cancel_futures=True)
        reporter.finish(_TASK, end=TaskEnd.FAILED)
        raise
    pool.shutdown()
    reporter.finish(_TASK, end=TaskEnd.FAILED if errors else TaskEnd.DONE)
    if errors:
        failed = [errors[path] for path in sorted(errors)]
        raise combine_errors(f"{len(failed)} projects could not be resolved", failed)
    return commits


def _resolve_project(
    project: Project, *, git: Git, base_dir: Path, connections: Connections
) -> CommitId:
    url = without_credentials(project.url)
    try:
        return git.resolve_revision(
            url, project.revision, base_dir=base_dir, connections=connections
        )
    except GitError as error:
        raise explain_remote_error(
            error,
            subject=f"project `{project.name}`",
            url=project.url,
            revision=project.revision,
            done="resolved",
        ) from error


def _locked(project: Project, commit: CommitId, upstream: str | None) -> LockedProject:
    return LockedProject(
        name=project.name,
        path=project.path,
        url=without_credentials(project.url),
        commit=commit,
        upstream=upstream,
        revision=None if project.revision == commit else project.revision,
        dest_branch=project.dest_branch,
        links=project.links,
        copies=project.copies,
        annotations=project.annotations,
        groups=tuple(sorted(project.groups)),
        clone_depth=project.clone_depth,
        remote=project.git_remote,
        push_url=without_credentials(project.push_url) if project.push_url else None,
        sync_c=project.sync_c,
        sync_s=project.sync_s,
        sync_tags=project.sync_tags,
    )


def _is_same(before: LockedProject, project: Project, upstream: str | None) -> bool:
    """Tell whether a commit may be kept; of bundled sources there is only what this release has."""
    url = without_credentials(project.url)
    return before.upstream == upstream and before.url == url and bundled_name(url) is None
