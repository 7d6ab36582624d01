# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Explain why cmake or ninja failed, the real reason above the noise."""

from collections.abc import Sequence
from pathlib import Path

from sel4build.catalog.hints import find_advice
from sel4build.console.controls import plain_text
from sel4build.errors import Sel4BuildError, WorkError
from sel4build.model.command import Outcome
from sel4build.model.host import Hint
from sel4build.process import explain_status, ran_out_of_space
from sel4build.writing import DiskFullError

_MOST_LINES_BEFORE = 5
_MOST_LINES_OF_TRACEBACK = 40
_LONGEST_LINE = 400


def explain_tool_failure(
    outcome: Outcome, *, doing: str, details: tuple[str, ...], hints: Sequence[Hint] = ()
) -> Sel4BuildError:
    """Return the error for a tool that failed while `doing` something.

    `details` are the lines of its output that tell why. A Python traceback comes before them, since
    CAmkES steps hide theirs behind other errors; a full disk explains everything else. What one of
    `hints` knows of it follows.
    """
    if ran_out_of_space(outcome):
        message = f"no space left on the disk of `{outcome.command.cwd}` while {doing}"
        return DiskFullError(message, log_file=outcome.log_file)
    tool = Path(outcome.command.argv[0]).name
    telling = (*first_traceback(outcome.output), *details)
    advice = find_advice((telling, plain_text(outcome.output).splitlines()), hints)
    return WorkError(
        f"{tool} {explain_status(outcome)} while {doing}",
        details=(
            *(_shortened(line) for line in telling),
            *((advice.cause_line,) if advice is not None else ()),
            f"command: {outcome.command}",
        ),
        hint=advice.cure if advice is not None else None,
        log_file=outcome.log_file,
    )


def first_traceback(output: str) -> tuple[str, ...]:
    """Return the first Python traceback of `output`, which CAmkES steps hide."""
    lines = plain_text(output).splitlines()
    for start, line in enumerate(lines):
        if line.strip().startswith("Traceback (most recent call last):"):
            end = start + 1
            while end < len(lines) and (lines[end].startswith((" ", "\t")) or not lines[end]):
                end += 1
            return _without_middle(tuple(lines[start : end + 1]))
    return ()


def first_cmake_error(output: str) -> tuple[str, ...]:
    """Return the first error of CMake's output, with what the program that failed said before it.

    Later errors mostly follow from it. Without any, return the end of the output.
    """
    lines = plain_text(output).splitlines()
    for start, line in enumerate(lines):
        if line.startswith("CMake Error"):
            end = start + 1
            while end < len(lines) and (lines[end].startswith("  ") or not lines[end]):
                end += 1
            shown = (*_said_before(lines, start), *lines[start:end])
            return tuple(each for each in shown if each.strip())
    return tuple(lines[-20:])


def _said_before(lines: Sequence[str], end: int) -> Sequence[str]:
    """Return the lines before `end` that are no report of CMake's own."""
    start = end
    while start > 0 and end - start < _MOST_LINES_BEFORE and not _reports(lines[start - 1]):
        start -= 1
    return lines[start:end]


def _reports(line: str) -> bool:
    # Lines of a traceback are shown as such; a blank line ends a warning.
    return not line or line.startswith(("-- ", "  ", "loading initial cache", "Traceback"))


def _without_middle(lines: tuple[str, ...]) -> tuple[str, ...]:
    if len(lines) <= _MOST_LINES_OF_TRACEBACK:
        return lines
    half = _MOST_LINES_OF_TRACEBACK // 2
    left_out = f"  ... {len(lines) - 2 * half} lines left out ..."
    return (*lines[:half], left_out, *lines[-half:])


def _shortened(line: str) -> str:
    """Cut a line such as a compiler's command, whose end nobody reads on a terminal."""
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} ..."
