# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of turning errors and rows into text."""

import json
from dataclasses import dataclass
from pathlib import Path

from sel4build.console.render import (
    error_record,
    render_error,
    render_json,
    render_note,
    render_rows,
    render_table,
    row_record,
)
from sel4build.console.style import Palette
from sel4build.errors import InputError, Span

PLAIN = Palette(enabled=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as an operation returns it."""

    name: str
    summary: str
    num_vms: int | None = None
    boards: tuple[str, ...] = ()
    ready: bool = True


def a_full_error() -> InputError:
    return InputError(
        "the value is not one",
        span=Span(file="app.toml", line=3, column=7, key="a.b"),
        hint="write another",
        details=("first", "second"),
        log_file=Path("/logs/x.log"),
    )


def test_an_error_says_what_where_the_details_what_next_and_the_log() -> None:
    assert render_error(a_full_error(), PLAIN) == (
        "error: the value is not one\n"
        "  --> app.toml:3:7: a.b\n"
        "  first\n"
        "  second\n"
        "hint: write another\n"
        "log: /logs/x.log\n"
    )


def test_an_error_says_no_more_than_it_knows() -> None:
    assert render_error(InputError("no"), PLAIN) == "error: no\n"


def test_only_the_words_before_the_text_are_coloured() -> None:
    text = render_error(InputError("no", hint="yes"), Palette(enabled=True))

    assert text == "\x1b[1;31merror:\x1b[0m no\n\x1b[36mhint:\x1b[0m yes\n"


def test_nothing_foreign_in_an_error_reaches_the_terminal_as_a_command() -> None:
    nasty = "a\x1b[2Jb"
    error = InputError(nasty, span=Span(file=nasty), hint=nasty, details=(nasty,))

    assert render_error(error, PLAIN) == "error: ab\n  --> ab\n  ab\nhint: ab\n"


def test_the_record_of_an_error_has_every_field() -> None:
    assert error_record(a_full_error()) == {
        "message": "the value is not one",
        "place": "app.toml:3:7: a.b",
        "details": ["first", "second"],
        "hint": "write another",
        "log": "/logs/x.log",
        "exit-code": 3,
    }


def test_the_record_of_a_bare_error_has_every_field_too() -> None:
    assert error_record(InputError("no")) == {
        "message": "no",
        "place": None,
        "details": [],
        "hint": None,
        "log": None,
        "exit-code": 3,
    }


def test_columns_are_as_wide_as_their_widest_cell_and_lines_end_with_text() -> None:
    table = render_table(("a", "name", ""), [("long cell", "x", ""), ("b", "longer", "end")])

    assert table == ("a          name\nlong cell  x\nb          longer  end\n")


def test_a_table_without_rows_is_its_head() -> None:
    assert render_table(("a", "b"), []) == "a  b\n"


def test_json_output_is_one_versioned_object_in_readable_letters() -> None:
    text = render_json("list", {"names": ["é"]})

    assert json.loads(text) == {"kind": "list", "version": 1, "names": ["é"]}
    assert "é" in text
    assert text.endswith("}\n")


def test_rows_are_a_table_of_their_fields_with_the_longest_at_the_end() -> None:
    rows = [
        Row(name="a", summary="first app", num_vms=2, boards=("x", "y")),
        Row(name="b", summary="second", ready=False),
    ]

    assert render_rows(rows, last="summary") == (
        "name  num vms  boards  ready  summary\n"
        "a     2        x y     yes    first app\n"
        "b     -        -       no     second\n"
    )


def test_a_last_column_that_is_not_there_changes_nothing() -> None:
    assert render_rows([Row(name="a", summary="s")], last="x").startswith("name  summary  num vms")


def test_no_rows_are_none() -> None:
    assert render_rows([], last="summary") == "none\n"


def test_the_record_of_a_row_has_keys_of_the_data_files() -> None:
    assert row_record(Row(name="a", summary="s", num_vms=1, boards=("x",))) == {
        "name": "a",
        "summary": "s",
        "num-vms": 1,
        "boards": ["x"],
        "ready": True,
    }


def test_a_table_that_is_too_wide_is_wrapped_in_its_widest_column() -> None:
    table = render_table(
        ("name", "what it is"),
        [("a_name_that_is_kept", "words that go on to the next line")],
        width=40,
    )

    assert table == (
        "name                 what it is\n"
        "a_name_that_is_kept  words that go on to\n"
        "                     the next line\n"
    )
    assert max(map(len, table.splitlines())) <= 40


def test_a_word_is_broken_only_where_nothing_else_fits() -> None:
    table = render_table(("a", "b"), [("x" * 20, "y" * 30)], width=30)

    assert table.replace(" ", "").replace("\n", "").count("x") == 20
    assert max(map(len, table.splitlines())) <= 30


def test_columns_are_never_narrower_than_can_be_read() -> None:
    assert render_table(("abcdefgh", "abcdefgh"), [], width=1) == "abcdef  abcdef\ngh      gh\n"


def test_a_note_is_wrapped_below_its_first_words() -> None:
    assert render_note("one two three", width=12, first=" 1. ", indent="    ") == (
        " 1. one two\n    three\n"
    )
