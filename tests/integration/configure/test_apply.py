# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of configuring small projects with the real CMake."""

import json
import os
import string
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sel4build.configure.apply import apply_configuration, is_configured
from sel4build.configure.initial_cache import render_initial_cache
from sel4build.configure.plan import SourceTree, plan_configuration
from sel4build.configure.tree_record import read_tree_record
from sel4build.errors import InputError, WorkError
from sel4build.model.command import Command
from sel4build.model.configuration import BuildTree, Configuration
from sel4build.model.setting import DeviationKind
from sel4build.process import SubprocessRunner
from tests.kit.configurations import a_chosen_toolchain
from tests.kit.host import cmake, ninja
from tests.kit.runner import Recorder
from tests.kit.targets import a_target

pytestmark = pytest.mark.tools

PROJECT = "cmake_minimum_required(VERSION 3.16)\nproject(toy NONE)\n"


def write_project(source_dir: Path, *, lists: str = "", settings: str = "") -> SourceTree:
    source_dir.mkdir(parents=True, exist_ok=True)
    (source_dir / "CMakeLists.txt").write_text(PROJECT + lists)
    (source_dir / "settings.cmake").write_text(settings)
    return SourceTree(source_dir=source_dir, settings_scripts=(source_dir / "settings.cmake",))


def plan(source: SourceTree, build_dir: Path, defines: Mapping[str, str]) -> Configuration:
    return plan_configuration(
        a_target(defines=defines),
        source=source,
        build_dir=build_dir,
        toolchain=a_chosen_toolchain(variables={"OURS": "initial"}),
        cmake=cmake(),
        ninja=ninja(),
        memo_dir=build_dir.parent / "memo",
        environ={},
    )


def configure(configuration: Configuration, *, recorder: Recorder | None = None) -> BuildTree:
    return apply_configuration(
        configuration,
        runner=SubprocessRunner(),
        reporter=recorder or Recorder(),
        environ=os.environ,
        log_file=configuration.build_dir.parent / "log",
    )


def runs_of(tree: BuildTree) -> int:
    """Count the runs of a project that notes each of its own."""
    return len((tree.build_dir.parent / "runs").read_text().splitlines())


NOTE_RUN = 'file(APPEND "${CMAKE_BINARY_DIR}/../runs" "run\\n")\n'


def test_the_cache_is_read_back_with_values_and_types(tmp_path: Path) -> None:
    source = write_project(tmp_path / "source", lists='set(MADE ON CACHE BOOL "x")\n')

    tree = configure(plan(source, tmp_path / "build", {}))

    assert tree.value("OURS") == "initial"
    assert tree.value("PLATFORM") == "acme1"
    assert tree.cache["MADE"].type == "BOOL"
    assert tree.value("NO_SUCH_THING") is None


def test_the_user_has_the_word_after_ours_and_before_the_settings_script(tmp_path: Path) -> None:
    settings = """
set(SEEN_OURS "${OURS}" CACHE STRING "")
set(SEEN_USERS "${USERS}" CACHE STRING "")
set(USERS "default" CACHE STRING "")
set(OTHER "default" CACHE STRING "")
"""
    source = write_project(tmp_path / "source", settings=settings, lists='message("${USERS}")\n')

    tree = configure(plan(source, tmp_path / "build", {"USERS": "mine"}))

    assert tree.value("SEEN_OURS") == "initial"
    assert tree.value("SEEN_USERS") == "mine"
    assert tree.value("USERS") == "mine"
    assert tree.value("OTHER") == "default"


def test_a_value_that_the_settings_force_over_the_users_is_an_error(tmp_path: Path) -> None:
    source = write_project(
        tmp_path / "source", settings='set(NODES 1 CACHE STRING "" FORCE)\nset(B 1 CACHE STRING "")'
    )
    configuration = plan(source, tmp_path / "build", {"NODES": "4", "B": "2"})

    with pytest.raises(WorkError) as raised:
        configure(configuration)

    assert raised.value.message == "CMake did not keep what was asked for: `NODES`"
    place = f"{source.source_dir}/settings.cmake:1".lstrip("/")
    assert raised.value.details == (f"`NODES`: asked for `4`, CMake has `1`, set at {place}",)
    assert not is_configured(configuration)


def test_a_relative_path_that_cmake_makes_absolute_has_arrived(tmp_path: Path) -> None:
    source = write_project(
        tmp_path / "source",
        settings='set(A "" CACHE PATH "")\nset(B "" CACHE FILEPATH "")\n',
        lists='message("${A}${B}")\n',
    )

    tree = configure(plan(source, tmp_path / "build", {"A": "../a", "B": "b"}))

    assert tree.value("A") == f"{tmp_path}/a"
    assert tree.value("B") == f"{tmp_path}/build/b"


