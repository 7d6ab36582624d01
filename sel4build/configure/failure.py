# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Explain why cmake or ninja failed, the real reason above the noise."""

from pathlib import Path

from sel4build.errors import Sel4BuildError, WorkError
from sel4build.model.command import Outcome
from sel4build.process import explain_status, ran_out_of_space
from sel4build.writing import DiskFullError


def explain_tool_failure(
    outcome: Outcome, *, doing: str, details: tuple[str, ...]
) -> Sel4BuildError:
    """Return the error for a tool that failed while `doing` something.

    `details` are the lines of its output that tell why. A Python traceback comes before them, since
    CAmkES steps hide theirs behind other errors; a full disk explains everything else.
    """
    if ran_out_of_space(outcome):
        message = f"no space left on the disk of `{outcome.command.cwd}` while {doing}"
        return DiskFullError(message, log_file=outcome.log_file)
    tool = Path(outcome.command.argv[0]).name
    return WorkError(
        f"{tool} {explain_status(outcome)} while {doing}",
        details=(*first_traceback(outcome.output), *details, f"command: {outcome.command}"),
        log_file=outcome.log_file,
    )


def first_traceback(output: str) -> tuple[str, ...]:
    """Return the first Python traceback of `output`, which CAmkES steps hide."""
    lines = output.splitlines()
    for start, line in enumerate(lines):
        if line.strip().startswith("Traceback (most recent call last):"):
            end = start + 1
            while end < len(lines) and (lines[end].startswith((" ", "\t")) or not lines[end]):
                end += 1
            return tuple(lines[start : end + 1])
    return ()
