# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Where a line about a board goes in a CMake file, and what it is to be."""

import re

from sel4build.model.sources import ConfigFact, Event, Quoting
from sel4build.porting.board import Board
from sel4build.porting.finding import Remedy

_ABOUT_BOARDS = re.compile(r"^\s*(?:else)?if\s*\([^#\n]*(?:KernelARMPlatform|PLATFORM)\b")
_OPENS = re.compile(r"^\s*if\s*\(", re.IGNORECASE)
_CLOSES = re.compile(r"^\s*endif\s*\(", re.IGNORECASE)


def branch_place(text: str) -> int | None:
    """Return the line after which an `elseif` about a board goes: before the `endif` of the others.

    None where no conditional of the file is about boards. The one with most branches counts.
    """
    lines = text.splitlines()
    depth = 0
    about: dict[int, int] = {}
    best: tuple[int, int] | None = None
    for number, line in enumerate(lines, start=1):
        if _CLOSES.match(line):
            count = about.pop(depth, 0)
            if count and (best is None or count > best[0]):
                best = (count, number - 1)
            depth = max(0, depth - 1)
            continue
        if _OPENS.match(line):
            depth += 1
            about[depth] = 0
        if depth and _ABOUT_BOARDS.match(line):
            about[depth] = about.get(depth, 0) + 1
    return best[1] if best else None


def branch_of(text: str, board: str) -> int | None:
    """Return the line of the first `if` or `elseif` that compares with `board`."""
    about = re.compile(rf'^\s*(?:else)?if\s*\([^#\n]*STREQUAL\s+"?{re.escape(board)}"?[\s)]')
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if about.match(line)), None)


def extend_list(event: Event, item: str) -> Remedy | None:
    """Return how `item` comes into the list that `event`, a `set(NAME ...)`, makes."""
    args = event.written.args
    if len(args) < 2:  # noqa: PLR2004 - the name and an item
        return None
    last = args[-1]
    is_list = last.quoting is not Quoting.BARE or ";" in last.text
    new = f"{last.text};{item}" if is_list else f"{last.text} {item}"
    return Remedy(file=last.span.file, line=last.span.line, old=last.text, text=new)


def extend_depends(board: Board, option: ConfigFact) -> list[Remedy]:
    """Return how the platform of `board` comes into what `option` depends on."""
    place = option.depends_span or option.span
    first = next((each for each in option.depends if "Platform" in each), None)
    if first is None:
        return []
    text = f"{first} OR {_platform_variable(board)}"
    return [Remedy(file=place.file, line=place.line, old=first, text=text)]


def _platform_variable(board: Board) -> str:
    declared = board.kernel.declaration
    name = declared.args[1] if declared and len(declared.args) > 1 else None
    return name or f"KernelPlatform{board.kernel.platform.capitalize()}"


def apply_remedy(text: str, remedy: Remedy) -> str:
    """Return `text` with `remedy` applied.

    Whole lines go to the end where their place is not there; a piece that is not there any more
    leaves the text as it is.
    """
    lines = text.splitlines(keepends=True)
    if remedy.old is not None:
        number = (remedy.line or 0) - 1
        if 0 <= number < len(lines):
            lines[number] = lines[number].replace(remedy.old, remedy.text, 1)
        return "".join(lines)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    place = len(lines) if remedy.after is None else min(remedy.after, len(lines))
    lines[place:place] = [remedy.text]
    return "".join(lines)
