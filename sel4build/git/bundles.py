# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""One commit with its whole history as one file (git-bundle(1)), and back."""

from pathlib import Path

from sel4build.git.client import Git
from sel4build.git.connections import Connections
from sel4build.git.failure import Cause, GitError
from sel4build.git.git_dir import GitDir
from sel4build.model.manifest import CommitId

_REF = "refs/sel4build/bundle"


def write_bundle(git: Git, source: Path, commit: CommitId, *, dest: Path, scratch: Path) -> None:
    """Write `commit` of the git directory `source` to `dest`; raises GitError.

    A bundle takes references only, and `source` may not be given one: a repository in `scratch`
    borrows its objects.
    """
    if (source / "shallow").exists():
        raise GitError(Cause.MISSING, "its history was not fetched whole (`--depth`)")
    borrowing = _git_dir(git, scratch)
    borrowing.create(is_bare=True)
    info = scratch / "objects" / "info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text(f"{(source / 'objects').resolve()}\n")
    if not borrowing.has_commit(commit):
        raise GitError(Cause.MISSING, f"commit `{commit}` is not there")
    place = f"--git-dir={scratch}"
    git.run(place, "update-ref", _REF, commit, cwd=scratch)
    words = ("-c", "pack.threads=1", "bundle", "create", "--quiet", str(dest), _REF)
    git.run(place, *words, cwd=scratch)


def read_bundle(git: Git, file: Path, commit: CommitId, *, dest: Path) -> None:
    """Make the git directory `dest` with `commit` out of a bundle; raises GitError."""
    made = _git_dir(git, dest)
    made.create()
    made.obtain(commit, location=str(file), upstream=_REF)


def _git_dir(git: Git, path: Path) -> GitDir:
    return GitDir(git=git, path=path, connections=Connections())
