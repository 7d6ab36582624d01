# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Run ninja and read what it says: its status line, its first failure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sel4build.console.controls import plain_text

STATUS = "[%f/%t %p %es] "
"""`NINJA_STATUS` for inner builds: finished/total, part, seconds elapsed."""

_STATUS = re.compile(r"\[(\d+)/(\d+)\s+\S+\s+([\d.]+)s\] (.*)")
_FAILED = "FAILED: "
_TELLING = re.compile(
    r"\b(?:error|failed|not found|cannot find|No such file|undefined reference|Killed)\b",
    re.IGNORECASE,
)


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
    Of a long output the part around the first line that tells of an error is shown.
    """
    lines = plain_text(output).splitlines()
    for start, line in enumerate(lines):
        if line.startswith(_FAILED):
            end = start + 1
            while end < len(lines) and not _ends_step(lines[end]):
                end += 1
            return _shown(lines[start:end], most_lines)
    return tuple(line for line in lines if line.startswith("ninja: error"))


def _shown(block: list[str], most_lines: int) -> tuple[str, ...]:
    """Return at most `most_lines` of a failed step's lines, and which were left out."""
    if len(block) <= most_lines:
        return tuple(block)
    telling = (at for at, line in enumerate(block) if at > 1 and _TELLING.search(line))
    first = next(telling, 0)
    if first < most_lines:
        return tuple(block[:most_lines])
    start = max(2, first - 5)
    tail = block[start : start + most_lines - 3]
    return (*block[:2], f"... {start - 2} lines left out ...", *tail)


def _ends_step(line: str) -> bool:
    return line.startswith((_FAILED, "ninja: ")) or parse_status(line) is not None
