# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a check of a port is, and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sel4build.errors import Span

if TYPE_CHECKING:
    from sel4build.porting.board import Board


class Verdict(StrEnum):
    """How a check ends."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    WARNING = "warning"
    NOT_NEEDED = "not needed"
    UNKNOWN = "unknown"


class Need(StrEnum):
    """For which apps a check counts."""

    ALWAYS = "always"
    FEATURE = "by feature"
    """Where the app uses the feature."""
    OPTIONAL = "optional"
    """Never: it may warn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What to write where: whole lines after a line, or a piece of a line in place of another."""

    file: str
    """Relative to the workspace."""
    text: str
    """Whole lines, ready to paste, or the new piece."""
    after: int | None = None
    """The line after which whole lines go; None for a new file, or for its end."""
    line: int | None = None
    """The line of the old piece."""
    old: str | None = None
    """The piece that `text` takes the place of."""

    @property
    def where(self) -> str:
        """The place in words."""
        if self.old is not None:
            return f"in {self.file}:{self.line}, in place of `{self.old}`"
        if self.after is not None:
            return f"in {self.file}, after line {self.after}"
        return f"in {self.file}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, its place, and what to do about it."""

    text: str
    span: Span | None = None
    remedy: Remedy | None = None
    hint: str | None = None
    """What to do where it is no text to paste."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the function of a check returns."""

    verdict: Verdict
    summary: str
    span: Span | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One of the twenty checks; `condition` and `hint` are its words in the guide."""

    number: int
    name: str
    title: str
    condition: str
    hint: str
    need: Need
    judge: "Callable[[Board], Outcome]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A check and how it ended for a board."""

    check: Check
    outcome: Outcome

    @property
    def is_failure(self) -> bool:
        """Whether a port cannot work like that."""
        return self.outcome.verdict is Verdict.FAIL


def passed(summary: str, span: Span | None = None) -> Outcome:
    """Return that all is well."""
    return Outcome(verdict=Verdict.PASS, summary=summary, span=span)


def not_needed(summary: str, span: Span | None = None) -> Outcome:
    """Return that the board or the app does not need it."""
    return Outcome(verdict=Verdict.NOT_NEEDED, summary=summary, span=span)


def unknown(summary: str, span: Span | None = None) -> Outcome:
    """Return that it cannot be told from what there is."""
    return Outcome(verdict=Verdict.UNKNOWN, summary=summary, span=span)


def failed(*problems: Problem) -> Outcome:
    """Return what is wrong; the first problem stands in the overview."""
    first = problems[0]
    return Outcome(
        verdict=Verdict.FAIL, summary=first.text, span=first.span, problems=tuple(problems)
    )


def warned(*problems: Problem) -> Outcome:
    """Return what is not as it should be and stops nothing."""
    first = problems[0]
    return Outcome(
        verdict=Verdict.WARNING, summary=first.text, span=first.span, problems=tuple(problems)
    )


def judged(problems: tuple[Problem, ...] | list[Problem], well: Outcome) -> Outcome:
    """Return `well` where there are no `problems`, else the failure."""
    return failed(*problems) if problems else well
