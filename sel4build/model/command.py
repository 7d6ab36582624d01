# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What to run, and what became of it."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One process to start: argv without a shell, its directory and its whole environment."""

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]

    def __str__(self) -> str:
        """Render the command ready to paste into a POSIX shell, directory included."""
        return f"cd {shlex.quote(str(self.cwd))} && {shlex.join(self.argv)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a process ended. `output` is the last part of stdout and stderr together."""

    command: Command
    returncode: int
    """The exit status; negative is the signal that ended it."""
    output: str
    duration_s: float
    timed_out: bool = False
    silence_s: float | None = None
    """With `timed_out`: the time without output that was too long; None when all of it was."""
    log_file: Path | None = None

    @property
    def succeeded(self) -> bool:
        """True when the process ended by itself with status 0."""
        return self.returncode == 0 and not self.timed_out