def test_a_variable_that_no_project_reads_is_warned_of(tmp_path: Path) -> None:
    source = write_project(tmp_path / "source", lists='message("${READ}")\n')
    recorder = Recorder()

    configure(plan(source, tmp_path / "build", {"TYPO": "1", "READ": "2"}), recorder=recorder)

    (warning,) = recorder.warnings
    assert warning.endswith(": `-D TYPO` was not read by any CMake file")
    record = read_tree_record(tmp_path / "build")
    assert record is not None
    (deviation,) = record.deviations
    assert (deviation.kind, deviation.asked) == (DeviationKind.UNREAD, "1")


def test_the_tree_tells_who_set_what(tmp_path: Path) -> None:
    source = write_project(
        tmp_path / "source",
        settings='set(FORCED 1 CACHE STRING "" FORCE)\nset(KEPT 1 CACHE STRING "")\n',
        lists='option(CHOICE "choose" ON)\nset(HIDDEN 2048)\nmessage("${HIDDEN}${USERS}")\n',
    )
    recorder = Recorder()
    defines = {"HIDDEN": "512", "KEPT": "mine", "USERS": "x"}

    configure(plan(source, tmp_path / "build", defines), recorder=recorder)

    record = read_tree_record(tmp_path / "build")
    assert record is not None
    told = {
        each.name: (each.value, each.source.kind, Path(each.source.file).name, each.source.line)
        for each in record.settings
        if each.source is not None
    }
    assert told == {
        "CHOICE": ("ON", "default", "CMakeLists.txt", 3),
        "CMAKE_MAKE_PROGRAM": (str(ninja().path), "initial", "initial-cache.cmake", 2),
        "CMAKE_POLICY_VERSION_MINIMUM": ("3.5", "initial", "initial-cache.cmake", 3),
        "FORCED": ("1", "force", "settings.cmake", 1),
        "HIDDEN": ("512", "user", "the command line", None),
        "KEPT": ("mine", "user", "the command line", None),
        "OURS": ("initial", "initial", "initial-cache.cmake", 4),
        "PLATFORM": ("acme1", "initial", "initial-cache.cmake", 5),
        "SEL4_CACHE_DIR": (f"{tmp_path}/memo", "initial", "initial-cache.cmake", 6),
        "USERS": ("x", "user", "the command line", None),
    }
    (hidden,) = record.deviations
    assert (hidden.name, hidden.asked, hidden.got) == ("HIDDEN", "512", "2048")
    assert hidden.place is not None
    assert hidden.place.endswith("source/CMakeLists.txt:4")
    assert sorted(each.name for each in (tmp_path / "build").glob(".sel4build*")) == [
        ".sel4build-configuration",
        ".sel4build-settings.json",
    ]


def test_a_failure_is_told_by_the_first_error_of_cmake(tmp_path: Path) -> None:
    lists = 'message(SEND_ERROR "the first")\nmessage(FATAL_ERROR "the second")\n'
    source = write_project(tmp_path / "source", lists=lists)

    with pytest.raises(WorkError) as raised:
        configure(plan(source, tmp_path / "build", {}))

    assert raised.value.details[1] == "  the first"
    assert raised.value.details[-1].startswith(f"command: cd {tmp_path}/build && ")
    log_file = raised.value.log_file
    assert log_file is not None
    assert "the second" in log_file.read_text()


def test_a_tree_that_is_whole_and_equal_is_reused(tmp_path: Path) -> None:
    source = write_project(tmp_path / "source", lists=NOTE_RUN)
    configuration = plan(source, tmp_path / "build", {})

    first = configure(configuration)
    second = configure(configuration)

    assert second == first
    assert runs_of(second) == 1


def test_another_configuration_starts_from_nothing(tmp_path: Path) -> None:
    source = write_project(tmp_path / "source", lists=NOTE_RUN + 'set(A "${IN}" CACHE STRING "")\n')
    configure(plan(source, tmp_path / "build", {"IN": "1"}))
    (tmp_path / "build" / "left").write_text("over")

    tree = configure(plan(source, tmp_path / "build", {"IN": "2"}))

    assert tree.value("A") == "2"
    assert runs_of(tree) == 2
    assert not (tmp_path / "build" / "left").exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["build", "log", "runs", "source"]


