# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Finding the workspace around a folder."""

from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.finding import find_workspace, open_workspace
from sel4build.errors import InputError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder that is a workspace, with others inside and beside."""
    place = tmp_path / "w"
    (place / "projects" / "x").mkdir(parents=True)
    (tmp_path / "beside").mkdir()
    (place / "sel4build.toml").write_text("")
    return place


def _in(folder: Path) -> Context:
    return Context(environ={}, cwd=folder)


@pytest.mark.parametrize("inside", [".", "projects/x"])
def test_a_folder_inside_is_in_the_workspace(root: Path, inside: str) -> None:
    assert open_workspace(_in(root / inside)).root == root
    found = find_workspace(_in(root / inside))
    assert found is not None
    assert found.root == root


def test_a_folder_that_is_named_counts_from_the_current_one(root: Path) -> None:
    assert open_workspace(_in(root.parent), Path("w/projects")).root == root


def test_a_link_into_the_workspace_is_followed(root: Path) -> None:
    link = root.parent / "beside" / "link"
    link.symlink_to(root / "projects")
    assert open_workspace(_in(link)).root == root


def test_outside_there_is_none(root: Path) -> None:
    outside = _in(root.parent / "beside")
    assert find_workspace(outside) is None
    with pytest.raises(InputError, match="beside` is not in a workspace"):
        open_workspace(outside)


def test_one_that_is_asked_for_has_to_be_there(root: Path) -> None:
    with pytest.raises(InputError, match="beside/none` is not in a workspace"):
        find_workspace(_in(root.parent / "beside"), Path("none"))
