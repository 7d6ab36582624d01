# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of remotes that lack parts of a history."""

from pathlib import Path

import pytest

from sel4build.git import GitError
from sel4build.git.failure import Cause
from sel4build.git.repository import Repository
from sel4build.git.supply import Supplier, Wanted
from sel4build.model.manifest import CommitId
from tests.kit.git_remote import GitRemote, a_git, run_git

pytestmark = pytest.mark.tools


def a_remote_without(tmp_path: Path, lost: str, *, states: tuple[dict[str, str], ...]) -> GitRemote:
    """Return a remote with a commit a state, from which the blob with content `lost` is gone."""
    remote = GitRemote.create(tmp_path / "remote.git")
    for state in states:
        remote.commit(state)
    for pack in sorted((remote.path / "objects" / "pack").glob("*.pack")):
        content = pack.read_bytes()
        for part in pack.parent.glob(f"{pack.stem}.*"):
            part.unlink()
        # unpack-objects writes nothing that the repository has already.
        run_git("unpack-objects", "-q", cwd=remote.path, stdin=content)
    blob = run_git("hash-object", "--stdin", cwd=remote.path, stdin=lost.encode())
    (remote.path / "objects" / blob[:2] / blob[2:]).unlink()
    return remote


def a_repository(tmp_path: Path) -> Repository:
    repository = Repository(git=a_git(tmp_path / "cache"), work_tree=tmp_path / "w")
    repository.create(None)
    return repository


def test_a_commit_is_taken_alone_where_only_its_history_is_damaged(tmp_path: Path) -> None:
    remote = a_remote_without(tmp_path, "old", states=({"a": "old"}, {"a": "new"}))
    commit = CommitId(run_git("rev-parse", "main", cwd=remote.path))
    repository = a_repository(tmp_path)

    supplier = Supplier(repository.git, base_dir=tmp_path)
    has_history = supplier.supply(repository.git_dir, Wanted(commit=commit, url=remote.url))
    repository.check_out(commit)

    assert not has_history
    assert (repository.work_tree / "a").read_text() == "new"
    assert run_git("rev-list", "--count", "HEAD", cwd=repository.work_tree) == "1"


def test_a_commit_that_is_damaged_itself_is_an_error(tmp_path: Path) -> None:
    remote = a_remote_without(tmp_path, "new", states=({"a": "old"}, {"a": "new"}))
    commit = CommitId(run_git("rev-parse", "main", cwd=remote.path))

    repository = a_repository(tmp_path)
    supplier = Supplier(repository.git, base_dir=tmp_path)

    with pytest.raises(GitError) as error:
        supplier.supply(repository.git_dir, Wanted(commit=commit, url=remote.url))

    assert error.value.cause is Cause.DAMAGED
