# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Whatever ends a command becomes a message and an exit code."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from sel4build.api import listing
from sel4build.cli.main import main
from sel4build.errors import ExitCode, InputError, Span


@pytest.fixture(autouse=True)
def _same_signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


CASES = (
    (InputError("no", span=Span(file="f", line=1)), ExitCode.INVALID, "error: no"),
    (KeyboardInterrupt(), ExitCode.INTERRUPTED, "error: interrupted"),
    (PermissionError(13, "x", "/f"), ExitCode.ENVIRONMENT, "error: no permission to write `/f`"),
    (OSError(28, "x", 3), ExitCode.ENVIRONMENT, "error: no space left on the disk of `3`"),
    (RuntimeError("bug"), ExitCode.INTERNAL, "error: internal error of sel4build"),
)


@pytest.mark.parametrize(("raised", "code", "line"), CASES)
def test_an_exception_ends_in_one_line_and_one_object(
    raised: BaseException,
    code: ExitCode,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_context: object) -> None:
        raise raised

    monkeypatch.setattr(listing, "list_apps", fail)
    assert main(["list", "apps", "--json"]) == code
    captured = capsys.readouterr()
    errors = [each for each in captured.err.splitlines() if each.startswith("error:")]
    assert errors == [line]
    found = json.loads(captured.out)
    assert (found["kind"], found["exit-code"]) == ("error", code)
    assert ("Traceback" in captured.err) == (code is ExitCode.INTERNAL)


def test_a_bug_is_reported_with_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_context: object) -> None:
        raise RuntimeError("the bug itself")

    monkeypatch.setattr(listing, "list_apps", fail)
    main(["list", "apps"])
    said = capsys.readouterr().err
    assert "RuntimeError: the bug itself" in said
    assert "the command `sel4build list apps`" in said


def test_termination_is_like_ctrl_c(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_context: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(listing, "list_apps", fail)
    assert main(["list", "apps"]) == ExitCode.INTERRUPTED
    assert "error: interrupted" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["init", "-h"], ["--version"]])
def test_help_and_version_are_no_failure(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == ExitCode.OK
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "line", "hint"),
    [
        (["nonsense"], "No such command 'nonsense'.", "sel4build --help"),
        (["adopt", "--nothing"], "No such option: --nothing", "sel4build adopt --help"),
        (["build", "--nonsense"], "No such option: --nonsense", "sel4build build --help"),
        (["-j"], "Option '-j' requires an argument.", "sel4build --help"),
    ],
)
def test_a_mistake_of_usage_points_to_the_help(
    words: list[str], line: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.err == f"error: {line}\nhint: see `{hint}`\n"
    assert captured.out == ""


def test_json_behind_the_end_of_options_is_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["build", "--", "--json"]) == ExitCode.INVALID
    assert capsys.readouterr().out == ""
