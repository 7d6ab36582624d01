# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a user has under way in a project, which a sync leaves alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sel4build.git.repository import Repository
from sel4build.model.manifest import CommitId


@dataclass(frozen=True, slots=True, kw_only=True)
class UserWork:
    """All that makes a project the user's own to move."""

    operation: str | None = None
    """What waits for them, such as "a rebase"."""
    branch: str | None = None
    num_commits: int = 0
    """Commits that neither a remote nor a sync has brought."""
    num_stashes: int = 0
    """Changes put aside. They alone are no reason: a sync does not touch them."""
    files: tuple[str, ...] = ()
    """Tracked files that are changed."""

    @property
    def is_reason(self) -> bool:
        """True when the project is not to be moved."""
        return bool(self.operation or self.branch or self.num_commits or self.files)

    def __str__(self) -> str:
        """Say it as what the project is and has."""
        parts = []
        if self.operation:
            parts.append(f"is in the middle of {self.operation}")
        if self.branch:
            parts.append(f"is on branch `{self.branch}`")
        if counts := " and ".join(self._counts()):
            parts.append(f"has {counts}")
        return ", ".join(parts)

    def _counts(self) -> Iterator[str]:
        counts = (
            (self.num_commits, "local commit", "local commits"),
            (self.num_stashes, "stash", "stashes"),
            (len(self.files), "changed file", "changed files"),
        )
        for number, one, more in counts:
            if number:
                yield f"{number} {one if number == 1 else more}"


def find_user_work(
    repository: Repository,
    *,
    known: CommitId | None,
    is_project: Callable[[str], bool] = lambda _path: False,
) -> UserWork:
    """Return what the user is at in `repository`; `known` is where a sync left HEAD.

    A submodule for which `is_project` holds is looked at by itself.
    """
    head = repository.head_commit()
    return UserWork(
        operation=repository.find_operation(),
        branch=repository.head_branch(),
        num_commits=0 if head in {None, known} else repository.num_local_commits(),
        num_stashes=repository.num_stashes(),
        files=tuple(each for each in repository.changed_files() if not is_project(each)),
    )
