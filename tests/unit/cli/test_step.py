# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A step hands its error to the driver, or prints it."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sel4build.cli import step
from sel4build.console.relay import Relay, relaying
from sel4build.errors import ExitCode, InputError
from tests.kit.runner import Recorder


@pytest.fixture(autouse=True)
def _same_signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    ("raised", "code", "message"),
    [
        (InputError("no"), ExitCode.INVALID, "no"),
        (
            OSError(28, "full", "/f"),
            ExitCode.ENVIRONMENT,
            "no space left on the disk of `/f`",
        ),
        (RuntimeError("bug"), ExitCode.INTERNAL, "internal error of sel4build in step `build`"),
    ],
)
def test_the_driver_gets_the_error_of_a_step_whole(
    raised: Exception,
    code: ExitCode,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(step, "run_step", _raising(raised))
    relay = Relay(Recorder())
    with relaying(relay) as environ:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        assert step.main(["build", "x"]) == code
    (error,) = relay.errors
    assert (error.message, error.exit_code) == (message, code)
    assert capsys.readouterr().err == ""


def test_without_a_driver_the_error_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(step, "run_step", _raising(RuntimeError("bug")))
    assert step.main(["build", "x"]) == ExitCode.INTERNAL
    said = capsys.readouterr().err
    assert said.startswith("error: internal error of sel4build in step `build`\n")
    assert "RuntimeError: bug" in said


def test_an_interrupt_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_words: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(step, "run_step", stop)
    assert step.main(["build", "x"]) == ExitCode.INTERRUPTED
    assert capsys.readouterr().err == ""


def test_data_folders_reach_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(
        step, "run_step", lambda context, *words: seen.append((context.overlays, *words))
    )
    words = ["--data-dir", "/a", "--data-dir", "/b", "generate"]
    assert step.main(words) == ExitCode.OK
    assert seen == [((Path("/a"), Path("/b")), "generate", None)]


def _raising(error: Exception) -> Callable[..., None]:
    def fail(*_words: object) -> None:
        raise error

    return fail
