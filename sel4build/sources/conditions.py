# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Whether a condition of CMake holds: yes, no, or it depends on something that is not known.

The rules are those of `if()`: https://cmake.org/cmake/help/latest/command/if.html, `AND` and `OR`
from left to right without precedence.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sel4build.model.sources import Quoting

_TRUE = frozenset({"1", "ON", "YES", "TRUE", "Y"})
_FALSE = frozenset({"0", "OFF", "NO", "FALSE", "N", "IGNORE", "NOTFOUND", ""})
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_TOKEN = re.compile(r'[()]|"[^"]*"|[^\s()]+')
_UNARY = frozenset(
    {"EXISTS", "COMMAND", "TARGET", "TEST", "POLICY", "IS_DIRECTORY", "IS_SYMLINK", "IS_ABSOLUTE"}
    | {"IS_NEWER_THAN", "IS_READABLE", "IS_WRITABLE", "IS_EXECUTABLE", "DEFINED"}
)
_LONGEST_PATTERN = 200
_DEEPEST = 50


class Scope(Protocol):
    """The variables that a condition can see."""

    def lookup(self, name: str) -> str | None:
        """Return the value, empty where there is none; None where it is unknown."""
        ...

    def is_defined(self, name: str) -> bool | None:
        """Whether there is such a variable; None where that is unknown."""
        ...

    def exists(self, path: str) -> bool | None:
        """Whether there is such a file or folder; None where that is unknown."""
        ...

    def note_match(self, groups: tuple[str, ...] | None) -> None:
        """Take what `MATCHES` matched, the whole first; None where that is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a condition once expanded; the text is None where it is unknown."""

    text: str | None
    quoting: Quoting = Quoting.BARE

    def is_word(self, *words: str) -> bool:
        """Whether it is one of `words`, not quoted."""
        return self.quoting is Quoting.BARE and self.text in words


def holds(words: tuple[Word, ...], scope: Scope) -> bool | None:
    """Whether the condition made of `words` holds; None where it is unknown or no condition."""
    return _Condition(words, scope).verdict()


def parse_words(text: str) -> tuple[Word, ...]:
    """Return the words of a condition that is written as one text, such as a `DEPENDS`."""
    return tuple(
        Word(each[1:-1], Quoting.QUOTED) if each.startswith('"') else Word(each)
        for each in _TOKEN.findall(text)
    )


def all_hold(conditions: tuple[str, ...], scope: Scope) -> bool | None:
    """Whether every one of `conditions` holds, as the kernel's `DEPENDS` has it."""
    verdicts = tuple(holds(parse_words(each), scope) for each in conditions)
    return _connect(verdicts, decisive=False)


def truth(value: str) -> bool | None:
    """Return what CMake takes a constant for; None where it is the name of something."""
    folded = value.upper()
    if folded in _TRUE:
        return True
    if folded in _FALSE or folded.endswith("-NOTFOUND"):
        return False
    return float(value) != 0 if _NUMBER.fullmatch(value) else None


def _connect(verdicts: tuple[bool | None, ...], *, decisive: bool) -> bool | None:
    """Return `decisive` if any verdict is that, and unknown if it still may be."""
    if decisive in verdicts:
        return decisive
    return None if None in verdicts else not decisive


