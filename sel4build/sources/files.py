# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The files of a workspace, read once each, by their path in it.

Nothing outside is read but the folders of a user's own that are linked there.
"""

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

from sel4build.errors import Span
from sel4build.model.sources import Script
from sel4build.sources.cmake import parse_cmake

_LARGEST_BYTES = 4 << 20


class SourceFiles:
    """Reads texts and scripts, and remembers which were asked for."""

    def __init__(self, root: Path, linked: tuple[Path, ...] = ()) -> None:
        self.root = root
        self._real_root = os.path.realpath(root)
        self._places = (self._real_root, *(os.path.realpath(each) for each in linked))
        self._texts: dict[str, str | None] = {}
        self._scripts: dict[str, Script | None] = {}
        self._folders: dict[str, tuple[str, ...]] = {}
        self._looked_for: set[str] = set()

    @property
    def asked(self) -> tuple[str, ...]:
        """What was asked for, files and folders, whether it is there or not."""
        return tuple(sorted({*self._texts, *self._folders, *self._looked_for}))

    @property
    def faults(self) -> tuple[Span, ...]:
        """Where the scripts that were asked for are no CMake."""
        scripts = (each for _, each in sorted(self._scripts.items()) if each is not None)
        return tuple(span for script in scripts for span in script.faults)

    def text(self, path: str) -> str | None:
        """Return the text of a file, or None where there is none that can be read."""
        path = posixpath.normpath(path)
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def script(self, path: str) -> Script | None:
        """Return a CMake script, or None where there is none."""
        path = posixpath.normpath(path)
        if path not in self._scripts:
            text = self.text(path)
            self._scripts[path] = None if text is None else parse_cmake(text, path)
        return self._scripts[path]

    def folders(self, path: str) -> tuple[str, ...]:
        """Return the names of the folders in a folder, sorted."""
        if path not in self._folders:
            self._folders[path] = tuple(sorted(self._list(path)))
        return self._folders[path]

    def exists(self, path: str) -> bool:
        """Whether there is a file or a folder."""
        place = self._inside(path)
        self._looked_for.add(posixpath.normpath(path))
        return place is not None and place.exists()

    def _list(self, path: str) -> Iterator[str]:
        place = self._inside(path)
        try:
            entries = list(place.iterdir()) if place is not None else []
        except OSError:
            return
        yield from (each.name for each in entries if each.is_dir())

    def _read(self, path: str) -> str | None:
        place = self._inside(path)
        try:
            if place is None or not place.is_file() or place.stat().st_size > _LARGEST_BYTES:
                return None
            return place.read_bytes().decode("utf-8", errors="replace")
        except OSError:
            return None

    def _inside(self, path: str) -> Path | None:
        """Return where a path is on disk; None for one that leads out of the workspace."""
        if "\0" in path or posixpath.isabs(path):
            return None
        real = os.path.realpath(os.path.join(self._real_root, path))  # noqa: PTH118  keeps `..`
        is_inside = any(real == each or real.startswith(each + os.sep) for each in self._places)
        return Path(real) if is_inside else None
