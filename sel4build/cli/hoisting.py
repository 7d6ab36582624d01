# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Let the options that every command takes stand behind the command's name too."""

import re
from collections.abc import Sequence

_FLAGS = frozenset({"--quiet", "--verbose", "--json"})
# `-q`, `-vv`, and `-j8` as make and ninja take it.
_SHORT = re.compile(r"-(?:[qv]+|j\d+)")
_CHOOSING = frozenset({"init", "why-not"})
_WITH_VALUE = frozenset({"--color", "--data-dir", "-j", "--jobs"})


def hoist_global_options(argv: Sequence[str]) -> tuple[str, ...]:
    """Return `argv` with the global options moved to the front, in order.

    What stands behind `--` is left alone, and so are the command behind `forall -c` and a word that
    is the value of another option as far as its spelling tells.
    """
    front: list[str] = []
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--" or (word == "-c" and rest[:1] == ["forall"]):
            rest.extend((word, *words))
        elif word in _FLAGS or _SHORT.fullmatch(word) or _is_with_value(word):
            front.append(word)
        elif word in _WITH_VALUE:
            front.append(word)
            value = next(words, None)
            if value is None:
                # Alone, so that it is not the command's name that is taken for its value.
                return tuple(front)
            front.append(value)
        else:
            rest.append(word)
    return (*front, *rest)


def split_cmake_words(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return hoisted `words` without what stands behind `--` of `init` or `why-not`, and that.

    Typer would take those words for the folder.
    """
    if "--" not in words:
        return tuple(words), ()
    end = list(words).index("--")
    before = iter(words[:end])
    for word in before:
        if word in _WITH_VALUE:
            next(before, None)
        elif not word.startswith("-"):
            if word in _CHOOSING:
                return tuple(words[:end]), tuple(words[end + 1 :])
            break
    return tuple(words), ()


def _is_with_value(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name in _WITH_VALUE
