# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of syncing workspaces with the real git and local remotes."""

import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.cli.wishes import left_alone_record
from sel4build.errors import (
    InputError,
)
from sel4build.git import Git
from sel4build.lock import resolve_lock
from sel4build.manifest import find_manifest, load_manifest
from sel4build.model.lock import Lock, ManifestOrigin
from sel4build.model.manifest import CommitId
from sel4build.model.paths import RelPath
from sel4build.workspace.observe import MARK, observe_workspace
from sel4build.workspace.plan import plan_sync
from sel4build.workspace.sync import SyncOutcome, apply_sync, sync_workspace
from tests.kit.git_remote import Symlink, fsck, run_git
from tests.kit.lab import Lab
from tests.kit.locks import a_lock
from tests.kit.runner import FakeRunner

pytestmark = pytest.mark.tools


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_projects_are_placed_at_their_commits_with_a_detached_head(lab: Lab) -> None:
    one, two = lab.project("projects/one"), lab.project("two")

    outcome = lab.sync(one, two)

    assert outcome == SyncOutcome(moved=(one.path, two.path), num_projects=2)
    assert lab.head("projects/one") == one.commit
    assert lab.path("two/file").read_text() == "two"
    assert fsck(lab.path("two")) == ""
    assert run_git("remote", "get-url", "origin", cwd=lab.path("two")) == two.url
    assert not list(lab.path("two/.git").glob("hooks/*"))
    assert sorted(each.name for each in lab.workspace.state_dir.iterdir()) == ["sync.json"]


def test_nothing_to_do_starts_no_program(lab: Lab) -> None:
    projects = [lab.project("one", links=(("file", "link"),)), lab.project("two")]
    lab.sync(*projects)
    runner = FakeRunner()
    git = Git(runner=runner, environ={}, cache_dir=lab.folder)

    outcome = sync_workspace(lab.workspace, a_lock(*projects), git=git)

    assert outcome == SyncOutcome(num_projects=2)
    assert runner.commands == []


def test_nothing_to_do_is_fast(lab: Lab) -> None:
    projects = [replace(lab.project("p/0"), path=RelPath(f"p/{number}")) for number in range(19)]
    lock = a_lock(*projects)
    sync_workspace(lab.workspace, lock, git=lab.git)

    started = time.perf_counter()
    sync_workspace(lab.workspace, lock, git=lab.git)

    assert time.perf_counter() - started < 0.15


def test_a_new_lock_moves_what_changed(lab: Lab) -> None:
    one, two = lab.project("one"), lab.project("two")
    lab.sync(one, two)
    newer = lab.project("two", {"other": "x"})

    outcome = lab.sync(one, newer)

    assert outcome.moved == (RelPath("two"),)
    assert lab.head("two") == newer.commit
    assert not lab.path("two/file").exists()
    assert lab.sync(one, two).moved == (RelPath("two"),)
    assert lab.path("two/file").exists()


