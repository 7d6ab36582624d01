# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of waiting for projects and of what is said meanwhile."""

import concurrent.futures
import threading

import pytest

from sel4build.git.transfers import Slowest, Snapshot
from sel4build.workspace.progress import completed, describe_transfers


def test_while_nothing_completes_it_ticks() -> None:
    told = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        quick = pool.submit(int, "1")
        slow = pool.submit(lambda: int(told.wait(10)))

        results = [future.result() for future in completed([quick, slow], tick=told.set)]

    assert results == [1, 1]


@pytest.mark.parametrize(
    ("snapshot", "text"),
    [
        (Snapshot(), "kernel"),
        (Snapshot(size_bytes=1536), "1.5 KiB, kernel"),
        (Snapshot(slowest=Slowest(name="x", seconds=1.9)), "kernel"),
        (Snapshot(slowest=Slowest(name="x", seconds=34.4)), "34 s at x"),
        (
            Snapshot(size_bytes=12, slowest=Slowest(name="x", seconds=2.0, percent=45)),
            "12 bytes, 2 s at x (45 %)",
        ),
    ],
)
def test_what_has_come_and_who_is_waited_for(snapshot: Snapshot, text: str) -> None:
    assert describe_transfers(snapshot, "kernel") == text


def test_at_the_beginning_there_is_nothing_to_say() -> None:
    assert describe_transfers(Snapshot(), "") == ""
