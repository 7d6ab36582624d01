# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of what git's progress says, and of who is slowest."""

import pytest

from sel4build.git.transfers import (
    Received,
    Slowest,
    Snapshot,
    Transfers,
    describe_size,
    parse_progress,
)


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("Receiving objects:  45% (123/456)\r", Received(percent=45)),
        (
            "Receiving objects:  45% (123/456), 1.50 MiB | 2.00 MiB/s\r",
            Received(percent=45, size_bytes=3 << 19),
        ),
        (
            (
                "remote: Total 3 (delta 0)\nReceiving objects:  10% (1/3)\r"
                "Receiving objects: 100% (3/3), 212 bytes | 212.00 KiB/s, done.\n"
            ),
            Received(percent=100, size_bytes=212),
        ),
        ("Receiving objects: 99% (9/9), 2 GiB", Received(percent=99, size_bytes=2 << 30)),
        ("Resolving deltas: 100% (1/1), done.\n", None),
        ("", None),
    ],
)
def test_the_last_word_counts(text: str, received: Received | None) -> None:
    assert parse_progress(text) == received


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1.0 KiB"),
        (3 << 19, "1.5 MiB"),
        (5 << 30, "5.0 GiB"),
    ],
)
def test_sizes_are_read_by_people(size_bytes: int, text: str) -> None:
    assert describe_size(size_bytes) == text


def test_bytes_add_up_over_fetches_and_projects() -> None:
    transfers = Transfers(_Clock())
    with transfers.running("a"):
        listen = transfers.listener("a")
        # A piece may end anywhere.
        assert not listen("Receiving objects:  50% (1/2), 1.0")
        assert not listen("0 KiB | 1.00 KiB/s\r")
        listen("Receiving objects: 100% (2/2), 2.00 KiB | 1.00 KiB/s, done.\n")
        again = transfers.listener("a")
        again("Receiving objects: 100% (1/1), 100 bytes | 1.00 KiB/s, done.\n")
        with transfers.running("b"):
            transfers.listener("b")("Receiving objects:   1% (1/99), 24 bytes | 1.00 KiB/s\r")
            assert transfers.snapshot().size_bytes == 2048 + 100 + 24

    assert transfers.snapshot() == Snapshot(size_bytes=2048 + 100 + 24)
    transfers.listener("a")("Receiving objects: 100% (1/1), 9 bytes | 1 KiB/s, done.\n")
    assert transfers.snapshot().size_bytes == 2048 + 100 + 24


def test_the_slowest_is_who_runs_longest() -> None:
    clock = _Clock()
    transfers = Transfers(clock)
    with transfers.running("first"):
        clock.now = 3.0
        with transfers.running("second"):
            clock.now = 5.0
            assert transfers.snapshot().slowest == Slowest(name="first", seconds=5.0)
            transfers.listener("first")("Receiving objects:  45% (1/2)\r")
            assert transfers.snapshot().slowest == Slowest(name="first", seconds=5.0, percent=45)


def test_of_two_with_one_name_one_is_counted() -> None:
    transfers = Transfers(_Clock())
    with transfers.running("x"), transfers.running("x"):
        transfers.listener("x")("Receiving objects: 100% (1/1), 9 bytes | 1 KiB/s, done.\n")

    assert transfers.snapshot() == Snapshot(size_bytes=9)
