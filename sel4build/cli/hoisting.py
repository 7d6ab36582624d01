# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Let the options that every command takes stand behind the command's name too."""

from collections.abc import Sequence

_FLAGS = frozenset({"-q", "--quiet", "-v", "-vv", "--verbose", "--json"})
_WITH_VALUE = frozenset({"--color", "--data-dir", "-j", "--jobs"})


def hoist_global_options(argv: Sequence[str]) -> tuple[str, ...]:
    """Return `argv` with the global options moved to the front, in order.

    What stands behind `--` is left alone, and so is a word that is the value of another option as
    far as its spelling tells.
    """
    front: list[str] = []
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            rest.extend((word, *words))
        elif word in _FLAGS or (word.partition("=")[0] in _WITH_VALUE and "=" in word):
            front.append(word)
        elif word in _WITH_VALUE:
            front.append(word)
            front.extend(value for value in (next(words, None),) if value is not None)
        else:
            rest.append(word)
    return (*front, *rest)
