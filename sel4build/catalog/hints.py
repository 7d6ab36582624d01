# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Match what a tool says with the hints that tell what it means."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sel4build.model.host import Hint

_LONGEST_LINE = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A hint that fits, its texts filled with what the tool has named."""

    name: str
    cause: str
    cure: str
    source: str

    @property
    def cause_line(self) -> str:
        """The cause with its source, as a line below the tool's own words."""
        return f"cause: {self.cause} ({self.source})"


def find_advice(texts: Iterable[Sequence[str]], hints: Sequence[Hint]) -> Advice | None:
    """Return the advice for the first line that a hint knows.

    `texts` are looked at one after the other, the one that tells most first; of two hints for one
    line the earlier counts.
    """
    patterns = [(re.compile(hint.pattern), hint) for hint in hints]
    for lines in texts:
        for line in lines:
            for pattern, hint in patterns:
                found = pattern.search(line[:_LONGEST_LINE])
                if found is not None:
                    return _filled(hint, found)
    return None


def _filled(hint: Hint, found: re.Match[str]) -> Advice:
    words = {name: value or "" for name, value in found.groupdict().items()}
    return Advice(
        name=hint.name,
        cause=_put(hint.cause, words),
        cure=_put(hint.cure, words),
        source=hint.source,
    )


def _put(text: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", value)
    return text
