# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""One repository with its work tree, as a sync needs it.

Commits that a sync has placed are kept under `refs/sel4build/`, so that they can be told from the
user's own and no garbage collection takes them.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from sel4build.git.client import Git
from sel4build.git.connections import Connections
from sel4build.git.failure import GitError
from sel4build.git.git_dir import KEPT, GitDir
from sel4build.git.remotes import GitRemote, is_plain_refspec
from sel4build.model.command import Outcome
from sel4build.model.manifest import CommitId, is_commit_id
from sel4build.writing import explaining_os_errors

# gitrepository-layout(5), git-status: what git keeps while such an operation waits for its user.
_OPERATIONS = {
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "BISECT_LOG": "a bisection",
}
# The author of commits that keep work of the user's.
RESCUER = {
    "GIT_AUTHOR_NAME": "sel4build",
    "GIT_AUTHOR_EMAIL": "noreply@sel4build.invalid",
    "GIT_COMMITTER_NAME": "sel4build",
    "GIT_COMMITTER_EMAIL": "noreply@sel4build.invalid",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far HEAD is from another commit."""

    ahead: int = 0
    """Commits of HEAD that the other has not."""
    behind: int = 0
    """Commits of the other that HEAD has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository whose `.git` lies in its work tree."""

    git: Git
    work_tree: Path

    @property
    def git_dir(self) -> Path:
        """The `.git`."""
        return self.work_tree / ".git"

    def run(self, *args: str, env: Mapping[str, str] | None = None) -> str:
        """Run `git ARGS` on this repository and return its output; raise GitError."""
        return self.git.run(*self._place(), *args, cwd=self.work_tree, env=env)

    def create(self, remote: GitRemote | None) -> None:
        """Make an empty repository, or go on with one that a killed run has begun."""
        with explaining_os_errors(self.work_tree):
            self.work_tree.mkdir(parents=True, exist_ok=True)
        self._objects.create(remote=remote)
        self.set_remote(remote)

    def set_remote(self, remote: GitRemote | None, *, before: GitRemote | None = None) -> None:
        """Let a remote be what it is now, for the user's own use of git; None leaves it out.

        `before` is what a sync made of it. What the user has set is theirs: other remotes, and of
        this one what is fetched and where it is pushed, unless a sync could have written it. One
        that a sync has made under another name gets the new one.
        """
        if remote is not None and before is not None and before.name != remote.name:
            self._rename_remote(before, remote.name)
        if remote is None or self._has_remote(remote):
            return
        section = f"remote.{remote.name}"
        self._set(f"{section}.url", remote.url)
        if all(map(is_plain_refspec, self._settings(f"{section}.fetch"))):
            self._set(f"{section}.fetch", remote.refspec)
        if remote.push_url is not None:
            self._set(f"{section}.pushurl", remote.push_url)
        elif before is not None and self._settings(f"{section}.pushurl") == [before.push_url]:
            self.run("config", "--unset-all", f"{section}.pushurl")
        if not remote.has_tags:
            self._set(f"{section}.tagOpt", "--no-tags")
        elif before is not None and not before.has_tags and self._settings(f"{section}.tagOpt"):
            self.run("config", "--unset-all", f"{section}.tagOpt")

    def has_commit(self, commit: CommitId) -> bool:
        """Tell whether the commit is there."""
        return self._objects.has_commit(commit)

    def obtain(self, commit: CommitId, *, location: str, upstream: str | None) -> None:
        """Fetch `commit` from `location` unless it is there; see `GitDir.obtain`."""
        self._objects.obtain(commit, location=location, upstream=upstream)

    def check_out(self, commit: CommitId, *, force: bool = False) -> None:
        """Place the files of `commit` with a detached HEAD; `force` overwrites what is there."""
        options = ("--force",) if force else ("--no-overwrite-ignore",)
        self.run("checkout", "--quiet", "--detach", *options, commit)

    def reset(self) -> None:
        """Take back all changes of tracked files."""
        self.run("reset", "--quiet", "--hard")

    def head_commit(self) -> CommitId | None:
        """Return the commit of HEAD, or None when there is none yet."""
        text = self._head_text()
        if not is_commit_id(text):
            text = self._try("rev-parse", "--quiet", "--verify", "HEAD^{commit}").output.strip()
        return CommitId(text) if is_commit_id(text) else None

    def head_branch(self) -> str | None:
        """Return the branch that HEAD stands for, or None when it is detached."""
        if is_commit_id(self._head_text()):
            return None
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
        head = self.head_commit()
        if head is not None and self._objects.keeps(head):
            return 0
        argv = ("rev-list", "--count", "HEAD", "--not", "--remotes", f"--glob={KEPT}/*")
        return int(self.run(*argv).strip())

    def distance(self, base: CommitId) -> Distance | None:
        """Count the commits between HEAD and `base`; None when `base` is not there."""
        outcome = self._try("rev-list", "--left-right", "--count", f"{base}...HEAD", "--")
        counts = outcome.output.split()
        if not outcome.succeeded or len(counts) != len(fields(Distance)):
            return None
        behind, ahead = map(int, counts)
        return Distance(ahead=ahead, behind=behind)

    def num_stashes(self) -> int:
        """Count what the user has put aside (git-stash(1)), without starting git."""
        try:
            return len((self.git_dir / "logs" / "refs" / "stash").read_bytes().splitlines())
        except OSError:
            return 0

    def find_operation(self) -> str | None:
        """Return the operation that waits for its user, such as a rebase, or None."""
        found = (what for name, what in _OPERATIONS.items() if (self.git_dir / name).exists())
        return next(found, None)

    def rescue_changes(self, name: str) -> str | None:
        """Keep the changes of tracked files as a commit under a reference and return that.

        None when nothing is changed or git cannot do it.
        """
        with contextlib.suppress(GitError):
            commit = self.run("stash", "create", env=RESCUER).strip()
            if is_commit_id(commit):
                self.run("update-ref", f"{KEPT}/{name}", commit)
                return f"{KEPT}/{name}"
        return None

    def remove_stale_files(self) -> None:
        """Remove what a killed git has left; see `GitDir.remove_stale_files`."""
        self._objects.remove_stale_files()

    @property
    def _objects(self) -> GitDir:
        return GitDir(git=self.git, path=self.git_dir, connections=Connections())

    def _head_text(self) -> str:
        try:
            return (self.git_dir / "HEAD").read_text().strip()
        except (OSError, ValueError):
            return ""

    def _set(self, key: str, value: str) -> None:
        self.run("config", "--replace-all", key, value)

    def _settings(self, key: str) -> list[str]:
        """Return all values of a setting; none when it is not there."""
        return self._try("config", "--null", "--get-all", key).output.split("\0")[:-1]

    def _rename_remote(self, old: GitRemote, name: str) -> None:
        """Rename a remote that is as a sync has made it; without it when the name is taken."""
        section = f"remote.{old.name}"
        fetched = self._settings(f"{section}.fetch")
        if self._settings(f"{section}.url") != [old.url] or not all(map(is_plain_refspec, fetched)):
            return  # it is gone, or the user's by now
        if self._settings(f"remote.{name}.url"):
            self.run("remote", "remove", old.name)
        else:
            self.run("remote", "rename", old.name, name)

    def _has_remote(self, remote: GitRemote) -> bool:
        """Tell, without starting git, whether the configuration is as we have written it."""
        try:
            text = (self.git_dir / "config").read_text()
        except (OSError, ValueError):
            return False
        return "\n".join([*remote.lines(), ""]) in f"{text}\n"

    def _try(self, *args: str) -> Outcome:
        return self.git.try_run(*self._place(), *args, cwd=self.work_tree)

    def _place(self) -> tuple[str, str]:
        return f"--git-dir={self.git_dir}", f"--work-tree={self.work_tree}"