def test_a_tree_whose_making_was_killed_is_made_again(tmp_path: Path) -> None:
    # The whole tree is there, as after a kill between CMake's end and ours: only the marker is not.
    source = write_project(tmp_path / "source", lists=NOTE_RUN)
    configuration = plan(source, tmp_path / "build", {})
    configure(configuration)
    marker = tmp_path / "build" / ".sel4build-configuration"
    marker.write_text("half " + configuration.digest)

    assert runs_of(configure(configuration)) == 2
    assert is_configured(configuration)


def test_a_tree_that_failed_is_made_again(tmp_path: Path) -> None:
    lists = (
        NOTE_RUN + 'if(NOT EXISTS "${CMAKE_SOURCE_DIR}/mended")\nmessage(FATAL_ERROR x)\nendif()'
    )
    source = write_project(tmp_path / "source", lists=lists)
    configuration = plan(source, tmp_path / "build", {})
    with pytest.raises(WorkError):
        configure(configuration)
    (tmp_path / "source" / "mended").write_text("")

    assert runs_of(configure(configuration)) == 2


def test_what_a_kill_left_of_an_older_tree_is_cleared(tmp_path: Path) -> None:
    source = write_project(tmp_path / "source")
    configure(plan(source, tmp_path / "build", {}))
    left = tmp_path / ".build.removed" / "deep"
    left.mkdir(parents=True)

    configure(plan(source, tmp_path / "build", {"CMAKE_X": "1"}))

    assert not left.parent.exists()


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()

    configure(plan(write_project(tmp_path / "source"), tmp_path / "build", {}))


def test_a_build_tree_of_somebody_else_is_refused(tmp_path: Path) -> None:
    source = write_project(tmp_path / "source")
    argv = (str(cmake().path), "-G", "Ninja", "-S", str(source.source_dir), "-B", "build")
    make = f"-DCMAKE_MAKE_PROGRAM={ninja().path}"
    command = Command(argv=(*argv, make), cwd=tmp_path, env=os.environ)
    assert SubprocessRunner().run(command).succeeded
    before = (tmp_path / "build" / "CMakeCache.txt").read_bytes()

    with pytest.raises(InputError, match="holds files that sel4build did not make"):
        configure(plan(source, tmp_path / "build", {}))

    assert (tmp_path / "build" / "CMakeCache.txt").read_bytes() == before


def test_folders_may_have_spaces_and_letters_of_any_language(tmp_path: Path) -> None:
    root = tmp_path / "my wörk;$PATH [späce] 空"
    source = write_project(root / "sou rce", lists='message("${A}")\n')
    configuration = plan(source, root / "build" / "dé mo@x", {"A": "é ü"})

    tree = configure(configuration)

    assert tree.value("A") == "é ü"
    assert tree.value("SEL4_CACHE_DIR") == f"{root}/build/memo"
    assert is_configured(configuration)


VALUES = st.text(
    st.one_of(
        st.sampled_from("[]=;$\\\"'{}()#@ \t<>"),
        st.characters(codec="utf-8", exclude_characters="\n\r\0"),
        st.sampled_from(string.ascii_letters),
    ),
    max_size=40,
)


@given(values=st.lists(VALUES, min_size=30, max_size=60))
@example(
    values=[
        "",
        '"quoted"',
        "a;b;c",
        "$ENV{HOME} ${CMAKE_VERSION} @X@",
        "back\\slash\\",
        "ends with ]",
        "]",
        "]]",
        "]===]",
        "[[x]] [=[y]=]",
        "]=",
        "#comment",
        " blanks ",
        "\ttab",
        "'single'",
        "é ☃ 空",
        "\ufeff",
        "\x1f\x7f",
    ]
)
@settings(max_examples=15)
def test_any_value_reaches_cmake_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, values: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("values")
    variables = {f"V{number}": value for number, value in enumerate(values)}
    (folder / "cache.cmake").write_text(render_initial_cache(variables))
    (folder / "CMakeLists.txt").write_text(PROJECT)
    query = folder / "build" / ".cmake" / "api" / "v1" / "query"
    query.mkdir(parents=True)
    (query / "cache-v2").touch()

    outcome = SubprocessRunner().run(
        Command(
            argv=(
                str(cmake().path),
                *("-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja().path}"),
                *("-C", "cache.cmake", "-S", ".", "-B", "build"),
            ),
            cwd=folder,
            env=os.environ,
        )
    )

    assert outcome.succeeded, outcome.output
    (reply,) = (query.parent / "reply").glob("cache-v2-*.json")
    entries = {each["name"]: each["value"] for each in json.loads(reply.read_text())["entries"]}
    assert {name: entries[name] for name in variables} == variables
