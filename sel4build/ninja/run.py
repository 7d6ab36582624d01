# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Run ninja and read what it says: its status line, its first failure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

STATUS = "[%f/%t %p %es] "
"""`NINJA_STATUS` for inner builds: finished/total, part, seconds elapsed."""

_STATUS = re.compile(r"\[(\d+)/(\d+)\s+\S+\s+([\d.]+)s\] (.*)")
_FAILED = "FAILED: "


@dataclass(frozen=True, slots=True, kw_only=True)
class NinjaStatus:
    """One status line: steps finished of all, seconds elapsed, and the step's description."""

    done: int
    total: int
    elapsed_s: float
    step: str

    @property
    def remaining_s(self) -> float | None:
        """Seconds left at the pace so far, or None before the first step is done."""
        if not self.done:
            return None
        return self.elapsed_s / self.done * (self.total - self.done)


def parse_status(line: str) -> NinjaStatus | None:
    """Read one line of ninja's output; None when it is not a status line."""
    found = _STATUS.match(line)
    if found is None:
        return None
    done, total, elapsed, step = found.groups()
    return NinjaStatus(done=int(done), total=int(total), elapsed_s=float(elapsed), step=step)


def status_listener(tell: Callable[[NinjaStatus], None]) -> Callable[[str], None]:
    """Return a listener for lines of output that passes the status lines on to `tell`."""

    def listen(line: str) -> None:
        status = parse_status(line)
        if status is not None:
            tell(status)

    return listen


def first_failure(output: str, *, most_lines: int = 40) -> tuple[str, ...]:
    """Return the first failed step of ninja's output with what it printed, at most `most_lines`.

    ninja prints `FAILED:`, the command, then the output of that step until the next status line.
    """
    lines = output.splitlines()
    for start, line in enumerate(lines):
        if line.startswith(_FAILED):
            end = start + 1
            while end < len(lines) and not _ends_step(lines[end]):
                end += 1
            return tuple(lines[start : min(end, start + most_lines)])
    return tuple(line for line in lines if line.startswith("ninja: error"))


def _ends_step(line: str) -> bool:
    return line.startswith((_FAILED, "ninja: ")) or parse_status(line) is not None
