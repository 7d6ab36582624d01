# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Remember what made a build fresh, so that the next one can be answered without planning.

The record names every file that a plan depends on with its time and size, and for each target the
inner ninja to ask. It is written here and read by `sel4build.cli.fresh`, which imports nothing.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from sel4build import __version__
from sel4build.api.building import Built
from sel4build.api.context import Context
from sel4build.api.syncing import no_lockfile
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.resources import DataKind, data_roots
from sel4build.workspace.spec import read_spec
from sel4build.writing import write_if_changed

FORMAT = 1
"""Version of the record; the reader ignores any other."""

Stamps: TypeAlias = dict[str, list[int]]
"""Time and size of files by their path."""

_KINDS: tuple[DataKind, ...] = ("manifests", "platforms", "toolchains", "apps", "host")


def fresh_file(workspace: Workspace) -> Path:
    """Return where the record of `workspace` lies."""
    return workspace.state_dir / "fresh.json"


def stamp_inputs(context: Context, workspace: Workspace) -> Stamps:
    """Return time and size of every file that plans of `workspace` are made from.

    Raises InputError when there is no lockfile: a package names what it was made of.
    """
    if not workspace.lock_file.is_file():
        raise no_lockfile(workspace)
    return _stamps(_input_files(context, workspace, read_spec(workspace)))


def remember_fresh(
    context: Context, built: Built, texts: Mapping[str, str], *, inputs: Stamps
) -> None:
    """Record that the targets of `built` are packaged and up to date; `texts` is what was said.

    The record is of one run: a run of other targets replaces it. There is none of a run whose
    `inputs`, stamped before it, have changed since, nor of one with data folders that the workspace
    does not name: the next run may be without them.
    """
    workspace, spec = built.prepared.workspace, built.prepared.spec
    own_data = replace(context, overlays=()).overlays_of(workspace, spec)
    if context.overlays_of(workspace, spec) != own_data or inputs != stamp_inputs(
        context, workspace
    ):
        fresh_file(workspace).unlink(missing_ok=True)
        return
    targets = {
        id_: {
            "ninja": str(built.prepared.configurations[id_].ninja),
            "build-dir": str(built.prepared.configurations[id_].build_dir),
            "text": texts[id_],
            "files": _stamps(
                (*_target_files(workspace, id_), built.prepared.configurations[id_].compiler)
            ),
        }
        for id_ in built.ids
    }
    record = {
        "format": FORMAT,
        "program": __version__,
        "path": context.environ.get("PATH", ""),
        "default": next(iter(built.prepared.targets)),
        "files": inputs | _stamps((workspace.ninja_file, workspace.sync_state_file)),
        "targets": targets,
    }
    write_if_changed(fresh_file(workspace), json.dumps(record, sort_keys=True))


def _target_files(workspace: Workspace, id_: str) -> Iterator[Path]:
    yield workspace.plan_dir / f"{id_}.json"
    out_dir = workspace.root / "out" / id_
    yield out_dir
    yield from sorted(out_dir.iterdir())


def _input_files(context: Context, workspace: Workspace, spec: WorkspaceSpec) -> Iterator[Path]:
    yield workspace.spec_file
    yield workspace.lock_file
    for wanted in spec.targets:
        paths = (workspace.root / file.path for file in wanted.guest.by_role().values())
        yield from (path for path in paths if path.exists())
    overlays = context.overlays_of(workspace, spec)
    for kind in _KINDS:
        for root in data_roots(kind, overlays):
            for folder, _, names in os.walk(root):
                yield Path(folder)
                yield from (Path(folder) / name for name in names if name.endswith(".toml"))


def _stamps(paths: Iterable[Path]) -> Stamps:
    stamps = {}
    for path in paths:
        status = path.stat()
        stamps[str(path)] = [status.st_mtime_ns, status.st_size]
    return stamps
