# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Run git: every command of ours goes through here, hardened.

No value from outside can become an option (`--end-of-options`, checked revisions), no program of a
repository runs (hooks, fsmonitor), and a repository is always named by its `.git`, so that git
never takes one that happens to enclose it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from sel4build.git.bundled import BUNDLED_BRANCHES, open_bundled
from sel4build.git.connections import Connections
from sel4build.git.environment import compose_environment, find_rewrites, longest_silence_s
from sel4build.git.failure import Cause, GitError, explain_failure
from sel4build.git.program import git_path
from sel4build.git.safety import bundled_name
from sel4build.model.command import Command, Outcome
from sel4build.model.manifest import CommitId
from sel4build.process import Runner

_SHA256 = re.compile(r"[0-9a-f]{64}\t")
_ADVERTISED = re.compile(r"^([0-9a-f]{40})\t(\S+)$", re.MULTILINE)
_ADDRESS = re.compile(r"[^/]*:")


@runtime_checkable
class Interruptible(Protocol):
    """A runner that can end what runs."""

    def interrupt(self) -> None:
        """End every running program, and refuse to start another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """Git as this program uses it. One value may serve several threads."""

    runner: Runner
    environ: Mapping[str, str]
    cache_dir: Path
    """The user cache, where bundled sources become repositories."""
    rewrites: tuple[tuple[str, str], ...] = ()
    """URL prefixes that carry credentials; see `knowing`."""
    is_offline: bool = False
    """True leaves git no transport but that of files."""

    def knowing(self, urls: Iterable[str | None]) -> "Git":
        """Return a Git that uses the credentials in `urls` for all URLs of the same sites."""
        return replace(self, rewrites=(*self.rewrites, *find_rewrites(urls)))

    def interrupt(self) -> None:
        """End every git that runs, and start none any more."""
        if isinstance(self.runner, Interruptible):
            self.runner.interrupt()

    def try_run(
        self,
        *args: str,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        silence_s: float | None = None,
        watch: Callable[[str], bool] | None = None,
    ) -> Outcome:
        """Run `git ARGS` in `cwd` and return how it ended; `watch` is that of the runner.

        Raises EnvironmentLacksError when there is no git.
        """
        program = str(git_path(self.environ))
        composed = compose_environment(
            self.environ, rewrites=self.rewrites, is_offline=self.is_offline
        )
        command = Command(argv=(program, *args), cwd=cwd, env=composed | dict(env or {}))
        return self.runner.run(command, silence_s=silence_s, watch=watch)

    def run(
        self,
        *args: str,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        silence_s: float | None = None,
        watch: Callable[[str], bool] | None = None,
    ) -> str:
        """Run `git ARGS` in `cwd` and return its output; raise GitError when it fails."""
        outcome = self.try_run(*args, cwd=cwd, env=env, silence_s=silence_s, watch=watch)
        if not outcome.succeeded:
            raise explain_failure(outcome)
        return outcome.output

    def locate(self, url: str, *, base_dir: Path, commit: str | None = None) -> str:
        """Return what git is given for `url`.

        A bundled source becomes a repository in the user cache, one that has `commit` where there
        is one; a relative path is relative to `base_dir`.
        """
        name = bundled_name(url)
        if name is not None:
            return str(open_bundled(name, cache_dir=self.cache_dir, commit=commit).git_dir)
        if _ADDRESS.match(url) or url.startswith("/"):
            return url
        return str(base_dir / url)

    @property
    def longest_silence_s(self) -> float | None:
        """How long a git that talks to a server may say nothing."""
        return longest_silence_s(self.environ)

    def resolve_revision(
        self,
        url: str,
        revision: str | None,
        *,
        base_dir: Path,
        connections: Connections | None = None,
    ) -> CommitId:
        """Ask the remote for the commit of a branch or tag; None means its default branch.

        A plain name is a branch, or else a tag. Raises GitError.
        """
        name = bundled_name(url)
        if name is not None:
            if revision not in BUNDLED_BRANCHES:
                raise _no_such_revision(revision)
            return open_bundled(name, cache_dir=self.cache_dir).commit
        names = revision_names(revision)
        location = self.locate(url, base_dir=base_dir)
        argv = ("ls-remote", "--quiet", "--end-of-options", location, *names)
        output = (connections or Connections()).attempt(
            location, lambda: self.run(*argv, cwd=base_dir, silence_s=self.longest_silence_s)
        )
        advertised = {ref: commit for commit, ref in _ADVERTISED.findall(output)}
        for each in names:
            if each in advertised:
                return CommitId(advertised[each])
        if _SHA256.match(output):
            reason = "the remote names its commits by sha256, and only sha1 is understood"
            raise GitError(Cause.MISSING, reason)
        raise _no_such_revision(revision)


def revision_names(revision: str | None) -> tuple[str, ...]:
    """Return the references that `revision` may mean, the one that counts first.

    `^{}` is the commit that an annotated tag points to (git-ls-remote(1)).
    """
    if revision is None:
        return ("HEAD",)
    if revision.startswith("refs/"):
        return (f"{revision}^{{}}", revision)
    return (f"refs/heads/{revision}", f"refs/tags/{revision}^{{}}", f"refs/tags/{revision}")


def _no_such_revision(revision: str | None) -> GitError:
    wanted = f"branch or tag `{revision}`" if revision else "default branch"
    return GitError(Cause.MISSING, f"the remote has no {wanted}")
