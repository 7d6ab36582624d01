# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Clear what was made in a workspace, and take targets out of it."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.freshness import fresh_file
from sel4build.api.preparing import pick_targets
from sel4build.model.workspace import Workspace
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.spec import read_spec, write_spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The folders that were removed."""

    folders: tuple[Path, ...]
    targets: tuple[str, ...] = ()
    """The targets that are no longer recorded."""


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


def forget(context: Context, workspace: Workspace, wanted: tuple[str, ...]) -> Cleaned:
    """Take the `wanted` targets out of `sel4build.toml`, with their build trees and packages.

    Raises InputError for a name that is none of theirs, before anything is removed.
    """
    with workspace_lock(workspace, context.reporter):
        spec = read_spec(workspace)
        ids = tuple(str(target.id) for target in spec.targets)
        chosen = pick_targets(ids, wanted)
        kept = tuple(target for target in spec.targets if str(target.id) not in chosen)
        write_spec(replace(spec, targets=kept), workspace)
        fresh_file(workspace).unlink(missing_ok=True)
        folders = [workspace.root / kind / id_ for kind in ("build", "out") for id_ in chosen]
        folders += [workspace.guests_dir / id_ for id_ in chosen]
        removed = tuple(folder for folder in folders if folder.is_dir())
        for folder in removed:
            _remove(folder)
        for id_ in chosen:
            (workspace.plan_dir / f"{id_}.json").unlink(missing_ok=True)
    return Cleaned(folders=removed, targets=chosen)


def _remove(folder: Path) -> None:
    """Remove `folder` so that a kill in between leaves nothing that could be taken for whole."""
    doomed = folder.with_name(f".{folder.name}.removed")
    shutil.rmtree(doomed, ignore_errors=True)
    folder.replace(doomed)
    shutil.rmtree(doomed)
