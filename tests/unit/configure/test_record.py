# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of a configuration as a file."""

from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.configure.record import read_configuration, write_configuration
from sel4build.errors import WorkError
from tests.kit.configurations import a_configuration


def test_a_configuration_comes_back_as_it_was_written(tmp_path: Path) -> None:
    configuration = replace(
        a_configuration(tmp_path / "b é", wanted={"A": 'x "y" ;'}),
        root=tmp_path,
        given={"A": "x", "B": "y"},
        defines={"A": "x"},
        toolchain_variables=("B",),
    )

    assert write_configuration(configuration, tmp_path / "plan" / "x.json")

    assert read_configuration(tmp_path / "plan" / "x.json") == configuration


def test_an_equal_configuration_is_not_written_again(tmp_path: Path) -> None:
    configuration = a_configuration(tmp_path / "b")
    write_configuration(configuration, tmp_path / "x.json")

    assert not write_configuration(configuration, tmp_path / "x.json")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "1",
        "{}",
        '{"version": 2}',
        '{"version": 1}',
        "\udcff",
    ],
)
def test_a_damaged_file_is_told_with_what_to_do(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(text.encode(errors="surrogateescape"))

    with pytest.raises(WorkError) as raised:
        read_configuration(file)

    assert raised.value.message == f"`{file}` is missing or damaged"
    assert "sel4build build" in str(raised.value.hint)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"environ": {', '"environ": 1, "_": {'), ('"argv": [', '"argv": 1, "_": [')],
)
def test_a_field_of_another_type_is_damage(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "x.json"
    write_configuration(a_configuration(tmp_path / "b"), file)
    file.write_text(file.read_text().replace(old, new))

    with pytest.raises(WorkError, match="is missing or damaged"):
        read_configuration(file)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match="is missing or damaged"):
        read_configuration(tmp_path / "gone.json")
