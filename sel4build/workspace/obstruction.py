# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What keeps a path of a workspace from being a folder."""

import stat
from pathlib import Path

from sel4build.model.paths import RelPath


def why_obstructed(root: Path, path: RelPath) -> str | None:
    """Say what keeps `path` from being a folder below `root`, or None when nothing does.

    A symbolic link anywhere on the way is refused: a project could plant it to lead others out.
    """
    place = root
    for part in path.parts:
        place /= part
        try:
            mode = place.lstat().st_mode
        except FileNotFoundError:
            return None
        except OSError as error:
            return f"cannot be looked at: {error.strerror}"
        shown = place.relative_to(root)
        if stat.S_ISLNK(mode):
            return f"lies behind the symbolic link `{shown}`"
        if not stat.S_ISDIR(mode):
            return f"needs a folder where the file `{shown}` is"
    return None
