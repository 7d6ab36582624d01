# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of reading what CMake says, and of holding its cache against what was asked."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from sel4build.configure.apply import (
    apply_configuration,
    is_configured,
    unused_variables,
)
from sel4build.configure.arrival import check_arrival
from sel4build.configure.failure import explain_tool_failure, first_traceback
from sel4build.errors import InputError, WorkError
from sel4build.model.command import Command, Outcome
from sel4build.model.configuration import BuildTree, CacheEntry
from sel4build.writing import DiskFullError
from tests.kit.configurations import a_configuration
from tests.kit.runner import Answer, FakeRunner, Recorder

TRACEBACK = """\
-- fine
Traceback (most recent call last):
  File "a.py", line 1, in <module>
    f()

  File "b.py", line 2, in f
ValueError: no
more
Traceback (most recent call last):
OtherError: second
"""
CMAKE_ERROR = """\
-- fine
CMake Warning at x:1:
  careful

CMake Error at CMakeLists.txt:3 (message):
  this is

  the reason
Call Stack (most recent call first):
"""


def check(wanted: Mapping[str, str], cache: Mapping[str, str], *, type_: str = "STRING") -> None:
    build_dir = Path("/w/build")
    entries = {
        name: CacheEntry(name=name, value=value, type=type_) for name, value in cache.items()
    }
    check_arrival(
        a_configuration(build_dir, wanted=wanted),
        BuildTree(build_dir=build_dir, cache=entries, compiler=""),
        log_file=Path("/log"),
    )


@pytest.mark.parametrize(
    ("wanted", "arrived"),
    [
        ("x", "x"),
        ("1", "ON"),
        ("true", "1"),
        ("Yes", "y"),
        ("OFF", "0"),
        ("", "OFF"),
        ("no", "FALSE"),
    ],
)
def test_truth_in_other_words_has_arrived(wanted: str, arrived: str) -> None:
    check({"A": wanted}, {"A": arrived})


@pytest.mark.parametrize(
    ("wanted", "arrived"), [("x", "X"), ("ON", "OFF"), ("OFF", "ON"), ("1", "2"), ("ON", "maybe")]
)
def test_another_value_has_not_arrived(wanted: str, arrived: str) -> None:
    with pytest.raises(WorkError, match="CMake did not keep what was asked for: `A`"):
        check({"A": wanted}, {"A": arrived})


def test_every_value_that_did_not_arrive_is_named() -> None:
    with pytest.raises(WorkError) as raised:
        check({"C": "1", "B": "1", "A": "1"}, {"A": "2", "B": "1", "C": "3"})

    assert raised.value.message == "CMake did not keep what was asked for: `A`, `C`"
    assert raised.value.details == (
        "`A`: asked for `1`, CMake has `2`",
        "`C`: asked for `1`, CMake has `3`",
    )
    assert raised.value.log_file == Path("/log")


def test_a_variable_that_the_cache_does_not_have_is_no_difference() -> None:
    check({"A": "1"}, {})


@pytest.mark.parametrize("type_", ["PATH", "FILEPATH"])
def test_a_path_that_cmake_made_absolute_has_arrived(type_: str) -> None:
    check({"A": "../x", "B": "/y/../z", "C": "", "D": "as/is"}, {
        "A": "/w/x", "B": "/z", "C": "", "D": "as/is",
    }, type_=type_)  # fmt: skip


def test_another_path_has_not_arrived() -> None:
    with pytest.raises(WorkError):
        check({"A": "x"}, {"A": "/elsewhere/x"}, type_="PATH")


def test_variables_that_no_project_read_are_found_in_the_output() -> None:
    output = (
        "CMake Warning:\n  Manually-specified variables were not used by the project:\n\n"
        "    ONE\n    TWO\n\n\n-- Build files have been written\n"
    )

    assert unused_variables(output) == ("ONE", "TWO")
    assert unused_variables("-- fine\n") == ()


def test_the_first_traceback_is_taken_whole() -> None:
    assert first_traceback(TRACEBACK) == tuple(TRACEBACK.splitlines()[1:7])


def test_a_traceback_that_was_cut_off_is_taken_as_far_as_it_goes() -> None:
    lines = ("Traceback (most recent call last):", '  File "a.py", line 1')

    assert first_traceback("\n".join(lines)) == lines


def test_output_without_a_traceback_has_none() -> None:
    assert first_traceback("-- fine\n") == ()


def fail_with(output: str, tmp_path: Path) -> WorkError:
    runner = FakeRunner({"cmake": Answer(output=output, returncode=1)})
    configuration = a_configuration(tmp_path / "build" / "x")
    with pytest.raises(WorkError) as raised:
        apply_configuration(
            configuration,
            runner=runner,
            reporter=Recorder(),
            environ={"PATH": "/bin"},
            log_file=tmp_path / "log",
        )
    assert not is_configured(configuration)
    return raised.value


