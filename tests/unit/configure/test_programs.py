# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of finding cmake and ninja."""

import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sel4build.configure.programs import find_cmake, find_ninja, ninja_paths
from sel4build.errors import EnvironmentLacksError
from sel4build.model.host_program import HostProgram
from sel4build.process import Runner
from tests.kit.configurations import write_program
from tests.kit.runner import Answer, FakeRunner


@pytest.fixture
def no_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have neither the cmake wheel nor the ninja wheel."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)


@pytest.mark.usefixtures("no_wheels")
def test_a_program_on_path_is_taken_with_its_version(tmp_path: Path) -> None:
    write_program(tmp_path / "cmake", "")
    runner = FakeRunner({"cmake": Answer(output="cmake version 3.31.6\n\nCMake suite")})

    found = find_cmake({"PATH": str(tmp_path)}, runner)

    assert (found.path, found.version) == (tmp_path / "cmake", (3, 31, 6))
    assert runner.commands[0].argv == (str(tmp_path / "cmake"), "--version")


@pytest.mark.usefixtures("no_wheels")
def test_a_version_of_two_numbers_is_a_version(tmp_path: Path) -> None:
    write_program(tmp_path / "ninja", "")
    runner = FakeRunner({"ninja": Answer(output="1.10\n")})

    assert find_ninja({"PATH": str(tmp_path)}, runner).version == (1, 10)


@pytest.mark.usefixtures("no_wheels")
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(output="1.8.2"), "` is version 1.8.2"),
        (Answer(output="1.12.0", returncode=1), "` does not run"),
        (Answer(output="what?"), "` does not run"),
        (Answer(missing=True), "` does not run"),
        (Answer(timed_out=True), "` did not answer within 5 s"),
    ],
)
def test_a_program_that_does_not_fit_is_named_with_its_reason(
    tmp_path: Path, answer: Answer, reason: str
) -> None:
    write_program(tmp_path / "ninja", "")

    with pytest.raises(EnvironmentLacksError) as raised:
        find_ninja({"PATH": str(tmp_path)}, FakeRunner({"ninja": answer}))

    assert raised.value.details == (f"`{tmp_path}/ninja{reason}",)
    assert "pip install 'ninja>=1.10" in str(raised.value.hint)


@pytest.mark.usefixtures("no_wheels")
@pytest.mark.parametrize("find", [find_cmake, find_ninja])
def test_a_host_without_the_program_is_told_how_to_get_it(
    find: Callable[[Mapping[str, str], Runner], HostProgram],
) -> None:
    with pytest.raises(EnvironmentLacksError) as raised:
        find({"PATH": "/nowhere"}, FakeRunner())

    assert raised.value.details == ()
    assert "python3 -m pip install" in str(raised.value.hint)


def test_the_wheels_own_program_comes_before_that_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = write_program(tmp_path / "scripts" / "ninja", "")
    on_path = write_program(tmp_path / "bin" / "ninja", "")
    monkeypatch.setattr(sysconfig, "get_path", lambda _kind: str(tmp_path / "scripts"))

    assert list(ninja_paths({"PATH": str(tmp_path / "bin")})) == [wheel, on_path]


def test_a_wheel_whose_program_is_elsewhere_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _kind: str(tmp_path))

    assert list(ninja_paths({"PATH": "/nowhere"})) == []


def test_a_cmake_package_without_its_program_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "cmake"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(EnvironmentLacksError):
        find_cmake({"PATH": "/nowhere"}, FakeRunner())


def test_the_program_inside_the_cmake_wheel_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = write_program(tmp_path / "cmake" / "data" / "bin" / "cmake", "")
    (tmp_path / "cmake" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    runner = FakeRunner({"cmake": Answer(output="cmake version 3.30.0")})

    assert find_cmake({"PATH": "/nowhere"}, runner).path == program
