# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Remember what made a build fresh, so that the next one can be answered without planning.

The record names every file that a plan depends on with its time and size, and for each target the
inner ninja to ask. It is written here and read by `sel4build.cli.fresh`, which imports nothing.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sel4build import __version__
from sel4build.api.building import Built
from sel4build.api.context import Context
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.resources import DataKind, data_roots
from sel4build.writing import write_if_changed

FORMAT = 1
"""Version of the record; the reader ignores any other."""

_KINDS: tuple[DataKind, ...] = ("manifests", "platforms", "toolchains", "apps")


def fresh_file(workspace: Workspace) -> Path:
    """Return where the record of `workspace` lies."""
    return workspace.state_dir / "fresh.json"


def remember_fresh(context: Context, built: Built, texts: Mapping[str, str]) -> None:
    """Record that the targets of `built` are packaged and up to date; `texts` is what was said.

    The record is of one run: a run of other targets replaces it.
    """
    workspace = built.prepared.workspace
    targets = {
        id_: {
            "ninja": str(built.prepared.configurations[id_].ninja),
            "build-dir": str(built.prepared.configurations[id_].build_dir),
            "text": texts[id_],
            "files": _stamps(_target_files(workspace, id_)),
        }
        for id_ in built.ids
    }
    record = {
        "format": FORMAT,
        "program": __version__,
        "path": context.environ.get("PATH", ""),
        "default": next(iter(built.prepared.targets)),
        "files": _stamps(_shared_files(context, workspace, built.prepared.spec)),
        "targets": targets,
    }
    write_if_changed(fresh_file(workspace), json.dumps(record, sort_keys=True))


def _target_files(workspace: Workspace, id_: str) -> Iterator[Path]:
    yield workspace.plan_dir / f"{id_}.json"
    out_dir = workspace.root / "out" / id_
    yield out_dir
    yield from sorted(out_dir.iterdir())


def _shared_files(context: Context, workspace: Workspace, spec: WorkspaceSpec) -> Iterator[Path]:
    yield workspace.spec_file
    yield workspace.lock_file
    yield workspace.ninja_file
    yield workspace.sync_state_file
    overlays = context.overlays_of(workspace, spec)
    for kind in _KINDS:
        for root in data_roots(kind, overlays):
            for folder, _, names in os.walk(root):
                yield Path(folder)
                yield from (Path(folder) / name for name in names if name.endswith(".toml"))


def _stamps(paths: Iterable[Path]) -> dict[str, list[int]]:
    stamps = {}
    for path in paths:
        status = path.stat()
        stamps[str(path)] = [status.st_mtime_ns, status.st_size]
    return stamps
