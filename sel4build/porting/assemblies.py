# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What CAmkES files import, and what those include in the end."""

import re
from collections.abc import Mapping

from sel4build.errors import Span
from sel4build.porting.board import VM_DIR
from sel4build.porting.files import SourceFiles

_GLOBAL = "projects/global-components"
_PLACES = (
    f"{VM_DIR}/components",
    f"{VM_DIR}/interfaces",
    f"{_GLOBAL}/components",
    f"{_GLOBAL}/interfaces",
)
"""Folders that imports are looked up in: `CAmkESAddImportPath` of these projects."""
_IMPORT = re.compile(r"""^\s*import\s+(?:<([^>]+)>|"([^"]+)")\s*;""", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_MOST_FILES = 200


def without_comments(text: str) -> str:
    """Return `text` with its comments gone and its lines where they were."""
    return _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)


def find_include(files: SourceFiles, texts: Mapping[str, str], header: str) -> Span | None:
    """Return where `texts`, or what they import, include `<header>`; None where nothing does."""
    include = re.compile(rf"^\s*#\s*include\s*<{re.escape(header)}>", re.MULTILINE)
    waiting = dict(texts)
    seen: set[str] = set()
    while waiting and len(seen) < _MOST_FILES:
        path = next(iter(waiting))
        text = waiting.pop(path)
        seen.add(path)
        found = include.search(text)
        if found is not None:
            return Span(file=path, line=text.count("\n", 0, found.end()) + 1)
        for match in _IMPORT.finditer(text):
            place = _resolved(files, path, match[1] or match[2])
            if place is not None and place not in seen:
                waiting[place] = without_comments(files.text(place) or "")
    return None


def _resolved(files: SourceFiles, origin: str, name: str) -> str | None:
    folders = (origin.rsplit("/", 1)[0], *_PLACES)
    places = (f"{folder}/{name}" for folder in folders)
    return next((each for each in places if files.is_file(each)), None)
