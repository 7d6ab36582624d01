# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Match what a tool says with the hints that tell what it means."""

import logging
import re
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from sel4build.model.host import Hint

_LOG = logging.getLogger(__name__)
_LONGEST_LINE = 4000
_LINE_LIMIT_S = 1.0
"""Time of the processor for all patterns on one line: good ones take a millisecond."""


class _TooSlowError(Exception):
    """A pattern tries the same again and again."""


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
    line the earlier counts. A hint whose pattern takes too long is left out with a warning.
    """
    patterns = [(re.compile(hint.pattern), hint) for hint in hints]
    for lines in texts:
        for line in lines:
            advice = _look_at(line[:_LONGEST_LINE], patterns)
            if advice is not None:
                return advice
    return None


def _look_at(line: str, patterns: list[tuple[re.Pattern[str], Hint]]) -> Advice | None:
    """Return the advice for one line; a pattern that takes too long goes from `patterns`."""
    position = 0
    while position < len(patterns):
        try:
            with _limited():
                while position < len(patterns):
                    pattern, hint = patterns[position]
                    found = pattern.search(line)
                    if found is not None:
                        return _filled(hint, found)
                    position += 1
        except _TooSlowError:
            _, hint = patterns.pop(position)
            _LOG.warning("hint `%s` is left out: its pattern takes too long", hint.name)
    return None


@contextmanager
def _limited() -> Iterator[None]:
    """Raise _TooSlowError when the body takes too long; only the main thread gets signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, _LINE_LIMIT_S)
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


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
