# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Good news is remembered until something that it depends on changes."""

import os
from pathlib import Path

import pytest

from sel4build.configure.recollection import Recollection


def test_news_hold_until_a_file_changes_appears_or_goes(tmp_path: Path) -> None:
    seen = Recollection(folder=tmp_path / "seen")
    tool, database = tmp_path / "tool", tmp_path / "database"
    tool.write_text("1")
    assert seen.recall("x") is None
    seen.keep("x", "works", (tool, database))
    assert seen.recall("x") == "works"
    assert seen.recall("y") is None
    database.write_text("")
    assert seen.recall("x") is None
    seen.keep("x", "works", (tool, database))
    os.utime(tool, ns=(1, 1))
    assert seen.recall("x") is None
    seen.keep("x", "works", (tool,))
    tool.unlink()
    assert seen.recall("x") is None


@pytest.mark.parametrize("text", ["", "[]", '{"stamps": {}}', '{"stamps": {}, "news": 1}', "\0"])
def test_a_damaged_record_is_no_news(tmp_path: Path, text: str) -> None:
    seen = Recollection(folder=tmp_path)
    seen.keep("x", "works", ())
    (file,) = tmp_path.iterdir()
    file.write_text(text)
    assert seen.recall("x") is None


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    seen = Recollection(folder=tmp_path / "file" / "below")
    seen.keep("x", "works", ())
    assert seen.recall("x") is None


def test_nothing_is_remembered_without_a_folder() -> None:
    seen = Recollection(folder=None)
    seen.keep("x", "works", ())
    assert seen.recall("x") is None
