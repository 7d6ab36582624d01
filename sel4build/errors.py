# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The one tree of errors, and the exit code that belongs to each branch.

An error owns everything that a reader needs: what happened, where, what to do next, and the
third-party text behind it. Only `sel4build.cli` prints one or ends the process.
"""

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import ClassVar


class ExitCode(IntEnum):
    """What the process returns; docs/reference/files.md."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INVALID = 3
    ENVIRONMENT = 4
    NOTHING_SELECTED = 5
    INTERNAL = 70
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A place in a file of the user's: by line and column, or by key path, or by both."""

    file: str
    line: int | None = None
    column: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        """Render as `file:line:column: key`, leaving out what is not known."""
        place = self.file
        if self.line is not None:
            place += f":{self.line}"
            if self.column is not None:
                place += f":{self.column}"
        return f"{place}: {self.key}" if self.key else place


class Sel4BuildError(Exception):
    """Base of all errors that this program explains to its user."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(
        self,
        message: str,
        *,
        span: Span | None = None,
        hint: str | None = None,
        details: tuple[str, ...] = (),
        log_file: Path | None = None,
    ) -> None:
        """Hold `message` (one line), its place, an imperative hint, foreign lines and a log."""
        super().__init__(message)
        self.message = message
        self.span = span
        self.hint = hint
        self.details = details
        self.log_file = log_file


class WorkError(Sel4BuildError):
    """The work itself failed: a build, a boot, a step of a sync."""


class UsageError(Sel4BuildError):
    """The command line does not make sense."""

    exit_code = ExitCode.USAGE


class InputError(Sel4BuildError):
    """A manifest, lockfile, catalogue entry, option or target is not valid."""

    exit_code = ExitCode.INVALID


class EnvironmentLacksError(Sel4BuildError):
    """The host lacks something: a tool, a permission, space, a reachable server."""

    exit_code = ExitCode.ENVIRONMENT


class NothingSelectedError(Sel4BuildError):
    """A selection left no target."""

    exit_code = ExitCode.NOTHING_SELECTED


class InterruptedByUserError(Sel4BuildError):
    """Ctrl-C or a termination signal ended the work."""

    exit_code = ExitCode.INTERRUPTED


class InternalError(Sel4BuildError):
    """A mistake of this program."""

    exit_code = ExitCode.INTERNAL


class ProblemsError(InputError):
    """Several problems of one input, reported together.

    `problems` holds one (span, text) pair each, in the order of the input.
    """

    def __init__(
        self,
        message: str,
        problems: tuple[tuple[Span | None, str], ...],
        *,
        hint: str | None = None,
    ) -> None:
        """Keep every problem; the rendered details are one `place: text` line each."""
        lines = tuple(f"{span}: {text}" if span else text for span, text in problems)
        super().__init__(message, details=lines, hint=hint)
        self.problems = problems
