# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A lock as a pinned manifest, as `repo manifest -r` writes one, and back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sel4build.errors import ProblemsError, Span
from sel4build.git.safety import without_credentials
from sel4build.lock.resolve import lock_parts, plan_lock, without_secret
from sel4build.manifest.render import render_manifest
from sel4build.manifest.urls import standalone_fetch
from sel4build.model.lock import Lock, LockedProject, ManifestOrigin
from sel4build.model.manifest import CommitId, Default, Manifest, Project, Remote


def render_pinned(lock: Lock) -> str:
    """Return `lock` as XML that git-repo reads: every project by commit, with its upstream.

    Where two remotes would have one name, they have it as their alias.
    """
    remotes = _name_remotes(lock)
    manifest = Manifest(
        origin=str(lock.origin),
        digest=lock.manifest_digest,
        remotes=tuple(sorted(remotes.values(), key=lambda remote: remote.name)),
        default=Default(sync_j=lock.sync_j, sync_j_max=lock.sync_j_max),
        projects=tuple(_project(each, remotes) for each in lock.projects),
    )
    return render_manifest(manifest)


def lock_pinned(
    manifest: Manifest, *, origin: ManifestOrigin, manifest_commit: CommitId | None = None
) -> Lock:
    """Return the lock that a pinned manifest spells, for a workspace that wants `origin`.

    Raises ProblemsError naming every selected project that is not pinned.
    """
    if manifest.submanifests and not manifest.parts:
        span = manifest.submanifests[0].span
        problem = "a pinned manifest has no submanifests: their projects stand in it"
        raise ProblemsError(
            f"manifest `{manifest.origin}` is not pinned",
            ((span, problem),),
            hint="write it with `sel4build lock --export-xml`",
        )
    plan = plan_lock(manifest, groups=origin.groups)
    if plan.floating:
        problems = tuple(_problems(plan.floating))
        message = f"manifest `{manifest.origin}` does not pin {len(problems)} projects"
        raise ProblemsError(message, problems, hint="write it with `repo manifest -r`")
    return Lock(
        origin=without_secret(origin),
        manifest_digest=manifest.digest,
        manifest_commit=manifest_commit,
        submanifests=lock_parts(manifest),
        sync_j=manifest.default.sync_j,
        sync_j_max=manifest.default.sync_j_max,
        projects=plan.settled,
    )


def _problems(projects: tuple[Project, ...]) -> Iterator[tuple[Span | None, str]]:
    for each in projects:
        problem = f"project `{each.name}` at path `{each.path}` is at `{each.revision}`, no commit"
        yield each.span, problem


@dataclass(frozen=True, slots=True)
class _Base:
    """What the URLs of a project begin with, and what git calls its remote."""

    fetch: str
    push: str | None
    git_name: str


def _project(project: LockedProject, remotes: Mapping[_Base, Remote]) -> Project:
    base, name = _split(project)
    return Project(
        name=name,
        path=project.path,
        remote=remotes[base].name,
        url=without_credentials(project.url),
        revision=project.commit,
        upstream=project.upstream,
        dest_branch=project.dest_branch,
        groups=frozenset(project.groups),
        links=project.links,
        copies=project.copies,
        annotations=tuple(each for each in project.annotations if each.keep),
        clone_depth=project.clone_depth,
        sync_c=project.sync_c,
        sync_s=project.sync_s,
        sync_tags=project.sync_tags,
    )


def _name_remotes(lock: Lock) -> dict[_Base, Remote]:
    """Return remotes by what they stand for, each with the name in the lock where that is free."""
    remotes: dict[_Base, Remote] = {}
    taken: set[str] = set()
    bases = {_split(each)[0] for each in lock.projects}
    for base in sorted(bases, key=lambda base: (base.git_name, base.fetch, base.push or "")):
        name, number = base.git_name, 2
        while name in taken:
            name, number = f"{base.git_name}-{number}", number + 1
        taken.add(name)
        remotes[base] = Remote(
            name=name,
            alias=None if name == base.git_name else base.git_name,
            fetch=standalone_fetch(base.fetch),
            push_url=base.push,
        )
    return remotes


def _split(project: LockedProject) -> tuple[_Base, str]:
    """Return what remote and name have to be, which together are the URLs of a project."""
    url = without_credentials(project.url)
    fetch, name = url.removesuffix(f"/{project.name}"), project.name
    if fetch == url:
        fetch, _, name = url.rpartition("/")
    push = without_credentials(project.push_url or "")
    push_base = push.removesuffix(f"/{name}") if push.endswith(f"/{name}") else None
    return _Base(fetch, push_base, project.remote), name
