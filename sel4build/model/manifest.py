# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a git-repo manifest says, before and after its defaults are filled in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NewType

from sel4build.errors import Span
from sel4build.model.paths import RelPath

CommitId = NewType("CommitId", str)
"""A resolved object id: forty lower-case hexadecimal digits."""

Warned = tuple[Span | None, str]
"""What was passed over in a manifest, and where."""

_COMMIT = re.compile(r"[0-9a-f]{40}")
_GLOB = frozenset("*?[")


_RESERVED = frozenset(
    {".gitdirs", ".sel4build", "local_manifests", "sel4build.lock", "sel4build.toml"}
)


def why_reserved(path: RelPath) -> str | None:
    """Say why nothing of a manifest may lie at `path` of a workspace, or None when it may."""
    first = path.parts[0].casefold()
    return f"is reserved: `{first}` belongs to sel4build" if first in _RESERVED else None


def is_commit_id(revision: str) -> bool:
    """Tell whether `revision` is written as a full commit id."""
    return _COMMIT.fullmatch(revision) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A name with a value for commands that run in a project; `keep` lets an export show it."""

    name: str
    value: str
    keep: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A named URL base; `fetch` as written, relative to the manifest's own URL when relative."""

    name: str
    fetch: str
    alias: str | None = None
    push_url: str | None = None
    review: str | None = None
    revision: str | None = None
    annotations: tuple[Annotation, ...] = ()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """What a project takes when it does not say."""

    remote: str | None = None
    revision: str | None = None
    upstream: str | None = None
    dest_branch: str | None = None
    sync_j: int | None = None
    sync_j_max: int | None = None
    sync_c: bool = False
    sync_s: bool = False
    sync_tags: bool = True
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFile:
    """A symbolic link to lay at `dest` in the workspace, pointing at `src` in the project.

    With a pattern in `src`, `dest` is a folder with one link for each match.
    """

    src: RelPath
    dest: RelPath

    @property
    def is_pattern(self) -> bool:
        """True when `src` has a wildcard."""
        return not _GLOB.isdisjoint(self.src.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFile:
    """A read-only copy to lay at `dest` in the workspace, of the file `src` in the project."""

    src: RelPath
    dest: RelPath


def with_implied_groups(groups: Iterable[str], *, name: str, path: RelPath) -> frozenset[str]:
    """Return the groups of a project with those that every project is in."""
    named = frozenset(groups)
    implied = {"all", f"name:{name}", f"path:{path}"}
    if "notdefault" not in named:
        implied.add("default")
    return named | implied


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One git repository placed at a path, with every default filled in.

    `url` is resolved (sel4build.manifest.urls); `revision` is as written: branch, tag or commit.
    """

    name: str
    path: RelPath
    remote: str
    url: str
    revision: str
    upstream: str | None = None
    dest_branch: str | None = None
    git_remote: str = "origin"
    """What git calls its remote: the alias of that, or its name."""
    push_url: str | None = None
    """Where it is pushed, where that is not `url`."""
    groups: frozenset[str] = frozenset()
    """As written; see `all_groups`."""
    links: tuple[LinkFile, ...] = ()
    copies: tuple[CopyFile, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    clone_depth: int | None = None
    sync_c: bool = False
    sync_s: bool = False
    sync_tags: bool = True
    sync_strategy: str | None = None
    rebase: bool = True
    force_path: bool = False
    submanifest: RelPath | None = None
    """The path of the submanifest that it comes from; None for the manifest itself."""
    default_groups: tuple[str, ...] = ()
    """The list of groups that counts for it where the user has none; none is `default`."""
    first_path: RelPath | None = field(default=None, compare=False)
    """The path that it is named by in groups, where it was moved since."""
    span: Span | None = field(default=None, compare=False)

    @property
    def is_pinned(self) -> bool:
        """True when the revision is a commit id, so that it can never move."""
        return is_commit_id(self.revision)

    @property
    def all_groups(self) -> frozenset[str]:
        """The groups with those that every project is in."""
        return with_implied_groups(self.groups, name=self.name, path=self.first_path or self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestServer:
    """A server that tells `repo` of approved manifests; not used here."""

    url: str
    helper: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepoHooks:
    """The project whose hooks `repo` runs; never run here."""

    project: str
    enabled: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Superproject:
    """A repository that holds all others as submodules; not used here."""

    name: str
    remote: str
    revision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submanifest:
    """A manifest of its own below a path, as the manifest around it asks for it."""

    name: str
    remote: str | None = None
    project: str | None = None
    manifest_name: RelPath | None = None
    revision: str | None = None
    path: RelPath | None = None
    groups: frozenset[str] = frozenset()
    default_groups: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestPart:
    """A submanifest that was read: where it came from, and what its projects refer to."""

    name: str
    path: RelPath
    """Seen from the workspace."""
    url: str
    """Without credentials."""
    revision: str
    file: str
    commit: CommitId
    digest: str
    """sha256 (hex) of its own files."""
    remotes: tuple[Remote, ...] = ()
    default: Default = field(default_factory=Default)
    warnings: tuple[Warned, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The resolved manifest: every project once, sorted by path, and where it came from."""

    origin: str
    projects: tuple[Project, ...]
    digest: str
    """sha256 (hex) over the bytes of all files that were read, in reading order.

    With submanifests, over that and theirs.
    """
    remotes: tuple[Remote, ...] = ()
    """By name."""
    default: Default = field(default_factory=Default)
    notice: str | None = None
    manifest_server: ManifestServer | None = None
    repo_hooks: RepoHooks | None = None
    superproject: Superproject | None = None
    contact_url: str | None = None
    submanifests: tuple[Submanifest, ...] = ()
    """Those of the manifest itself, as written."""
    parts: tuple[ManifestPart, ...] = ()
    """All that were read, nested ones too, by path."""
    warnings: tuple[Warned, ...] = field(default=(), compare=False)
    """What was passed over, each with its place."""
    lack: Warned | None = field(default=None, compare=False)
    """Why there is nothing to sync, and where."""
