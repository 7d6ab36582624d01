# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the text of the initial cache; that CMake reads it so is tested with CMake."""

import pytest

from sel4build.configure.initial_cache import render_initial_cache
from sel4build.errors import InputError


def test_each_variable_is_a_cache_entry_in_order_of_name() -> None:
    text = render_initial_cache({"B": "2", "A": "1"})

    first, second, third = text.splitlines()
    assert first.startswith("#")
    assert second == 'set(A [[1]] CACHE STRING "set by sel4build")'
    assert third == 'set(B [[2]] CACHE STRING "set by sel4build")'


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("", "[[]]"),
        ('a "b" $c ${D} \\;', '[[a "b" $c ${D} \\;]]'),
        ("a]", "[=[a]]=]"),
        ("a]]", "[=[a]]]=]"),
        ("]]b]=", "[==[]]b]=]==]"),
        ("]===]", "[=[]===]]=]"),
        ("]===]x", "[[]===]x]]"),
        ("]]]=]]==]]===]", "[====[]]]=]]==]]===]]====]"),
    ],
)
def test_a_value_is_fenced_by_the_shortest_bracket_that_is_not_in_it(
    value: str, quoted: str
) -> None:
    assert f"set(A {quoted} CACHE" in render_initial_cache({"A": value})


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b", "\n"])
def test_a_line_break_is_refused(value: str) -> None:
    with pytest.raises(InputError, match="the value of `A` contains a line break"):
        render_initial_cache({"A": value})


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InputError, match="the value of `A` contains bytes that are not UTF-8"):
        render_initial_cache({"A": "/home/\udcff"})


@pytest.mark.parametrize("name", ["", "a b", "1A", "A)", "A\n", "A;B", "$A", "A=B", "Ä"])
def test_a_name_that_cmake_would_not_read_back_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="is not the name of a CMake variable"):
        render_initial_cache({name: "1"})
