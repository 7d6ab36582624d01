# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""How much has come from remotes, and who is still waiting for more.

Git tells it as progress on stderr (git-fetch(1), `--progress`): one line, written again and again.
"""

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# LC_ALL=C; pieces end in \r while it goes on. The amount comes with the last one at the latest.
_WORDS = "Receiving objects:"
_RECEIVING = re.compile(_WORDS + r"\s+(\d+)% \(\d+/\d+\)(?:, (\d+(?:\.\d+)?) (bytes|KiB|MiB|GiB))?")
_UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_LONGEST_TAIL = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """How far one fetch has come."""

    percent: int
    """Of the objects."""
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowest:
    """Who has been running longest."""

    name: str
    seconds: float
    percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All transfers of a run at one moment."""

    size_bytes: int = 0
    slowest: Slowest | None = None


@dataclass(slots=True)
class _Running:
    started_s: float
    percent: int | None = None
    settled_bytes: int = 0
    """Of fetches before the one that runs now."""
    current_bytes: int = 0


class Transfers:
    """Counts what comes. One value serves all threads of a run."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing."""
        self._clock = clock
        self._lock = threading.Lock()
        self._running: dict[str, _Running] = {}
        self._finished_bytes = 0

    @contextlib.contextmanager
    def running(self, name: str) -> Iterator[None]:
        """Count `name` as running for the body."""
        with self._lock:
            self._running[name] = _Running(started_s=self._clock())
        try:
            yield
        finally:
            with self._lock:
                ended = self._running.pop(name, None)
                if ended is not None:  # of two with one name the first has ended both
                    self._finished_bytes += ended.settled_bytes + ended.current_bytes

    def listener(self, name: str) -> Callable[[str], bool]:
        """Return what listens to one git that fetches for `name`; it never ends it."""
        tail = ""
        with self._lock:
            if name in self._running:
                state = self._running[name]
                state.settled_bytes += state.current_bytes
                state.current_bytes = 0

        def listen(piece: str) -> bool:
            nonlocal tail
            tail += piece
            received = parse_progress(tail)
            tail = tail[-_LONGEST_TAIL:]
            if received is not None:
                self._take(name, received)
            return False

        return listen

    def snapshot(self) -> Snapshot:
        """Return how far everything has come."""
        with self._lock:
            size = self._finished_bytes
            size += sum(each.settled_bytes + each.current_bytes for each in self._running.values())
            if not self._running:
                return Snapshot(size_bytes=size)
            name, state = min(self._running.items(), key=lambda item: (item[1].started_s, item[0]))
            seconds = self._clock() - state.started_s
            slowest = Slowest(name=name, seconds=seconds, percent=state.percent)
            return Snapshot(size_bytes=size, slowest=slowest)

    def _take(self, name: str, received: Received) -> None:
        with self._lock:
            state = self._running.get(name)
            if state is None:
                return
            state.percent = received.percent
            if received.size_bytes is not None:
                state.current_bytes = max(state.current_bytes, received.size_bytes)


def parse_progress(text: str) -> Received | None:
    """Return what the last word of git on what it receives says, or None when there is none."""
    # Git says it a hundred times within a moment for a small repository: look from the end.
    place = len(text)
    while (place := text.rfind(_WORDS, 0, place)) >= 0:
        found = _RECEIVING.match(text, place)
        if found is not None:
            size = None if found[2] is None else int(float(found[2]) * _UNITS[found[3]])
            return Received(percent=int(found[1]), size_bytes=size)
    return None


def describe_size(size_bytes: int) -> str:
    """Return a number of bytes as people read it: `212 bytes`, `1.2 MiB`."""
    if size_bytes < _UNITS["KiB"]:
        return f"{size_bytes} bytes"
    unit = next(each for each in ("GiB", "MiB", "KiB") if size_bytes >= _UNITS[each])
    return f"{size_bytes / _UNITS[unit]:.1f} {unit}"
