# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Where each key and each element stands in a TOML text.

tomllib parses but forgets places, so this scans the same text again for nothing but keys, brackets
and the ends of values. The text has been accepted by tomllib before; of a text that has not, the
places are whatever could be found, and no exception comes.
"""

import json
import re
from bisect import bisect_right

from sel4build.errors import Span

KeyPath = tuple[str | int, ...]
"""Keys and indices from the top of a document."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY_PART = re.compile(r'[ \t]*([A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\')[ \t]*(\.?)')
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]*")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")


def render_key(path: KeyPath) -> str:
    """Render `path` as `a.b[2].c`; a key that is not bare is quoted."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        name = part if _BARE_KEY.fullmatch(part) else json.dumps(part, ensure_ascii=False)
        text += f".{name}" if text else name
    return text


class Places:
    """The places of one text. A key that is not in it has the place of what encloses it."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self._offsets = _Scan(text).offsets
        self._line_starts = [0, *(each.end() for each in re.finditer("\n", text))]

    def span(self, path: KeyPath) -> Span:
        """Return file, line, column (both from 1) and key path of what stands at `path`."""
        key = render_key(path) or None
        for length in range(len(path), 0, -1):
            offset = self._offsets.get(path[:length])
            if offset is not None:
                line = bisect_right(self._line_starts, offset)
                column = offset - self._line_starts[line - 1] + 1
                return Span(file=self.file, line=line, column=column, key=key)
        return Span(file=self.file, key=key)


class _Scan:
    """One pass over a text; `offsets` holds the first character of each key or element."""

    def __init__(self, text: str) -> None:
        self.offsets: dict[KeyPath, int] = {}
        self._text = text
        self._lengths: dict[KeyPath, int] = {}  # of the arrays of tables met so far
        try:
            self._document()
        except RecursionError:
            return

    def _document(self) -> None:
        prefix: KeyPath = ()
        pos = self._blank(0)
        while pos < len(self._text):
            start = pos
            if self._text[pos] == "[":
                prefix, pos = self._header(pos)
            else:
                pos = self._pair(pos, prefix)
            pos = self._blank(pos)
            if pos == start:  # not TOML
                return

    def _blank(self, pos: int) -> int:
        match = _BLANK.match(self._text, pos)
        return match.end() if match else pos

    def _header(self, pos: int) -> tuple[KeyPath, int]:
        depth = 2 if self._text.startswith("[[", pos) else 1
        keys, end = self._keys(pos + depth)
        path: KeyPath = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            self.offsets.setdefault(path, pos)
            if depth == 2 and position == len(keys) - 1:  # noqa: PLR2004  two brackets
                self._lengths[path] = self._lengths.get(path, 0) + 1
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
                self.offsets.setdefault(path, pos)
        return path, end + depth

    def _keys(self, pos: int) -> tuple[tuple[str, ...], int]:
        keys: list[str] = []
        while match := _KEY_PART.match(self._text, pos):
            keys.append(_unquoted(match[1]))
            pos = match.end()
            if not match[2]:
                break
        return tuple(keys), pos

    def _pair(self, pos: int, prefix: KeyPath) -> int:
        """Scan `key = value` and return the end of the value."""
        keys, end = self._keys(pos)
        path = prefix
        for key in keys:
            path = (*path, key)
            self.offsets.setdefault(path, pos)
        equals = _EQUALS.match(self._text, end)
        return self._value(equals.end(), path) if equals else pos

    def _value(self, pos: int, path: KeyPath) -> int:
        opening = self._text[pos : pos + 1]
        if opening == "[":
            return self._array(pos + 1, path)
        if opening == "{":
            return self._inline_table(pos + 1, path)
        match = _STRING.match(self._text, pos) or _SCALAR.match(self._text, pos)
        return match.end() if match else pos

    def _array(self, pos: int, path: KeyPath) -> int:
        index = 0
        while True:
            pos = self._blank(pos)
            if self._text[pos : pos + 1] in {"]", ""}:
                return pos + 1
            element = (*path, index)
            self.offsets[element] = pos
            pos, start = self._blank(self._value(pos, element)), pos
            pos += self._text[pos : pos + 1] == ","
            index += 1
            if pos == start:
                return len(self._text)

    def _inline_table(self, pos: int, path: KeyPath) -> int:
        while True:
            pos = self._blank(pos)
            if self._text[pos : pos + 1] in {"}", ""}:
                return pos + 1
            pos, start = self._blank(self._pair(pos, path)), pos
            pos += self._text[pos : pos + 1] == ","
            if pos == start:
                return len(self._text)


def _unquoted(key: str) -> str:
    if key.startswith("'"):
        return key[1:-1]
    if not key.startswith('"'):
        return key
    try:
        return str(json.loads(key))
    except ValueError:  # an escape that only TOML has: \UXXXXXXXX, \e
        return key[1:-1]
