# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the copies that a sync lays, and of links by pattern."""

import stat
from pathlib import Path

import pytest

from sel4build.errors import InputError
from sel4build.model.paths import RelPath
from sel4build.workspace import laying
from tests.kit.git_remote import Content, Symlink
from tests.kit.lab import Lab

pytestmark = pytest.mark.tools


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_a_copy_is_read_only_and_keeps_its_execute_bit(lab: Lab) -> None:
    outcome = lab.sync(
        lab.project("p/a", {"d/x": "#!/bin/sh\n", "y": "2"}, copies=(("d/x", "t/run"), ("y", "y")))
    )

    assert outcome.copies == (RelPath("t/run"), RelPath("y"))
    assert lab.path("t/run").read_text() == "#!/bin/sh\n"
    assert stat.S_IMODE(lab.path("t/run").stat().st_mode) & 0o222 == 0
    assert stat.S_IMODE(lab.path("t/run").stat().st_mode) & 0o100
    assert not stat.S_IMODE(lab.path("y").stat().st_mode) & 0o111


def test_a_copy_is_renewed_when_its_source_changes_and_removed_when_it_is_stale(lab: Lab) -> None:
    lab.sync(lab.project("a", {"x": "1"}, copies=(("x", "copy"),)))

    outcome = lab.sync(lab.project("a", {"x": "2"}, copies=(("x", "copy"),)))
    assert (outcome.copies, lab.path("copy").read_text()) == ((RelPath("copy"),), "2")

    outcome = lab.sync(lab.project("a", {"x": "2"}))
    assert outcome.copies == (RelPath("copy"),)
    assert not lab.path("copy").exists()


def test_a_change_in_the_work_tree_renews_the_copy_too(lab: Lab) -> None:
    project = lab.project("a", {"x": "1"}, copies=(("x", "copy"),))
    lab.sync(project)
    lab.path("a/x").write_text("mine")

    lab.sync(project)

    assert lab.path("copy").read_text() == "mine"


def test_with_nothing_to_do_nothing_is_touched(lab: Lab) -> None:
    project = lab.project("a", {"x": "1"}, copies=(("x", "c"),), links=(("*", "l"),))
    lab.sync(project)
    before = lab.path("c").stat().st_mtime_ns, lab.path("c").stat().st_ino

    outcome = lab.sync(project)

    assert (outcome.copies, outcome.links, outcome.moved) == ((), (), ())
    assert (lab.path("c").stat().st_mtime_ns, lab.path("c").stat().st_ino) == before


def test_a_file_of_the_users_is_not_replaced_by_a_copy(lab: Lab) -> None:
    lab.path("README").write_text("mine")

    outcome = lab.sync(lab.project("a", {"x": "1"}, copies=(("x", "README"),)))

    assert lab.path("README").read_text() == "mine"
    assert outcome.left_alone[0].reason == "is a file that no sync has made"


def test_a_copy_that_the_user_changed_is_kept_even_when_it_is_stale(lab: Lab) -> None:
    project = lab.project("a", {"x": "1"}, copies=(("x", "copy"),))
    lab.sync(project)
    lab.path("copy").unlink()
    lab.path("copy").write_text("mine")

    outcome = lab.sync(project)
    assert outcome.left_alone[0].reason == "was changed since it was copied"

    lab.sync(lab.project("a", {"x": "1"}))
    assert lab.path("copy").read_text() == "mine"


def test_a_file_that_is_equal_already_counts_as_the_copy(lab: Lab) -> None:
    lab.path("copy").write_text("1")

    outcome = lab.sync(lab.project("a", {"x": "1"}, copies=(("x", "copy"),)))

    assert outcome.left_alone == ()
    lab.sync(lab.project("a", {"x": "1"}))
    assert not lab.path("copy").exists()


@pytest.mark.parametrize(
    ("src", "words"),
    [
        ("nix", "is no file of the project"),
        ("d", "is no file of the project"),
        ("out", "behind the symbolic link"),
    ],
)
def test_a_copy_without_a_sound_source_is_wrong_input(lab: Lab, src: str, words: str) -> None:
    files: dict[str, Content] = {"d/x": "1", "out": Symlink("/etc/passwd")}

    with pytest.raises(InputError, match=words):
        lab.sync(lab.project("a", files, copies=((src, "copy"),)))

    assert not lab.path("copy").exists()


