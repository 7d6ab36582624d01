# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read what a repository of ours says of itself: the only module that imports GitPython.

Only read-only questions go to it, never a value from outside: its long list of advisories is about
options and URLs that callers pass on. The git that it starts has the environment of ours.
Everything else is done by `Git`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.git.environment import compose_environment
from sel4build.git.program import INSTALL_HINT
from sel4build.model.manifest import CommitId


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadCommit:
    """The commit that is checked out."""

    commit: CommitId
    committed_at: datetime
    author: str
    subject: str


def read_head(work_tree: Path, *, environ: Mapping[str, str]) -> HeadCommit:
    """Return the commit that is checked out in `work_tree`, which has its own `.git`.

    Raises InputError when it is no repository or has no commit, EnvironmentLacksError when there
    is no git.
    """
    try:
        import git  # noqa: PLC0415  costs 90 ms, for the one command that asks
    except ImportError as error:  # GitPython looks for git when it is imported
        raise EnvironmentLacksError("program `git` was not found", hint=INSTALL_HINT) from error
    try:
        with git.Repo(work_tree, expand_vars=False) as repository:
            own = {"GIT_DIR": str(work_tree / ".git")}
            repository.git.update_environment(**compose_environment(environ), **own)
            commit = repository.head.commit
            message = commit.message
            if isinstance(message, bytes):
                message = message.decode(errors="replace")
            return HeadCommit(
                commit=CommitId(commit.hexsha),
                committed_at=commit.committed_datetime.astimezone(UTC),
                author=commit.author.name or "",
                subject=message.partition("\n")[0],
            )
    except (git.GitError, ValueError, OSError) as error:
        # The names of its exceptions are all that some of them say.
        reason = str(error) or type(error).__name__
        message = f"`{work_tree}` is not a git repository with a commit: {reason}"
        raise InputError(message) from error
