# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of repositories with the real git."""

import os
import sys
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.git import GitError
from sel4build.git.bundled import open_bundled
from sel4build.git.failure import Cause
from sel4build.git.history import read_head
from sel4build.git.remotes import GitRemote as GitRemoteSetting
from sel4build.git.repository import Repository
from sel4build.model.manifest import CommitId
from tests.kit.git_remote import GitRemote, a_git, fsck, run_git

pytestmark = pytest.mark.tools

_REFUSES_COMMITS = {
    # Version 0 of the protocol gives out what is advertised and nothing else.
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "protocol.version",
    "GIT_CONFIG_VALUE_0": "0",
}


@pytest.fixture
def remote(tmp_path: Path) -> GitRemote:
    return GitRemote.create(tmp_path / "remote.git")


def _repository(tmp_path: Path, **environ: str) -> Repository:
    repository = Repository(git=a_git(tmp_path / "cache", **environ), work_tree=tmp_path / "w")
    repository.create(GitRemoteSetting(url="file:///nowhere"))
    return repository


def _refs(repository: Repository) -> set[str]:
    output = run_git("for-each-ref", "--format=%(refname)", cwd=repository.work_tree)
    return set(output.split())


def test_a_commit_is_fetched_by_itself_and_checked_out(tmp_path: Path, remote: GitRemote) -> None:
    commit = remote.commit({"a": "1", "d/b": "2"})
    remote.commit({"a": "2"})
    repository = _repository(tmp_path)

    repository.obtain(commit, location=remote.url, upstream="main")
    repository.check_out(commit)

    assert _refs(repository) == {f"refs/sel4build/{commit}"}
    assert (repository.work_tree / "d" / "b").read_text() == "2"
    assert repository.head_commit() == commit
    assert fsck(repository.work_tree) == ""


@pytest.mark.parametrize("upstream", ["main", "refs/heads/main", "v1", "refs/tags/v1"])
def test_a_server_that_gives_no_commits_is_asked_for_the_branch_or_tag(
    tmp_path: Path, remote: GitRemote, upstream: str
) -> None:
    commit = remote.commit({"a": "1"})
    remote.tag("v1", remote.commit({"a": "2"}), is_annotated=True)
    remote.commit({"b": "1"}, branch="unrelated")
    repository = _repository(tmp_path, **_REFUSES_COMMITS)

    repository.obtain(commit, location=remote.url, upstream=upstream)

    assert repository.has_commit(commit)
    assert "refs/remotes/origin/unrelated" not in _refs(repository)


@pytest.mark.parametrize("upstream", [None, "gone"])
def test_as_the_last_resort_everything_is_fetched(
    tmp_path: Path, remote: GitRemote, upstream: str | None
) -> None:
    commit = remote.commit({"a": "1"}, branch="side")
    remote.commit({"a": "2"}, branch="side")
    repository = _repository(tmp_path, **_REFUSES_COMMITS)

    repository.obtain(commit, location=remote.url, upstream=upstream)

    assert "refs/remotes/origin/side" in _refs(repository)


def test_a_commit_that_is_there_needs_no_remote(tmp_path: Path, remote: GitRemote) -> None:
    commit = remote.commit({"a": "1"})
    repository = _repository(tmp_path)
    repository.obtain(commit, location=remote.url, upstream=None)

    repository.obtain(commit, location="file:///nowhere", upstream=None)

    assert repository.has_commit(commit)


def test_a_commit_that_does_not_exist_is_missing(tmp_path: Path, remote: GitRemote) -> None:
    remote.commit({"a": "1"})
    repository = _repository(tmp_path)
    commit = CommitId("0123456789abcdef0123456789abcdef01234567")

    with pytest.raises(GitError, match=f"the remote has no commit `{commit}`") as caught:
        repository.obtain(commit, location=remote.url, upstream="main")

    assert caught.value.cause is Cause.MISSING


def test_a_branch_named_like_a_commit_is_not_taken_for_it(
    tmp_path: Path, remote: GitRemote
) -> None:
    commit = CommitId("0123456789abcdef0123456789abcdef01234567")
    remote.commit({"evil": "1"}, branch=commit)
    repository = _repository(tmp_path)

    with pytest.raises(GitError, match="has no commit"):
        repository.obtain(commit, location=remote.url, upstream="main")


def test_the_id_of_a_tag_object_is_not_taken_for_a_missing_commit(
    tmp_path: Path, remote: GitRemote
) -> None:
    tree = remote.commit({"a": "1"})
    blob = CommitId(run_git("rev-parse", f"{tree}:a", cwd=remote.path))
    repository = _repository(tmp_path)

    with pytest.raises(GitError, match="git: ") as caught:
        repository.obtain(blob, location=remote.url, upstream="main")

    assert caught.value.cause in {Cause.MISSING, Cause.OTHER}


def test_a_remote_that_is_not_there_cannot_be_reached(tmp_path: Path) -> None:
    repository = _repository(tmp_path)

    with pytest.raises(GitError) as caught:
        repository.obtain(CommitId("0" * 40), location=str(tmp_path / "nix"), upstream="main")

    assert caught.value.cause is Cause.UNREACHABLE


