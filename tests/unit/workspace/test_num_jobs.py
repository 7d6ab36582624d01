# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of how many projects are synced at once."""

from dataclasses import replace

import pytest

from sel4build.workspace.sync import choose_num_jobs
from tests.kit.locks import a_lock


@pytest.mark.parametrize(
    ("wanted", "sync_j", "most", "expected"),
    [(None, 3, None, 3), (7, 3, None, 7), (7, 3, 5, 5), (None, 1_000_000, None, 64)],
)
def test_the_user_counts_more_than_the_manifest_and_its_most_more_than_both(
    wanted: int | None, sync_j: int, most: int | None, expected: int
) -> None:
    lock = replace(a_lock(), sync_j=sync_j, sync_j_max=most)

    assert choose_num_jobs(wanted, lock) == expected


def test_without_a_wish_there_are_at_least_four() -> None:
    assert choose_num_jobs(None, a_lock()) >= 4
