# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The state of a workspace, and clearing what was made in it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.freshness import fresh_file
from sel4build.api.preparing import pick_targets
from sel4build.model.workspace import Workspace
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.spec import read_spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The folders that were removed."""

    folders: tuple[Path, ...]


def clean(
    context: Context, workspace: Workspace, wanted: tuple[str, ...], *, everything: bool
) -> Cleaned:
    """Remove build trees and packages: of the `wanted` targets, or of all with `everything`.

    Projects, `sel4build.toml` and the lockfile are never touched.
    """
    with workspace_lock(workspace, context.reporter):
        spec = read_spec(workspace)
        ids = tuple(str(target.id) for target in spec.targets)
        chosen = ids if everything else pick_targets(ids, wanted)
        folders = [workspace.root / kind / id_ for kind in ("build", "out") for id_ in chosen]
        removed = tuple(folder for folder in folders if folder.is_dir())
        fresh_file(workspace).unlink(missing_ok=True)
        for folder in removed:
            _remove(folder)
    return Cleaned(folders=removed)


def _remove(folder: Path) -> None:
    """Remove `folder` so that a kill in between leaves nothing that could be taken for whole."""
    doomed = folder.with_name(f".{folder.name}.removed")
    shutil.rmtree(doomed, ignore_errors=True)
    folder.replace(doomed)
    shutil.rmtree(doomed)
