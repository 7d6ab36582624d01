# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of carrying progress and errors from a step to its driver."""

import json
import os
import select
import threading
import time
from pathlib import Path

import pytest

from sel4build.console.relay import (
    VARIABLE,
    PipeReporter,
    Relay,
    listening_reporter,
    relaying,
)
from sel4build.errors import EnvironmentLacksError, ExitCode, Sel4BuildError, Span, WorkError
from sel4build.model.reporter import TaskEnd
from tests.kit.runner import Recorder


def relayed(error: Sel4BuildError) -> Sel4BuildError:
    relay = Relay(Recorder())
    with relaying(relay) as variables:
        assert listening_reporter(variables).send_error(error)
    (arrived,) = relay.errors
    return arrived


def test_every_event_of_a_step_reaches_the_driver_in_order() -> None:
    recorder = Recorder()
    with relaying(Relay(recorder)) as variables:
        step = listening_reporter(variables)
        step.start("build a", total=4)
        step.progress("build a", done=1, total=4, detail="é")
        step.note("fact")
        step.warn("look")
        step.finish("build a", end=TaskEnd.FAILED, detail="oh")

    assert recorder.events == [
        "start build a of 4",
        "progress build a 1/4 é",
        "note fact",
        "warn look",
        "finish build a: failed, oh",
    ]


def test_an_error_arrives_as_it_was() -> None:
    error = EnvironmentLacksError(
        "no room",
        span=Span(file="x.toml", line=1, key="a"),
        hint="make some",
        details=("one", "two"),
        log_file=Path("/logs/x.log"),
    )

    arrived = relayed(error)

    assert arrived.message == "no room"
    assert arrived.span == error.span
    assert arrived.hint == "make some"
    assert arrived.details == ("one", "two")
    assert arrived.log_file == Path("/logs/x.log")
    assert arrived.exit_code is ExitCode.ENVIRONMENT


def test_an_error_that_knows_little_arrives_as_it_was() -> None:
    arrived = relayed(WorkError("no"))

    assert (arrived.span, arrived.hint, arrived.details, arrived.log_file) == (None, None, (), None)
    assert arrived.exit_code is ExitCode.FAILED


def test_an_error_with_a_long_command_before_the_cause_arrives_whole() -> None:
    details = ("FAILED: x.o", 'cc "-I\\a" ' * 2000, "x.c:1: error: é")

    assert relayed(WorkError("ninja failed", details=details)).details == details


def test_long_errors_of_parallel_steps_do_not_mix() -> None:
    relay = Relay(Recorder())
    errors = [WorkError(str(number), details=(str(number) * 30_000,)) for number in range(8)]
    with relaying(relay) as variables:
        step = listening_reporter(variables)
        threads = [threading.Thread(target=step.send_error, args=(each,)) for each in errors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    arrived = sorted(relay.errors, key=lambda each: each.message)
    assert [each.details for each in arrived] == [each.details for each in errors]


def test_no_write_is_longer_than_a_pipe_takes_at_once() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    text = '"\\\U0001f600\x01' * 300
    step = PipeReporter(writing)

    step.progress("t", done=1, total=2, detail=text)
    step.finish("t", detail=text)
    step.note(text)
    step.warn(text)
    step.send_error(WorkError(text[:500], hint=text[:500], details=(text,)))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.readlines()

    assert max(map(len, lines)) <= select.PIPE_BUF


def test_a_step_that_nobody_listens_to_goes_on() -> None:
    step = listening_reporter({})

    step.note("fact")

    assert not step.send_error(WorkError("no"))


def test_a_step_whose_driver_has_gone_goes_on() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    step = PipeReporter(writing)

    step.note("fact")
    sent = step.send_error(WorkError("no"))
    os.close(writing)

    assert not sent


@pytest.mark.parametrize("text", ["", "x", "-1", "²", "999999", "9" * 40])
def test_a_descriptor_that_is_none_is_not_written_to(text: str) -> None:
    assert listening_reporter({VARIABLE: text}).descriptor is None


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"\xff",
        b"[]",
        b"1",
        b"null",
        b'"do"',
        b"{}",
        b'{"do": "unknown"}',
        b'{"do": "start"}',
        b'{"do": "finish", "task": "t", "end": "eaten", "detail": ""}',
        b'{"do": "error", "message": "no"}',
        b'{"do": "error", "message": "no", "exit_code": 1, "span": {"page": 1}}',
        b'{"do": "end", "sender": "nobody"}',
        b'{"do": "part", "sender": "1"}',
    ],
)
def test_a_line_that_is_not_ours_is_dropped(line: bytes) -> None:
    recorder = Recorder()
    relay = Relay(recorder)

    relay.take(line)

    assert recorder.events == []
    assert relay.errors == []


def test_steps_are_read_on_when_the_console_has_gone() -> None:
    class Gone(Recorder):
        def note(self, text: str) -> None:
            super().note(text)
            raise BrokenPipeError

    gone = Gone()
    with relaying(Relay(gone)) as variables:
        step = listening_reporter(variables)
        # More than a pipe holds: the second half blocks unless somebody reads.
        for _ in range(2000):
            step.note("x" * 100)

    assert len(gone.events) == 2000


def test_a_writer_that_outlives_the_run_does_not_hold_the_driver_up() -> None:
    recorder = Recorder()
    with relaying(Relay(recorder)) as variables:
        left_open = os.dup(int(variables[VARIABLE]))
        os.write(left_open, json.dumps({"do": "note", "text": "fact"}).encode() + b"\n")
    os.close(left_open)

    assert recorder.events == ["note fact"]


def test_steps_inherit_the_pipe() -> None:
    with relaying(Relay(Recorder())) as variables:
        assert os.get_inheritable(int(variables[VARIABLE]))


def test_a_driver_that_is_slow_to_end_is_waited_for_in_peace() -> None:
    relay = Relay(Recorder())
    with relaying(relay) as variables:
        left_open = os.dup(int(variables[VARIABLE]))
        # The listener looks up from its pipe now and then, whether or not anything was written.
        time.sleep(0.12)
        os.write(left_open, b'{"do": "note", "text": "late"}\n')
    os.close(left_open)

    assert isinstance(relay.reporter, Recorder)
    assert relay.reporter.events == ["note late"]
