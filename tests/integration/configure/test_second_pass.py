# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What another run of the real CMake would change, found without running it in the tree."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sel4build.configure.apply import apply_configuration, read_build_tree
from sel4build.configure.plan import SourceTree, plan_configuration
from sel4build.configure.second_pass import (
    SECOND_PASS,
    SecondPass,
    memo_key,
    read_second_pass,
    second_pass,
)
from sel4build.configure.tree_record import read_tree_record
from sel4build.model.configuration import Configuration
from sel4build.model.setting import DeviationKind
from sel4build.process import SubprocessRunner
from tests.kit.configurations import a_chosen_toolchain
from tests.kit.host import cmake, ninja
from tests.kit.runner import Recorder
from tests.kit.targets import a_target

pytestmark = pytest.mark.tools

PROJECT = "cmake_minimum_required(VERSION 3.16)\nproject(toy NONE)\n"
NOTE_RUN = 'file(APPEND "${CMAKE_SOURCE_DIR}/runs" "${CMAKE_BINARY_DIR}\\n")\n'
UNSTABLE = """
if(LATER)
  set(EARLY OFF CACHE BOOL "" FORCE)
else()
  set(EARLY ON CACHE BOOL "" FORCE)
endif()
set(LATER ON CACHE BOOL "")
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A project and its tree in a folder of their own."""

    folder: Path

    @property
    def memo_dir(self) -> Path:
        return self.folder.parent / "memo"

    @property
    def runs(self) -> list[str]:
        """The folders of the runs of CMake, in order."""
        return (self.folder / "source" / "runs").read_text().splitlines()

    def configured(self, lists: str, defines: Mapping[str, str] | None = None) -> Configuration:
        """Write the project and configure it."""
        source = self.folder / "source"
        source.mkdir(parents=True, exist_ok=True)
        (source / "CMakeLists.txt").write_text(PROJECT + NOTE_RUN + lists)
        (source / "settings.cmake").write_text("")
        configuration = plan_configuration(
            a_target(defines=defines),
            source=SourceTree(
                source_dir=source,
                settings_scripts=(source / "settings.cmake",),
                root=self.folder,
            ),
            build_dir=self.folder / "build",
            toolchain=a_chosen_toolchain(),
            cmake=cmake(),
            ninja=ninja(),
            memo_dir=self.memo_dir,
            environ={},
        )
        apply_configuration(
            configuration,
            runner=SubprocessRunner(),
            reporter=Recorder(),
            environ=os.environ,
            log_file=self.folder / "log",
        )
        return configuration

    def answer(
        self, configuration: Configuration, environ: Mapping[str, str] | None = None
    ) -> SecondPass:
        """Find what another run would change."""
        record = read_tree_record(configuration.build_dir)
        assert record is not None
        return second_pass(
            configuration,
            {each.name: each for each in record.settings},
            scratch=self.folder / "scratch",
            memo_dir=self.memo_dir,
            runner=SubprocessRunner(),
            environ=os.environ if environ is None else environ,
            log_file=self.folder / "second.log",
        )


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Place]:
    return lambda name: Place(tmp_path / name)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "w")


def test_a_stable_project_would_change_nothing(place: Place) -> None:
    configuration = place.configured('set(WHERE "${CMAKE_BINARY_DIR}/x" CACHE STRING "" FORCE)\n')

    assert place.answer(configuration) == SecondPass()
    assert read_second_pass(configuration.build_dir) == SecondPass()


def test_a_variable_that_the_second_run_would_change_is_told_with_its_place(place: Place) -> None:
    configuration = place.configured(UNSTABLE)

    (change,) = place.answer(configuration).changes

    assert (change.kind, change.name) == (DeviationKind.UNSTABLE, "EARLY")
    assert (change.asked, change.got) == ("ON", "OFF")
    assert change.place == "source/CMakeLists.txt:8"
    assert str(change) == "`EARLY` from `ON` to `OFF` (source/CMakeLists.txt:8)"


