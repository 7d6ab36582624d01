# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of what a sync makes of remotes and histories, and that the user's own git works after."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.git.connections import Connections
from sel4build.git.failure import GitError
from sel4build.git.git_dir import GitDir
from sel4build.model.manifest import CommitId
from sel4build.workspace.sync import SyncOptions, sync_workspace
from tests.kit.git_remote import GitRemote, run_git
from tests.kit.lab import Lab
from tests.kit.locks import a_lock

pytestmark = pytest.mark.tools


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def _get(lab: Lab, key: str) -> list[str]:
    text = run_git("config", "--local", "--list", cwd=lab.path("one"))
    pairs = (line.partition("=") for line in text.splitlines())
    return [value for name, _equals, value in pairs if name == key]


def test_a_project_has_its_remote_by_the_name_and_push_url_of_the_manifest(lab: Lab) -> None:
    push = GitRemote.create(lab.folder / "push")
    one = replace(lab.project("one"), remote="there", push_url=push.url)

    lab.sync(one)

    assert run_git("remote", "-v", cwd=lab.path("one")).splitlines() == [
        f"there\t{one.url} (fetch)",
        f"there\t{push.url} (push)",
    ]
    run_git("push", "--quiet", "there", "HEAD:refs/heads/new", cwd=lab.path("one"))
    assert run_git("rev-parse", "new", cwd=push.path) == one.commit
    run_git("fetch", "--quiet", cwd=lab.path("one"))
    assert run_git("rev-parse", "there/main", cwd=lab.path("one")) == one.commit


def test_a_change_of_the_remote_reaches_it_and_leaves_what_is_the_users(lab: Lab) -> None:
    one = replace(lab.project("one"), remote="there", push_url="ssh://p/one", sync_tags=False)
    lab.sync(one)
    run_git("remote", "add", "mine", "https://mine.example/one", cwd=lab.path("one"))
    run_git(
        "config", "--add", "remote.there.fetch", "+refs/notes/*:refs/notes/*", cwd=lab.path("one")
    )
    copy = lab.folder / "copy"
    shutil.copytree(lab.remote("one").path, copy)

    outcome = lab.sync(replace(one, url=f"file://{copy}", push_url=None, sync_tags=True))

    assert outcome.moved == ()
    assert _get(lab, "remote.there.url") == [f"file://{copy}"]
    assert _get(lab, "remote.there.pushurl") == []
    assert _get(lab, "remote.there.tagopt") == []
    assert _get(lab, "remote.mine.url") == ["https://mine.example/one"]
    assert "+refs/notes/*:refs/notes/*" in _get(lab, "remote.there.fetch")


def test_a_push_url_of_the_users_stays(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    run_git("config", "remote.origin.pushurl", "ssh://mine/one", cwd=lab.path("one"))

    lab.sync(replace(one, sync_tags=False))

    assert _get(lab, "remote.origin.pushurl") == ["ssh://mine/one"]
    assert _get(lab, "remote.origin.tagopt") == ["--no-tags"]


def test_a_remote_of_ours_takes_another_name_with_the_manifest(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)

    lab.sync(replace(one, remote="there"))

    assert run_git("remote", cwd=lab.path("one")).split() == ["there"]
    assert lab.sync(replace(one, remote="there")).moved == ()


def test_of_sync_c_a_fetch_brings_one_branch_and_without_tags_none(lab: Lab) -> None:
    one = replace(lab.project("one"), sync_c=True, sync_tags=False)
    lab.remote("one").commit({"file": "side"}, branch="side")
    lab.remote("one").tag("v1", one.commit)

    lab.sync(one)
    run_git("fetch", "--quiet", cwd=lab.path("one"))

    refs = run_git("for-each-ref", "--format=%(refname)", cwd=lab.path("one")).split()
    assert "refs/remotes/origin/main" in refs
    assert not {"refs/remotes/origin/side", "refs/tags/v1"} & set(refs)


def test_a_depth_of_the_manifest_counts_more_than_that_of_the_user(lab: Lab) -> None:
    lab.project("one", {"file": "1"})
    lab.project("one", {"file": "2"})
    one = lab.project("one", {"file": "3"})
    fetch = SyncOptions().fetch
    options = SyncOptions(fetch=replace(fetch, depth=1))

    lock = a_lock(replace(one, clone_depth=2))
    sync_workspace(lab.workspace, lock, git=lab.git, options=options)

    assert run_git("rev-list", "--count", "HEAD", cwd=lab.path("one")) == "2"


@pytest.mark.parametrize("has_tags", [True, False])
def test_where_all_is_fetched_tags_may_stay_behind(lab: Lab, *, has_tags: bool) -> None:
    one = lab.project("one")
    lab.remote("one").tag("v1", one.commit)
    made = GitDir(
        git=lab.git, path=lab.folder / "made", connections=Connections(), has_tags=has_tags
    )
    made.create(is_bare=True)

    with pytest.raises(GitError, match="has no commit"):
        made.obtain(CommitId("f" * 40), location=one.url, upstream=None)

    refs = run_git("for-each-ref", "--format=%(refname)", cwd=made.path).split()
    assert ("refs/sel4build/tags/v1" in refs) is has_tags
