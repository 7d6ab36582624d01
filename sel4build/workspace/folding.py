# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Refuse places that are two in the lock and one on a file system that folds names.

Such a file system (ext4 with casefold, NTFS, APFS) takes `Kernel` for `kernel`, or two spellings of
`é` for one: a project could be put into another one, or into its `.git`.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from sel4build.errors import InputError
from sel4build.model.lock import Lock
from sel4build.model.paths import find_colliding
from sel4build.model.workspace import Workspace
from sel4build.writing import explaining_os_errors

_PROBES = (("Case", "case"), ("e\u0301", "\u00e9"))


def require_distinct(
    workspace: Workspace, lock: Lock, *, folds: Callable[[Path], bool] | None = None
) -> None:
    """Raise InputError when two places of `lock` are one in `workspace`; `folds` tells of a folder.

    Nothing is looked at where no two places could be.
    """
    places = [each.path for each in lock.projects]
    places += [link.dest for each in lock.projects for link in each.links]
    places += [copy.dest for each in lock.projects for copy in each.copies]
    colliding = find_colliding(places)
    if colliding and (folds or folds_names)(workspace.root):
        details = tuple(f"`{one}` and `{other}`" for one, other in colliding)
        message = f"the file system of `{workspace.root}` takes places for one that differ"
        hint = "use a file system that tells upper from lower case, or change the manifest"
        raise InputError(message, details=details, hint=hint)


def folds_names(folder: Path) -> bool:
    """Tell whether the file system takes two spellings for one; it is tried in `folder`."""
    with explaining_os_errors(folder), tempfile.TemporaryDirectory(dir=folder) as place:
        for written, other in _PROBES:
            (Path(place) / written).touch()
            if os.path.lexists(Path(place) / other):
                return True
    return False
