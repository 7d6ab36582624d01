# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the remote of a project that the manifest calls otherwise than before."""

from pathlib import Path

import pytest

from sel4build.git.remotes import GitRemote
from sel4build.git.repository import Repository
from tests.kit.git_remote import a_git, run_git

_OLD = GitRemote(url="https://host/x", name="old")
_NEW = GitRemote(url="https://other/x", name="new")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(git=a_git(tmp_path / "cache"), work_tree=tmp_path / "x")
    made.create(_OLD)
    return made


def _remotes(repository: Repository) -> dict[str, str]:
    names = run_git("remote", cwd=repository.work_tree).split()
    return {
        name: run_git("config", f"remote.{name}.url", cwd=repository.work_tree).strip()
        for name in names
    }


def test_the_remote_of_a_sync_is_renamed(repository: Repository) -> None:
    repository.set_remote(_NEW, before=_OLD)

    assert _remotes(repository) == {"new": "https://other/x"}
    fetched = run_git("config", "remote.new.fetch", cwd=repository.work_tree).strip()
    assert fetched == "+refs/heads/*:refs/remotes/new/*"


def test_the_remote_of_a_sync_goes_where_the_new_name_is_there(repository: Repository) -> None:
    run_git("remote", "add", "new", "https://mine/x", cwd=repository.work_tree)

    repository.set_remote(_NEW, before=_OLD)

    assert _remotes(repository) == {"new": "https://other/x"}


@pytest.mark.parametrize(
    ("key", "value"), [("url", "https://mine/x"), ("fetch", "+refs/mine/*:refs/mine/*")]
)
def test_what_the_user_made_of_it_stays(repository: Repository, key: str, value: str) -> None:
    run_git("config", f"remote.old.{key}", value, cwd=repository.work_tree)

    repository.set_remote(_NEW, before=_OLD)

    assert set(_remotes(repository)) == {"old", "new"}
    assert run_git("config", f"remote.old.{key}", cwd=repository.work_tree).strip() == value
