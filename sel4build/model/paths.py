# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Relative paths that come from outside, checked once so that nobody need check them again."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

# git-repo (manifest_xml.py, _CheckLocalPath) refuses these code points, which a reader cannot see
# and which HFS+ drops when it compares names.
_INVISIBLE = frozenset(
    "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u206a\u206b\u206c\u206d\u206e\u206f\ufeff"
)


def why_unsafe(text: str, *, allow_dot: bool = False) -> str | None:
    """Say why `text` may not be used as a relative path, or None when it may.

    The rule is git-repo's for project paths and links: not empty, not absolute, no `~`, no control
    or invisible characters, no component `.`, `..`, `.git` or `.repo*` in any case. A trailing
    slash is ignored. With `allow_dot`, a lone `.` is a path (the source of a linkfile).
    """
    if allow_dot and text == ".":
        return None
    for is_wrong, reason in (
        (not text, "is empty"),
        (text.startswith("/"), "is absolute"),
        ("~" in text, "contains `~`"),
        ("\\" in text, "contains a backslash"),
        (any(each in _INVISIBLE for each in text), "contains an invisible Unicode character"),
        (any(unicodedata.category(each) == "Cc" for each in text), "contains a control character"),
    ):
        if is_wrong:
            return reason
    bad = next((part for part in text.rstrip("/").split("/") if _is_forbidden(part)), None)
    return None if bad is None else f"contains the component `{bad}`"


def _is_forbidden(part: str) -> bool:
    folded = part.casefold()
    return part in {"", ".", ".."} or folded == ".git" or folded.startswith(".repo")


@dataclass(frozen=True, slots=True, order=True)
class RelPath:
    """A path below some root, in POSIX form, that cannot lead out of it."""

    text: str

    @classmethod
    def parse(cls, text: str, *, allow_dot: bool = False) -> Self:
        """Return the path for `text`; raise ValueError with the reason when it is unsafe."""
        reason = why_unsafe(text, allow_dot=allow_dot)
        if reason is not None:
            message = f"path {text!r} {reason}"
            raise ValueError(message)
        return cls(text.rstrip("/"))

    @property
    def parts(self) -> tuple[str, ...]:
        """The components, outermost first."""
        return tuple(self.text.split("/"))

    def below(self, root: Path) -> Path:
        """Return the path seen from `root`."""
        return root / self.text

    def __str__(self) -> str:
        """Return the POSIX text."""
        return self.text


def find_colliding(paths: Iterable[RelPath]) -> tuple[tuple[RelPath, RelPath], ...]:
    """Return the pairs of paths, or of folders of theirs, that differ in case or spelling alone.

    Such are one place on a file system that folds case or normalises Unicode. Each pair once.
    """
    spelt: dict[str, str] = {}
    pairs: dict[tuple[RelPath, RelPath], None] = {}
    for path in sorted(paths):
        place, folded = "", ""
        for part in path.parts:
            place = f"{place}/{part}" if place else part
            folded += "/" + unicodedata.normalize("NFC", part).casefold()
            first = spelt.setdefault(folded, place)
            if first != place:
                pairs[RelPath(first), RelPath(place)] = None
                break
    return tuple(pairs)
