# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What lies between two commits of a project, as one line a commit.

It is read where both commits are: in the project's own repository, else in the store, into which
the new one is fetched. It is a courtesy: where it cannot be known it is None, and no error.
"""

from dataclasses import dataclass
from pathlib import Path

from sel4build.git.client import Git
from sel4build.git.connections import Connections
from sel4build.git.failure import GitError
from sel4build.git.safety import bundled_name
from sel4build.git.store import Store, StoreUnusableError
from sel4build.model.manifest import CommitId
from sel4build.writing import DiskFullError

_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One commit by its subject."""

    commit: CommitId
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The way from one commit to another."""

    added: tuple[LogLine, ...]
    """Newest first."""
    num_dropped: int = 0
    """Commits that were there and are no more, as after a forced push."""


def read_changes(git: Git, git_dir: Path, old: CommitId, new: CommitId) -> Changes | None:
    """Return what a repository knows of the way from `old` to `new`."""
    place = f"--git-dir={git_dir}"
    if not git_dir.is_dir():
        return None
    try:
        text = git.run(
            place, "log", f"--max-count={_MOST}", "--format=%H%x00%s", f"{old}..{new}", cwd=git_dir
        )
        dropped = git.run(place, "rev-list", "--count", f"{new}..{old}", cwd=git_dir)
    except GitError:
        return None
    pairs = (line.partition("\0") for line in text.splitlines() if "\0" in line)
    return Changes(
        added=tuple(
            LogLine(commit=CommitId(commit), subject=subject) for commit, _nul, subject in pairs
        ),
        num_dropped=int(dropped.strip()),
    )


def fetch_changes(
    git: Git, url: str, old: CommitId, new: CommitId, *, upstream: str | None, base_dir: Path
) -> Changes | None:
    """Fetch `new` into the store and return what that knows of the way from `old`."""
    if bundled_name(url) is not None:
        return None
    connections = Connections()
    location = git.locate(url, base_dir=base_dir)
    try:
        with Store(git=git, connections=connections).holding(location) as stored:
            if not stored.keeps(new):
                stored.obtain(new, location=location, upstream=upstream)
            return read_changes(git, stored.path, old, new)
    except DiskFullError:
        raise
    except (GitError, StoreUnusableError):
        return None
