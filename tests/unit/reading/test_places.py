# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from sel4build.errors import Span
from sel4build.reading.places import KeyPath, Places, render_key

TEXT = '''\
# [comment]
top = 1
"quoted key" = 2
dotted.inner = 3

[table]
text = """
fake = 1
[fake]
"""
literal = \'\'\'
also = "fake"
\'\'\'
list = [
    "a", # "b",
    { x = 1, 'y' = [10, 20] },
    [1.5, 1979-05-27T07:32:00Z],
]
after = true

  [table.sub."quo.ted"]
deep = 1

[[array]]
name = "first"
[array.table]
key = 1
[[array]]
name = "second"
[[array.inner]]
leaf = 'it'
[[array.inner]]
leaf = "is \\"]\\" "
'''


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("top",), 2, 1),
        (("quoted key",), 3, 1),
        (("dotted",), 4, 1),
        (("dotted", "inner"), 4, 1),
        (("table",), 6, 1),
        (("table", "text"), 7, 1),
        (("table", "literal"), 11, 1),
        (("table", "list"), 14, 1),
        (("table", "list", 0), 15, 5),
        (("table", "list", 1), 16, 5),
        (("table", "list", 1, "x"), 16, 7),
        (("table", "list", 1, "y"), 16, 14),
        (("table", "list", 1, "y", 1), 16, 25),
        (("table", "list", 2, 1), 17, 11),
        (("table", "after"), 19, 1),
        (("table", "sub"), 21, 3),
        (("table", "sub", "quo.ted", "deep"), 22, 1),
        (("array",), 24, 1),
        (("array", 0), 24, 1),
        (("array", 0, "name"), 25, 1),
        (("array", 0, "table"), 26, 1),
        (("array", 0, "table", "key"), 27, 1),
        (("array", 1), 28, 1),
        (("array", 1, "name"), 29, 1),
        (("array", 1, "inner", 0, "leaf"), 31, 1),
        (("array", 1, "inner", 1), 32, 1),
        (("array", 1, "inner", 1, "leaf"), 33, 1),
    ],
)
def test_each_key_and_element_is_found(path: KeyPath, line: int, column: int) -> None:
    span = Places(TEXT, "f.toml").span(path)
    assert (span.line, span.column) == (line, column)


def test_what_is_not_there_has_the_place_of_what_encloses_it() -> None:
    span = Places(TEXT, "f.toml").span(("array", 1, "missing"))
    assert span == Span(file="f.toml", line=28, column=1, key="array[1].missing")


def test_the_whole_document_has_no_line() -> None:
    assert Places(TEXT, "f.toml").span(()) == Span(file="f.toml")


def test_lines_may_end_as_on_windows() -> None:
    span = Places("a = 1\r\n\r\nb = [\r\n 1,\r\n 2]\r\nc = 3\r\n", "f.toml").span(("c",))
    assert (span.line, span.column) == (6, 1)


@pytest.mark.parametrize(
    "text",
    [
        "= 1",
        "a",
        "a = ",
        "a = [",
        "a = [1",
        "a = {",
        "a = {b",
        "a = [}",
        "[",
        "[[",
        "][",
        '"',
        "a={]",
    ],
)
def test_text_that_is_no_toml_does_no_harm(text: str) -> None:
    assert Places(text, "f.toml").span(("zzz",)) == Span(file="f.toml", key="zzz")


def test_deep_nesting_does_no_harm() -> None:
    assert Places("a = 1\nb = " + "[" * 100_000, "f").span(("a",)).line == 1


def test_an_escape_that_only_toml_has_does_no_harm() -> None:
    assert Places('"\\U0001F600" = 1\nb = 2', "f").span(("b",)).line == 2


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b", 2, "c"), "a.b[2].c"),
        (("a", "b c"), 'a."b c"'),
        ((0, "x"), "[0].x"),
        (("é",), '"é"'),
    ],
)
def test_a_key_path_is_rendered_as_toml_would_spell_it(path: KeyPath, text: str) -> None:
    assert render_key(path) == text
