# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Wait for projects that are worked at in threads, and say meanwhile what they wait for."""

import concurrent.futures
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from sel4build.git.transfers import Snapshot, describe_size

_TICK_S = 0.5
_SLOW_S = 2.0

_T = TypeVar("_T")


def completed(
    futures: Iterable["concurrent.futures.Future[_T]"], *, tick: Callable[[], None]
) -> Iterator["concurrent.futures.Future[_T]"]:
    """Yield futures as they complete; call `tick` now and then while none does."""
    waiting = set(futures)
    while waiting:
        done, waiting = concurrent.futures.wait(
            waiting, timeout=_TICK_S, return_when=concurrent.futures.FIRST_COMPLETED
        )
        if not done:
            tick()
        yield from done


def describe_transfers(snapshot: Snapshot, last: str) -> str:
    """Return what has come so far, and who is waited for: the slowest, or else who came `last`."""
    parts = [describe_size(snapshot.size_bytes)] if snapshot.size_bytes else []
    slowest = snapshot.slowest
    if slowest is not None and slowest.seconds >= _SLOW_S:
        share = "" if slowest.percent is None else f" ({slowest.percent} %)"
        parts.append(f"{slowest.seconds:.0f} s at {slowest.name}{share}")
    elif last:
        parts.append(last)
    return ", ".join(parts)
