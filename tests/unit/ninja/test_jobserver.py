# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the pipe of tokens; that ninja and make obey it is tested with them."""

import os
import re
from collections.abc import Mapping

import pytest

from sel4build.ninja.jobserver import serve_jobs


def ends_of(variables: Mapping[str, str]) -> tuple[int, int]:
    found = re.search(r"--jobserver-auth=(\d+),(\d+)", variables["MAKEFLAGS"])
    assert found is not None
    return int(found.group(1)), int(found.group(2))


def tokens_in(reading: int) -> int:
    os.set_blocking(reading, False)
    try:
        return len(os.read(reading, 1 << 20))
    except BlockingIOError:
        return 0


@pytest.mark.parametrize(("jobs", "tokens"), [(1, 0), (2, 1), (8, 7), (1_000_000, 4096)])
def test_there_is_a_token_for_each_job_but_the_first(jobs: int, tokens: int) -> None:
    with serve_jobs(jobs) as variables:
        assert tokens_in(ends_of(variables)[0]) == tokens


def test_programs_inherit_both_ends() -> None:
    with serve_jobs(2) as variables:
        assert all(os.get_inheritable(each) for each in ends_of(variables))


def test_the_flags_do_not_begin_with_a_word_of_single_letters() -> None:
    with serve_jobs(3) as variables:
        assert variables["MAKEFLAGS"].startswith(" -j3 ")


def test_nothing_stays_open() -> None:
    with serve_jobs(2) as variables:
        ends = ends_of(variables)

    for each in ends:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(each)
