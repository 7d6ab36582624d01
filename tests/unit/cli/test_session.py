# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Results and errors on their streams."""

import io
import json
import sys
from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.cli.session import GlobalOptions, Invocation, Session
from sel4build.console.style import Palette
from sel4build.errors import EnvironmentLacksError, InputError

BODY: dict[str, object] = {"name": "größe \U0001f600 \udcff"}


def _session(*, quiet: bool = False, as_json: bool = False) -> Session:
    return Session(
        options=GlobalOptions(quiet=quiet, json=as_json),
        context=Context(environ={}, cwd=Path("/")),
        palette=Palette(enabled=False),
    )


@pytest.mark.parametrize(("quiet", "shown"), [(False, "text"), (True, "")])
def test_what_was_done_is_not_told_to_the_quiet(
    quiet: bool,  # noqa: FBT001 - a parameter of the test
    shown: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _session(quiet=quiet).report("done", {}, lambda: "text")
    assert capsys.readouterr().out == shown


def test_what_was_asked_for_is_told_to_the_quiet_too(capsys: pytest.CaptureFixture[str]) -> None:
    _session(quiet=True).show("list", {}, lambda: "text")
    _session(quiet=True, as_json=True).report("done", {}, lambda: "text")
    out = capsys.readouterr().out
    assert out.startswith("text{")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_an_object_stays_one_in_any_encoding(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    _session(as_json=True).show("list", BODY, str)
    assert json.loads(written.getvalue().decode(encoding))["name"] == BODY["name"]


def test_errors_of_parts_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    _session().complain([InputError("one", hint="try"), InputError("two")])
    captured = capsys.readouterr()
    assert captured.err == "error: one\nhint: try\nerror: two\n"
    assert captured.out == ""


class _Full(io.StringIO):
    def flush(self) -> None:
        raise OSError(28, "No space left on device")

    def fileno(self) -> int:
        raise io.UnsupportedOperation


def test_an_error_that_nobody_can_be_told_of_raises_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", _Full())
    Invocation().show_error(InputError("x"))


def test_output_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    del tmp_path
    with Path("/dev/full").open("w") as full, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", full)
        with pytest.raises(EnvironmentLacksError, match="standard output"):
            _session().show("list", {}, lambda: "text")
