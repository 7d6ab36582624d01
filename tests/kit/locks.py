# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Builders of locks."""

from sel4build.model.lock import Lock, LockedProject, ManifestOrigin
from sel4build.model.manifest import CommitId, CopyFile, LinkFile
from sel4build.model.paths import RelPath

DIGEST = "0" * 64


def a_locked_project(
    path: str = "projects/a",
    *,
    url: str = "https://example.com/a.git",
    commit: str = "a" * 40,
    upstream: str | None = "main",
    links: tuple[tuple[str, str], ...] = (),
    copies: tuple[tuple[str, str], ...] = (),
) -> LockedProject:
    """Return a project whose name is the end of its URL."""
    return LockedProject(
        name=url.rpartition("/")[2],
        path=RelPath.parse(path),
        url=url,
        commit=CommitId(commit),
        upstream=upstream,
        links=tuple(
            LinkFile(src=RelPath.parse(src, allow_dot=True), dest=RelPath.parse(dest))
            for src, dest in links
        ),
        copies=tuple(
            CopyFile(src=RelPath.parse(src), dest=RelPath.parse(dest)) for src, dest in copies
        ),
    )


def a_lock(*projects: LockedProject, origin: ManifestOrigin | None = None) -> Lock:
    """Return a lock of `projects`, by default of one."""
    return Lock(
        origin=origin or ManifestOrigin(name="bringup"),
        manifest_digest=DIGEST,
        projects=tuple(sorted(projects or (a_locked_project(),), key=lambda each: each.path)),
    )