def test_a_failure_tells_the_first_error_and_the_command_to_paste(tmp_path: Path) -> None:
    error = fail_with(CMAKE_ERROR, tmp_path)

    assert error.message == "cmake ended with status 1 while configuring `demo@acme1`"
    assert error.details == (
        "CMake Error at CMakeLists.txt:3 (message):",
        "  this is",
        "  the reason",
        f"command: cd {tmp_path}/build/x && cmake -S source",
    )
    assert error.log_file == tmp_path / "log"


def test_a_failure_of_a_python_step_tells_its_traceback_first(tmp_path: Path) -> None:
    details = fail_with(TRACEBACK + CMAKE_ERROR, tmp_path).details

    assert details[0] == "Traceback (most recent call last):"
    assert details[5] == "ValueError: no"
    assert details[6].startswith("CMake Error")


def test_a_failure_without_an_error_tells_the_end_of_the_output(tmp_path: Path) -> None:
    output = "".join(f"line {number}\n" for number in range(30))

    details = fail_with(output, tmp_path).details

    assert details[:-1] == tuple(f"line {number}" for number in range(10, 30))


def test_cmake_runs_in_the_build_directory_with_our_variables_over_the_users(
    tmp_path: Path,
) -> None:
    runner = FakeRunner({"cmake": Answer(returncode=1, output="-- step one\nnoise\n")})
    recorder = Recorder()

    with pytest.raises(WorkError):
        apply_configuration(
            a_configuration(tmp_path / "x"),
            runner=runner,
            reporter=recorder,
            environ={"A": "1", "PYTHONHASHSEED": "random"},
            log_file=tmp_path / "log",
        )

    (command,) = runner.commands
    assert command.cwd == tmp_path / "x"
    assert command.env == {"A": "1", "PYTHONHASHSEED": "0"}
    assert recorder.events == ["progress configure demo@acme1 0/None step one"]


def test_what_cmake_is_given_lies_there_when_it_starts(tmp_path: Path) -> None:
    seen = []

    def look(_command: object) -> None:
        seen.extend(sorted(each.name for each in (tmp_path / "x").iterdir()))

    runner = FakeRunner({"cmake": Answer(returncode=1, does=look)})
    with pytest.raises(WorkError):
        apply_configuration(
            a_configuration(tmp_path / "x"),
            runner=runner,
            reporter=Recorder(),
            environ={},
            log_file=tmp_path / "log",
        )

    assert seen == [".cmake", ".sel4build-configuration", "initial-cache.cmake"]
    assert (tmp_path / "x" / ".sel4build-configuration").read_text() == "half " + "d" * 64


def test_a_cmake_that_leaves_no_reply_has_failed(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match="CMake left no file API reply"):
        apply_configuration(
            a_configuration(tmp_path / "x"),
            runner=FakeRunner(),
            reporter=Recorder(),
            environ={},
            log_file=tmp_path / "log",
        )


def test_a_folder_that_somebody_else_filled_is_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "x" / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("years")
    runner = FakeRunner()

    with pytest.raises(InputError) as raised:
        apply_configuration(
            a_configuration(tmp_path / "x"),
            runner=runner,
            reporter=Recorder(),
            environ={},
            log_file=tmp_path / "log",
        )

    assert precious.read_text() == "years"
    assert runner.commands == []
    assert raised.value.hint == f"move it away: `mv '{tmp_path}/x' '{tmp_path}/x.old'`"


def test_a_marker_without_a_tree_is_not_whole(tmp_path: Path) -> None:
    configuration = a_configuration(tmp_path)
    (tmp_path / ".sel4build-configuration").write_text(configuration.digest)

    assert not is_configured(configuration)

    (tmp_path / "build.ninja").write_text("")
    assert is_configured(configuration)


def test_a_tool_that_found_the_disk_full_is_explained_by_that_alone(tmp_path: Path) -> None:
    command = Command(argv=("/opt/ninja",), cwd=tmp_path, env={})
    said = "FAILED: a.o\nfatal error: error writing to a.o: No space left on device\n"
    outcome = Outcome(
        command=command, returncode=1, output=said, duration_s=1.0, log_file=tmp_path / "log"
    )

    error = explain_tool_failure(outcome, doing="building `x`", details=("FAILED: a.o",))

    assert isinstance(error, DiskFullError)
    assert error.message == f"no space left on the disk of `{tmp_path}` while building `x`"
    assert (error.details, error.log_file) == ((), tmp_path / "log")
