# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Sets of local repositories for benchmarks of syncs: the same bytes and commits everywhere."""

import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from remotes import Project

_SEED = 4
_NUM_FILES = 40
_NUM_COMMITS = 15
_SIZES = (500, 6000)
_IDENTITY = b"A Tester <tester@example.com> 1767225600 +0000"
_CHANGED = 2
_NEW_FILE = "brought-by-the-change"


@dataclass(slots=True)
class RepositorySet:
    """N bare repositories `pNNN.git` below one folder, all with the branch `main`."""

    folder: Path
    names: tuple[str, ...]
    commits: dict[str, str]
    is_floating: bool
    """True where manifests name the branch, not the commit."""

    @property
    def projects(self) -> tuple[Project, ...]:
        """All of them as they are now."""
        return tuple(
            Project(name, f"file://{self.path(name)}", self.commits[name], "main", self.is_floating)
            for name in self.names
        )

    def change_one(self) -> str:
        """Add a commit to one repository; return the path that it brings to a workspace."""
        name = self.names[_CHANGED % len(self.names)]
        stream = (
            b"commit refs/heads/main\ncommitter %s\ndata 6\nchange\nfrom refs/heads/main^0\n"
            b"M 644 inline %s\ndata 4\nnew\n\n" % (_IDENTITY, _NEW_FILE.encode())
        )
        self._import(name, stream)
        self.commits[name] = self._head(name)
        return f"{name}/{_NEW_FILE}"

    def go_back(self) -> None:
        """Take the change back."""
        name = self.names[_CHANGED % len(self.names)]
        _git("update-ref", "refs/heads/main", "refs/heads/first", cwd=self.path(name))
        self.commits[name] = self._head(name)

    def path(self, name: str) -> Path:
        """Return where a repository lies."""
        return self.folder / f"{name}.git"

    def make(self) -> None:
        """Make all repositories."""
        for number, name in enumerate(self.names):
            self.path(name).mkdir(parents=True)
            _git("init", "--quiet", "--bare", "--initial-branch=main", cwd=self.path(name))
            source = random.Random(_SEED + number)  # noqa: S311 - the same bytes everywhere
            self._import(name, b"".join(_history(source)))
            _git("update-ref", "refs/heads/first", "refs/heads/main", cwd=self.path(name))
            self.commits[name] = self._head(name)

    def _import(self, name: str, stream: bytes) -> None:
        argv = ("git", "fast-import", "--quiet", "--force")
        subprocess.run(argv, cwd=self.path(name), input=stream, check=True)

    def _head(self, name: str) -> str:
        return _git("rev-parse", "refs/heads/main", cwd=self.path(name))


def make_set(folder: Path, count: int, *, is_floating: bool) -> RepositorySet:
    """Make `count` repositories below `folder`."""
    names = tuple(f"p{number:03}" for number in range(count))
    made = RepositorySet(folder, names, {}, is_floating)
    made.make()
    return made


def _history(source: random.Random) -> Iterator[bytes]:
    for number in range(_NUM_COMMITS):
        yield b"commit refs/heads/main\ncommitter %s\ndata 6\nchange\n" % _IDENTITY
        changed = range(_NUM_FILES) if number == 0 else source.sample(range(_NUM_FILES), 4)
        for each in changed:
            body = _text(source)
            yield b"M 644 inline d%d/f%d.c\ndata %d\n%s\n" % (each % 5, each, len(body), body)


def _text(source: random.Random) -> bytes:
    size = source.randint(*_SIZES)
    words = (f"{source.randrange(1 << 30):x} " for _ in range(size // 8))
    return "".join(words).encode()


def _git(*args: str, cwd: Path) -> str:
    done = subprocess.run(("git", *args), cwd=cwd, check=True, capture_output=True)
    return done.stdout.decode().strip()
