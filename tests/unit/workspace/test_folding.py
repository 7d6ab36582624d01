# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of places that are one on a file system that folds names."""

from pathlib import Path

import pytest

from sel4build.errors import InputError
from sel4build.model.workspace import Workspace
from sel4build.workspace.folding import folds_names, require_distinct
from tests.kit.locks import a_lock, a_locked_project


def _never(_folder: Path) -> bool:
    raise AssertionError


def test_places_that_are_one_are_refused_by_name(tmp_path: Path) -> None:
    lock = a_lock(a_locked_project("Kernel"), a_locked_project("b", links=(("x", "kernel/x"),)))

    with pytest.raises(InputError) as caught:
        require_distinct(Workspace(tmp_path), lock, folds=lambda _folder: True)

    assert caught.value.details == ("`Kernel` and `kernel`",)


def test_they_are_two_where_case_counts(tmp_path: Path) -> None:
    lock = a_lock(a_locked_project("Kernel"), a_locked_project("kernel"))

    require_distinct(Workspace(tmp_path), lock, folds=lambda _folder: False)


def test_nothing_is_tried_where_no_two_could_be_one(tmp_path: Path) -> None:
    require_distinct(Workspace(tmp_path), a_lock(), folds=_never)


def test_the_file_system_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "PROBE").touch()

    assert folds_names(tmp_path) is (tmp_path / "probe").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["PROBE"]
