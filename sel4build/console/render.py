# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Turn errors and rows into text."""

import json
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from itertools import zip_longest
from typing import TYPE_CHECKING

from sel4build.console.controls import strip_controls
from sel4build.console.style import Colour, Palette
from sel4build.errors import Sel4BuildError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_NARROWEST = 6
"""Characters below which no column is wrapped."""


def render_error(error: Sel4BuildError, palette: Palette) -> str:
    """Return what the terminal shows of `error`: what, where, details, what next, the log."""
    lines = [f"{palette.paint('error:', Colour.ERROR)} {strip_controls(error.message)}"]
    if error.span is not None:
        lines.append(f"  --> {strip_controls(str(error.span))}")
    lines.extend(f"  {strip_controls(line)}" for line in error.details)
    if error.hint is not None:
        lines.append(f"{palette.paint('hint:', Colour.HINT)} {strip_controls(error.hint)}")
    if error.log_file is not None:
        lines.append(f"{palette.paint('log:', Colour.FAINT)} {error.log_file}")
    return "\n".join(lines) + "\n"


def error_record(error: Sel4BuildError) -> dict[str, object]:
    """Return `error` as the object that `--json` shows."""
    return {
        "message": error.message,
        "place": str(error.span) if error.span else None,
        "details": list(error.details),
        "hint": error.hint,
        "log": str(error.log_file) if error.log_file else None,
        "exit-code": int(error.exit_code),
    }


def render_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, width: int | None = None
) -> str:
    """Return left-aligned columns under `head`, two spaces apart, no line longer than it must.

    With a `width` in characters, the widest columns are wrapped until the table fits.
    """
    return "".join(table_blocks(head, rows, width=width))


def table_blocks(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, width: int | None = None
) -> tuple[str, ...]:
    """Return the head and each row of `render_table` by itself, several lines where wrapped."""
    table = [tuple(head), *(tuple(row) for row in rows)]
    widths = _fitted(table, sys.maxsize if width is None else width)
    return tuple(_table_line(row, widths) for row in table)


def render_note(text: str, *, width: int, indent: str = "    ", first: str | None = None) -> str:
    """Return `text` wrapped to lines of `width`, indented; `first` begins the first of them."""
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
    return "".join(f"{line}\n" for line in lines)


def _fitted(table: Sequence[Sequence[str]], width: int) -> list[int]:
    """Take what is more than `width` from the widest columns, and break words only at last."""
    columns = range(len(table[0]))
    fitted = [max(len(row[column]) for row in table) for column in columns]
    words = [
        max((len(word) for row in table for word in row[column].split()), default=0)
        for column in columns
    ]
    excess = sum(fitted) + 2 * (len(fitted) - 1) - width
    for least in (words, [_NARROWEST] * len(words)):
        while excess > 0:
            column = max(columns, key=lambda each: (fitted[each] > least[each], fitted[each]))
            if fitted[column] <= least[column]:
                break
            fitted[column] -= 1
            excess -= 1
    return fitted


def _table_line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        textwrap.wrap(cell, column, break_on_hyphens=False) if len(cell) > column else [cell]
        for cell, column in zip(row, widths, strict=True)
    ]
    return "".join(
        "  ".join(part.ljust(column) for part, column in zip(parts, widths, strict=True)).rstrip()
        + "\n"
        for parts in zip_longest(*cells, fillvalue="")
    )


def render_json(kind: str, body: dict[str, object]) -> str:
    """Return the one object that `--json` prints: `kind` and its version, then `body`."""
    return json.dumps({"kind": kind, "version": 1, **body}, indent=2, ensure_ascii=False) + "\n"


def row_record(row: "DataclassInstance") -> dict[str, object]:
    """Return a row as `--json` shows it: kebab-case keys, tuples as lists."""
    return {
        name.replace("_", "-"): list(value) if isinstance(value, tuple) else value
        for name, value in asdict(row).items()
    }


def render_rows(rows: "Sequence[DataclassInstance]", *, last: str, width: int | None = None) -> str:
    """Return rows of one kind as a table, with the column `last` at the end where there is one."""
    if not rows:
        return "none\n"
    names = [each.name for each in fields(rows[0])]
    if last in names:
        names.append(names.pop(names.index(last)))
    head = [name.replace("_", " ") for name in names]
    cells = [[_cell(getattr(row, name)) for name in names] for row in rows]
    return render_table(head, cells, width=width)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "-"
    return "-" if value is None else str(value)
