# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Put words together that bash takes apart at `=` before it asks for their completion.

`=` is in bash's COMP_WORDBREAKS: of `NAME=VAL` it makes three words, and wants what may stand in
the place of the last one only.
"""

import contextlib
import io
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass

_ASKED = "_SEL4BUILD_COMPLETE"
_WORDS, _PLACE = "COMP_WORDS", "COMP_CWORD"
_BREAK = "="


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What bash asked, with whole words."""

    variables: Mapping[str, str]
    """The variables to change."""
    is_split: bool
    """The word to complete was put together: only what is behind `=` is wanted."""


@contextlib.contextmanager
def completing_whole_words(environ: MutableMapping[str, str]) -> Iterator[None]:
    """Let whole words be completed, and print what bash puts in the place of its part of one."""
    joined = join_split_words(environ)
    if joined is None:
        yield
        return
    environ.update(joined.variables)
    told = io.StringIO()
    try:
        with contextlib.redirect_stdout(told):
            yield
    finally:
        for line in told.getvalue().splitlines(keepends=True):
            sys.stdout.write(line.partition(_BREAK)[2] if joined.is_split else line)


def join_split_words(environ: Mapping[str, str]) -> Joined | None:
    """Return what bash asks with whole words; None where it does not, or has split none."""
    words = environ.get(_WORDS, "").split("\n")
    place = environ.get(_PLACE, "")
    if environ.get(_ASKED) != "complete_bash" or _BREAK not in words or not place.isdecimal():
        return None
    joined: list[str] = []
    new_place = int(place)
    is_open = False
    for position, word in enumerate(words):
        if joined and (word == _BREAK or is_open):
            joined[-1] += word
            new_place -= position <= int(place)
        else:
            joined.append(word)
        is_open = word == _BREAK
    is_split = _BREAK in words[max(0, int(place) - 1) : int(place) + 1]
    return Joined(variables={_WORDS: "\n".join(joined), _PLACE: str(new_place)}, is_split=is_split)
