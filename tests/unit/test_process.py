# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of starting programs: what they get, what is kept of them, and how their end is told."""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError
from sel4build.model.command import Command, Outcome
from sel4build.process import SubprocessRunner, explain_status, find_program


def sh(script: str, cwd: Path, env: Mapping[str, str] | None = None) -> Command:
    return Command(argv=("/bin/sh", "-c", script), cwd=cwd, env=env or dict(os.environ))


def an_outcome(returncode: int, *, timed_out: bool = False) -> Outcome:
    command = Command(argv=("x",), cwd=Path("/"), env={})
    return Outcome(
        command=command, returncode=returncode, output="", duration_s=7.4, timed_out=timed_out
    )


def test_both_streams_come_back_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    outcome = SubprocessRunner().run(sh("echo one; echo two >&2; echo three", tmp_path))

    assert outcome.output == "one\ntwo\nthree\n"
    assert outcome.succeeded


def test_a_program_gets_exactly_the_environment_and_directory_of_its_command(
    tmp_path: Path,
) -> None:
    outcome = SubprocessRunner().run(sh('echo "$A:$HOME"; pwd -P', tmp_path, {"A": "b c"}))

    assert outcome.output == f"b c:\n{tmp_path.resolve()}\n"


def test_a_program_has_no_standard_input(tmp_path: Path) -> None:
    assert SubprocessRunner().run(sh("cat; echo end", tmp_path)).output == "end\n"


def test_the_exit_status_comes_back(tmp_path: Path) -> None:
    outcome = SubprocessRunner().run(sh("exit 3", tmp_path))

    assert outcome.returncode == 3
    assert not outcome.succeeded


def test_the_signal_that_ended_a_program_is_a_negative_status(tmp_path: Path) -> None:
    assert SubprocessRunner().run(sh("kill -9 $$", tmp_path)).returncode == -9


def test_lines_are_told_without_their_ends_and_the_last_without_a_newline_too(
    tmp_path: Path,
) -> None:
    lines: list[str] = []

    SubprocessRunner().run(sh(r"printf 'a\r\nb\n\nc'", tmp_path), on_line=lines.append)

    assert lines == ["a", "b", "", "c"]


def test_output_that_is_no_text_does_not_stop_the_reading(tmp_path: Path) -> None:
    lines: list[str] = []

    outcome = SubprocessRunner().run(sh(r"printf '\377x\n'", tmp_path), on_line=lines.append)

    assert lines == ["\ufffdx"]
    assert outcome.output == "\ufffdx\n"


def test_only_the_last_part_of_the_output_is_kept_in_memory(tmp_path: Path) -> None:
    script = "i=0; while [ $i -lt 9000 ]; do echo 'a line that is fifty characters long, and more'"
    outcome = SubprocessRunner().run(sh(f"{script}; i=$((i+1)); done; echo last", tmp_path))

    assert len(outcome.output) == 256 * 1024
    assert outcome.output.endswith("\nlast\n")


def test_the_log_holds_the_command_and_all_output_of_each_run(tmp_path: Path) -> None:
    log_file = tmp_path / "logs" / "deep" / "run.log"
    runner = SubprocessRunner()
    script = "i=0; while [ $i -lt 9000 ]; do echo 'a line that is fifty characters long, and more'"
    long = sh(f"echo first; {script}; i=$((i+1)); done", tmp_path)

    outcome = runner.run(long, log_file=log_file)
    runner.run(sh("echo again", tmp_path), log_file=log_file)

    text = log_file.read_text()
    assert text.startswith(f"$ {long}\nfirst\na line")
    assert text.count("\na line that is") == 9000
    assert text.endswith("echo again'\nagain\n")
    assert outcome.log_file == log_file


def test_a_log_that_cannot_be_written_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log_file = tmp_path / "file" / "run.log"

    with pytest.raises(EnvironmentLacksError, match=r"log `.*run\.log` cannot be written: "):
        SubprocessRunner().run(sh("true", tmp_path), log_file=log_file)


def test_an_error_of_a_listener_is_not_taken_for_one_of_the_log(tmp_path: Path) -> None:
    def fail(_line: str) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        SubprocessRunner().run(sh("echo x", tmp_path), on_line=fail, log_file=tmp_path / "run.log")


def test_a_missing_program_is_named_with_what_to_do(tmp_path: Path) -> None:
    command = Command(argv=("no-such-program",), cwd=tmp_path, env={"PATH": str(tmp_path)})

    with pytest.raises(EnvironmentLacksError) as raised:
        SubprocessRunner().run(command)

    assert raised.value.message == "program `no-such-program` was not found"
    assert raised.value.hint == "install `no-such-program`, or put its folder on PATH"


