# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of comparing two sets of projects."""

from sel4build.manifest.compare import compare_projects
from sel4build.model.manifest import LinkFile, Project
from sel4build.model.paths import RelPath


def _project(path: str, url: str = "u", revision: str = "r", *, link: str = "") -> Project:
    links = (LinkFile(src=RelPath(link), dest=RelPath(link)),) if link else ()
    return Project(
        name=url, path=RelPath(path), remote="o", url=url, revision=revision, links=links
    )


def test_equal_sets_do_not_differ() -> None:
    found = compare_projects([_project("a")], [_project("a")])

    assert (found.added, found.removed, found.moved, found.changed) == ((), (), (), ())


def test_what_comes_and_what_goes_is_named() -> None:
    found = compare_projects([_project("a", "x")], [_project("b", "y")])

    assert [each.path.text for each in found.added] == ["b"]
    assert [each.path.text for each in found.removed] == ["a"]


def test_one_url_at_another_path_has_moved_to_where_its_revision_is() -> None:
    found = compare_projects(
        [_project("a"), _project("b", revision="s")],
        [_project("c", revision="s"), _project("d"), _project("e", revision="t")],
    )

    assert [(each.old.path.text, each.new.path.text) for each in found.moved] == [
        ("a", "d"),
        ("b", "c"),
    ]
    assert [each.path.text for each in found.added] == ["e"]
    assert all(each.is_moved for each in found.moved)


def test_a_change_says_what_differs() -> None:
    (change,) = compare_projects([_project("a")], [_project("a", revision="s", link="l")]).changed

    assert change.fields == ("revision", "links")
    assert not change.is_moved
