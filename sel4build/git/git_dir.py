# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A git directory by itself, without its work tree: made, filled with commits, cleaned.

What is plain files in it (gitrepository-layout(5)) is read and written here without starting git,
since starting it costs more than all the rest. A commit that was brought is kept by a reference
`refs/sel4build/COMMIT`, so that no garbage collection takes it; that file is written last, and so
says that everything the commit names is there too.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sel4build.git.client import Git
from sel4build.git.connections import Connections
from sel4build.git.failure import Cause, GitError
from sel4build.git.remotes import ORIGIN, GitRemote
from sel4build.model.manifest import CommitId, is_commit_id
from sel4build.writing import explaining_os_errors, write_if_changed

KEPT = "refs/sel4build"
"""Where references of ours live."""

_LOCKS = ("index", "HEAD", "ORIG_HEAD", "FETCH_HEAD", "config", "packed-refs", "shallow")
# Its progress is the sign of life of a git that fetches.
_FETCH = ("fetch", "--progress", "--no-tags", "--no-auto-gc", "--no-write-fetch-head")


@dataclass(frozen=True, slots=True, kw_only=True)
class GitDir:
    """A git directory that commits are brought into."""

    git: Git
    path: Path
    connections: Connections
    depth: int | None = None
    """The number of commits of a history that are fetched; None for all."""
    filter_spec: str | None = None
    """What a partial clone leaves out (git-rev-list(1), `--filter`)."""
    remote_name: str = ORIGIN
    """Whose branches are those that are fetched."""
    listen: Callable[[], Callable[[str], bool]] | None = None
    """Gives for each fetch what listens to its progress; see `Transfers.listener`."""
    has_tags: bool = True
    """Whether tags are fetched with everything else."""

    def create(self, *, is_bare: bool = False, remote: GitRemote | None = None) -> None:
        """Make it, or go on with one that a killed run has begun.

        There are no templates: sample hooks are half of the files of a small repository.
        """
        with explaining_os_errors(self.path):
            (self.path / "objects" / "pack").mkdir(parents=True, exist_ok=True)
            (self.path / "refs").mkdir(exist_ok=True)
            if not (self.path / "HEAD").is_file():
                config = self.path / "config"
                config.write_text("")
                text = self._compose_config(config, is_bare=is_bare, remote=remote)
                write_if_changed(config, text)
                write_if_changed(self.path / "HEAD", "ref: refs/heads/main\n")

    def keeps(self, commit: CommitId) -> bool:
        """Tell, without starting git, whether a sync has brought the commit."""
        return _first_line(self.path / KEPT / commit) == commit

    def has_commit(self, commit: CommitId) -> bool:
        """Tell whether the commit is there (`rev-parse --verify` says yes to any id)."""
        if self._is_empty():
            return False
        argv = (f"--git-dir={self.path}", "cat-file", "-e", f"{commit}^{{commit}}")
        return self.git.try_run(*argv, cwd=self.path).succeeded

    def is_sound(self, pack: Path) -> bool:
        """Tell whether all objects of a pack can be read."""
        argv = (f"--git-dir={self.path}", "verify-pack", "--", str(pack.with_suffix(".idx")))
        return self.git.try_run(*argv, cwd=self.path).succeeded

    def keep(self, commit: CommitId) -> None:
        """Keep a commit that is there from garbage collection."""
        if self.keeps(commit):
            return
        if (self.path / "reftable").exists():
            self._run("update-ref", f"{KEPT}/{commit}", commit)
        else:
            write_if_changed(self.path / KEPT / commit, f"{commit}\n")

    def obtain(self, commit: CommitId, *, location: str, upstream: str | None) -> None:
        """Fetch `commit` unless it is there: by itself, by its branch or tag, or with all.

        Raises GitError; its cause is MISSING when the remote has no such commit.
        """
        if not self.has_commit(commit):
            for refspecs in self._ladder(commit, upstream):
                if self._fetched(commit, location, refspecs):
                    break
            else:
                raise GitError(Cause.MISSING, f"the remote has no commit `{commit}`")
        self.keep(commit)

    def obtain_exactly(self, commit: CommitId, *, location: str) -> bool:
        """Fetch `commit` by its id and nothing else; tell whether that brought it. Raises GitError.

        For a place that is only worth asking if it has the commit.
        """
        own = f"+{commit}:{KEPT}/{commit}"
        return self.has_commit(commit) or self._fetched(commit, location, (own,))

    def remove_stale_files(self) -> None:
        """Remove what a killed git has left: lock files and half packs.

        Only for one in which a killed run of ours was at work, with its lock held.
        """
        with explaining_os_errors(self.path):
            for path in self._stale_files():
                path.unlink(missing_ok=True)

    def _is_empty(self) -> bool:
        """Tell, without starting git, that there is no object at all."""
        try:
            names = set(os.listdir(self.path / "objects"))  # noqa: PTH208  names are all
            if names - {"pack", "info"} or (self.path / "objects/info/alternates").exists():
                return False
            return not any((self.path / "objects" / "pack").iterdir())
        except OSError:
            return False

    def _compose_config(self, probe: Path, *, is_bare: bool, remote: GitRemote | None) -> str:
        lines = [
            "[core]",
            "\trepositoryformatversion = 0",
            f"\tfilemode = {_spelt(_has_modes(probe))}",
            f"\tbare = {_spelt(is_bare)}",
        ]
        if not is_bare:
            lines.append("\tlogallrefupdates = true")
        if (self.path / "CoNfIg").exists():
            lines.append("\tignorecase = true")
        if remote is not None:
            lines += remote.lines()
        return "\n".join([*lines, ""])

    def _stale_files(self) -> Iterator[Path]:
        yield from (self.path / f"{name}.lock" for name in _LOCKS)
        yield from (self.path / "refs").rglob("*.lock")
        yield from (self.path / "objects").rglob("tmp_*")

    def _fetched(self, commit: CommitId, location: str, refspecs: tuple[str, ...]) -> bool:
        options: tuple[str, ...] = ()
        if self.depth is not None:
            options += (f"--depth={self.depth}",)
        if self.filter_spec is not None:
            options += (f"--filter={self.filter_spec}",)
        words = (*_FETCH, *options, "--end-of-options", location, *refspecs)
        try:
            self.connections.attempt(
                location,
                lambda: self._run(
                    *words,
                    silence_s=self.git.longest_silence_s,
                    watch=None if self.listen is None else self.listen(),
                ),
            )
        except GitError as error:
            if error.cause is not Cause.MISSING:
                raise
            return False
        return self.has_commit(commit)

    def _ladder(self, commit: CommitId, upstream: str | None) -> Iterator[tuple[str, ...]]:
        """Yield what to ask a remote for, the least first.

        Not every server gives out a commit by its id (git-config(1), `uploadpack.allow*`).
        """
        remotes = f"refs/remotes/{self.remote_name}"
        yield (f"+{commit}:{KEPT}/{commit}",)
        if upstream is not None and not is_commit_id(upstream):
            if upstream.startswith("refs/"):
                yield (f"+{upstream}:{KEPT}/upstream",)
            else:
                yield (f"+refs/heads/{upstream}:{remotes}/{upstream}",)
                yield (f"+refs/tags/{upstream}:{KEPT}/upstream",)
        heads = f"+refs/heads/*:{remotes}/*"
        yield (heads, f"+refs/tags/*:{KEPT}/tags/*") if self.has_tags else (heads,)

    def _run(
        self,
        *args: str,
        silence_s: float | None = None,
        watch: Callable[[str], bool] | None = None,
    ) -> str:
        argv = (f"--git-dir={self.path}", *args)
        return self.git.run(*argv, cwd=self.path, silence_s=silence_s, watch=watch)


def _has_modes(probe: Path) -> bool:
    """Tell whether the file system keeps the permission to execute, as `git init` finds out."""
    before = probe.stat().st_mode
    os.chmod(probe, before ^ 0o100)  # noqa: PTH101  beside its stat
    kept = probe.stat().st_mode != before
    os.chmod(probe, before)  # noqa: PTH101
    return kept


def _spelt(value: bool) -> str:  # noqa: FBT001  a word for a value
    return "true" if value else "false"


def _first_line(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(4096).decode(errors="replace").partition("\n")[0]
    except OSError:
        return ""
