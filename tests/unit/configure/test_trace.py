# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Commands of a trace that set variables."""

import json
from pathlib import Path

import pytest

from sel4build.configure.trace import read_trace, trace_words
from sel4build.model.setting import WriteKind


def line(command: str, *words: str, file: str = "/w/a.cmake", number: int = 3) -> str:
    record = {"args": words, "cmd": command, "file": file, "frame": 1, "line": number, "time": 1.5}
    return json.dumps(record, separators=(",", ":")) + "\n"


@pytest.mark.parametrize(
    ("words", "kind", "value"),
    [
        (("A", "1", "CACHE", "STRING", "doc"), WriteKind.SET, "1"),
        (("A", "1", "CACHE", "STRING", "doc", "FORCE"), WriteKind.FORCE, "1"),
        (("A", "1", "CACHE", "INTERNAL", ""), WriteKind.FORCE, "1"),
        (("A", "x", "y", "CACHE", "STRING", ""), WriteKind.SET, "x;y"),
        (("A", "CACHE", "STRING", "doc"), WriteKind.SET, ""),
        (("A", "1"), WriteKind.ORDINARY, "1"),
        (("A", "1", "2", "PARENT_SCOPE"), WriteKind.ORDINARY, "1;2"),
        (("A", "CACHE"), WriteKind.ORDINARY, "CACHE"),
    ],
)
def test_the_forms_of_set_are_told_apart(
    words: tuple[str, ...], kind: WriteKind, value: str
) -> None:
    (found,) = read_trace([line("set", *words)])
    assert (found.name, found.kind, found.value) == ("A", kind, value)
    assert (found.file, found.line, found.command) == ("/w/a.cmake", 3, "set")


@pytest.mark.parametrize(
    ("command", "words", "kind", "value"),
    [
        ("option", ("A", "doc", "ON"), WriteKind.DEFAULT, "ON"),
        ("option", ("A", "doc"), WriteKind.DEFAULT, None),
        ("OPTION", ("A", "doc", "ON"), WriteKind.DEFAULT, "ON"),
        ("cmake_dependent_option", ("A", "doc", "ON", "B", "OFF"), WriteKind.DEFAULT, "ON"),
        ("config_option", ("A", "CFG", "doc", "DEPENDS", "B", "DEFAULT", "ON"), WriteKind.DEFAULT, "ON"),
        ("config_string", ("A", "CFG", "doc", "UNQUOTE"), WriteKind.DEFAULT, None),
        ("config_choice", ("A", "CFG", "doc", "x;X;CFG_X"), WriteKind.DEFAULT, None),
        ("config_set", ("A", "CFG", "8"), WriteKind.FORCE, "8"),
        ("find_program", ("A", "dtc"), WriteKind.DEFAULT, None),
    ],
)  # fmt: skip
def test_declarations_are_told_apart(
    command: str, words: tuple[str, ...], kind: WriteKind, value: str | None
) -> None:
    (found,) = read_trace([line(command, *words)])
    assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        '{"version":{"major":1,"minor":2}}\n',
        line("set", "A"),
        line("set"),
        line("unset", "A", "CACHE"),
        line("message", "set", "A"),
        '{"cmd":"set","args":["A","1"\n',
        '{"cmd":"set","args":["A","1"],"file":"x"}\n',
        "\n",
    ],
)
def test_anything_else_sets_nothing(text: str) -> None:
    assert not tuple(read_trace([text]))


def test_cmake_is_told_which_files_to_trace() -> None:
    words = trace_words(Path("/w/t.json"), ("a.cmake", "b.cmake"))
    assert words[-3:] == (
        "--trace-redirect=/w/t.json",
        "--trace-source=a.cmake",
        "--trace-source=b.cmake",
    )
