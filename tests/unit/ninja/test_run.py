# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of reading what ninja says."""

import pytest

from sel4build.ninja.run import NinjaStatus, first_failure, parse_status, status_listener

FAILURE = """\
[1/9  11% 0.1s] cc a.o
FAILED: b.o
cc -c b.c
b.c:1: error: no
b.c:2: note: [1/2] is no status
[2/9  22% 0.2s] cc c.o
FAILED: d.o
cc -c d.c
ninja: build stopped: subcommand failed.
"""


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (
            "[12/200   6% 1.234s] Building C object x.o",
            NinjaStatus(done=12, total=200, elapsed_s=1.234, step="Building C object x.o"),
        ),
        ("[1/1 100% 0.000s] ", NinjaStatus(done=1, total=1, elapsed_s=0.0, step="")),
    ],
)
def test_a_status_line_is_read(line: str, status: NinjaStatus) -> None:
    assert parse_status(line) == status


@pytest.mark.parametrize(
    "line", ["", "[1/2] cc", "ninja: no work to do.", " [1/2 50% 1.0s] x", "[a/b 1% 1s] x"]
)
def test_any_other_line_is_none(line: str) -> None:
    assert parse_status(line) is None


def test_the_rest_is_estimated_by_the_pace_so_far() -> None:
    assert NinjaStatus(done=2, total=10, elapsed_s=3.0, step="").remaining_s == 12.0


def test_nothing_is_estimated_before_the_first_step() -> None:
    assert NinjaStatus(done=0, total=10, elapsed_s=3.0, step="").remaining_s is None


def test_a_listener_passes_on_status_lines_only() -> None:
    told: list[str] = []
    listen = status_listener(lambda status: told.append(status.step))

    for line in ("noise", "[1/2  50% 0.1s] cc", "FAILED: x"):
        listen(line)

    assert told == ["cc"]


def test_the_first_failure_is_taken_with_what_it_printed() -> None:
    assert first_failure(FAILURE) == tuple(FAILURE.splitlines()[1:5])


def test_a_failure_at_the_end_goes_as_far_as_the_output() -> None:
    assert first_failure("FAILED: x\ncc x\nboom") == ("FAILED: x", "cc x", "boom")


def test_a_long_failure_is_cut() -> None:
    assert first_failure("FAILED: x\n" + "line\n" * 90, most_lines=3) == (
        "FAILED: x",
        "line",
        "line",
    )


def test_errors_of_ninja_itself_are_told_where_no_step_failed() -> None:
    output = "noise\nninja: error: 'x', needed by 'y', missing\n"

    assert first_failure(output) == ("ninja: error: 'x', needed by 'y', missing",)
    assert first_failure("fine\n") == ()
