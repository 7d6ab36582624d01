# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A lock as a pinned manifest, as `repo manifest -r` writes one, and back."""

from collections.abc import Iterator

from sel4build.errors import ProblemsError, Span
from sel4build.git.safety import without_credentials
from sel4build.lock.resolve import plan_lock, without_secret
from sel4build.manifest.render import render_manifest
from sel4build.manifest.urls import standalone_fetch
from sel4build.model.lock import Lock, LockedProject, ManifestOrigin
from sel4build.model.manifest import CommitId, Manifest, Project, Remote


def render_pinned(lock: Lock) -> str:
    """Return `lock` as XML that git-repo reads: every project by commit, with its upstream.

    Its remotes are named anew, since the lock has only URLs.
    """
    names = _name_remotes(lock)
    remotes = tuple(
        Remote(name=name, fetch=standalone_fetch(fetch)) for fetch, name in names.items()
    )
    manifest = Manifest(
        origin=str(lock.origin),
        digest=lock.manifest_digest,
        remotes=tuple(sorted(remotes, key=lambda remote: remote.name)),
        projects=tuple(_project(each, names) for each in lock.projects),
    )
    return render_manifest(manifest)


def lock_pinned(
    manifest: Manifest, *, origin: ManifestOrigin, manifest_commit: CommitId | None = None
) -> Lock:
    """Return the lock that a pinned manifest spells, for a workspace that wants `origin`.

    Raises ProblemsError naming every selected project that is not pinned.
    """
    plan = plan_lock(manifest, groups=origin.groups)
    if plan.floating:
        problems = tuple(_problems(plan.floating))
        message = f"manifest `{manifest.origin}` does not pin {len(problems)} projects"
        raise ProblemsError(message, problems, hint="write it with `repo manifest -r`")
    return Lock(
        origin=without_secret(origin),
        manifest_digest=manifest.digest,
        manifest_commit=manifest_commit,
        projects=plan.settled,
    )


def _problems(projects: tuple[Project, ...]) -> Iterator[tuple[Span | None, str]]:
    for each in projects:
        problem = f"project `{each.name}` at path `{each.path}` is at `{each.revision}`, no commit"
        yield each.span, problem


def _project(project: LockedProject, names: dict[str, str]) -> Project:
    fetch, name = _split(project)
    return Project(
        name=name,
        path=project.path,
        remote=names[fetch],
        url=without_credentials(project.url),
        revision=project.commit,
        upstream=project.upstream,
        groups=frozenset(project.groups),
        links=project.links,
        copies=project.copies,
        annotations=tuple(each for each in project.annotations if each.keep),
        clone_depth=project.clone_depth,
    )


def _name_remotes(lock: Lock) -> dict[str, str]:
    """Return names by `fetch`: its last segment, with a number where that is taken."""
    names: dict[str, str] = {}
    for fetch in sorted({_split(each)[0] for each in lock.projects}):
        stem = fetch.rstrip("/").rpartition("/")[2].rpartition(":")[2] or "origin"
        taken = set(names.values())
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        names[fetch] = name
    return names


def _split(project: LockedProject) -> tuple[str, str]:
    """Return the URL of the remote and the name of the project, which together are its URL."""
    url = without_credentials(project.url)
    if url.endswith(f"/{project.name}"):
        return url.removesuffix(f"/{project.name}"), project.name
    fetch, _, name = url.rpartition("/")
    return fetch, name
