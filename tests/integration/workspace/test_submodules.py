# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of submodules: synced as projects of their own, and never trusted."""

from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.errors import InputError
from sel4build.git import Git
from sel4build.git.submodules import BadSubmodulesError, read_submodules
from sel4build.model.lock import LockedProject
from sel4build.workspace.submodules import with_submodules
from sel4build.workspace.sync import SyncOptions, sync_workspace
from tests.kit.git_remote import Content, Gitlink, Symlink, fsck, run_git
from tests.kit.lab import Lab
from tests.kit.locks import a_lock
from tests.kit.runner import FakeRunner

pytestmark = pytest.mark.tools


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def _modules(**places: str) -> str:
    return "".join(
        f'[submodule "{name}"]\n\tpath = {name}\n\turl = {url}\n' for name, url in places.items()
    )


def _outer(lab: Lab, files: dict[str, Content]) -> LockedProject:
    return replace(lab.project("outer", {"file": "outer", **files}), sync_s=True)


def _pair(lab: Lab, text: str = "1") -> LockedProject:
    """Return a project with one submodule, at a new commit."""
    inner = lab.project("inner", {"file": text})
    return _outer(lab, {".gitmodules": _modules(sub="../inner.git"), "sub": Gitlink(inner.commit)})


def test_submodules_are_placed_at_the_commits_of_the_tree_and_so_are_theirs(lab: Lab) -> None:
    deep = lab.project("deep")
    inner = lab.project(
        "inner",
        {"file": "inner", ".gitmodules": _modules(d="../deep.git"), "d": Gitlink(deep.commit)},
    )
    outer = _outer(lab, {".gitmodules": _modules(sub="../inner.git"), "sub": Gitlink(inner.commit)})

    outcome = lab.sync(outer)

    assert [each.text for each in outcome.moved] == ["outer", "outer/sub", "outer/sub/d"]
    assert outcome.num_projects == 3
    assert lab.path("outer/sub/d/file").read_text() == "deep"
    assert run_git("status", "--porcelain", cwd=lab.path("outer")) == ""
    assert fsck(lab.path("outer/sub")) == ""
    known = with_submodules(lab.workspace, a_lock(outer))
    assert [each.name for each in known.lock.projects] == [
        "outer.git",
        "outer.git/sub",
        "outer.git/sub/d",
    ]
    assert known.unread == ()


def test_nothing_to_do_starts_no_program(lab: Lab) -> None:
    outer = _pair(lab)
    lab.sync(outer)
    git = Git(runner=FakeRunner(), environ={}, cache_dir=lab.folder)

    outcome = sync_workspace(lab.workspace, a_lock(outer), git=git)

    assert (outcome.moved, outcome.num_projects) == ((), 2)


def test_without_sync_s_there_are_none(lab: Lab) -> None:
    outer = replace(_pair(lab), sync_s=False)

    assert lab.sync(outer).num_projects == 1
    assert list(lab.path("outer/sub").iterdir()) == []


def test_a_submodule_moves_with_the_project_around_it(lab: Lab) -> None:
    lab.sync(_pair(lab, "1"))

    outcome = lab.sync(_pair(lab, "2"))

    assert [each.text for each in outcome.moved] == ["outer", "outer/sub"]
    assert lab.path("outer/sub/file").read_text() == "2"
    assert outcome.retired == ()
    assert run_git("status", "--porcelain", cwd=lab.path("outer")) == ""


def test_a_submodule_that_stayed_behind_does_not_hold_the_project_around_it(lab: Lab) -> None:
    """As after a kill between the two."""
    lab.sync(_pair(lab, "1"))
    lab.sync(replace(_pair(lab, "2"), sync_s=False))

    outcome = lab.sync(_pair(lab, "3"))

    assert outcome.left_alone == ()
    assert lab.path("outer/sub/file").read_text() == "3"