class _Condition:
    """Reads words from the left; `_position` is the next of them."""

    def __init__(self, words: tuple[Word, ...], scope: Scope) -> None:
        self._words = words
        self._scope = scope
        self._position = 0
        self._depth = 0

    def verdict(self) -> bool | None:
        found = self._chain()
        return found if self._position == len(self._words) and self._words else None

    def _next(self, *words: str) -> bool:
        """Take the next word if it is one of `words`."""
        found = self._position < len(self._words) and self._words[self._position].is_word(*words)
        self._position += found
        return found

    def _take(self) -> Word | None:
        if self._position >= len(self._words):
            return None
        self._position += 1
        return self._words[self._position - 1]

    def _chain(self) -> bool | None:
        verdict = self._negated()
        while True:
            if self._next("AND"):
                verdict = _connect((verdict, self._negated()), decisive=False)
            elif self._next("OR"):
                verdict = _connect((verdict, self._negated()), decisive=True)
            else:
                return verdict

    def _negated(self) -> bool | None:
        negations = 0
        while self._next("NOT"):
            negations += 1
        verdict = self._test()
        return not verdict if verdict is not None and negations % 2 else verdict

    def _test(self) -> bool | None:
        if self._next("("):
            self._depth += 1
            verdict = self._chain() if self._depth < _DEEPEST else None
            self._depth -= 1
            return verdict if self._next(")") else None
        first = self._take()
        if first is None:
            return None
        following = self._words[self._position] if self._position < len(self._words) else None
        operator = following.text if following and following.is_word(*_BINARY) else None
        if operator is not None:
            self._position += 1
            second = self._take()
            return None if second is None else self._compare(first, operator, second)
        if first.is_word(*_UNARY):
            operand = self._take()
            return self._asked(first.text, operand.text if operand else None)
        return self._alone(first)

    def _asked(self, test: str | None, operand: str | None) -> bool | None:
        if operand is None:
            return None
        if test == "DEFINED":
            return self._scope.is_defined(operand)
        return self._scope.exists(operand) if test in {"EXISTS", "IS_DIRECTORY"} else None

    def _alone(self, word: Word) -> bool | None:
        if word.text is None:
            return None
        if word.quoting is not Quoting.BARE:
            return truth(word.text) is True
        constant = truth(word.text)
        if constant is not None:
            return constant
        value = self._scope.lookup(word.text)
        return None if value is None else truth(value) is not False

    def _compare(self, left: Word, operator: str, right: Word) -> bool | None:
        first = self._operand(left)
        if operator == "IN_LIST":
            items = self._scope.lookup(right.text) if right.text is not None else None
            return None if first is None or items is None else first in items.split(";")
        if operator == "MATCHES":
            return self._matches(first, right.text)
        second = self._operand(right)
        return None if first is None or second is None else _BINARY[operator](first, second)

    def _matches(self, left: str | None, pattern: str | None) -> bool | None:
        """Whether a regular expression of CMake matches; None where Python's may differ."""
        if left is None or pattern is None or _is_strange(pattern):
            self._scope.note_match(None)
            return None
        try:
            found = re.search(pattern, left)
        except re.error:
            found = None
        self._scope.note_match(
            (found[0], *(each or "" for each in found.groups())) if found else ()
        )
        return found is not None

    def _operand(self, word: Word) -> str | None:
        """Return what an operand is compared as: a bare name of a variable stands for its value."""
        if word.text is None or word.quoting is not Quoting.BARE:
            return word.text
        is_defined = self._scope.is_defined(word.text)
        if is_defined is None:
            return None if _may_be_name(word.text) else word.text
        return self._scope.lookup(word.text) if is_defined else word.text


def _may_be_name(text: str) -> bool:
    """Whether a variable may be called so, as far as anybody calls variables."""
    return re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text, re.ASCII) is not None


def _numbers(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool | None]:
    def compared(left: str, right: str) -> bool | None:
        if not (_NUMBER.fullmatch(left) and _NUMBER.fullmatch(right)):
            return False
        return compare(float(left), float(right))

    return compared


def _versions(
    compare: Callable[[tuple[int, ...], tuple[int, ...]], bool],
) -> Callable[[str, str], bool | None]:
    def compared(left: str, right: str) -> bool | None:
        first, second = _version(left), _version(right)
        length = max(len(first), len(second))
        pad = (0,) * length
        return compare((*first, *pad)[:length], (*second, *pad)[:length])

    return compared


def _version(text: str) -> tuple[int, ...]:
    parts: list[int] = []
    for each in text.split("."):
        digits = re.match(r"[0-9]{1,18}", each)
        if digits is None:
            break
        parts.append(int(digits[0]))
        if digits[0] != each:
            break
    return tuple(parts)


def _is_strange(pattern: str) -> bool:
    """Whether a pattern may mean something else to Python, or take it long."""
    return len(pattern) > _LONGEST_PATTERN or (
        re.search(r"\\|\(\?|\[:|[*+?)]\s*[*+{]", pattern) is not None
    )


_BINARY: Mapping[str, Callable[[str, str], bool | None]] = {
    "STREQUAL": lambda left, right: left == right,
    "STRLESS": lambda left, right: left < right,
    "STRGREATER": lambda left, right: left > right,
    "STRLESS_EQUAL": lambda left, right: left <= right,
    "STRGREATER_EQUAL": lambda left, right: left >= right,
    "EQUAL": _numbers(lambda left, right: left == right),
    "LESS": _numbers(lambda left, right: left < right),
    "GREATER": _numbers(lambda left, right: left > right),
    "LESS_EQUAL": _numbers(lambda left, right: left <= right),
    "GREATER_EQUAL": _numbers(lambda left, right: left >= right),
    "VERSION_EQUAL": _versions(lambda left, right: left == right),
    "VERSION_LESS": _versions(lambda left, right: left < right),
    "VERSION_GREATER": _versions(lambda left, right: left > right),
    "VERSION_LESS_EQUAL": _versions(lambda left, right: left <= right),
    "VERSION_GREATER_EQUAL": _versions(lambda left, right: left >= right),
    "MATCHES": lambda left, right: right in left,  # see _Condition._matches
    "IN_LIST": lambda left, right: left in right.split(";"),
    "PATH_EQUAL": lambda left, right: left.rstrip("/") == right.rstrip("/"),
}
