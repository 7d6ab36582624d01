# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a user has under way in a project, which a sync leaves alone."""

from collections.abc import Callable
from dataclasses import dataclass

from sel4build.git.repository import Repository
from sel4build.model.manifest import CommitId


@dataclass(frozen=True, slots=True)
class UserWork:
    """Why a project is not ours to move, and the files that say so."""

    reason: str
    files: tuple[str, ...] = ()


def find_user_work(
    repository: Repository,
    *,
    known: CommitId | None,
    is_project: Callable[[str], bool] = lambda _path: False,
) -> UserWork | None:
    """Return what the user is at in `repository`, or None; `known` is where a sync left HEAD.

    A submodule for which `is_project` holds is looked at by itself.
    """
    if operation := repository.find_operation():
        return UserWork(f"is in the middle of {operation}")
    if changed := tuple(each for each in repository.changed_files() if not is_project(each)):
        return changed_work(changed)
    if branch := repository.head_branch():
        return UserWork(f"is on branch `{branch}`")
    if known is not None and repository.head_commit() == known:
        return None
    count = repository.num_local_commits()
    if count:
        return UserWork("has 1 local commit" if count == 1 else f"has {count} local commits")
    return None


def changed_work(files: tuple[str, ...]) -> UserWork:
    """Return that `files` are changed."""
    count = "1 changed file" if len(files) == 1 else f"{len(files)} changed files"
    return UserWork(f"has {count}", files)