def test_a_submodule_with_changes_is_left_alone_and_named(lab: Lab) -> None:
    lab.sync(_pair(lab, "1"))
    lab.path("outer/sub/file").write_text("mine")

    outcome = lab.sync(_pair(lab, "2"))

    assert [str(each) for each in outcome.left_alone] == ["`outer/sub` has 1 changed file"]
    assert lab.path("outer/sub/file").read_text() == "mine"


def test_one_that_is_no_submodule_any_more_stays_and_is_told(lab: Lab) -> None:
    lab.sync(_pair(lab, "1"))

    outcome = lab.sync(_outer(lab, {}))

    assert [each.text for each in outcome.retired] == ["outer/sub"]
    assert lab.path("outer/sub/file").exists()


def test_a_project_of_the_manifest_counts_more_than_a_submodule(lab: Lab) -> None:
    outer = _pair(lab)
    other = replace(lab.project("other"), path=replace(outer.path, text="outer/sub"))

    assert lab.sync(outer, other).num_projects == 2
    assert lab.path("outer/sub/file").read_text() == "other"


def test_a_submodule_can_be_forced(lab: Lab) -> None:
    lab.sync(_pair(lab, "1"))
    lab.path("outer/sub/file").write_text("mine")
    outer = _pair(lab, "2")
    path = replace(outer.path, text="outer/sub")
    options = SyncOptions(forced=frozenset({path}))

    sync_workspace(lab.workspace, a_lock(outer), git=lab.git, options=options)

    assert lab.path("outer/sub/file").read_text() == "2"


def test_an_absolute_url_and_a_shallow_history_are_followed(lab: Lab) -> None:
    lab.project("inner", {"file": "1"})
    inner = lab.project("inner", {"file": "2"})
    modules = _modules(sub=inner.url) + "\tshallow = true\n"

    lab.sync(_outer(lab, {".gitmodules": modules, "sub": Gitlink(inner.commit)}))

    assert run_git("rev-list", "--count", "HEAD", cwd=lab.path("outer/sub")) == "1"


def test_no_command_of_a_submodule_is_run_and_no_hook(lab: Lab) -> None:
    planted = lab.folder / "planted"
    inner = lab.project("inner", {"hooks/post-checkout": f"#!/bin/sh\ntouch {planted}\n"})
    modules = _modules(sub=inner.url) + (
        f"\tupdate = !touch {planted}\n\tbranch = -x\n\tfetchRecurseSubmodules = true\n"
        f"[core]\n\tsshCommand = touch {planted}\n\thooksPath = sub/hooks\n"
        f"[include]\n\tpath = {lab.folder}/nowhere\n"
    )

    lab.sync(_outer(lab, {".gitmodules": modules, "sub": Gitlink(inner.commit)}))

    assert not planted.exists()
    config = (
        lab.path("outer/.git/config").read_text() + lab.path("outer/sub/.git/config").read_text()
    )
    assert "touch" not in config


def test_what_the_tree_has_not_or_the_file_names_not_is_no_submodule(lab: Lab) -> None:
    inner = lab.project("inner")
    modules = _modules(gone=inner.url, file=inner.url) + '[submodule "half"]\n\tpath = half\n'

    outcome = lab.sync(
        _outer(
            lab,
            {
                ".gitmodules": modules,
                "half": Gitlink(inner.commit),
                "unnamed": Gitlink(inner.commit),
            },
        )
    )

    assert outcome.num_projects == 1


