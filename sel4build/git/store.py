# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The store: one bare repository a URL in the user cache, fetched once for all workspaces.

A workspace gets the packs as hard links (else clones, else copies) and never looks here again.
Packs are only ever added, and nothing here runs a garbage collection, so that a commit that is kept
stays; one that the user runs is waited for, and may replace packs while they are given away.
flock(2) on a file beside each repository lets one process at a time work in it; what a killed one
has left is removed by the next, and what it has broken is made again.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sel4build.git.client import Git
from sel4build.git.connections import Connections
from sel4build.git.git_dir import GitDir
from sel4build.git.safety import without_credentials
from sel4build.git.sharing import share_file
from sel4build.writing import explaining_os_errors

_LONGEST_NAME = 180  # NAME_MAX of Linux is 255, and names of locks are longer
_POLL_S = 0.02
_MOST_LISTINGS = 20
_DIGEST_BYTES = 20
_PORTS = {"http": ":80", "https": ":443", "ssh": ":22", "git": ":9418"}
# The index comes last: git sees a pack by it.
_PARTS = (".pack", ".rev", ".idx")
_NEEDED = (".pack", ".idx")


class StoreUnusableError(Exception):
    """The user cache cannot be written; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """All repositories of the store."""

    git: Git
    connections: Connections

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.git.cache_dir / "git"

    @contextlib.contextmanager
    def holding(self, url: str, *, depth: int | None = None) -> Iterator[GitDir]:
        """Hold the repository of `url` for the body; it is sound, but may be empty.

        A shallow history has a repository of its own, so that no other becomes shallow by it.
        Raises StoreUnusableError.
        """
        path = self.folder / store_name(url, depth=depth)
        descriptor = self._lock(path)
        try:
            try:
                while is_being_collected(path):
                    self.connections.wait(_POLL_S)
                if _is_broken(path):
                    _remove(path)
                stored = GitDir(git=self.git, path=path, connections=self.connections, depth=depth)
                (path / "objects" / "pack").mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreUnusableError(_why(path, error)) from error
            stored.create(is_bare=True)
            stored.remove_stale_files()
            yield stored
        finally:
            # For what was started and holds the descriptor as well, too.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)

    def discard(self, url: str, *, depth: int | None = None) -> None:
        """Remove the repository of `url`, whose objects have turned out to be damaged."""
        path = self.folder / store_name(url, depth=depth)
        with contextlib.suppress(StoreUnusableError, OSError):
            descriptor = self._lock(path)
            try:
                _remove(path)
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)
                os.close(descriptor)

    def _lock(self, path: Path) -> int:
        lock_file = path.with_suffix(".lock")
        try:
            # Sources may be private.
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(lock_file, flags, 0o600)
        except OSError as error:
            raise StoreUnusableError(_why(lock_file, error)) from error
        try:
            while not _locked(descriptor):
                self.connections.wait(_POLL_S)
            # A git that outlives its killed parent goes on writing, and keeps the lock.
            os.set_inheritable(descriptor, True)  # noqa: FBT003  positional in C
        except OSError as error:
            os.close(descriptor)
            raise StoreUnusableError(_why(lock_file, error)) from error
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor


def store_name(url: str, *, depth: int | None = None) -> str:
    """Return the name of the repository of `url`, one for all its spellings."""
    name = quote(normalised_url(url), safe="")
    if len(name) > _LONGEST_NAME:
        digest = hashlib.sha256(name.encode()).hexdigest()
        name = f"{name[: _LONGEST_NAME - len(digest)]}{digest}"
    return f"{name}.git" if depth is None else f"{name}@depth-{depth}.git"


def normalised_url(url: str) -> str:
    """Return `url` without what does not matter: credentials, case of the host, usual port."""
    bare = without_credentials(url)
    if "://" not in bare:
        return bare.rstrip("/") or bare
    scheme, _separator, rest = bare.partition("://")
    host, slash, path = rest.partition("/")
    user, at, host = host.rpartition("@")
    host = host.lower().removesuffix(_PORTS.get(scheme.lower(), "/"))
    return f"{scheme.lower()}://{user}{at}{host}{slash}{path.rstrip('/')}"


def lend_objects(stored: GitDir, borrower: GitDir) -> None:
    """Give all objects of `stored`, which is held, to `borrower`; nothing remains between them.

    Raises StoreUnusableError, EnvironmentLacksError where `borrower` cannot be written.
    """
    pack_dir = borrower.path / "objects" / "pack"
    with explaining_os_errors(pack_dir):
        pack_dir.mkdir(parents=True, exist_ok=True)
        # A user's `git gc` may put others in the place of packs at any moment.
        packs = _whole_packs(stored.path)
        for _ in range(_MOST_LISTINGS):
            is_complete = all(_lend_pack(each, pack_dir) for each in packs)
            before, packs = packs, _whole_packs(stored.path)
            if is_complete and before == packs:
                break
        else:
            raise StoreUnusableError(f"the packs of `{stored.path}` keep changing")
        _lend_boundaries(stored.path / "shallow", borrower.path / "shallow")


def _whole_packs(git_dir: Path) -> list[Path]:
    """Return the packs that git sees."""
    indexes = (git_dir / "objects" / "pack").glob("pack-*.idx")
    return sorted(each.with_suffix(".pack") for each in indexes)


def _lend_pack(pack: Path, pack_dir: Path) -> bool:
    """Give a pack; return false when it has gone meanwhile."""
    for part in (pack.with_suffix(suffix) for suffix in _PARTS):
        dest = pack_dir / part.name
        try:
            if not _is_same(part, dest):
                share_file(part, dest)
        except FileNotFoundError:
            if part.suffix in _NEEDED:
                return False
    return True


def _lend_boundaries(source: Path, dest: Path) -> None:
    """Add the commits whose parents were not fetched (gitrepository-layout(5), `shallow`)."""
    if not source.exists():
        return
    lines = set(source.read_text().split())
    if dest.exists():
        lines |= set(dest.read_text().split())
    beside = dest.with_name("tmp_shallow")
    beside.write_text("".join(f"{line}\n" for line in sorted(lines)))
    beside.replace(dest)


def _is_same(source: Path, dest: Path) -> bool:
    """Tell whether `dest` is there and whole: packs of one name hold the same objects.

    Raises FileNotFoundError when `source` is not there.
    """
    size = source.stat().st_size
    try:
        return dest.stat().st_size == size
    except FileNotFoundError:
        return False


def is_being_collected(path: Path) -> bool:
    """Tell whether a `git gc` of the user's is at work in a repository on this host.

    It writes its process and host to `gc.pid` (gitrepository-layout(5) knows it not; builtin/gc.c).
    """
    try:
        words = (path / "gc.pid").read_text().split()
        if words[1:] != [os.uname().nodename]:
            return False
        os.kill(int(words[0]), 0)
    except PermissionError:
        return True  # somebody else's
    except (OSError, ValueError, IndexError):
        return False
    return True


def _is_broken(path: Path) -> bool:
    """Tell whether packs were cut off, or are of no use without what is lost.

    gitformat-pack(5): a pack ends with its checksum, and its index with that and its own.
    """
    pack_dir = path / "objects" / "pack"
    packs = {each.stem: each for each in pack_dir.glob("pack-*.pack")}
    indexes = {each.stem: each for each in pack_dir.glob("pack-*.idx")}
    for stem in packs.keys() - indexes.keys():  # killed before its index was there
        packs.pop(stem).unlink()
    if indexes.keys() - packs.keys() or any(
        _tail(packs[stem], _DIGEST_BYTES) != _tail(indexes[stem], 2 * _DIGEST_BYTES)[:_DIGEST_BYTES]
        for stem in indexes
    ):
        return True
    # What was fetched is named by references, and lies in packs.
    return not packs and any(path.glob("refs/sel4build/*"))


def _tail(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - count))
        return file.read(count)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove(path: Path) -> None:
    """Move it out of the way first: half of a repository is never found in its place."""
    if path.exists():
        trash = path.with_suffix(".trash")
        shutil.rmtree(trash, ignore_errors=True)
        path.rename(trash)
        shutil.rmtree(trash, ignore_errors=True)


def _why(path: Path, error: OSError) -> str:
    return f"`{path.parent}` cannot be written: {error.strerror or error}"
