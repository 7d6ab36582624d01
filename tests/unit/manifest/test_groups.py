# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of choosing projects by groups."""

import pytest

from sel4build.manifest import effective_groups, select_projects, split_groups
from sel4build.model.manifest import Project
from sel4build.model.paths import RelPath


def _project(*groups: str) -> Project:
    return Project(
        name="n", path=RelPath("p"), remote="o", url="u", revision="r", groups=frozenset(groups)
    )


@pytest.mark.parametrize(
    ("of_project", "wanted", "selected"),
    [
        ("", "", True),
        ("x", "", True),
        ("notdefault", "", False),
        ("notdefault,platform-linux", "", True),
        ("notdefault,platform-darwin", "", False),
        ("notdefault,platform-linux", "default", True),
        ("notdefault,platform-linux", "default,-platform-linux", False),
        ("notdefault", "all", True),
        ("notdefault", "name:n", True),
        ("notdefault", "path:p", True),
        ("x", "x", True),
        ("", "x", False),
        ("x,y", "x,-y", False),
        ("x,y", "-y,x", True),
        ("x", "all,-x", False),
        ("x", "-x", False),
        ("", "default,-name:n", False),
    ],
)
def test_a_list_is_read_from_left_to_right(of_project: str, wanted: str, *, selected: bool) -> None:
    project = _project(*split_groups(of_project))

    assert (select_projects([project], split_groups(wanted)) == (project,)) is selected


def test_groups_are_separated_by_commas_and_blanks() -> None:
    assert split_groups(" a, b\tc,,d\n") == ("a", "b", "c", "d")


def test_the_platform_comes_last_unless_it_is_named() -> None:
    assert effective_groups(()) == ("default", "platform-linux")
    assert effective_groups(("a", "-b")) == ("a", "-b", "platform-linux")
    assert effective_groups(("-platform-linux", "a")) == ("-platform-linux", "a")
