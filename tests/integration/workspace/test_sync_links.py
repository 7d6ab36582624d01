# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the links that a sync lays."""

from pathlib import Path

import pytest

from sel4build.errors import (
    InputError,
)
from sel4build.model.paths import RelPath
from tests.kit.git_remote import Content, Symlink
from tests.kit.lab import Lab

pytestmark = pytest.mark.tools


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_links_are_laid_replaced_and_removed(lab: Lab) -> None:
    files: dict[str, Content] = {"d/x": "1", "y": "2"}
    lab.sync(lab.project("p/a", files, links=(("d/x", "l/x"), (".", "whole"), ("d", "folder"))))

    assert lab.path("l/x").readlink() == Path("../p/a/d/x")
    assert lab.path("whole").readlink() == Path("p/a")
    assert lab.path("folder/x").read_text() == "1"

    outcome = lab.sync(lab.project("p/a", files, links=(("y", "l/x"),)))

    assert outcome.links == (RelPath("folder"), RelPath("l/x"), RelPath("whole"))
    assert lab.path("l/x").readlink() == Path("../p/a/y")
    assert not lab.path("whole").is_symlink()


def test_a_file_of_the_users_is_not_replaced_by_a_link(lab: Lab) -> None:
    lab.path("README.md").write_text("mine")

    outcome = lab.sync(lab.project("a", links=(("file", "README.md"),)))

    assert [each.path for each in outcome.left_alone] == ["README.md"]
    assert lab.path("README.md").read_text() == "mine"
    assert "is a file that does not come from a sync" in lab.recorder.warnings[0]


def test_a_stale_link_that_the_user_replaced_is_kept(lab: Lab) -> None:
    lab.sync(lab.project("a", links=(("file", "link"),)))
    lab.path("link").unlink()
    lab.path("link").write_text("mine")

    lab.sync(lab.project("a"))

    assert lab.path("link").read_text() == "mine"


def test_a_file_that_a_project_brings_is_not_replaced_by_a_link(lab: Lab) -> None:
    one = lab.project("one", {"x": "1"}, links=(("x", "two/y"),))
    two = lab.project("two", {"y": "theirs"})

    outcome = lab.sync(one, two)

    assert outcome.left_alone[0].path == "two/y"
    assert lab.path("two/y").read_text() == "theirs"


def test_a_link_is_not_laid_through_a_link_of_a_project(lab: Lab) -> None:
    victim = lab.folder / "victim"
    victim.mkdir()
    one = lab.project("one", {"x": "1", "out": Symlink(str(victim))}, links=(("x", "one/out/y"),))

    outcome = lab.sync(one)

    assert outcome.left_alone[0].reason == "lies behind the symbolic link `one/out`"
    assert list(victim.iterdir()) == []


def test_a_link_to_what_is_not_there_is_laid_and_said_once(lab: Lab) -> None:
    one = lab.project("one", {"x": "1"}, links=(("nix", "l"),))

    lab.sync(one)
    lab.sync(one)

    assert lab.path("l").readlink() == Path("one/nix")
    warning = "linkfile `l` of project `one.git` leads nowhere: there is no `nix` in it"
    assert list(lab.recorder.warnings) == [warning]


def test_of_what_a_project_has_twice_at_one_place_the_last_copy_or_link_is_laid(lab: Lab) -> None:
    links = (("x", "l"), ("y", "l"), ("z", "c"))
    copies = (("x", "c"), ("x", "d"), ("y", "d"))
    one = lab.project("one", {"x": "1", "y": "2", "z": "3"}, links=links, copies=copies)

    lab.sync(one)
    again = lab.sync(one)

    assert lab.path("l").readlink() == Path("one/y")
    assert lab.path("c").read_text() == "1"
    assert lab.path("d").read_text() == "2"
    assert (again.links, again.copies, again.left_alone) == ((), (), ())


def test_a_link_to_a_link_of_the_project_is_wrong_input(lab: Lab) -> None:
    one = lab.project("one", {"x": "1", "out": Symlink("/etc/passwd")}, links=(("out", "l"),))

    with pytest.raises(InputError, match="behind the symbolic link"):
        lab.sync(one)

    assert not lab.path("l").is_symlink()


@pytest.mark.parametrize(
    ("before", "after"),
    [("q", "q/r"), ("q/r", "q"), ("q/r/s", "q"), ("q", "q/r/s")],
)
def test_a_link_takes_the_place_of_one_that_is_stale(lab: Lab, before: str, after: str) -> None:
    lab.sync(lab.project("a", links=(("file", before),)))

    outcome = lab.sync(lab.project("a", links=(("file", after),)))

    assert not outcome.left_alone
    assert lab.path(after).is_symlink()
    assert lab.path(after).read_text() == "a"
    assert RelPath(before) in outcome.links


def test_a_link_and_a_copy_take_the_place_of_each_other(lab: Lab) -> None:
    lab.sync(lab.project("a", links=(("file", "one"),), copies=(("file", "two"),)))

    outcome = lab.sync(lab.project("a", links=(("file", "two"),), copies=(("file", "one"),)))

    assert not outcome.left_alone
    assert lab.path("two").is_symlink()
    assert lab.path("one").is_file()
    assert not lab.path("one").is_symlink()
    assert (
        lab.sync(lab.project("a", links=(("file", "two"),), copies=(("file", "one"),))).links == ()
    )


@pytest.mark.parametrize(("before", "after"), [("q", "q"), ("q", "q/b"), ("q/r/s", "q")])
def test_a_project_takes_the_place_of_a_stale_link(lab: Lab, before: str, after: str) -> None:
    lab.sync(lab.project("a", links=(("file", before),)))
    other = lab.project(after)

    outcome = lab.sync(lab.project("a"), other)

    assert not outcome.left_alone
    assert lab.head(after) == other.commit


def test_what_the_user_put_beside_a_stale_link_keeps_its_folder(lab: Lab) -> None:
    lab.sync(lab.project("a", links=(("file", "q/r"),)))
    lab.path("q/mine").write_text("mine")

    outcome = lab.sync(lab.project("a", links=(("file", "q"),)))

    assert [each.path for each in outcome.left_alone] == ["q"]
    assert lab.path("q/mine").read_text() == "mine"