def test_variables_that_come_and_go_are_told(place: Place) -> None:
    lists = 'if(ONE)\nunset(ONE CACHE)\nset(TWO 2 CACHE STRING "")\nelse()\nset(ONE 1 CACHE STRING "")\nendif()\n'
    configuration = place.configured(lists)

    found = {each.name: (each.asked, each.got) for each in place.answer(configuration).changes}

    assert found == {"ONE": ("1", None), "TWO": ("", "2")}


def test_the_tree_itself_is_configured_once(place: Place) -> None:
    configuration = place.configured(UNSTABLE)
    cache = configuration.build_dir / "CMakeCache.txt"
    before = cache.read_bytes()

    place.answer(configuration)

    assert place.runs == [str(place.folder / "build"), str(place.folder / "scratch")]
    assert cache.read_bytes() == before
    assert read_build_tree(configuration.build_dir).value("EARLY") == "ON"
    assert not (place.folder / "scratch").exists()


def test_the_users_values_are_those_of_the_tree(place: Place) -> None:
    configuration = place.configured(UNSTABLE + 'message("${MINE}")\n', {"MINE": "a;b"})

    assert [each.name for each in place.answer(configuration).changes] == ["EARLY"]


def test_an_answer_is_paid_for_once_whatever_the_workspace(make: Callable[[str], Place]) -> None:
    first, second = make("w"), make("another")
    answer = first.answer(first.configured(UNSTABLE))
    there = second.configured(UNSTABLE)

    assert second.answer(there) == answer
    assert second.runs == [str(there.build_dir)]
    assert (there.build_dir / SECOND_PASS).is_file()


def test_another_text_of_a_cmake_file_is_another_question(place: Place) -> None:
    configuration = place.configured(UNSTABLE)
    before = memo_key(configuration)
    lists = place.folder / "source" / "CMakeLists.txt"
    lists.write_text(lists.read_text() + "# more\n")

    assert memo_key(configuration) != before
    assert memo_key(replace(configuration, initial_cache="set(X 1)")) != before
    assert memo_key(replace(configuration, toolchain={"fingerprint": "2"})) != before


def test_a_second_run_that_fails_is_told(place: Place) -> None:
    lists = 'if(ONCE)\nmessage(FATAL_ERROR "never\\nagain")\nendif()\nset(ONCE 1 CACHE STRING "")\n'
    configuration = place.configured(lists)

    found = place.answer(configuration)

    assert found.changes == ()
    assert found.failure is not None
    assert found.failure.startswith("CMake Error at CMakeLists.txt:5 (message): never")
    assert not place.memo_dir.exists()


def test_a_host_without_nice_answers_too(place: Place, tmp_path: Path) -> None:
    configuration = place.configured(UNSTABLE)
    (tmp_path / "empty").mkdir()

    found = place.answer(configuration, {**os.environ, "PATH": str(tmp_path / "empty")})

    assert [each.name for each in found.changes] == ["EARLY"]


def test_the_toolchain_file_of_the_tree_is_there_in_the_second_run(place: Place) -> None:
    lists = """
if(NOT EXISTS "${CMAKE_BINARY_DIR}/made.cmake")
  if(CMAKE_TOOLCHAIN_FILE)
    message(FATAL_ERROR "it is gone")
  endif()
  file(WRITE "${CMAKE_BINARY_DIR}/made.cmake" "")
  set(CMAKE_TOOLCHAIN_FILE "${CMAKE_BINARY_DIR}/made.cmake" CACHE FILEPATH "")
endif()
"""
    assert place.answer(place.configured(lists)) == SecondPass()


def test_a_tree_that_is_gone_is_no_error(place: Place) -> None:
    configuration = place.configured("")
    for file in (configuration.build_dir / ".cmake" / "api" / "v1" / "reply").iterdir():
        file.unlink()

    assert place.answer(configuration).failure is not None


def test_what_cannot_be_read_is_not_known(tmp_path: Path) -> None:
    assert read_second_pass(tmp_path) is None
    (tmp_path / SECOND_PASS).write_text("{")
    assert read_second_pass(tmp_path) is None
