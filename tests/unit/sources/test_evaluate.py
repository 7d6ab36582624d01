# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

import pytest

from sel4build.model.sources import Trace
from sel4build.sources.cmake import parse_cmake
from sel4build.sources.evaluate import Settings, evaluate


def _follow(text: str, *, is_closed: bool = True, **variables: str | None) -> Trace:
    return evaluate(
        (parse_cmake(text, "x.cmake"),), Settings(variables=variables, is_closed=is_closed)
    )


def _calls(trace: Trace) -> list[tuple[tuple[str | None, ...], bool]]:
    return [(each.args, each.is_certain) for each in trace.called("call")]


def test_values_are_put_in_and_lists_taken_apart() -> None:
    trace = _follow(
        'set(a x) set(l p;q) set(n a)\ncall(${a} "${l}" ${l} ${${n}} "\\"\\${a}" ${none} "${none}")'
    )
    assert _calls(trace) == [(("x", "p;q", "p", "q", "x", '"${a}', ""), True)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ON", [(("on",), True)]),
        ("OFF", [(("off",), True)]),
        (None, [(("on",), False), (("off",), False)]),
    ],
)
def test_a_branch_is_followed_where_its_condition_holds_or_may(
    value: str | None, expected: list[tuple[tuple[str, ...], bool]]
) -> None:
    assert _calls(_follow("if(A)\ncall(on)\nelse()\ncall(off)\nendif()", A=value)) == expected


def test_only_the_first_branch_that_holds_is_followed() -> None:
    text = (
        'if(P STREQUAL "a")\ncall(a)\nelseif(P STREQUAL "b")\ncall(b)\nelseif(1)\ncall(c)\nendif()'
    )
    assert _calls(_follow(text, P="b")) == [(("b",), True)]
    assert _calls(_follow(text, P=None)) == [(("a",), False), (("b",), False), (("c",), False)]


def test_the_conditions_that_a_command_stands_under_are_kept() -> None:
    trace = _follow('if(A)\nelse()\nif(NOT "${B}" STREQUAL "b")\ncall()\nendif()\nendif()', A="0")
    (event,) = trace.called("call")
    assert [(each.condition, each.verdict, each.span.line) for each in event.guards] == [
        ("NOT (A)", True, 2),
        ('NOT "${B}" STREQUAL "b"', True, 3),
    ]


def test_a_variable_with_several_possible_values_is_unknown() -> None:
    trace = _follow("set(v 1) set(w 1)\nif(U)\nset(v 2) set(w 1)\nendif()\ncall(${v} ${w})", U=None)
    assert _calls(trace) == [((None, "1"), True)]


def test_what_is_not_set_is_empty_in_a_closed_world_and_unknown_in_an_open_one() -> None:
    assert _calls(_follow("if(A)\ncall(1)\nendif()\ncall(x${A})")) == [(("x",), True)]
    opened = _follow("if(A)\ncall(1)\nendif()\ncall(x${A})", is_closed=False)
    assert _calls(opened) == [(("1",), False), ((None,), True)]


def test_a_cache_entry_keeps_what_was_said_before_unless_forced() -> None:
    text = 'set(a 2 CACHE STRING "")\nset(b 2 CACHE STRING "" FORCE)\nset(c 2 CACHE STRING "")'
    trace = _follow(text, a="1", b="1")
    assert [trace.value(name) for name in "abc"] == ["1", "2", "2"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("list(APPEND l c)", "a;b;c"),
        ("list(PREPEND l c)", "c;a;b"),
        ("list(REMOVE_ITEM l a)", "b"),
        ("list(GET l 1 l)", "b"),
        ("list(GET l -1 l)", "b"),
        ("list(GET l 7 l)", None),
        ("list(FIND l b l)", "1"),
        ("list(FIND l z l)", "-1"),
        ("list(LENGTH l l)", "2"),
        ('list(JOIN l "," l)', "a,b"),
        ("list(APPEND l a)\nlist(REMOVE_DUPLICATES l)", "a;b"),
        ("list(SORT l)", None),
        ("string(REPLACE a x l ${l})", "xb"),
        ('string(REPLACE a x l "${l}")', "x;b"),
        ('string(TOUPPER "${l}" l)', "A;B"),
        ("string(APPEND l c d)", "a;bcd"),
        ("string(REGEX MATCH x l y)", None),
        ("string(REGEX REPLACE x y l z)", None),
        ("string(LENGTH x l)", None),
        ("math(EXPR l 3-1)", "2"),
        ("math(EXPR l 3/2)", None),
        ("file(GLOB l *.c)", None),
        ("execute_process(COMMAND x OUTPUT_VARIABLE l)", None),
        ("find_program(l gcc)", None),
        ("option(l text ON)", "a;b"),
        ("unset(l)", None),
        ("config_set(l L ON)", "ON"),
        ("check_platform_and_fallback_to_default(l x)", "a;b"),
        ("set(l)", None),
    ],
)
def test_commands_change_variables(text: str, value: str | None) -> None:
    assert _follow(text, l="a;b").value("l") == value


def test_an_option_and_a_fallback_have_defaults() -> None:
    trace = _follow(
        "option(a text)\noption(b text ON)\ncheck_platform_and_fallback_to_default(c d)"
    )
    assert [trace.value(name) for name in "abc"] == ["OFF", "ON", "d"]


