# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The text and the records of what `list` shows."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from sel4build.console.render import render_note, render_table, table_blocks
from sel4build.model.app import Feature
from sel4build.targets.features import TITLES, FeatureVerdict, PlatformFeatures, Status
from sel4build.targets.listing import AppRow, CiBuildRow, OptionRow, PlatformRow, TargetRow

_Entry: TypeAlias = tuple[Sequence[str], Sequence[tuple[str, str]]]
"""A line of the table, and what stands below it: a label and its text."""


def matrix_head() -> tuple[str, ...]:
    """Return the heads of the matrix of features."""
    return ("platform", "guest", *TITLES.values())


def matrix_cells(rows: Sequence[PlatformFeatures]) -> list[tuple[str, ...]]:
    """Return the matrix as text; the number behind a no is that of its reason."""
    numbers = {reason: number for number, (reason, _) in enumerate(matrix_reasons(rows), start=1)}
    return [
        (
            row.platform,
            _guest_mode(row.word_sizes),
            *(_verdict_cell(each, row, numbers) for each in row.verdicts),
        )
        for row in rows
    ]


def matrix_reasons(rows: Sequence[PlatformFeatures]) -> list[tuple[str, str]]:
    """Return every reason for a no once, with the place in the catalogue that says so."""
    found: dict[str, str] = {}
    for row in rows:
        for each in row.verdicts:
            if each.status is not Status.YES:
                found.setdefault(each.reason, str(each.span or ""))
    return list(found.items())


def render_matrix(rows: Sequence[PlatformFeatures], *, width: int) -> str:
    """Return the matrix, and below it the reasons by number."""
    table = render_table(matrix_head(), matrix_cells(rows), width=width)
    notes = "".join(
        render_note(f"{reason} ({place})" if place else reason, width=width, first=f"{number:>3} ")
        for number, (reason, place) in enumerate(matrix_reasons(rows), start=1)
    )
    return f"{table}\n{notes}" if notes else table


def matrix_record(row: PlatformFeatures) -> dict[str, object]:
    """Return a platform of the matrix as `--json` shows it."""
    return {
        "platform": row.platform,
        "guest-modes": list(row.word_sizes),
        "max-num-nodes": row.max_num_nodes,
        "features": verdict_records(row.verdicts),
    }


def verdict_records(verdicts: Iterable[FeatureVerdict]) -> dict[str, object]:
    """Return verdicts by feature."""
    return {
        str(each.feature): {
            "status": str(each.status),
            "apps": list(each.apps),
            "reason": each.reason or None,
            "place": str(each.span) if each.span else None,
        }
        for each in verdicts
    }


def render_apps(rows: Sequence[AppRow], *, width: int) -> str:
    """Return each app with what it is, what it needs, and its options."""
    entries: list[_Entry] = [
        (
            (row.name, str(row.num_vms), str(row.num_nodes or "any"), ", ".join(row.platforms)),
            (
                ("", row.summary),
                ("needs", ", ".join(row.needs)),
                ("can use", ", ".join(str(each) for each in row.can_use)),
                ("broken on", ", ".join(row.broken)),
                ("options", _app_options(row)),
            ),
        )
        for row in rows
    ]
    return _render_entries(("app", "VMs", "nodes", "platforms"), entries, width=width)


def render_platforms(rows: Sequence[PlatformRow], *, width: int) -> str:
    """Return each platform with what it has, and why it lacks the rest."""
    entries: list[_Entry] = [
        (
            (
                row.name,
                _guest_mode(row.word_sizes),
                str(row.max_num_nodes),
                row.image_format,
                "yes" if row.has_qemu else "no",
                row.title,
            ),
            (
                ("also called", ", ".join(row.aliases)),
                ("nodes", row.num_nodes_reason),
                *((TITLES[each.feature], _verdict_text(each)) for each in row.features),
            ),
        )
        for row in rows
    ]
    head = ("platform", "guest", "nodes", "image", "QEMU", "board")
    return _render_entries(head, entries, width=width)


def render_options(rows: Sequence[OptionRow], *, width: int) -> str:
    """Return each option with its values, where it has an effect, and what declares it."""
    entries: list[_Entry] = [
        (
            (row.key or row.name, "|".join(row.choices) or row.kind, row.default or "-"),
            (
                ("", row.summary),
                ("variable", row.name if row.key else ""),
                ("apps", ", ".join(row.apps)),
                ("only on", "" if row.everywhere else ", ".join(row.platforms)),
                ("needs", ", ".join(row.needs)),
                ("source", row.source or ""),
            ),
        )
        for row in rows
    ]
    return _render_entries(("option", "values", "default"), entries, width=width)


def render_ci_builds(rows: Sequence[CiBuildRow], *, width: int) -> str:
    """Return each build of upstream's CI with what it passes, and how it is tested."""
    entries: list[_Entry] = [
        (
            (row.name, row.target),
            (
                ("passes", " ".join(row.defines)),
                ("success", row.success),
                ("tested", ", ".join(row.machines) or row.tested),
            ),
        )
        for row in rows
    ]
    return _render_entries(("build", "target"), entries, width=width)


def render_targets(rows: Sequence[TargetRow], *, width: int) -> str:
    """Return each target with the image that it makes."""
    entries: list[_Entry] = [
        ((row.id, row.image_name), (("broken", row.broken or ""),)) for row in rows
    ]
    return _render_entries(("target", "image"), entries, width=width)


def _render_entries(head: Sequence[str], entries: Sequence[_Entry], *, width: int) -> str:
    if not entries:
        return "none\n"
    first, *blocks = table_blocks(head, [cells for cells, _ in entries], width=width)
    lines = [first]
    for block, (_, notes) in zip(blocks, entries, strict=True):
        lines.append(block)
        lines += [_render_entry_note(label, text, width) for label, text in notes if text]
    return "".join(lines)


def _render_entry_note(label: str, text: str, width: int) -> str:
    return render_note(f"{label}: {text}" if label else text, width=width)


def _guest_mode(word_sizes: Sequence[int]) -> str:
    return ", ".join(f"{size}-bit" for size in word_sizes) or "-"


def _verdict_cell(verdict: FeatureVerdict, row: PlatformFeatures, numbers: dict[str, int]) -> str:
    if verdict.status is not Status.YES:
        return f"{verdict.status} [{numbers[verdict.reason]}]"
    return f"to {row.max_num_nodes}" if verdict.feature is Feature.SMP else "yes"


def _verdict_text(verdict: FeatureVerdict) -> str:
    if verdict.status is Status.YES:
        return f"yes, {', '.join(verdict.apps)}"
    return f"{verdict.status}: {verdict.reason}"


def _app_options(row: AppRow) -> str:
    own = ", ".join(row.own_options)
    others = len(row.options) - len(row.own_options)
    if not others:
        return own
    shown = (
        f"{others} {'more' if own else 'of its family'}: `sel4build list options --app {row.name}`"
    )
    return f"{own}, and {shown}" if own else shown
