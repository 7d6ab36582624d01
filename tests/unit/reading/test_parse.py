# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NewType

import pytest

from sel4build.errors import EnvironmentLacksError, InputError, ProblemsError, Span
from sel4build.model.paths import RelPath
from sel4build.reading import parse_json, parse_toml, read_text, read_toml

Digest = NewType("Digest", str)


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, kw_only=True)
class Leg:
    length_mm: int
    span: Span | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    name: str
    colour: Colour | None = None
    legs: tuple[Leg, ...] = ()
    is_round: bool = False
    weight: float = 0.0
    tags: frozenset[str] = frozenset()
    paint: Mapping[str, str] = field(default_factory=dict)
    place: RelPath | None = None
    digest: Digest | None = None
    anything: object = None
    span: Span | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Even:
    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            message = "the number is odd"
            raise ValueError(message)


def problems_of(text: str, cls: type = Table) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        parse_toml(text, "t.toml", cls)
    return list(caught.value.details)


def test_every_kind_of_field_is_read() -> None:
    table = parse_toml(
        """
version = 1
name = "a"
colour = "green"
is-round = true
weight = 3
tags = ["x", "y", "x"]
paint = { "top coat" = "oil" }
place = "a/b"
digest = "00"
anything = [1, "two"]
[[legs]]
length-mm = 0x10
[[legs]]
length-mm = 2
""",
        "t.toml",
        Table,
    )
    assert table.colour is Colour.GREEN
    assert [leg.length_mm for leg in table.legs] == [16, 2]
    assert table.is_round
    assert isinstance(table.weight, float)
    assert table.tags == {"x", "y"}
    assert table.paint == {"top coat": "oil"}
    assert table.place == RelPath("a/b")
    assert table.digest == "00"
    assert table.anything == [1, "two"]


def test_span_is_the_place_of_the_table_and_spans_those_of_its_keys() -> None:
    text = 'version = 1\nname = "a"\npaint.top = "oil"\n\n  [[legs]]\nlength-mm = 1\n'
    table = parse_toml(text, "t.toml", Table)
    assert table.legs[0].span == Span(file="t.toml", line=5, column=3, key="legs[0]")
    assert table.span == Span(file="t.toml")
    assert table.spans["name"] == Span(file="t.toml", line=2, column=1, key="name")
    assert table.spans["paint.top"] == Span(file="t.toml", line=3, column=1, key="paint.top")


def test_all_problems_come_together_each_with_its_place() -> None:
    text = """version = 1
colur = "red"
is-round = 1
weight = "heavy"
tags = "x"
paint = { top = 1 }
place = "../up"
legs = [{ length-mm = true }, { length = 1 }, 7]
"""
    assert problems_of(text) == [
        "t.toml:2:1: colur: unknown key `colur`; did you mean `colour`?",
        "t.toml:3:1: is-round: expected a boolean, not a whole number",
        "t.toml:4:1: weight: expected a number, not a string",
        "t.toml:5:1: tags: expected an array, not a string",
        "t.toml:6:11: paint.top: expected a string, not a whole number",
        "t.toml:7:1: place: path '../up' contains the component `..`",
        "t.toml:8:11: legs[0].length-mm: expected a whole number, not a boolean",
        "t.toml:8:33: legs[1].length: unknown key `length`; did you mean `length-mm`?",
        "t.toml:8:31: legs[1]: key `length-mm` is missing",
        "t.toml:8:47: legs[2]: expected a table, not a whole number",
        "t.toml: key `name` is missing",
    ]


def test_an_enumeration_names_its_choices_and_suggests_one() -> None:
    assert problems_of('version = 1\nname = "a"\ncolour = "gren"') == [
        "t.toml:3:1: colour: 'gren' is not one of `red`, `green`; did you mean `green`?"
    ]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1979-05-27", "a date or time"),
        ("1.5", "a number"),
        ("{}", "a table"),
        ("[]", "an array"),
        ("false", "a boolean"),
    ],
)
def test_a_wrong_type_is_named(value: str, kind: str) -> None:
    assert problems_of(f"version = 1\nname = {value}") == [
        f"t.toml:2:1: name: expected a string, not {kind}"
    ]


@pytest.mark.parametrize("value", ["1", "true", "[]"])
def test_paths_enumerations_and_tables_refuse_other_types(value: str) -> None:
    text = f'version = 1\nname = "a"\ncolour = {value}\nplace = {value}\npaint = {value}'
    assert len(problems_of(text)) == 3


def test_a_class_may_check_what_annotations_cannot_say() -> None:
    assert problems_of("version = 1\nnumber = 3", Even) == ["t.toml: the number is odd"]


