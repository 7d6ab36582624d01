# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The catalogue as it is in a workspace: where its sources are synced, they have the last word.

Reading sources takes a good part of a second, so that it is remembered under `.sel4build` when they
say nothing new: as long as no file that was read has changed, they are not read again.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sel4build import __version__
from sel4build.api.auditing import examples_of
from sel4build.api.context import Context
from sel4build.catalog import load_catalog
from sel4build.model.catalog import Catalog
from sel4build.model.target import Selection
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.targets.choosing import boards_meant
from sel4build.targets.spelling import spell_out
from sel4build.workspace.spec import read_spec
from sel4build.writing import write_if_changed

if TYPE_CHECKING:
    from sel4build.targets.overlay import Overlaid

FORMAT = 1
"""Version of the record; any other is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An app and a platform whose facts matter; None stands for every platform of the app."""

    app: str
    platform: str | None = None


def known_catalog(
    context: Context, workspace: Workspace, spec: WorkspaceSpec, *, is_quiet: bool = False
) -> Catalog:
    """Return the catalogue for the targets of `spec`, corrected by the sources of `workspace`.

    What they say otherwise is told, unless `is_quiet`.
    """
    asked = tuple(Asked(app=each.app, platform=each.platform) for each in spec.targets)
    catalog = load_catalog(context.overlays_of(workspace, spec))
    return correct_catalog(context, workspace, catalog, asked, is_quiet=is_quiet)


def catalog_about(context: Context, workspace: Workspace | None, selection: Selection) -> Catalog:
    """Return the catalogue for one `selection`, corrected by the sources of `workspace` if any."""
    if workspace is None:
        return load_catalog(context.overlays)
    ours = load_catalog(context.overlays_of(workspace, read_spec(workspace)))
    spelt = spell_out(ours, selection).selection
    asked = (Asked(app=spelt.app, platform=spelt.platform),)
    return correct_catalog(context, workspace, ours, asked)


def correct_catalog(
    context: Context,
    workspace: Workspace,
    catalog: Catalog,
    asked: tuple[Asked, ...] | None,
    *,
    is_quiet: bool = False,
) -> Catalog:
    """Return `catalog` as the sources of `workspace` have it, as far as `asked` goes.

    Where it is None, all that the sources have is asked for.
    """
    bundled = {each.name for each in catalog.apps if each.bundled}
    is_ours = asked is not None and {each.app for each in asked} <= bundled
    examples = examples_of(workspace.root)
    if is_ours or not (workspace.root / examples / "apps").is_dir():
        return catalog
    question = _question(catalog, asked)
    record_file = workspace.state_dir / ("all-sources.json" if asked is None else "sources.json")
    if _is_agreed(workspace, record_file, question):
        return catalog
    overlaid, files, warnings = _read(workspace, catalog, asked, examples)
    for warning in () if is_quiet else warnings:
        context.reporter.warn(warning)
    if overlaid.is_changed or warnings:
        record_file.unlink(missing_ok=True)
        for note in () if is_quiet else overlaid.notes:
            context.reporter.note(note)
        return overlaid.catalog
    if workspace.state_dir.is_dir():
        record = {"question": question, "files": _stamps(workspace.root, files)}
        write_if_changed(record_file, json.dumps(record, sort_keys=True))
    return overlaid.catalog


def _read(
    workspace: Workspace, catalog: Catalog, asked: tuple[Asked, ...] | None, examples: str
) -> tuple["Overlaid", tuple[str, ...], tuple[str, ...]]:
    """Return the catalogue in the workspace, the files that it depends on, and warnings."""
    from sel4build.sources.read import (  # noqa: PLC0415  only where sources are read
        fault_warnings,
        read_sources,
    )
    from sel4build.targets.overlay import overlay  # noqa: PLC0415  as above

    if asked is None:
        boards = {each.name for each in catalog.platforms}
    else:
        boards = {name for each in asked for name in boards_meant(catalog, each.platform)}
    facts = read_sources(
        workspace.root,
        apps=None if asked is None else sorted({each.app for each in asked}),
        boards=sorted(boards),
        is_narrow=asked is not None and all(each.platform is not None for each in asked),
        examples=examples,
    )
    return overlay(catalog, facts), facts.files, fault_warnings(facts)


def _question(catalog: Catalog, asked: tuple[Asked, ...] | None) -> list[object]:
    pairs = sorted({(each.app, each.platform or "") for each in asked or ()})
    return [FORMAT, __version__, catalog.digest, [list(pair) for pair in pairs]]


def _is_agreed(workspace: Workspace, record_file: Path, question: list[object]) -> bool:
    """Whether the sources said nothing new when they were last asked this, and are the same."""
    try:
        record = json.loads(record_file.read_bytes())
        stamps = record["files"]
        is_same = record["question"] == question and isinstance(stamps, dict)
        return is_same and stamps == _stamps(workspace.root, stamps)
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _stamps(root: Path, files: Iterable[str]) -> dict[str, list[int] | None]:
    """Return time and size of files and folders; None for one that is not there."""
    stamps: dict[str, list[int] | None] = {}
    for name in files:
        try:
            status = (root / name).stat()
        except (OSError, ValueError):
            stamps[name] = None
        else:
            stamps[name] = [status.st_mtime_ns, status.st_size]
    return stamps