@pytest.mark.parametrize(
    ("head", "turns"),
    [
        ("i a b", ["a", "b"]),
        ("i RANGE 2", ["0", "1", "2"]),
        ("i RANGE 1 5 2", ["1", "3", "5"]),
        ("i IN LISTS l ITEMS z", ["x", "y", "z"]),
        ("i IN ITEMS a", ["a"]),
    ],
)
def test_a_loop_over_known_values_is_followed_turn_by_turn(head: str, turns: list[str]) -> None:
    trace = _follow(f"foreach({head})\ncall(${{i}})\nendforeach()", l="x;y")
    assert _calls(trace) == [((turn,), True) for turn in turns]


@pytest.mark.parametrize(
    "head", ["i ${u}", "i RANGE ${u}", "i IN LISTS u", "i IN ZIP_LISTS l", "i RANGE 99999999"]
)
def test_a_loop_over_unknown_values_may_run(head: str) -> None:
    trace = _follow(f"foreach({head})\ncall(${{i}})\nendforeach()", u=None, l="a")
    assert _calls(trace) == [((None,), False)]


def test_a_loop_is_left_and_goes_on_as_told() -> None:
    text = (
        "foreach(i a b c d)\nif(i STREQUAL b)\ncontinue()\nendif()\n"
        "if(i STREQUAL d)\nbreak()\nendif()\ncall(${i})\nendforeach()\n"
        "while(1)\ncall(w)\nendwhile()\nreturn()\ncall(never)"
    )
    assert _calls(_follow(text)) == [(("a",), True), (("c",), True), (("w",), False)]


def test_functions_keep_their_variables_and_macros_do_not() -> None:
    text = (
        "function(f x)\nset(local ${x})\nset(out ${ARGN} PARENT_SCOPE)\ncall(${x} ${ARGC})\n"
        "return()\ncall(never)\nendfunction()\n"
        "macro(m x)\nset(set_by_macro ${x})\nendmacro()\n"
        "f(1 2 3)\nm(4)\ncall(${local} ${out} ${set_by_macro} ${x})"
    )
    assert _calls(_follow(text)) == [(("1", "3"), True), (("2", "3", "4"), True)]


def test_included_files_are_followed_where_they_can_be_loaded() -> None:
    files = {"b.cmake": parse_cmake("set(v b)\nreturn()\nset(v c)", "b.cmake")}
    trace = evaluate(
        (parse_cmake("include(b.cmake)\ninclude(none)\ncall(${v})", "a.cmake"),),
        Settings(load=files.get),
    )
    assert _calls(trace) == [(("b",), True)]


def test_a_match_can_be_used_afterwards() -> None:
    text = 'if(NOT "aarch64:a53" MATCHES "^(.*):(.*)$")\nendif()\ncall(${CMAKE_MATCH_2})'
    assert _calls(_follow(text)) == [(("a53",), True)]


def test_scripts_that_never_end_are_given_up() -> None:
    assert _follow("macro(m)\nm()\nm()\nendmacro()\nm()").events
    nested = (
        "".join(f"foreach(i{n} RANGE 60)\n" for n in range(4)) + "call()\n" + "endforeach()\n" * 4
    )
    assert _follow(nested).events


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("DIRECTORY", "a/b"),
        ("PATH", "a/b"),
        ("NAME", "c.d.e"),
        ("NAME_WE", "c"),
        ("REALPATH", "a/b/c.d.e"),
        ("EXT", None),
    ],
)
def test_parts_of_paths_are_known(part: str, value: str | None) -> None:
    assert _follow(f"get_filename_component(p a/b/c.d.e {part})").value("p") == value


def test_parts_of_unknown_paths_are_unknown() -> None:
    trace = _follow("get_filename_component(p ${u} NAME)\nget_filename_component(q)", u=None)
    assert trace.value("p") is None


@pytest.mark.parametrize(
    "call",
    [
        'function(f name)\ncmake_parse_arguments(PARSE_ARGV 1 P "GZIP;QUIET" "SIZE" "FILES;DEPENDS")\n',
        'function(f name)\ncmake_parse_arguments(P "GZIP;QUIET" "SIZE" "FILES;DEPENDS" ${ARGN})\n',
    ],
)
def test_keywords_of_functions_are_taken_apart(call: str) -> None:
    trace = _follow(
        call + 'call("${P_GZIP}" "${P_QUIET}" "${P_SIZE}" "${P_FILES}" "${P_UNPARSED_ARGUMENTS}")\n'
        "endfunction()\nf(name x GZIP SIZE 3 y FILES a b)"
    )
    assert _calls(trace) == [(("TRUE", "FALSE", "3", "a;b", "x;y"), True)]


def test_keywords_with_unknown_values_are_unknown() -> None:
    trace = _follow(
        'function(f)\ncmake_parse_arguments(PARSE_ARGV 0 P "" "SIZE" "")\ncall("${P_SIZE}")\n'
        'endfunction()\nf(SIZE "${u}")\ncmake_parse_arguments(PARSE_ARGV x P)\ncmake_parse_arguments()',
        u=None,
    )
    assert _calls(trace) == [((None,), True)]
