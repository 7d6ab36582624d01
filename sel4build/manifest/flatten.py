# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A manifest that stands for itself: what is selected of it, absolute URLs, no submanifests."""

import dataclasses
from collections.abc import Iterable, Iterator

from sel4build.git.safety import without_credentials
from sel4build.manifest.urls import resolve_fetch, standalone_fetch
from sel4build.model.manifest import Default, Manifest, Project, Remote
from sel4build.model.paths import RelPath

_Key = tuple[RelPath | None, str]
"""A remote by the path of its submanifest and its name there."""


def flatten_manifest(
    manifest: Manifest, projects: tuple[Project, ...], *, base: str | None
) -> Manifest:
    """Return `manifest` with `projects` and nothing else, and the remotes that they need.

    `base` is the URL that its own relative URLs are joined to. A remote of a submanifest whose name
    stands for another one gets a number, and the name as its alias.
    """
    wanted: set[_Key] = {(None, name) for name in _named(manifest)}
    wanted |= {_key(each) for each in projects}
    remotes: dict[_Key, Remote] = {}
    taken: dict[str, Remote] = {}
    for key, remote, own_base in _remotes(manifest, base):
        if key not in wanted:
            continue
        absolute = _absolute(remote, (each for each in projects if _key(each) == key), own_base)
        remotes[key] = _named_apart(absolute, taken)
    return dataclasses.replace(
        manifest,
        default=_bare(manifest.default) if manifest.parts else manifest.default,
        projects=tuple(_settled(each, remotes[_key(each)].name) for each in projects),
        remotes=tuple(taken[name] for name in sorted(taken)),
        submanifests=(),
        parts=(),
    )


def _key(project: Project) -> _Key:
    return project.submanifest, project.remote


def _named(manifest: Manifest) -> Iterator[str]:
    if manifest.superproject is not None:
        yield manifest.superproject.remote
    if manifest.default.remote is not None:
        yield manifest.default.remote


def _remotes(manifest: Manifest, base: str | None) -> Iterator[tuple[_Key, Remote, str | None]]:
    for remote in manifest.remotes:
        yield (None, remote.name), remote, base
    for part in manifest.parts:
        for remote in part.remotes:
            yield (part.path, remote.name), remote, part.url


def _absolute(remote: Remote, projects: Iterable[Project], base: str | None) -> Remote:
    """Return `remote` with an absolute URL: that of its projects tells what it is."""
    own = next(iter(projects), None)
    if own is not None:
        fetch = own.url.removesuffix(own.name).rstrip("/")
    else:
        fetch = resolve_fetch(remote.fetch, base=base) or remote.fetch
    return dataclasses.replace(remote, fetch=standalone_fetch(without_credentials(fetch)))


def _named_apart(remote: Remote, taken: dict[str, Remote]) -> Remote:
    """Return `remote` under a name that is free or its own, and take that."""
    name, number = remote.name, 2
    while True:
        alias = remote.alias if name == remote.name else remote.alias or remote.name
        named = dataclasses.replace(remote, name=name, alias=alias)
        if taken.setdefault(name, named) == named:
            return named
        name, number = f"{remote.name}-{number}", number + 1


def _bare(default: Default) -> Default:
    """Return `default` without what a project of a submanifest would take from it and had not."""
    return dataclasses.replace(default, upstream=None, dest_branch=None, sync_c=False)


def _settled(project: Project, remote: str) -> Project:
    """Return a project as one of the manifest itself."""
    if project.submanifest is None:
        return project
    return dataclasses.replace(project, remote=remote, submanifest=None, default_groups=())
