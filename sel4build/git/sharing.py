# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Put a file that never changes in a second place, without copying bytes where that can be.

A hard link costs nothing; a clone of its extents next to nothing; else it is copied.
"""

import contextlib
import fcntl
import os
import shutil
from pathlib import Path

_FICLONE = 0x40049409  # ioctl_ficlone(2)


def share_file(source: Path, dest: Path) -> None:
    """Let `dest` hold what `source` holds; it appears whole or not at all. Raises OSError."""
    beside = dest.with_name(f"tmp_{os.getpid()}_{dest.name}")
    beside.unlink(missing_ok=True)
    try:
        try:
            os.link(source, beside)
        except OSError:  # another file system, too many links, or none of them at all
            _copy(source, beside)
        os.rename(beside, dest)  # noqa: PTH104  raises as the rest does
    finally:
        # rename(2) does nothing when both are the same file already.
        beside.unlink(missing_ok=True)


def _copy(source: Path, dest: Path) -> None:
    with source.open("rb") as reading, dest.open("xb") as writing:
        cloned = False
        with contextlib.suppress(OSError):
            fcntl.ioctl(writing.fileno(), _FICLONE, reading.fileno())
            cloned = True
        if not cloned:
            shutil.copyfileobj(reading, writing, 1 << 20)
    shutil.copymode(source, dest)