def test_a_lost_state_is_no_loss(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    shutil.rmtree(lab.workspace.state_dir)

    assert lab.sync(one).moved == ()
    newer = lab.project("one", {"x": "y"})
    assert lab.sync(newer).moved == (RelPath("one"),)


def test_progress_is_told_project_by_project(lab: Lab) -> None:
    lab.sync(lab.project("one"), lab.project("two"))

    assert lab.recorder.events[0] == "start sync of 2"
    assert re.fullmatch(r"finish sync: done, \d+ bytes received", lab.recorder.events[-1])
    steps = lab.recorder.events[1:-1]
    assert {step.rpartition(" ")[2] for step in steps} == {"one", "two"}
    assert [step.split()[2] for step in steps] == ["1/2", "2/2"]
    assert re.match(r"progress sync 2/2 \d+ bytes, ", steps[-1])


def test_nothing_is_received_where_the_store_has_everything(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    shutil.rmtree(lab.path("one"))
    shutil.rmtree(lab.path(".gitdirs"))
    lab.recorder.events.clear()

    lab.sync(one)

    assert lab.recorder.events[-1] == "finish sync: done, "


def test_a_changed_file_keeps_the_project_where_it_is_and_the_rest_goes_on(lab: Lab) -> None:
    one, two = lab.project("one"), lab.project("two")
    lab.sync(one, two)
    lab.path("one/file").write_text("mine")

    outcome = lab.sync(lab.project("one", {"file": "2"}), lab.project("two", {"file": "2"}))

    assert outcome.moved == (RelPath("two"),)
    (left,) = outcome.left_alone
    assert (left.path, left.reason, left.files) == ("one", "has 1 changed file", ("file",))
    assert lab.path("one/file").read_text() == "mine"
    assert lab.recorder.warnings == ("`one` has 1 changed file: file; it is left alone",)


def test_once_the_change_is_gone_the_same_sync_goes_on(lab: Lab) -> None:
    lab.sync(lab.project("one"))
    lab.path("one/file").write_text("mine")
    newer = lab.project("one", {"file": "2"})
    lab.sync(newer)

    run_git("checkout", "--", "file", cwd=lab.path("one"))

    assert lab.sync(newer).moved == (RelPath("one"),)


def test_local_commits_keep_the_project_where_it_is(lab: Lab) -> None:
    lab.sync(lab.project("one"))
    lab.path("one/file").write_text("mine")
    run_git("commit", "--quiet", "--all", "--message=mine", cwd=lab.path("one"))

    outcome = lab.sync(lab.project("one", {"file": "2"}))

    assert [str(each) for each in outcome.left_alone] == ["`one` has 1 local commit"]


def test_all_that_the_user_has_under_way_is_named(lab: Lab) -> None:
    one = lab.project("one", {f"f{number:02}": "1" for number in range(23)})
    lab.sync(one)
    place = lab.path("one")
    run_git("switch", "--quiet", "--create", "topic", cwd=place)
    run_git("commit", "--quiet", "--allow-empty", "--message=mine", cwd=place)
    run_git("commit", "--quiet", "--allow-empty", "--message=more", cwd=place)
    (place / "f00").write_text("put aside")
    run_git("stash", "--quiet", cwd=place)
    names = [f"f{number:02}" for number in range(23)]
    for name in names:
        (place / name).write_text("mine")

    (left,) = lab.sync(lab.project("one", {"f00": "2"})).left_alone

    assert left.reason == (
        "is on branch `topic`, has 2 local commits and 1 stash and 23 changed files"
    )
    assert left.files == tuple(names)
    assert left_alone_record(left) == {
        "path": "one",
        "reason": left.reason,
        "operation": None,
        "branch": "topic",
        "local-commits": 2,
        "stashes": 1,
        "files": names,
    }
    (warning,) = lab.recorder.warnings
    assert warning.endswith(": " + ", ".join(names[:20]) + ", and 3 more; it is left alone")


def test_a_stash_alone_keeps_nothing_where_it_is(lab: Lab) -> None:
    lab.sync(lab.project("one"))
    lab.path("one/file").write_text("mine")
    run_git("stash", "--quiet", cwd=lab.path("one"))

    assert lab.sync(lab.project("one", {"file": "2"})).moved == (RelPath("one"),)


def test_a_branch_of_the_users_is_left_alone_unless_it_is_at_the_commit(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    run_git("switch", "--quiet", "--create", "topic", cwd=lab.path("one"))

    assert lab.sync(one).left_alone == ()
    outcome = lab.sync(lab.project("one", {"file": "2"}))

    assert [each.reason for each in outcome.left_alone] == ["is on branch `topic`"]


def test_a_commit_that_the_user_checked_out_is_no_local_commit(lab: Lab) -> None:
    one = lab.project("one")
    newer = lab.project("one", {"file": "2"})
    lab.sync(newer)
    run_git("checkout", "--quiet", "--detach", one.commit, cwd=lab.path("one"))

    assert lab.sync(newer).moved == (RelPath("one"),)


def test_a_merge_that_waits_is_left_alone(lab: Lab) -> None:
    lab.sync(lab.project("one"))
    lab.path("one/.git/MERGE_HEAD").write_text("")

    outcome = lab.sync(lab.project("one", {"file": "2"}))

    assert [each.reason for each in outcome.left_alone] == ["is in the middle of a merge"]


def test_an_untracked_file_that_would_be_overwritten_is_left_alone(lab: Lab) -> None:
    lab.sync(lab.project("one"))
    lab.path("one/new").write_text("mine")

    outcome = lab.sync(lab.project("one", {"file": "2", "new": "theirs"}))

    assert str(outcome.left_alone[0]) == "`one` has files in the way"
    assert outcome.left_alone[0].files == ("new",)
    assert "`one` has files in the way: new; it is left alone" in lab.recorder.warnings
    assert lab.path("one/new").read_text() == "mine"
    assert not lab.path(f"one/.git/{MARK}").exists()
    lab.path("one/new").unlink()
    assert lab.sync(lab.project("one", {"file": "2", "new": "theirs"})).moved


def test_an_untracked_folder_where_a_file_is_to_be_is_left_alone(lab: Lab) -> None:
    lab.sync(lab.project("one"))
    lab.path("one/new").mkdir()
    lab.path("one/new/file").write_text("mine")

    outcome = lab.sync(lab.project("one", {"file": "2", "new": "theirs"}), lab.project("two"))

    assert [each.files for each in outcome.left_alone] == [("new",)]
    assert lab.path("one/new/file").read_text() == "mine"
    assert outcome.moved == (RelPath("two"),)


@pytest.mark.parametrize("path", ["/".join("p" * 200 for _ in range(4)), "\u65e5\u672c" * 30])
def test_a_long_path_has_a_git_directory_of_its_own(lab: Lab, path: str) -> None:
    url = lab.project("one").url
    projects = [
        replace(lab.project("one"), path=RelPath(each), url=url) for each in (path, f"{path}/x")
    ]

    assert lab.sync(*projects).num_projects == len(projects)

    homes = [lab.path(each.path.text).joinpath(".git").resolve() for each in projects]
    assert len(set(homes)) == len(homes)
    assert not lab.sync(*projects).moved


def test_a_repository_that_another_git_uses_is_left_alone(lab: Lab) -> None:
    lab.sync(lab.project("one"))
    lab.path("one/.git/index.lock").write_text("")

    outcome = lab.sync(lab.project("one", {"file": "2"}))

    assert [each.reason for each in outcome.left_alone] == ["is in use by another git"]
    assert lab.path("one/.git/index.lock").exists()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: (path.mkdir(), (path / "x").write_text("")), "is a folder with files"),
        (lambda path: path.write_text(""), "needs a folder where the file `one` is"),
        (lambda path: path.symlink_to("/"), "lies behind the symbolic link"),
    ],
)
def test_what_is_in_the_way_is_named_and_kept(
    lab: Lab, make: Callable[[Path], object], reason: str
) -> None:
    make(lab.path("one"))

    outcome = lab.sync(lab.project("one"), lab.project("two"))

    assert outcome.left_alone[0].reason.startswith(reason)
    assert outcome.moved == (RelPath("two"),)


