# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Local remotes made from dicts of files, with fixed author and date: commit ids are constants."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sel4build.git import Git
from sel4build.model.manifest import CommitId
from sel4build.process import SubprocessRunner

_IDENTITY = b"A Tester <tester@example.com> 1767225600 +0000"


@dataclass(frozen=True, slots=True)
class Symlink:
    """Content of a symbolic link in a commit."""

    target: str


@dataclass(frozen=True, slots=True)
class Gitlink:
    """A submodule in a commit."""

    commit: str


Content = str | bytes | Symlink | Gitlink


def run_git(*args: str, cwd: Path, stdin: bytes = b"") -> str:
    """Run git as the user of the test would and return what it prints."""
    argv = ("git", *args)
    done = subprocess.run(argv, cwd=cwd, input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


@dataclass(frozen=True, slots=True)
class GitRemote:
    """A bare repository that serves a test."""

    path: Path

    @classmethod
    def create(cls, path: Path) -> "GitRemote":
        """Make an empty one."""
        path.mkdir(parents=True)
        run_git("init", "--quiet", "--bare", "--initial-branch=main", "--template=", cwd=path)
        return cls(path)

    @property
    def url(self) -> str:
        """The URL."""
        return f"file://{self.path}"

    def commit(
        self, files: Mapping[str, Content], *, branch: str = "main", message: str = "Change"
    ) -> CommitId:
        """Add a commit to `branch` that holds exactly `files`, and return its id."""
        stream = [f"commit refs/heads/{branch}\n".encode(), b"committer ", _IDENTITY, b"\n"]
        stream.append(_blob(message.encode()))
        if (self.path / "refs" / "heads" / branch).exists():
            stream.append(f"from refs/heads/{branch}^0\n".encode())
        stream.append(b"deleteall\n")
        for name, content in files.items():
            if isinstance(content, Gitlink):
                stream.append(f"M 160000 {content.commit} {name}\n".encode())
                continue
            mode, text = "100644", content
            if isinstance(text, Symlink):
                mode, text = "120000", text.target
            body = text.encode() if isinstance(text, str) else text
            if body.startswith(b"#!"):
                mode = "100755"
            stream.append(f"M {mode} inline {name}\n".encode() + _blob(body))
        run_git("fast-import", "--quiet", cwd=self.path, stdin=b"".join(stream))
        return CommitId(run_git("rev-parse", branch, cwd=self.path))

    def tag(self, name: str, commit: CommitId, *, is_annotated: bool = False) -> None:
        """Tag `commit`."""
        options = ("-a", "-m", "A tag") if is_annotated else ()
        run_git("tag", *options, name, commit, cwd=self.path)

    def remove_branch(self, name: str) -> None:
        """Remove a branch, leaving its commits."""
        run_git("update-ref", "-d", f"refs/heads/{name}", cwd=self.path)


def a_git(cache_dir: Path, **environ: str) -> Git:
    """Return a real git for a test, with `environ` on top of the test's environment."""
    return Git(runner=SubprocessRunner(), environ={**os.environ, **environ}, cache_dir=cache_dir)


def fsck(work_tree: Path) -> str:
    """Return what git's own check finds wrong, without what is only unreachable."""
    return run_git("fsck", "--no-dangling", "--no-progress", cwd=work_tree)


def _blob(body: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(body), body)
