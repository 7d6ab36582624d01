# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""One commit with its whole history as one file (git-bundle(1)), and back.

The signed tags that a sync has kept for it go along, so that it can be verified over there.
"""

from pathlib import Path

from sel4build.git.client import Git
from sel4build.git.connections import Connections
from sel4build.git.failure import Cause, GitError
from sel4build.git.git_dir import KEPT, GitDir
from sel4build.git.tags import find_tags
from sel4build.model.manifest import CommitId

_REF = "refs/sel4build/bundle"
_TAGS = f"{KEPT}/tags/"


def write_bundle(
    git: Git, source: Path, commit: CommitId, *, dest: Path, scratch: Path
) -> tuple[CommitId, ...]:
    """Write `commit` of the git directory `source` to `dest`; raises GitError.

    Returns the commits where its history was cut off (`--depth`), which a bundle cannot say. A
    bundle takes references only, and `source` may not be given one: a repository in `scratch`
    borrows its objects.
    """
    borrowing = _git_dir(git, scratch)
    borrowing.create(is_bare=True)
    info = scratch / "objects" / "info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text(f"{(source / 'objects').resolve()}\n")
    cut = set((source / "shallow").read_text().split()) if (source / "shallow").exists() else set()
    if cut:
        (scratch / "shallow").write_text("".join(f"{each}\n" for each in sorted(cut)))
    if not borrowing.has_commit(commit):
        raise GitError(Cause.MISSING, f"commit `{commit}` is not there")
    place = f"--git-dir={scratch}"
    git.run(place, "update-ref", _REF, commit, cwd=scratch)
    refs = [_REF]
    for tag in find_tags(_git_dir(git, source), commit):
        if tag.ref.startswith(_TAGS):
            git.run(place, "update-ref", tag.ref, tag.id, cwd=scratch)
            refs.append(tag.ref)
    words = ("-c", "pack.threads=1", "bundle", "create", "--quiet", str(dest), *refs)
    git.run(place, *words, cwd=scratch)
    if not cut:
        return ()
    roots = git.run(place, "rev-list", "--max-parents=0", commit, "--", cwd=scratch).split()
    return tuple(CommitId(each) for each in sorted(cut & set(roots)))


def read_bundle(
    git: Git, file: Path, commit: CommitId, *, dest: Path, cut: tuple[CommitId, ...] = ()
) -> None:
    """Make the git directory `dest` with `commit` out of a bundle; raises GitError.

    `cut` are the commits whose parents are not in it.
    """
    made = _git_dir(git, dest)
    made.create()
    if cut:
        (dest / "shallow").write_text("".join(f"{each}\n" for each in cut))
    made.obtain(commit, location=str(file), upstream=_REF)
    words = ("fetch", "--quiet", "--no-tags", "--no-auto-gc", "--no-write-fetch-head")
    tags = f"+{_TAGS}*:{_TAGS}*"
    git.run(f"--git-dir={dest}", *words, "--end-of-options", str(file), tags, cwd=dest)


def _git_dir(git: Git, path: Path) -> GitDir:
    return GitDir(git=git, path=path, connections=Connections())