def test_a_number_too_large_for_a_float_is_a_problem() -> None:
    assert problems_of(f'version = 1\nname = "a"\nweight = 1{"0" * 400}') == [
        "t.toml:3:1: weight: the number is too large"
    ]


def test_a_version_is_needed() -> None:
    assert problems_of('name = "a"') == [
        "t.toml: key `version` is missing; this program reads `version = 1`"
    ]


@pytest.mark.parametrize("version", ["true", '"one"', "1.0", '"1"', '"1.-2"'])
def test_a_version_that_is_none_is_refused(version: str) -> None:
    assert problems_of(f'version = {version}\nname = "a"') == [
        't.toml:1:1: version: expected a whole number or "MAJOR.MINOR"'
    ]


def test_a_newer_major_version_says_which_program_reads_it() -> None:
    (only,) = problems_of("version = 3\nwhatever = 1")
    assert only.startswith("t.toml:1:1: version: format version 3 needs sel4build 3.0 or newer;")
    assert only.endswith("reads version 1")


def test_an_older_major_version_says_so() -> None:
    assert "needs an older sel4build" in problems_of("version = 0")[0]


def test_a_newer_minor_version_turns_unknown_keys_into_warnings(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        table = parse_toml('version = "1.4"\nname = "a"\nnew-key = 1', "t.toml", Table)
    assert table.name == "a"
    assert caplog.messages == ["t.toml:3:1: new-key: unknown key `new-key`"]


def test_a_minor_version_that_is_known_is_strict() -> None:
    with pytest.raises(ProblemsError):
        parse_toml('version = "1.4"\nname = "a"\nnew-key = 1', "t.toml", Table, minor=4)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("version = 1\nname = !\n", "t.toml:2:8: not valid TOML: invalid value"),
        ("version = 1\nname = ", "t.toml:2: not valid TOML: invalid value"),
        ("version = 1\n\nname", "t.toml:3"),
        ("a = 1\na = 2", "t.toml:2: not valid TOML: cannot overwrite a value"),
        ("a = " + "[" * 5000, "t.toml: not valid TOML: values are nested too deeply"),
        ("a = " + "1" * 5000, "t.toml: not valid TOML: exceeds the limit"),
    ],
)
def test_text_that_is_no_toml_is_one_problem_with_its_line(text: str, problem: str) -> None:
    (only,) = problems_of(text)
    assert only.startswith(problem)


def test_json_follows_the_same_rules() -> None:
    table = parse_json('{"version": 1, "name": "a", "is-round": true}', "t.json", Table)
    assert table.is_round


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "t.json: not valid JSON"),
        ("[1]", "t.json: expected an object"),
        ("[" * 100_000, "t.json: not valid JSON"),
        ('{"version": 1}', "t.json: key `name` is missing"),
        ('{"version": 1, "name": null}', "t.json: name: expected a string"),
    ],
)
def test_json_problems_name_file_and_key(text: str, problem: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        parse_json(text, "t.json", Table)
    assert caught.value.details[0].startswith(problem)


def test_a_file_is_named_by_its_path_or_as_told(tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    path.write_text("version = 1\n", encoding="utf-8")
    with pytest.raises(ProblemsError, match="has 1 problem") as caught:
        read_toml(path, Table)
    assert caught.value.details == (f"{path}: key `name` is missing",)
    with pytest.raises(ProblemsError) as caught:
        read_toml(path, Table, file="shown.toml")
    assert caught.value.details == ("shown.toml: key `name` is missing",)


def test_a_missing_file_is_invalid_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_text(tmp_path / "none.toml")
    with pytest.raises(InputError, match="does not exist"):
        read_text(tmp_path)


def test_a_file_that_cannot_be_read_is_a_matter_of_the_host(tmp_path: Path) -> None:
    path = tmp_path / "loop.toml"
    os.symlink(path, path)  # noqa: PTH211  a loop can be read by nobody, root included
    with pytest.raises(EnvironmentLacksError, match="cannot be read"):
        read_text(path)


def test_bytes_that_are_no_utf8_are_a_problem_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    path.write_bytes(b"version = 1\nname = '\xff'\n")
    with pytest.raises(ProblemsError) as caught:
        read_text(path, file="t.toml")
    assert caught.value.details == ("t.toml:2: the text is not UTF-8",)


@dataclass(frozen=True, kw_only=True)
class OddGeneric:
    when: set[str]


@dataclass(frozen=True, kw_only=True)
class OddClass:
    when: bytes


@pytest.mark.parametrize("cls", [OddGeneric, OddClass])
def test_a_schema_that_the_reader_does_not_know_is_our_own_mistake(cls: type) -> None:
    with pytest.raises(TypeError, match="the reader knows no"):
        parse_toml("version = 1", "t.toml", cls)
