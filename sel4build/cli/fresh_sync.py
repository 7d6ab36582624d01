# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Answer `sync` when there is nothing to do: a few file operations a project, and no imports.

Reads the record of `sel4build.api.synced` and looks at all that a sync would look at. Any doubt is
a no: the whole way then decides.
"""

import json
import os
import stat
import sys
from typing import Any

from sel4build.cli.fresh import workspace_root

_FORMAT = 1
_MARK = "sel4build-sync"
_MOST_BYTES = 100


def answer_if_synced() -> bool:
    """Say that the workspace equals its lock, if it does; tell whether it was so."""
    try:
        root = workspace_root()
        with open(f"{root}/.sel4build/synced.json", "rb") as file:  # noqa: PTH123 - no pathlib here
            record = json.load(file)
        if not (_is_untouched(root, record) and _is_free(root)):
            return False
        text = record["text"]
        sys.stdout.write(text)
        sys.stdout.flush()
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False
    return True


def _is_untouched(root: str, record: dict[str, Any]) -> bool:
    from sel4build import __version__

    if (record["format"], record["program"]) != (_FORMAT, __version__):
        return False
    for name, stamp in record["files"].items():
        status = os.stat(f"{root}/{name}")  # noqa: PTH116 - no pathlib here
        if [status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino] != stamp:
            return False
    return (
        all(_is_folder(f"{root}/{name}") for name in record["folders"])
        and all(_is_folder(f"{root}/{name}") for name in record["link-folders"])
        and all(_is_at(f"{root}/{name}/.git", commit) for name, commit in record["heads"].items())
        and all(
            os.readlink(f"{root}/{name}") == target  # noqa: PTH115 - no pathlib here
            for name, target in record["links"].items()
        )
    )


def _is_folder(path: str) -> bool:
    return stat.S_ISDIR(os.lstat(path).st_mode)


def _is_at(git_dir: str, commit: str) -> bool:
    descriptor = os.open(f"{git_dir}/HEAD", os.O_RDONLY)
    try:
        head = os.read(descriptor, _MOST_BYTES)
    finally:
        os.close(descriptor)
    is_marked = os.path.lexists(f"{git_dir}/{_MARK}")
    return head == commit.encode() + b"\n" and not is_marked


def _is_free(root: str) -> bool:
    """Tell whether no other process works in the workspace: the whole way waits for it."""
    import fcntl

    descriptor = os.open(f"{root}/.sel4build/lock", os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    finally:
        os.close(descriptor)
    return True
