# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The lockfile's value: a resolved manifest, every project by commit."""

from dataclasses import dataclass

from sel4build.model.manifest import Annotation, CommitId, CopyFile, LinkFile
from sel4build.model.paths import RelPath


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestOrigin:
    """Where a manifest comes from, as the user wants it.

    Exactly one of `name` (one that we ship), `url` (a git repository) and `path` (a file) is set;
    `revision` (branch, tag or commit) and `file` belong to `url`. `groups` choose among projects;
    none means git-repo's default.
    """

    name: str | None = None
    url: str | None = None
    path: str | None = None
    revision: str | None = None
    file: str = "default.xml"
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError when it is not exactly one of the three kinds."""
        given = [each for each in (self.name, self.url, self.path) if each is not None]
        if len(given) != 1 or not given[0]:
            raise ValueError("exactly one of `name`, `url` and `path` names a manifest")
        if self.url is None and self.revision is not None:
            raise ValueError("`revision` belongs to a manifest with a `url`")

    def __str__(self) -> str:
        """Name the origin as the user would."""
        chosen = f" with the groups {','.join(self.groups)}" if self.groups else ""
        if self.url is not None:
            at = f" at {self.revision}" if self.revision else ""
            return f"{self.url}{at} ({self.file}){chosen}"
        return f"{self.name or self.path or ''}{chosen}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedProject:
    """A project pinned to `commit`; `upstream` is the branch or tag that it came from."""

    name: str
    path: RelPath
    url: str
    commit: CommitId
    upstream: str | None = None
    links: tuple[LinkFile, ...] = ()
    copies: tuple[CopyFile, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    groups: tuple[str, ...] = ()
    """Sorted, without those that every project is in."""
    revision: str | None = None
    """The revision as the manifest writes it, where that is not `commit`."""
    dest_branch: str | None = None
    """The branch that changes are reviewed for."""
    clone_depth: int | None = None
    remote: str = "origin"
    """What git calls the remote."""
    push_url: str | None = None
    sync_c: bool = False
    """A plain `git fetch` brings no other branch than `upstream`."""
    sync_s: bool = False
    """Submodules are synced too."""
    sync_tags: bool = True
    """A plain `git fetch` brings tags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedSubmanifest:
    """A submanifest at the commit of its repository; `revision` is what it came from."""

    name: str
    path: RelPath
    url: str
    commit: CommitId
    revision: str
    file: str
    digest: str
    """sha256 (hex) of its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A resolved manifest: where it came from, and every project by commit, sorted by path."""

    origin: ManifestOrigin
    manifest_digest: str
    """sha256 (hex) of the manifest's files."""
    manifest_commit: CommitId | None = None
    """The commit of the manifest repository, when the manifest came from one."""
    submanifests: tuple[LockedSubmanifest, ...] = ()
    """By path."""
    sync_j: int | None = None
    """How many projects are synced at once, unless the user says so."""
    sync_j_max: int | None = None
    """How many projects are synced at once at most."""
    projects: tuple[LockedProject, ...]
