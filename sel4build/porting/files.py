# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Files of a workspace by their relative paths: what cannot be read is not there."""

import os
import re
from functools import cache
from pathlib import Path

from sel4build.errors import Span
from sel4build.model.sources import Script
from sel4build.porting.board import SourceFile
from sel4build.sources.cmake import parse_cmake

_MOST_BYTES = 8 << 20
_HEAD_BYTES = 1024
_LFS = re.compile(rb"version https://git-lfs\.github\.com/spec/")
_ANNEX = re.compile(rb"(?:^|/)annex/objects/")


class SourceFiles:
    """The files below one folder; each is read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        # Of this instance, so that it lives no longer.
        self.text = cache(self._read)
        self.script = cache(self._parse)

    def path(self, path: str) -> Path:
        """Return the place of `path` on disk."""
        return self._root / path

    def is_file(self, path: str) -> bool:
        """Tell whether there is a file, links followed."""
        try:
            return self.path(path).is_file()
        except (OSError, ValueError):
            return False

    def is_dir(self, path: str) -> bool:
        """Tell whether there is a folder, links followed."""
        try:
            return self.path(path).is_dir()
        except (OSError, ValueError):
            return False

    def names(self, folder: str) -> tuple[str, ...]:
        """Return what is in `folder`, sorted; nothing where it is none."""
        try:
            return tuple(sorted(each.name for each in self.path(folder).iterdir()))
        except (OSError, ValueError):
            return ()

    def below(self, folder: str, suffix: str) -> tuple[str, ...]:
        """Return the files below `folder` whose names end so, sorted."""
        found = []
        for place, folders, names in os.walk(self.path(folder)):
            folders.sort()
            inner = Path(place).relative_to(self._root).as_posix()
            found += [f"{inner}/{name}" for name in sorted(names) if name.endswith(suffix)]
        return tuple(found)

    def named(self, path: str, span: Span | None = None) -> SourceFile:
        """Return `path` as it is found; `span` is where it is named."""
        try:
            place = self.path(path)
            if _ANNEX.search(os.fsencode(_target(place))):
                size = place.stat().st_size if place.exists() else 0
                pointer = None if size else "git-annex"
                return SourceFile(path=path, span=span, size=size, pointer=pointer)
            if not place.is_file():
                return SourceFile(path=path, span=span)
            with place.open("rb") as file:
                head = file.read(_HEAD_BYTES)
            size = place.stat().st_size
        except (OSError, ValueError):
            return SourceFile(path=path, span=span)
        return SourceFile(path=path, span=span, size=size, pointer=_pointer(head, size))

    def _read(self, path: str) -> str | None:
        try:
            place = self.path(path)
            if not place.is_file() or place.stat().st_size > _MOST_BYTES:
                return None
            return place.read_bytes().decode("utf-8", errors="replace")
        except (OSError, ValueError):
            return None

    def _parse(self, path: str) -> Script | None:
        text = self.text(path)
        return None if text is None else parse_cmake(text, path)


def _target(place: Path) -> str:
    return str(place.readlink()) if place.is_symlink() else ""


def _pointer(head: bytes, size: int) -> str | None:
    """Return what a small text file points with; the real files are large and binary."""
    if size > _HEAD_BYTES:
        return None
    if _LFS.match(head):
        return "git-lfs"
    # An unlocked file of git-annex holds its key: https://git-annex.branchable.com/internals/pointer_file/
    return "git-annex" if _ANNEX.search(head) else None
