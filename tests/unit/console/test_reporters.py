# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the listeners, each against the text that it writes."""

import fcntl
import io
import os
import struct
import termios
from collections.abc import Mapping

import pytest

from sel4build.console.reporters import (
    GithubReporter,
    LiveReporter,
    PlainReporter,
    QuietReporter,
    ReporterKind,
    choose_kind,
    describe_progress,
    escape_annotation,
    make_reporter,
)
from sel4build.console.style import Palette
from sel4build.model.reporter import Reporter, SilentReporter, TaskEnd

PLAIN = Palette(enabled=False)
CLEAR = "\r\x1b[K"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def a_plain_reporter(clock: Clock) -> tuple[PlainReporter, io.StringIO]:
    stream = io.StringIO()
    return PlainReporter(stream=stream, palette=PLAIN, clock=clock), stream


def a_live_reporter(clock: Clock) -> tuple[LiveReporter, io.StringIO]:
    stream = io.StringIO()
    return LiveReporter(stream=stream, palette=PLAIN, clock=clock), stream


def test_a_task_has_a_line_at_its_start_and_one_at_its_end() -> None:
    clock = Clock()
    reporter, stream = a_plain_reporter(clock)

    reporter.start("sync", total=3)
    clock.now_s += 2.5
    reporter.finish("sync", detail="3 projects")

    assert stream.getvalue() == "sync ...\nsync: done, 3 projects (2.5 s)\n"


def test_progress_is_told_only_every_few_seconds() -> None:
    clock = Clock()
    reporter, stream = a_plain_reporter(clock)

    reporter.start("build")
    for done in range(1, 13):
        clock.now_s += 1
        reporter.progress("build", done=done, total=20, detail=f"step {done}")

    assert stream.getvalue() == "build ...\nbuild: [5/20] step 5\nbuild: [10/20] step 10\n"


def test_the_detail_of_a_step_cannot_move_the_terminal() -> None:
    clock = Clock()
    reporter, stream = a_plain_reporter(clock)
    reporter.start("build")
    clock.now_s += 9

    reporter.progress("build", done=1, total=None, detail="\x1b[2Jx")

    assert stream.getvalue().endswith("build: x\n")


def test_progress_of_a_task_that_never_started_is_dropped() -> None:
    reporter, stream = a_plain_reporter(Clock())

    reporter.progress("ghost", done=1, total=2, detail="x")

    assert stream.getvalue() == ""


def test_the_end_of_a_task_that_never_started_is_told() -> None:
    reporter, stream = a_plain_reporter(Clock())

    reporter.finish("package", end=TaskEnd.FRESH)

    assert stream.getvalue() == "package: up to date (0.0 s)\n"


def test_a_failure_is_painted_as_one() -> None:
    stream = io.StringIO()
    reporter = PlainReporter(stream=stream, palette=Palette(enabled=True), clock=Clock())

    reporter.finish("build", end=TaskEnd.FAILED)
    reporter.finish("sync")

    assert stream.getvalue() == (
        "build: \x1b[1;31mfailed\x1b[0m (0.0 s)\nsync: \x1b[32mdone\x1b[0m (0.0 s)\n"
    )


def test_notes_and_warnings_are_lines() -> None:
    reporter, stream = a_plain_reporter(Clock())

    reporter.note("fact")
    reporter.warn("look")

    assert stream.getvalue() == "fact\nwarning: look\n"


def test_on_github_a_task_is_a_group_and_tasks_within_are_lines() -> None:
    stream = io.StringIO()
    reporter = GithubReporter(stream=stream, palette=PLAIN, clock=Clock())

    reporter.start("one")
    reporter.start("two")
    reporter.finish("two")
    reporter.finish("one")
    reporter.start("three")

    assert stream.getvalue() == (
        "::group::one\ntwo ...\ntwo: done (0.0 s)\none: done (0.0 s)\n::endgroup::\n"
        "::group::three\n"
    )


def test_on_github_a_warning_is_an_annotation_of_one_line() -> None:
    stream = io.StringIO()

    GithubReporter(stream=stream, palette=PLAIN).warn("50%\r\nmore")

    assert stream.getvalue() == "::warning::50%25%0D%0Amore\n"


