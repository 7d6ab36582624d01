# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Keep the user's work as a commit under a reference, before it is taken out of the work tree."""

import itertools
import shutil
from pathlib import Path

from sel4build.git.failure import GitError
from sel4build.git.git_dir import KEPT
from sel4build.git.repository import RESCUER, Repository
from sel4build.writing import explaining_os_errors

_INDEX = "sel4build-index"


def back_up(repository: Repository, *, time: str) -> str:
    """Keep HEAD and the changes of tracked files; return the reference that holds them.

    As in git-stash(1), the commit has HEAD as its first parent, and where other changes are staged
    than lie in the work tree, a commit of those as its second. Raises GitError.
    """
    index = repository.git_dir / _INDEX
    try:
        with explaining_os_errors(index):
            shutil.copyfile(repository.git_dir / "index", index)
        commit = _commit_changes(repository, index)
    finally:
        index.unlink(missing_ok=True)
    name = _free_name(repository, time)
    repository.run("update-ref", name, commit)
    return name


def keep_head(repository: Repository, *, time: str) -> str | None:
    """Keep the commits that only a detached HEAD leads to; return the reference, if any do.

    Raises GitError.
    """
    head = repository.head_commit()
    if head is None or repository.head_branch() or not repository.num_local_commits():
        return None
    name = _free_name(repository, time)
    repository.run("update-ref", name, head)
    return name


def _free_name(repository: Repository, time: str) -> str:
    folder = f"{KEPT}/backup"
    taken = set(repository.run("for-each-ref", "--format=%(refname)", folder).split())
    names = (f"{folder}/{time}{suffix}" for suffix in _suffixes())
    return next(each for each in names if each not in taken)


def _commit_changes(repository: Repository, index: Path) -> str:
    def run(*args: str) -> str:
        env = {**RESCUER, "GIT_INDEX_FILE": str(index)}
        return repository.run(*args, env=env).strip()

    head = repository.head_commit()
    parents = [] if head is None else ["-p", head]
    try:
        staged = run("write-tree")
    except GitError:  # a merge that waits for its user
        staged = None
    run("add", "--update", "--", ":/")
    tree = run("write-tree")
    if head is not None and staged == tree and run("rev-parse", f"{head}^{{tree}}") == tree:
        return head
    if staged not in {None, tree, head and run("rev-parse", f"{head}^{{tree}}")}:
        parents += ["-p", run("commit-tree", str(staged), *parents, "-m", "What was staged")]
    return run("commit-tree", tree, *parents, "-m", "Changes before `sync --force`")


def _suffixes() -> itertools.chain[str]:
    return itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