def test_projects_may_lie_inside_projects(lab: Lab) -> None:
    outer, inner = lab.project("a"), lab.project("a/b/c")

    lab.sync(inner, outer)

    assert lab.path("a/b/c/file").read_text() == "a/b/c"
    newer = lab.project("a", {"file": "2"})
    assert lab.sync(newer, inner).moved == (RelPath("a"),)
    assert lab.path("a/b/c/file").exists()


def test_an_enclosing_project_may_come_later(lab: Lab) -> None:
    inner = lab.project("a/b")
    lab.sync(inner)

    assert lab.sync(inner, lab.project("a")).moved == (RelPath("a"),)


def test_a_link_that_a_project_plants_leads_nowhere(lab: Lab) -> None:
    victim = lab.folder / "victim"
    victim.mkdir()
    outer = lab.project("a", {"b": Symlink(str(victim))})

    outcome = lab.sync(outer, lab.project("a/b/c"))

    assert outcome.left_alone[0].reason == "lies behind the symbolic link `a/b`"
    assert list(victim.iterdir()) == []


def test_files_of_an_enclosing_project_are_not_overwritten(lab: Lab) -> None:
    outer = lab.project("a", {"b/file": "outer"})

    outcome = lab.sync(outer, lab.project("a/b", {"file": "inner"}))

    assert outcome.left_alone[0].path == "a/b"
    assert lab.path("a/b/file").read_text() == "outer"


def test_another_url_at_the_same_commit_changes_the_remote(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    copy = lab.folder / "copy.git"
    shutil.copytree(lab.remote("one").path, copy)

    moved = replace(one, url=f"file://{copy}")

    assert lab.sync(moved).moved == ()
    assert run_git("remote", "get-url", "origin", cwd=lab.path("one")) == f"file://{copy}"


def test_a_project_that_is_named_no_more_is_kept_and_said(lab: Lab) -> None:
    one, two = lab.project("one"), lab.project("two")
    lab.sync(one, two)

    outcome = lab.sync(one)

    assert outcome.retired == (RelPath("two"),)
    assert lab.path("two/file").exists()
    assert "note `two` is no project of the manifest any more; its folder is kept" in (
        lab.recorder.events
    )
    shutil.rmtree(lab.path("two"))
    assert lab.sync(one).retired == ()


def test_a_plan_does_nothing_by_itself(lab: Lab) -> None:
    lock = a_lock(lab.project("one"))

    plan = plan_sync(lock, observe_workspace(lab.workspace, lock))

    assert not plan.is_empty
    assert list(lab.workspace.root.iterdir()) == []
    assert apply_sync(lab.workspace, plan, git=lab.git).moved == (RelPath("one"),)


def _bundled_lock(lab: Lab) -> Lock:
    origin = ManifestOrigin(name="bringup")
    manifest = load_manifest(find_manifest(origin, base_dir=lab.folder))
    return resolve_lock(manifest, origin=origin, git=lab.git, base_dir=lab.folder)


def test_the_bundled_application_needs_no_network(lab: Lab) -> None:
    lock = _bundled_lock(lab)

    outcome = sync_workspace(lab.workspace, lock, git=lab.git)

    assert outcome.links == (RelPath("easy-settings.cmake"),)
    assert lab.path("easy-settings.cmake").resolve() == (
        lab.path("projects/bringup/easy-settings.cmake").resolve()
    )
    assert run_git("remote", cwd=lab.path("projects/bringup")) == ""


def test_a_lock_of_other_bundled_sources_says_how_to_renew_it(lab: Lab) -> None:
    lock = _bundled_lock(lab)
    (project,) = lock.projects
    old = replace(project, commit=CommitId("0" * 39 + "1"))

    with pytest.raises(InputError) as caught:
        lab.sync(old)

    assert "sel4build lock" in (caught.value.hint or "")


def test_a_relative_url_is_relative_to_the_workspace(lab: Lab) -> None:
    one = lab.project("one")
    relative = replace(one, url=os.path.relpath(lab.remote("one").path, lab.workspace.root))

    assert lab.sync(relative).moved == (RelPath("one"),)