def test_hooks_of_a_repository_never_run(tmp_path: Path, remote: GitRemote) -> None:
    commit = remote.commit({"a": "1"})
    repository = _repository(tmp_path)
    hooks = repository.git_dir / "hooks"
    hooks.mkdir()
    for name in ("post-checkout", "reference-transaction", "post-index-change"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (hooks / name).chmod(0o755)
    with (repository.git_dir / "config").open("a") as config:
        config.write("[core]\n\tfsmonitor = touch ran\n")

    repository.obtain(commit, location=remote.url, upstream=None)
    repository.check_out(commit)
    repository.changed_files()

    assert not (tmp_path / "ran").exists()
    assert not (repository.work_tree / "ran").exists()


def test_a_remote_helper_is_refused_even_by_rewriting(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(
        f'[url "ext::sh -c touch% {tmp_path}/ran #"]\n\tinsteadOf = https://evil.example/\n'
        '[protocol "ext"]\n\tallow = always\n'
    )
    repository = _repository(tmp_path, GIT_CONFIG_GLOBAL=str(config))

    with pytest.raises(GitError, match="transport 'ext' not allowed"):
        repository.obtain(CommitId("0" * 40), location="https://evil.example/x", upstream=None)

    assert not (tmp_path / "ran").exists()


def test_the_users_rewriting_of_urls_works(tmp_path: Path, remote: GitRemote) -> None:
    commit = remote.commit({"a": "1"})
    config = tmp_path / "config"
    config.write_text(f'[url "{tmp_path}/"]\n\tinsteadOf = https://example.com/org/\n')
    git = a_git(tmp_path / "cache", GIT_CONFIG_GLOBAL=str(config))
    url = "https://example.com/org/remote.git"

    assert git.resolve_revision(url, "main", base_dir=tmp_path) == commit
    assert git.resolve_revision(url, None, base_dir=tmp_path) == commit


def test_an_enclosing_repository_is_never_touched(tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    run_git("init", "--quiet", cwd=outer)
    inner = outer / "inner"
    inner.mkdir()
    repository = Repository(git=a_git(tmp_path / "cache"), work_tree=inner)

    with pytest.raises(GitError):
        repository.changed_files()


def test_changes_and_local_commits_are_told(tmp_path: Path, remote: GitRemote) -> None:
    commit = remote.commit({"a": "1", "é b": "2"})
    repository = _repository(tmp_path)
    repository.obtain(commit, location=remote.url, upstream=None)
    repository.check_out(commit)
    (repository.work_tree / "é b").write_text("mine")
    (repository.work_tree / "new").write_text("untracked")

    assert repository.changed_files() == ("é b",)
    assert repository.num_local_commits() == 0

    run_git("commit", "--quiet", "--all", "--message=mine", cwd=repository.work_tree)
    assert repository.changed_files() == ()
    assert repository.num_local_commits() == 1
    head = repository.head_commit()
    assert head is not None
    assert repository.files_between(commit, head) == {"é b"}


def test_changes_can_be_kept_under_a_reference(tmp_path: Path, remote: GitRemote) -> None:
    commit = remote.commit({"a": "1"})
    repository = _repository(tmp_path)
    assert repository.rescue_changes("x") is None
    repository.obtain(commit, location=remote.url, upstream=None)
    repository.check_out(commit)
    assert repository.rescue_changes("x") is None

    (repository.work_tree / "a").write_text("mine")
    kept = repository.rescue_changes("x")

    assert kept == "refs/sel4build/x"
    assert run_git("show", f"{kept}:a", cwd=repository.work_tree) == "mine"


def test_an_operation_that_waits_for_its_user_is_named(tmp_path: Path) -> None:
    repository = _repository(tmp_path)
    assert repository.find_operation() is None
    assert repository.head_commit() is None

    (repository.git_dir / "MERGE_HEAD").write_text("")

    assert repository.find_operation() == "a merge"


def test_what_a_killed_git_leaves_is_removed(tmp_path: Path) -> None:
    repository = _repository(tmp_path)
    stale = [
        repository.git_dir / "index.lock",
        repository.git_dir / "refs" / "heads" / "x.lock",
        repository.git_dir / "objects" / "pack" / "tmp_pack_x",
    ]
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    repository.remove_stale_files()

    assert not any(path.exists() for path in stale)


def test_a_bundled_repository_is_sound_and_the_same_as_gits_own(tmp_path: Path) -> None:
    bundled = open_bundled("bringup", cache_dir=tmp_path)

    run_git("clone", "--quiet", str(bundled.git_dir), str(tmp_path / "clone"), cwd=tmp_path)

    assert run_git("rev-parse", "HEAD", cwd=tmp_path / "clone") == bundled.commit
    assert run_git("fsck", "--strict", "--full", "--no-progress", cwd=tmp_path / "clone") == ""
    assert (tmp_path / "clone" / "easy-settings.cmake").is_file()


def test_the_head_is_read_through_gitpython(tmp_path: Path, remote: GitRemote) -> None:
    commit = remote.commit({"a": "1"}, message="Subject\n\nbody")
    repository = _repository(tmp_path)
    repository.obtain(commit, location=remote.url, upstream=None)
    repository.check_out(commit)

    head = read_head(repository.work_tree, environ=os.environ)

    assert (head.commit, head.author, head.subject) == (commit, "A Tester", "Subject")
    assert head.committed_at.isoformat() == "2026-01-01T00:00:00+00:00"


def test_a_folder_that_is_no_repository_has_no_head(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a git repository with a commit"):
        read_head(tmp_path, environ=os.environ)
    with pytest.raises(InputError, match="is not a git repository with a commit"):
        read_head(_repository(tmp_path).work_tree, environ=os.environ)


def test_a_work_tree_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("")

    with pytest.raises(EnvironmentLacksError, match="cannot be written"):
        _repository(tmp_path)


def test_without_git_the_head_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "git", None)

    with pytest.raises(EnvironmentLacksError, match="`git` was not found"):
        read_head(tmp_path, environ=os.environ)
