# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the catalogue and a workspace hold, as tables that a command can show."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sel4build.workspace.spec import read_spec

from sel4build.api.context import Context
from sel4build.api.preparing import find_workspace
from sel4build.catalog import load_catalog
from sel4build.model.target import Target
from sel4build.targets import expand_all, select

Cell = str | int | None | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Named columns and their rows; a cell keeps its type for those who read it as data."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def as_text(row: Sequence[Cell]) -> tuple[str, ...]:
    """Return the cells as a person reads them."""
    return tuple(
        "-" if cell is None else " ".join(cell) if isinstance(cell, tuple) else str(cell)
        for cell in row
    )


def app_rows(context: Context) -> Table:
    """Return every app of the catalogue, by name."""
    return Table(
        head=("app", "vms", "nodes", "platforms", "broken", "summary"),
        rows=tuple(
            (
                app.name,
                app.num_vms,
                app.num_nodes,
                tuple(each.platform for each in app.platforms),
                tuple(each.platform for each in app.platforms if each.broken),
                app.summary,
            )
            for app in load_catalog(context.overlays).apps
        ),
    )


def platform_rows(context: Context) -> Table:
    """Return every platform of the catalogue, by name."""
    return Table(
        head=("platform", "arch", "bits", "nodes", "format", "image", "aliases", "title"),
        rows=tuple(
            (
                each.name,
                str(each.sel4_arch),
                each.word_size,
                each.max_num_nodes,
                str(each.image.format),
                each.image.name,
                each.aliases,
                each.title,
            )
            for each in load_catalog(context.overlays).platforms
        ),
    )


def toolchain_rows(context: Context) -> Table:
    """Return every toolchain of the catalogue, in the order in which they are tried."""
    return Table(
        head=("toolchain", "rank", "archs", "install", "summary"),
        rows=tuple(
            (
                each.name,
                each.rank,
                tuple(str(arch.sel4_arch) for arch in each.archs),
                each.install,
                each.summary,
            )
            for each in load_catalog(context.overlays).toolchains
        ),
    )


def target_rows(context: Context, directory: Path | None) -> Table:
    """Return the targets of the workspace, or outside of one all that the catalogue allows."""
    catalog = load_catalog(context.overlays)
    workspace = find_workspace(context, directory)
    targets: list[Target] = []
    if workspace is None:
        targets = list(expand_all(catalog).targets)
    else:
        for wanted in read_spec(workspace).targets:
            targets.extend(select(catalog, wanted.selection).targets)
    return Table(
        head=("target", "app", "platform", "nodes", "format", "image"),
        rows=tuple(
            (
                str(target.id),
                target.app.name,
                target.platform.name,
                target.num_nodes,
                str(target.image_format),
                target.image_name,
            )
            for target in targets
        ),
    )