@pytest.mark.parametrize("kind", ["folder", "link", "behind"])
def test_what_is_in_the_way_of_a_copy_is_left_alone(lab: Lab, kind: str) -> None:
    victim = lab.folder / "victim"
    victim.mkdir()
    if kind == "folder":
        lab.path("t/c").mkdir(parents=True)
    elif kind == "link":
        lab.path("t").mkdir()
        lab.path("t/c").symlink_to(victim / "c")
    else:
        lab.path("t").symlink_to(victim)

    outcome = lab.sync(lab.project("a", {"x": "1"}, copies=(("x", "t/c"),)))

    assert [each.path for each in outcome.left_alone] == ["t/c"]
    assert list(victim.iterdir()) == []


def test_a_sync_that_stopped_while_copying_goes_on(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.sync(lab.project("a", {"x": "1"}, copies=(("x", "copy"),)))
    later = lab.project("a", {"x": "2"}, copies=(("x", "copy"),))

    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(laying, "lay_copy", stop)
        with pytest.raises(BaseException, match="interrupted"):
            lab.sync(later)
    outcome = lab.sync(later)

    assert (outcome.left_alone, lab.path("copy").read_text()) == ((), "2")


def test_a_pattern_lays_one_link_for_each_match(lab: Lab) -> None:
    files: dict[str, Content] = {
        "d/a.c": "1",
        "d/b.c": "2",
        "d/c.h": "3",
        "d/.hidden.c": "4",
        "e/a.c": "5",
        "d/sub.c/x": "6",
    }

    lab.sync(lab.project("p/a", files, links=(("*/*.c", "l/m"),)))

    found = {each.name: each.readlink() for each in lab.path("l/m").iterdir()}
    assert found == {
        "a.c": Path("../../p/a/d/a.c"),
        "b.c": Path("../../p/a/d/b.c"),
        "sub.c": Path("../../p/a/d/sub.c"),
    }


def test_a_pattern_follows_the_project(lab: Lab) -> None:
    links = (("*.c", "l"),)
    lab.sync(lab.project("a", {"x.c": "1", "y.c": "2"}, links=links))

    outcome = lab.sync(lab.project("a", {"y.c": "2", "z.c": "3"}, links=links))

    assert outcome.links == (RelPath("l/x.c"), RelPath("l/z.c"))
    assert sorted(each.name for each in lab.path("l").iterdir()) == ["y.c", "z.c"]


def test_a_pattern_that_matches_nothing_is_said(lab: Lab) -> None:
    lab.sync(lab.project("a", {"x": "1"}, links=(("*.c", "l"), ("nix/*", "l"))))

    assert "note linkfile `*.c` of project `a.git` matches nothing" in lab.recorder.events
    assert not lab.path("l").exists()


def test_two_matches_for_one_place_are_named(lab: Lab) -> None:
    one = lab.project("one", {"x": "1"}, links=(("*", "l"),))
    two = lab.project("two", {"x": "1"}, links=(("*", "l"),))

    outcome = lab.sync(one, two)

    assert outcome.left_alone[0].reason == "is the place of a link of project `one.git` too"
    assert lab.path("l/x").readlink() == Path("../one/x")


def test_a_pattern_does_not_lead_through_links_of_a_project(lab: Lab) -> None:
    outside = lab.folder / "outside"
    outside.mkdir()
    (outside / "secret").write_text("1")
    files: dict[str, Content] = {"out": Symlink(str(outside)), "x": "1"}

    lab.sync(lab.project("a", files, links=(("out/*", "l"), ("*/secret", "m"))))

    assert not lab.path("l").exists()
    assert not lab.path("m").exists()


def test_a_match_that_is_a_symbolic_link_is_named_and_the_others_are_laid(lab: Lab) -> None:
    files: dict[str, Content] = {"a": "1", "b": Symlink("/etc/passwd")}

    outcome = lab.sync(lab.project("p", files, links=(("*", "l"),)))

    assert [each.path for each in outcome.left_alone] == ["l/b"]
    assert "behind the symbolic link" in outcome.left_alone[0].reason
    assert [each.name for each in lab.path("l").iterdir()] == ["a"]


def test_a_file_in_the_place_of_the_folder_of_links_is_left_alone(lab: Lab) -> None:
    lab.path("l").write_text("mine")

    outcome = lab.sync(lab.project("a", {"x": "1"}, links=(("*", "l"),)))

    assert outcome.left_alone[0].reason == "needs a folder where the file `l` is"
    assert lab.path("l").read_text() == "mine"
