# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Run a command and keep all of its output, however long; for output that is for the user."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sel4build.git.client import Git
from sel4build.git.environment import compose_environment
from sel4build.git.program import git_path
from sel4build.model.command import Command, Outcome
from sel4build.process import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """All that a command wrote, stdout and stderr together, and how it ended."""

    outcome: Outcome
    text: str


def capture(
    runner: Runner,
    argv: tuple[str, ...],
    *,
    cwd: Path,
    env: Mapping[str, str],
    silence_s: float | None = None,
) -> Captured:
    """Run a command to its end; `silence_s` is that of the runner."""
    pieces: list[str] = []

    def keep(piece: str) -> bool:
        pieces.append(piece)
        return False

    outcome = runner.run(Command(argv=argv, cwd=cwd, env=env), watch=keep, silence_s=silence_s)
    return Captured(outcome=outcome, text="".join(pieces))


def capture_git(git: Git, work_tree: Path, *args: str) -> Captured:
    """Run `git ARGS` on the repository of `work_tree`, hardened as every git of ours."""
    place = (f"--git-dir={work_tree / '.git'}", f"--work-tree={work_tree}")
    argv = (str(git_path(git.environ)), *place, *args)
    env = compose_environment(git.environ, rewrites=git.rewrites, is_offline=git.is_offline)
    return capture(git.runner, argv, cwd=work_tree, env=env)
