# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What was probably meant by a name that is not known."""

import re
from collections.abc import Iterable

_CUTOFF = 0.6
_SEPARATOR = re.compile(r"[-_]")
_MOST_COMPARED = 80  # characters; beyond, nothing is a slip of the finger


def suggest(name: str, choices: Iterable[str], *, cutoff: float = _CUTOFF) -> str | None:
    """Return the one of `choices` that `name` most resembles, or None. Case does not matter.

    `cutoff` is the least likeness, from 0 (anything) to 1 (equal).

    Of two that are equally near, the first in alphabetical order is taken. Where none is near, the
    only one that begins with the word `name` is: `qemu` for `qemu-arm-virt`.
    """
    import difflib  # noqa: PLC0415  costs a start-up that only a mistake needs

    if len(name) > _MOST_COMPARED:
        return None
    by_folded: dict[str, str] = {}
    for choice in sorted(choices):
        by_folded.setdefault(choice.casefold(), choice)
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=cutoff)
    if close:
        return by_folded[close[0]]
    begun = [each for each in by_folded if _SEPARATOR.split(each)[0] == name.casefold()]
    return by_folded[begun[0]] if len(begun) == 1 else None
