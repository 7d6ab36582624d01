# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""CMake text to commands with their arguments, in one pass over any text.

Grammar: https://cmake.org/cmake/help/latest/manual/cmake-language.7.html#syntax, with the
old-style arguments (`-DX="a b"`, `$(X)`) that CMake still takes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from sel4build.errors import Span
from sel4build.model.sources import Argument, Invocation, Quoting

_TOKEN = re.compile(
    r"""
      (?P<NEWLINE>\n)
    | (?P<SPACE>[^\S\n]+)
    | (?P<OPEN>\()
    | (?P<CLOSE>\))
    | (?P<QUOTED>"(?:[^"\\]|\\.)*")
    | (?P<WORD>(?:\$\([A-Za-z0-9_]*\)|[^\s()\#"\\]|\\[^\n])
               (?:\$\([A-Za-z0-9_]*\)|[^\s()\#"\\]|\\[^\n]|"(?:[^"\\\n]|\\[^\n])*")*)
    | (?P<COMMENT>\#[^\n]*)
    | (?P<FAULT>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BRACKET = re.compile(r"\[(=*)\[")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class _Kind(Enum):
    NEWLINE = auto()
    OPEN = auto()
    CLOSE = auto()
    QUOTED = auto()
    BRACKET = auto()
    WORD = auto()
    FAULT = auto()


_SILENT = frozenset({"SPACE", "COMMENT"})
_QUOTINGS = {
    _Kind.OPEN: Quoting.BARE,
    _Kind.CLOSE: Quoting.BARE,
    _Kind.WORD: Quoting.BARE,
    _Kind.QUOTED: Quoting.QUOTED,
    _Kind.BRACKET: Quoting.BRACKET,
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: _Kind
    text: str
    line: int


def read_commands(text: str, file: str) -> tuple[tuple[Invocation, ...], tuple[Span, ...]]:
    """Return the commands of `text` in the order written, and the places that are no CMake.

    A command whose parenthesis is never closed has the arguments of its own line.
    """
    tokens = tuple(_tokens(text))
    closing = _closing(tokens)
    commands: list[Invocation] = []
    faults: list[Span] = []
    position = 0
    while position < len(tokens):
        head = tokens[position]
        position += 1
        if head.kind is _Kind.NEWLINE:
            continue
        follows = tokens[position].kind if position < len(tokens) else None
        if (
            head.kind is not _Kind.WORD
            or _IDENTIFIER.fullmatch(head.text) is None
            or follows is not _Kind.OPEN
        ):
            faults.append(Span(file=file, line=head.line))
            continue
        end = closing.get(position)
        if end is None:
            faults.append(Span(file=file, line=head.line))
            end = _end_of_line(tokens, position)
        inner = tokens[position + 1 : end]
        faults += [Span(file=file, line=each.line) for each in inner if each.kind is _Kind.FAULT]
        commands.append(_invocation(head, inner, file))
        position = end + 1
    return tuple(commands), tuple(faults)


def _invocation(head: _Token, inner: tuple[_Token, ...], file: str) -> Invocation:
    args = tuple(
        Argument(text=each.text, quoting=_QUOTINGS[each.kind], span=Span(file=file, line=each.line))
        for each in inner
        if each.kind in _QUOTINGS
    )
    return Invocation(name=head.text, args=args, span=Span(file=file, line=head.line))


def _closing(tokens: tuple[_Token, ...]) -> dict[int, int]:
    """Return the position of its closing parenthesis for that of each opening one that has it."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for position, token in enumerate(tokens):
        if token.kind is _Kind.OPEN:
            waiting.append(position)
        elif token.kind is _Kind.CLOSE and waiting:
            found[waiting.pop()] = position
    return found


def _end_of_line(tokens: tuple[_Token, ...], position: int) -> int:
    while position < len(tokens) and tokens[position].kind is not _Kind.NEWLINE:
        position += 1
    return position


def _tokens(text: str) -> Iterator[_Token]:
    """Yield the tokens but blanks and comments."""
    position, line = 0, 1
    endless: set[str] = set()
    while position < len(text):
        is_comment = text.startswith("#", position)
        bracket = _BRACKET.match(text, position + is_comment)
        if bracket is not None and bracket[1] not in endless:
            end = text.find(f"]{bracket[1]}]", bracket.end())
            if end >= 0:
                if not is_comment:
                    inside = text[bracket.end() : end]
                    content = inside.removeprefix("\r").removeprefix("\n")
                    content = content if inside.startswith(("\n", "\r\n")) else inside
                    yield _Token(_Kind.BRACKET, content, line)
                line += text.count("\n", position, end)
                position = end + len(bracket[1]) + 2
                continue
            endless.add(bracket[1])  # nothing later ends it either: looked for once
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:  # pragma: no cover  FAULT matches all
            return
        if match.lastgroup not in _SILENT:
            found = match[0][1:-1] if match.lastgroup == "QUOTED" else match[0]
            yield _Token(_Kind[match.lastgroup], found, line)
        line += match[0].count("\n")
        position = match.end()
