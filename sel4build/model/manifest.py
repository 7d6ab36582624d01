# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a git-repo manifest says, before and after its defaults are filled in."""

import re
from dataclasses import dataclass
from typing import NewType

from sel4build.errors import Span
from sel4build.model.paths import RelPath

CommitId = NewType("CommitId", str)
"""A resolved object id: forty lower-case hexadecimal digits."""

_COMMIT = re.compile(r"[0-9a-f]{40}")


_RESERVED = frozenset({".gitdirs", ".sel4build", "sel4build.lock", "sel4build.toml"})


def why_reserved(path: RelPath) -> str | None:
    """Say why nothing of a manifest may lie at `path` of a workspace, or None when it may."""
    first = path.parts[0].casefold()
    return f"is reserved: `{first}` belongs to sel4build" if first in _RESERVED else None


def is_commit_id(revision: str) -> bool:
    """Tell whether `revision` is written as a full commit id."""
    return _COMMIT.fullmatch(revision) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A named URL base; `fetch` as written, relative to the manifest's own URL when relative."""

    name: str
    fetch: str
    revision: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFile:
    """A symbolic link to lay at `dest` in the workspace, pointing at `src` in the project."""

    src: RelPath
    dest: RelPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One git repository placed at a path, with every default filled in.

    `url` is resolved (FACTS 5.3); `revision` is as written: branch, tag or commit.
    """

    name: str
    path: RelPath
    remote: str
    url: str
    revision: str
    upstream: str | None = None
    dest_branch: str | None = None
    groups: frozenset[str] = frozenset()
    links: tuple[LinkFile, ...] = ()
    span: Span | None = None

    @property
    def is_pinned(self) -> bool:
        """True when the revision is a commit id, so that it can never move."""
        return is_commit_id(self.revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The resolved manifest: every project once, sorted by path, and where it came from."""

    origin: str
    projects: tuple[Project, ...]
    digest: str
    """sha256 (hex) over the bytes of all files that were read, in reading order."""