def test_a_missing_directory_is_not_mistaken_for_a_missing_program(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentLacksError, match=r"directory `.*gone` does not exist"):
        SubprocessRunner().run(sh("true", tmp_path / "gone"))


def test_a_file_in_place_of_the_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EnvironmentLacksError, match=r"directory `.*file` does not exist"):
        SubprocessRunner().run(sh("true", tmp_path / "file"))


def test_a_script_whose_interpreter_is_gone_is_not_called_missing(tmp_path: Path) -> None:
    script = tmp_path / "tool"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)

    with pytest.raises(EnvironmentLacksError, match="its interpreter was not found"):
        SubprocessRunner().run(Command(argv=(str(script),), cwd=tmp_path, env={}))


def test_a_file_that_is_no_program_is_told(tmp_path: Path) -> None:
    tool = tmp_path / "tool"
    tool.write_text("text")

    with pytest.raises(EnvironmentLacksError, match="cannot be started: Permission denied"):
        SubprocessRunner().run(Command(argv=(str(tool),), cwd=tmp_path, env={}))


def test_an_interrupted_runner_starts_nothing_any_more(tmp_path: Path) -> None:
    runner = SubprocessRunner()
    runner.interrupt()

    with pytest.raises(KeyboardInterrupt):
        runner.run(sh("touch started", tmp_path))

    assert not (tmp_path / "started").exists()


def test_a_watch_sees_a_character_whole_however_the_pieces_are_cut(tmp_path: Path) -> None:
    # The second half is written once the first has been read.
    seen: list[str] = []

    def watch(piece: str) -> bool:
        seen.append(piece)
        (tmp_path / "read").touch()
        return False

    script = r"printf 'a\303'; while [ ! -e read ]; do :; done; printf '\251b'"
    SubprocessRunner().run(sh(script, tmp_path), watch=watch)

    assert seen == ["a", "éb"]


def test_a_program_is_found_on_the_path_of_the_environment_given(tmp_path: Path) -> None:
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)

    assert find_program("tool", {"PATH": f"/nowhere:{tmp_path}"}) == tool
    assert find_program(str(tool), {"PATH": ""}) == tool
    assert find_program("tool", {"PATH": "/nowhere"}) is None


def test_a_program_found_by_a_relative_path_can_be_started_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    tool = tmp_path / "bin" / "tool"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    monkeypatch.chdir(tmp_path)

    found = find_program("tool", {"PATH": "bin"})

    assert found is not None
    assert found.is_absolute()
    assert found.samefile(tool)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (an_outcome(1), "ended with status 1"),
        (an_outcome(127), "ended with status 127 (a program was not found)"),
        (an_outcome(-9), "was ended by SIGKILL"),
        (an_outcome(-40), "was ended by signal 40"),
        (an_outcome(-9, timed_out=True), "was stopped after 7 s"),
    ],
)
def test_the_end_of_a_program_is_told_in_words(outcome: Outcome, words: str) -> None:
    assert explain_status(outcome) == words


def test_a_command_reads_as_a_line_to_paste(tmp_path: Path) -> None:
    command = Command(argv=(sys.executable, "a b", "$x"), cwd=tmp_path / "a dir", env={})

    program = shlex.quote(sys.executable)
    assert str(command) == f"cd '{tmp_path}/a dir' && {program} 'a b' '$x'"


def test_a_program_that_says_nothing_for_too_long_is_stopped(tmp_path: Path) -> None:
    outcome = SubprocessRunner().run(sh("echo one; sleep 60", tmp_path), silence_s=0.1)

    assert (outcome.output, outcome.timed_out, outcome.silence_s) == ("one\n", True, 0.1)
    assert explain_status(outcome) == "was stopped after 0.1 s without a sign of life"


def test_a_program_that_has_ended_is_not_silent_for_what_it_left_behind(tmp_path: Path) -> None:
    outcome = SubprocessRunner().run(sh("sleep 5 & echo one", tmp_path), silence_s=0.2)

    assert (outcome.output, outcome.succeeded, outcome.silence_s) == ("one\n", True, None)
    assert outcome.duration_s < 4


def test_signs_of_life_keep_a_program_but_not_beyond_its_time(tmp_path: Path) -> None:
    script = "while :; do echo x; sleep 0.05; done"

    outcome = SubprocessRunner().run(sh(script, tmp_path), timeout_s=0.4, silence_s=5)

    assert (outcome.timed_out, outcome.silence_s) == (True, None)
    assert outcome.output.count("x") > 1
