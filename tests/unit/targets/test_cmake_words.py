# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Words as upstream's scripts take them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sel4build.targets.cmake_words import read_cmake_words


def _defines(*words: str) -> dict[str, str]:
    read = read_cmake_words(words)
    assert read.refusals == ()
    return dict(read.defines)


@pytest.mark.parametrize(
    "words",
    [
        ("-DA=1", "-DB=x y"),
        ("-D", "A=1", "-D", "B=x y"),
        ("init-build.sh", "-DA=1", "-DB=x y"),
        ("/w/init-build.sh", "-DA=1", "-DB=x y"),
        ("-DA=1 -DB='x y'",),
        ("../init-build.sh -DA=1 -D B='x y'",),
        ("-DA=1", "\\", "  ", "-DB='x y'"),
        ("'-DA=1'", '"-DB=x y"'),
        ('-D"A=1"', "-D'B=x y'"),
        ("-GNinja", "-DA=1", "-DB=x y"),
        ("-G", "'Ninja'", "-DA=1", "-DB=x y"),
        ("-DA=0", "-DC=1", "-UA", "-U", "[C]", "-DA=1", "-DB=x y"),
        ("-DA=1 \\\n -DB='x y'",),
    ],
)
def test_spellings_of_the_same(words: tuple[str, ...]) -> None:
    assert _defines(*words) == {"A": "1", "B": "x y"}


def test_a_value_that_looks_like_another_definition_stays_one() -> None:
    assert _defines("-DCMAKE_C_FLAGS=-O2 -DX=1") == {"CMAKE_C_FLAGS": "-O2 -DX=1"}


def test_quotes_inside_a_value_stay() -> None:
    assert _defines("-DA=it's", '-DB=say "so"') == {"A": "it's", "B": 'say "so"'}


def test_a_line_with_a_quote_that_does_not_close_is_one_word() -> None:
    assert _defines("-DA='1 -DB=2") == {"A": "'1 -DB=2"}


def test_what_changes_only_messages_is_left_out_with_a_note() -> None:
    words = ("-Wno-dev", "--no-warn-unused-cli", "--fresh", "--log-level=ERROR")
    read = read_cmake_words((*words, "-DA=1"))
    assert read.defines == (("A", "1"),)
    assert [note.split("`")[1] for note in read.notes] == list(words)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("-G", "Xcode"), "every build tree is made for ninja"),
        (("-GUnix Makefiles",), "every build tree is made for ninja"),
        (("-Cfile",), "initial cache"),
        (("-S", "src"), "the sources are those of the workspace"),
        (("-Bbuild",), "build tree of its own"),
        ((".",), "the sources are those of the workspace"),
        (("-T", "host"), "no toolsets"),
        (("--toolchain=x",), "toolchain files"),
        (("--compiler",), "griddle"),
        (("--build", "."), "does not pass this on"),
        (("-D",), "nothing follows it"),
        (("-U",), "nothing follows it"),
        (("-G",), "nothing follows it"),
        (("-DA",), "it has no value"),
    ],
)
def test_what_cannot_be_obeyed_is_refused(words: tuple[str, ...], what: str) -> None:
    first, *_ = read_cmake_words(words).refusals
    assert what in first.reason
    assert first.hint


@given(st.lists(st.text(max_size=20), max_size=5).map(tuple))
def test_any_words_are_read_or_refused(words: tuple[str, ...]) -> None:
    read = read_cmake_words(words)
    texts = (*read.notes, *(each.reason for each in read.refusals))
    assert all(text.isprintable() for text in texts)