def test_the_live_line_is_drawn_over_itself() -> None:
    clock = Clock()
    reporter, stream = a_live_reporter(clock)

    reporter.start("build", total=9)
    clock.now_s += 1
    reporter.progress("build", done=1, total=9, detail="cc a.o")

    assert stream.getvalue() == f"{CLEAR}build: [0/9] {CLEAR}build: [1/9] cc a.o"


def test_the_live_line_is_not_drawn_more_often_than_eyes_can_see() -> None:
    clock = Clock()
    reporter, stream = a_live_reporter(clock)
    reporter.start("build", total=9)

    for done in range(5):
        clock.now_s += 0.01
        reporter.progress("build", done=done, total=9, detail="x")

    assert stream.getvalue() == f"{CLEAR}build: [0/9] "


def test_a_line_that_stays_takes_the_place_of_the_live_one() -> None:
    reporter, stream = a_live_reporter(Clock())

    reporter.start("build")
    reporter.note("fact")
    reporter.note("another")

    assert stream.getvalue() == f"{CLEAR}build: {CLEAR}fact\nanother\n"


def test_a_task_that_goes_on_is_shown_again_when_another_ends() -> None:
    clock = Clock()
    reporter, stream = a_live_reporter(clock)
    reporter.start("one", total=4)
    reporter.start("two", total=5)
    stream.truncate(0)
    stream.seek(0)

    reporter.finish("two")

    assert stream.getvalue() == f"{CLEAR}two: done (0.0 s)\n{CLEAR}one: [0/4] "


def test_the_live_line_never_wraps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    reporter, stream = a_live_reporter(Clock())

    reporter.start("a task with a very long name")

    assert stream.getvalue() == f"{CLEAR}a task with a very "


def test_the_width_is_that_of_the_terminal_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    outer, inner = os.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 12, 0, 0))
    with os.fdopen(inner, "w") as stream:
        LiveReporter(stream=stream, palette=PLAIN, clock=Clock()).start("a task with a long name")
        shown = os.read(outer, 1000).decode()
    os.close(outer)

    assert shown == f"{CLEAR}a task with"


def test_quiet_says_nothing_but_warnings() -> None:
    stream = io.StringIO()
    reporter = QuietReporter(stream=stream, palette=PLAIN)

    reporter.start("build", total=1)
    reporter.progress("build", done=1, total=1, detail="x")
    reporter.note("fact")
    reporter.finish("build")
    reporter.warn("look")

    assert stream.getvalue() == "warning: look\n"


def test_the_silent_reporter_takes_everything() -> None:
    reporter = SilentReporter()

    reporter.start("build", total=1)
    reporter.progress("build", done=1, total=1, detail="x")
    reporter.note("fact")
    reporter.warn("look")
    reporter.finish("build")


@pytest.mark.parametrize(
    ("stream", "environ", "quiet", "kind"),
    [
        (Terminal(), {}, False, ReporterKind.LIVE),
        (io.StringIO(), {}, False, ReporterKind.PLAIN),
        (Terminal(), {"NO_COLOR": "1"}, False, ReporterKind.PLAIN),
        (Terminal(), {"TERM": "dumb"}, False, ReporterKind.PLAIN),
        (Terminal(), {"GITHUB_ACTIONS": "true"}, False, ReporterKind.GITHUB),
        (Terminal(), {"GITHUB_ACTIONS": "true"}, True, ReporterKind.QUIET),
    ],
)
def test_the_way_of_showing_follows_from_the_stream_and_the_environment(
    stream: io.StringIO, environ: Mapping[str, str], *, quiet: bool, kind: ReporterKind
) -> None:
    assert choose_kind(stream, environ, quiet=quiet) is kind


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        (ReporterKind.LIVE, LiveReporter),
        (ReporterKind.PLAIN, PlainReporter),
        (ReporterKind.GITHUB, GithubReporter),
        (ReporterKind.QUIET, QuietReporter),
    ],
)
def test_each_kind_has_its_listener(kind: ReporterKind, type_: type[Reporter]) -> None:
    assert type(make_reporter(kind, io.StringIO(), PLAIN)) is type_


def test_a_count_is_shown_only_where_there_is_one() -> None:
    assert describe_progress(1, 3, "x") == "[1/3] x"
    assert describe_progress(1, None, "x") == "x"


def test_a_percent_sign_is_escaped_first() -> None:
    assert escape_annotation("%\n") == "%25%0A"
