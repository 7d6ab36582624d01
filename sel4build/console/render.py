# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Turn errors and rows into text."""

import json
from collections.abc import Iterable, Sequence

from sel4build.console.style import Colour, Palette, strip_controls
from sel4build.errors import Sel4BuildError


def render_error(error: Sel4BuildError, palette: Palette) -> str:
    """Return what the terminal shows of `error`: what, where, details, what next, the log."""
    lines = [f"{palette.paint('error:', Colour.ERROR)} {strip_controls(error.message)}"]
    if error.span is not None:
        lines.append(f"  --> {error.span}")
    lines.extend(f"  {strip_controls(line)}" for line in error.details)
    if error.hint is not None:
        lines.append(f"{palette.paint('hint:', Colour.HINT)} {error.hint}")
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


def render_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return left-aligned columns under `head`, two spaces apart, no line longer than it must."""
    table = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        + "\n"
        for row in table
    )


def render_json(kind: str, body: dict[str, object]) -> str:
    """Return the one object that `--json` prints: `kind` and its version, then `body`."""
    return json.dumps({"kind": kind, "version": 1, **body}, indent=2, ensure_ascii=False) + "\n"