@pytest.mark.parametrize(
    ("modules", "words"),
    [
        ('[submodule "x"]\npath = ../x\nurl = ./x\n', "contains the component `..`"),
        ('[submodule "x"]\npath = a/.git/x\nurl = ./x\n', "contains the component `.git`"),
        ('[submodule "x"]\npath = a/.GIT/x\nurl = ./x\n', "contains the component `.GIT`"),
        ('[submodule "x"]\npath = "x\r"\nurl = ./x\n', "contains a control character"),
        ('[submodule "x"]\npath = "x\\r"\nurl = ./x\n', "cannot be read"),
        ('[submodule "x"]\npath = "x\\n"\nurl = ./x\n', "contains a control character"),
        ('[submodule "x"]\npath = /x\nurl = ./x\n', "is absolute"),
        ('[submodule "x"]\npath = x\nurl = -u./x\n', "begins with `-`"),
        ('[submodule "x"]\npath = x\nurl = ext::sh -c true\n', "names a remote helper"),
        ('[submodule "x"]\npath = x\nurl = "./x\\n"\n', "contains a control character"),
        ('[submodule "x"]\npath = x\nurl = x/y\n', "is no whole URL"),
        ('[submodule "x"]\npath = x\nurl = ssh://-oProxyCommand=x/y\n', "begins with `-`"),
        (
            '[submodule "x"]\npath = x\nurl = ./x\n[submodule "y"]\npath = x\nurl = ./y\n',
            "two submodules are at `x`",
        ),
    ],
)
def test_what_could_do_harm_is_refused(lab: Lab, modules: str, words: str) -> None:
    inner = lab.project("inner")
    outer = _outer(lab, {".gitmodules": modules, "x": Gitlink(inner.commit)})

    with pytest.raises(InputError) as caught:
        lab.sync(outer)

    assert caught.value.message.startswith("submodules of project `outer` at `")
    assert words in caught.value.message


def test_a_gitmodules_that_is_a_link_is_refused(lab: Lab) -> None:
    outer = _outer(lab, {".gitmodules": Symlink("file")})

    with pytest.raises(BadSubmodulesError, match="is no plain file"):
        read_submodules(lab.git, lab.remote("outer").path, outer.commit)


@pytest.mark.parametrize("size", [1024 * 1024 + 1])
def test_a_huge_gitmodules_is_refused(lab: Lab, size: int) -> None:
    outer = _outer(lab, {".gitmodules": "#" * size})

    with pytest.raises(InputError, match="more than 1048576 bytes"):
        lab.sync(outer)


def test_more_submodules_than_anybody_has_are_refused(lab: Lab) -> None:
    many = {f"s{number}": "./x" for number in range(1001)}
    outer = lab.project("outer", {".gitmodules": _modules(**many)})
    lab.sync(outer)

    with pytest.raises(BadSubmodulesError, match="more than 1000"):
        read_submodules(lab.git, lab.path("outer/.git"), outer.commit)


def test_a_remote_project_may_not_name_a_path_of_this_host(lab: Lab) -> None:
    inner = lab.project("inner")
    outer = _outer(lab, {".gitmodules": _modules(sub=inner.url), "sub": Gitlink(inner.commit)})
    lab.sync(replace(outer, sync_s=False))
    far = replace(outer, url="https://far.example/outer")

    with pytest.raises(InputError, match="is a path here"):
        lab.sync(far)


def test_a_symbolic_link_planted_on_the_way_leads_nowhere(lab: Lab) -> None:
    """The work tree is not what the commit says: the folder of the submodule is a link now."""
    outer = _pair(lab)
    lab.sync(replace(outer, sync_s=False))
    target = lab.folder / "elsewhere"
    target.mkdir()
    lab.path("outer/sub").rmdir()
    lab.path("outer/sub").symlink_to(target)

    outcome = lab.sync(outer)

    assert "lies behind the symbolic link" in str(outcome.left_alone[0])
    assert list(target.iterdir()) == []


def test_a_submodule_that_git_itself_made_is_taken_as_it_is(lab: Lab) -> None:
    outer = _pair(lab, "1")
    lab.sync(replace(outer, sync_s=False))
    argv = ("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init")
    run_git(*argv, cwd=lab.path("outer"))
    assert lab.path("outer/sub/.git").is_file()

    taken = lab.sync(outer)
    moved = lab.sync(_pair(lab, "2"))

    assert (taken.num_projects, taken.left_alone) == (2, ())
    assert "`.git` file of `repo` or `git submodule`" in str(moved.left_alone[0])
    assert lab.path("outer/sub/file").read_text() == "1"
