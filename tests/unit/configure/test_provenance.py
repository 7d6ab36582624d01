# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Who set what, and what became of what was asked for."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sel4build.configure.provenance import find_deviations, trace_settings
from sel4build.configure.trace import TracedWrite
from sel4build.model.configuration import BuildTree, CacheEntry, Configuration
from sel4build.model.setting import Deviation, DeviationKind, Setting, WriteKind
from tests.kit.configurations import a_configuration

ROOT = Path("/w")
BUILD = ROOT / "build" / "x"


def configuration(
    *, given: Mapping[str, str] | None = None, defines: Mapping[str, str] | None = None
) -> Configuration:
    defines = defines or {}
    return replace(
        a_configuration(BUILD), root=ROOT, given={**(given or {}), **defines}, defines=defines
    )


def a_tree(cache: Mapping[str, str], *, type_: str = "STRING") -> BuildTree:
    entries = {
        name: CacheEntry(name=name, value=value, type=type_) for name, value in cache.items()
    }
    return BuildTree(build_dir=BUILD, cache=entries, compiler="")


def wrote(
    kind: WriteKind, value: str | None, *, name: str = "A", file: str = "/w/s.cmake", line: int = 1
) -> TracedWrite:
    return TracedWrite(name=name, kind=kind, value=value, command="set", file=file, line=line)


def setting(
    *traced: TracedWrite, value: str = "1", defines: Mapping[str, str] | None = None
) -> Setting:
    (found,) = trace_settings(configuration(defines=defines), a_tree({"A": value}), traced)
    return found


def test_the_first_default_has_the_word() -> None:
    found = setting(wrote(WriteKind.SET, "1", line=1), wrote(WriteKind.SET, "2", line=2))
    assert [each.place for each in found.writes] == ["s.cmake:1"]


def test_a_forced_value_has_the_word_over_the_users() -> None:
    found = setting(wrote(WriteKind.FORCE, "1", line=9), defines={"A": "4"})
    assert found.source is not None
    assert (found.source.place, found.source.kind) == ("s.cmake:9", WriteKind.FORCE)
    (before,) = found.overwritten
    assert (before.kind, before.value, before.place) == (WriteKind.USER, "4", "the command line")


def test_the_user_has_the_word_over_a_default() -> None:
    found = setting(wrote(WriteKind.DEFAULT, "0"), value="4", defines={"A": "4"})
    assert found.source is not None
    assert found.source.kind is WriteKind.USER
    assert found.overwritten == ()


def test_our_initial_cache_comes_before_the_user() -> None:
    ours = wrote(WriteKind.SET, "1", file=f"{BUILD}/initial-cache.cmake")
    found = setting(ours, value="2", defines={"A": "2"})
    assert [each.kind for each in found.writes] == [WriteKind.INITIAL, WriteKind.USER]


def test_an_option_takes_the_ordinary_variable_that_is_there() -> None:
    found = setting(
        wrote(WriteKind.ORDINARY, "OFF", line=1),
        wrote(WriteKind.DEFAULT, "ON", line=2),
        value="OFF",
    )
    assert found.source is not None
    assert (found.source.value, found.source.line) == ("OFF", 2)
    assert found.hidden_by == ()


def test_an_ordinary_variable_of_another_value_hides_the_cache() -> None:
    found = setting(
        wrote(WriteKind.SET, "1"),
        wrote(WriteKind.ORDINARY, "2", line=5),
        wrote(WriteKind.ORDINARY, "2", line=6),
    )
    assert [each.place for each in found.hidden_by] == ["s.cmake:5"]
    assert found.source is not None
    assert found.source.line == 1


def test_a_line_that_runs_twice_is_told_once() -> None:
    found = setting(*(wrote(WriteKind.FORCE, "1", line=7) for _ in range(2)))
    assert len(found.writes) == 1


def test_projects_that_cmake_makes_to_try_compilers_set_nothing() -> None:
    probe = f"{BUILD}/CMakeFiles/CMakeScratch/TryCompile-1/CMakeLists.txt"
    assert setting(wrote(WriteKind.ORDINARY, "2", file=probe)).writes == ()


def test_a_place_outside_of_the_workspace_is_told_in_full() -> None:
    found = setting(wrote(WriteKind.SET, "1", file="/usr/share/x.cmake"))
    assert found.writes[0].place == "/usr/share/x.cmake:1"


def test_entries_of_cmake_itself_are_left_out_and_disabled_options_are_marked() -> None:
    tree = BuildTree(
        build_dir=BUILD,
        cache={
            "S": CacheEntry(name="S", value="", type="STATIC"),
            "A": CacheEntry(name="A", value="OFF", type="INTERNAL"),
            "A_DISABLED": CacheEntry(name="A_DISABLED", value="TRUE", type="INTERNAL"),
        },
        compiler="",
    )
    found = trace_settings(configuration(), tree, ())
    assert [(each.name, each.disabled) for each in found] == [("A", True), ("A_DISABLED", False)]
    assert found[0].source is None


def deviations(
    cache: Mapping[str, str],
    *traced: TracedWrite,
    given: Mapping[str, str] | None = None,
    defines: Mapping[str, str] | None = None,
    unread: tuple[str, ...] = (),
    type_: str = "STRING",
) -> tuple[Deviation, ...]:
    planned = configuration(given=given, defines=defines)
    tree = a_tree(cache, type_=type_)
    return find_deviations(planned, tree, trace_settings(planned, tree, traced), unread=unread)


def test_what_arrived_is_no_deviation() -> None:
    assert deviations({"A": "ON", "B": "2"}, given={"B": "2"}, defines={"A": "1"}) == ()


def test_a_value_of_ours_that_the_sources_overwrite_is_told_with_the_place() -> None:
    (found,) = deviations({"A": "2"}, wrote(WriteKind.FORCE, "2", line=8), given={"A": "1"})
    assert found == Deviation(
        kind=DeviationKind.OVERWRITTEN, name="A", asked="1", got="2", place="s.cmake:8"
    )
    assert str(found) == "`A`: asked for `1`, CMake has `2` (s.cmake:8)"


def test_what_overwrote_a_value_may_not_be_known() -> None:
    (found,) = deviations({"A": "2"}, given={"A": "1"}, defines={})
    assert found.place is None
    assert str(found) == "`A`: asked for `1`, CMake has `2`"


def test_a_users_value_that_an_ordinary_variable_hides_is_told() -> None:
    (found,) = deviations(
        {"A": "512"}, wrote(WriteKind.ORDINARY, "2048", line=4), defines={"A": "512"}
    )
    assert found.kind is DeviationKind.HIDDEN
    assert str(found) == "`A`: asked for `512`, but the sources use `2048` (s.cmake:4)"


def test_an_ordinary_variable_that_means_the_same_hides_nothing() -> None:
    hiding = wrote(WriteKind.ORDINARY, "TRUE")
    assert deviations({"A": "ON"}, hiding, defines={"A": "ON"}) == ()


def test_a_value_of_ours_may_be_hidden() -> None:
    assert deviations({"A": "1"}, wrote(WriteKind.ORDINARY, "2"), given={"A": "1"}) == ()


def test_what_no_file_read_is_told() -> None:
    (found,) = deviations({"TYPO": "1"}, defines={"TYPO": "1"}, unread=("TYPO",))
    assert str(found) == "`-D TYPO` was not read by any CMake file"


def test_a_path_that_cmake_made_absolute_has_arrived() -> None:
    assert deviations({"A": "/w/build/a"}, defines={"A": "../a"}, type_="PATH") == ()
