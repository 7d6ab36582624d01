# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""One repository with its work tree, as a sync needs it.

Commits that a sync has placed are kept under `refs/sel4build/`, so that they can be told from the
user's own and no garbage collection takes them.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sel4build.git.client import Git
from sel4build.git.failure import Cause, GitError
from sel4build.model.command import Outcome
from sel4build.model.manifest import CommitId, is_commit_id
from sel4build.writing import explaining_os_errors

_KEPT = "refs/sel4build"
_HEADS = "+refs/heads/*:refs/remotes/origin/*"
_LOCKS = ("index", "HEAD", "ORIG_HEAD", "FETCH_HEAD", "config", "packed-refs", "shallow")
# gitrepository-layout(5), git-status: what git keeps while such an operation waits for its user.
_OPERATIONS = {
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "BISECT_LOG": "a bisection",
}
_RESCUER = {
    "GIT_AUTHOR_NAME": "sel4build",
    "GIT_AUTHOR_EMAIL": "noreply@sel4build.invalid",
    "GIT_COMMITTER_NAME": "sel4build",
    "GIT_COMMITTER_EMAIL": "noreply@sel4build.invalid",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository whose `.git` lies in its work tree."""

    git: Git
    work_tree: Path

    @property
    def git_dir(self) -> Path:
        """The `.git`."""
        return self.work_tree / ".git"

    def run(self, *args: str) -> str:
        """Run `git ARGS` on this repository and return its output; raise GitError."""
        return self.git.run(*self._place(), *args, cwd=self.work_tree)

    def create(self, url: str | None) -> None:
        """Make an empty repository, or go on with one that a killed run has begun."""
        with explaining_os_errors(self.work_tree):
            self.work_tree.mkdir(parents=True, exist_ok=True)
        # Without templates there are no sample hooks: half of the files of a small repository.
        self.git.run(*self._place(), "init", "--quiet", "--template=", cwd=self.work_tree)
        self.set_remote(url)

    def set_remote(self, url: str | None) -> None:
        """Let `origin` be `url`, for the user's own use of git; None leaves it out."""
        if url is not None:
            self.run("config", "remote.origin.url", url)
            self.run("config", "remote.origin.fetch", _HEADS)

    def has_commit(self, commit: CommitId) -> bool:
        """Tell whether the commit is there (`rev-parse --verify` says yes to any id)."""
        return self._try("cat-file", "-e", f"{commit}^{{commit}}").succeeded

    def obtain(self, commit: CommitId, *, location: str, upstream: str | None) -> bool:
        """Fetch `commit` unless it is there: by itself, by its branch or tag, or with all.

        Returns whether its history came too; from a remote whose history is damaged the commit
        alone is taken. Raises GitError; its cause is MISSING when the remote has no such commit.
        """
        has_history = True
        if not self.has_commit(commit):
            try:
                self._climb(commit, location, upstream)
            except GitError as error:
                if error.cause is not Cause.DAMAGED:
                    raise
                own = f"+{commit}:{_KEPT}/{commit}"
                self._fetched(commit, location, (own,), options=("--depth=1",))
                has_history = False
        self.run("update-ref", f"{_KEPT}/{commit}", commit)
        return has_history

    def _climb(self, commit: CommitId, location: str, upstream: str | None) -> None:
        for refspecs in _ladder(commit, upstream):
            if self._fetched(commit, location, refspecs):
                return
        raise GitError(Cause.MISSING, f"the remote has no commit `{commit}`")

    def check_out(self, commit: CommitId, *, force: bool = False) -> None:
        """Place the files of `commit` with a detached HEAD; `force` overwrites what is there."""
        options = ("--force",) if force else ()
        self.run("checkout", "--quiet", "--detach", *options, commit)

    def head_commit(self) -> CommitId | None:
        """Return the commit of HEAD, or None when there is none yet."""
        outcome = self._try("rev-parse", "--quiet", "--verify", "HEAD^{commit}")
        text = outcome.output.strip()
        return CommitId(text) if outcome.succeeded and is_commit_id(text) else None

    def head_branch(self) -> str | None:
        """Return the branch that HEAD stands for, or None when it is detached."""
        outcome = self._try("symbolic-ref", "--quiet", "--short", "HEAD")
        return outcome.output.strip() if outcome.succeeded else None

    def changed_files(self) -> tuple[str, ...]:
        """Return the tracked files that differ from HEAD."""
        argv = ("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
        output = self.run(*argv, "--ignore-submodules=dirty")
        return tuple(sorted(each[3:] for each in output.split("\0") if each))

    def files_between(self, old: CommitId, new: CommitId) -> frozenset[str]:
        """Return the files that differ between two commits."""
        output = self.run("diff", "--name-only", "-z", "--no-renames", old, new)
        return frozenset(filter(None, output.split("\0")))

    def num_local_commits(self) -> int:
        """Count the commits of HEAD that neither a remote nor a sync has brought."""
        argv = ("rev-list", "--count", "HEAD", "--not", "--remotes", f"--glob={_KEPT}/*")
        return int(self.run(*argv).strip())

    def find_operation(self) -> str | None:
        """Return the operation that waits for its user, such as a rebase, or None."""
        found = (what for name, what in _OPERATIONS.items() if (self.git_dir / name).exists())
        return next(found, None)

    def rescue_changes(self, name: str) -> str | None:
        """Keep the changes of tracked files as a commit under a reference and return that.

        None when nothing is changed or git cannot do it.
        """
        with contextlib.suppress(GitError):
            argv = (*self._place(), "stash", "create")
            commit = self.git.run(*argv, cwd=self.work_tree, env=_RESCUER).strip()
            if is_commit_id(commit):
                self.run("update-ref", f"{_KEPT}/{name}", commit)
                return f"{_KEPT}/{name}"
        return None

    def remove_stale_files(self) -> None:
        """Remove what a killed git has left: lock files and half packs.

        Only for a repository in which a killed run of ours was at work, with the workspace held.
        """
        with explaining_os_errors(self.git_dir):
            for path in self._stale_files():
                path.unlink(missing_ok=True)

    def _stale_files(self) -> Iterator[Path]:
        yield from (self.git_dir / f"{name}.lock" for name in _LOCKS)
        yield from (self.git_dir / "refs").rglob("*.lock")
        yield from (self.git_dir / "objects").rglob("tmp_*")

    def _fetched(
        self,
        commit: CommitId,
        location: str,
        refspecs: tuple[str, ...],
        *,
        options: tuple[str, ...] = (),
    ) -> bool:
        words = ("fetch", "--quiet", "--no-tags", *options, "--end-of-options")
        try:
            self.run(*words, location, *refspecs)
        except GitError as error:
            if error.cause is not Cause.MISSING:
                raise
            return False
        return self.has_commit(commit)

    def _try(self, *args: str) -> Outcome:
        return self.git.try_run(*self._place(), *args, cwd=self.work_tree)

    def _place(self) -> tuple[str, str]:
        return f"--git-dir={self.git_dir}", f"--work-tree={self.work_tree}"


def _ladder(commit: CommitId, upstream: str | None) -> Iterator[tuple[str, ...]]:
    """Yield what to ask a remote for, the least first.

    Not every server gives out a commit by its id (git-config(1), uploadpack.allowAnySHA1InWant).
    """
    yield (f"+{commit}:{_KEPT}/{commit}",)
    if upstream is not None and not is_commit_id(upstream):
        if upstream.startswith("refs/"):
            yield (f"+{upstream}:{_KEPT}/upstream",)
        else:
            yield (f"+refs/heads/{upstream}:refs/remotes/origin/{upstream}",)
            yield (f"+refs/tags/{upstream}:{_KEPT}/upstream",)
    yield (_HEADS, f"+refs/tags/*:{_KEPT}/tags/*")
