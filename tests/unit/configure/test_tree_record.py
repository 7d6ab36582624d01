# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
from pathlib import Path

from sel4build.configure.tree_record import (
    TREE_RECORD,
    TreeRecord,
    read_tree_record,
    write_tree_record,
)
from sel4build.model.setting import Deviation, DeviationKind, Setting, Write, WriteKind

RECORD = TreeRecord(
    settings=(
        Setting(
            name="A",
            value="é",
            type="BOOL",
            writes=(
                Write(kind=WriteKind.USER, value="x", command="-D", file="the command line"),
                Write(kind=WriteKind.DEFAULT, command="find_program", file="a", line=3),
            ),
            disabled=True,
        ),
    ),
    deviations=(
        Deviation(kind=DeviationKind.UNREAD, name="B", asked="1"),
        Deviation(kind=DeviationKind.HIDDEN, name="A", asked="x", got="y", place="a:3"),
    ),
)


def test_a_record_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    write_tree_record(RECORD, tmp_path)
    assert read_tree_record(tmp_path) == RECORD


def test_a_tree_without_a_record_or_with_a_damaged_one_has_none(tmp_path: Path) -> None:
    assert read_tree_record(tmp_path) is None
    (tmp_path / TREE_RECORD).write_text('{"version": 1, "settings": [{}]}')
    assert read_tree_record(tmp_path) is None
