# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Bring a commit into a git directory from wherever that costs least.

First what is there already, then the store, then mirrors and references on this host, then the
remote. Where the user cache cannot be written, commits go straight to where they are wanted.
"""

import contextlib
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.git.client import Git
from sel4build.git.connections import Connections
from sel4build.git.failure import Cause, GitError
from sel4build.git.git_dir import GitDir
from sel4build.git.remotes import ORIGIN
from sel4build.git.safety import bundled_name
from sel4build.git.store import Store, StoreUnusableError, lend_objects, store_name
from sel4build.git.tags import fetch_tags, take_tags
from sel4build.git.transfers import Transfers
from sel4build.model.manifest import CommitId
from sel4build.model.reporter import Reporter, SilentReporter
from sel4build.model.workspace import flat_name

NAMELESS = "the manifest"
"""What is said for what is no project."""

_ALONE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """How commits are fetched."""

    depth: int | None = None
    """The number of commits of each history; None for all."""
    filter_spec: str | None = None
    """What partial clones leave out, such as `blob:none`; their remote has to stay reachable."""
    references: tuple[Path, ...] = ()
    """Workspaces (ours, or those of `repo`) whose objects are copied before a remote is asked."""
    mirrors: tuple[Path, ...] = ()
    """Folders of bare repositories that are asked before a remote."""
    is_offline: bool = False
    """No network at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A commit of a project."""

    commit: CommitId
    url: str
    """Without credentials."""
    upstream: str | None = None
    name: str = ""
    path: str = ""
    """The project's path in a workspace."""
    remote_name: str = ORIGIN
    depth: int | None = None
    """The number of commits of its history, whatever the options say; None for these."""
    has_tags: bool = True


class Supplier:
    """Brings commits. One value serves all threads of a run."""

    def __init__(
        self,
        git: Git,
        *,
        base_dir: Path,
        options: FetchOptions | None = None,
        reporter: Reporter | None = None,
        connections: Connections | None = None,
        transfers: Transfers | None = None,
    ) -> None:
        """URLs that are relative paths are relative to `base_dir`; `transfers` counts bytes."""
        self._options = options or FetchOptions()
        self._git = replace(git, is_offline=True) if self._options.is_offline else git
        self._base_dir = base_dir
        self._reporter = reporter or SilentReporter()
        self._connections = connections or Connections()
        self._transfers = transfers or Transfers()
        self._store = Store(git=self._git, connections=self._connections)
        self._lock = threading.Lock()
        self._is_store_usable = True

    def interrupt(self) -> None:
        """End all fetching and waiting, and start none any more."""
        self._connections.interrupt()
        self._git.interrupt()

    def supply(self, path: Path, wanted: Wanted) -> bool:
        """Bring the commit into the git directory `path`, and keep it there.

        Returns whether all of the history came that was asked for: of a remote whose history is
        damaged the commit alone is taken. Raises GitError.
        """
        target = self._target(path, wanted)
        if target.keeps(wanted.commit) or target.has_commit(wanted.commit):
            target.keep(wanted.commit)
            return True
        try:
            self._bring(target, wanted, depth=self._depth(wanted))
        except GitError as error:
            if error.cause is not Cause.DAMAGED:
                raise
            self._bring(target, wanted, depth=_ALONE)
            return False
        return True

    def supply_tags(self, path: Path, wanted: Wanted) -> None:
        """Bring the annotated tags that lead to the commit into `path`, which has the commit.

        Raises GitError, except where there is no network: then what is on this host has to do.
        """
        if bundled_name(wanted.url) is not None:
            return
        target = self._target(path, wanted)
        location = self._git.locate(wanted.url, base_dir=self._base_dir)
        if self._options.filter_spec is None and self._is_store_usable:
            try:
                with self._store.holding(location, depth=self._depth(wanted)) as stored:
                    if stored.keeps(wanted.commit):
                        self._fill_tags(stored, wanted, location)
                        take_tags(target, wanted.commit, source=stored)
                        return
            except StoreUnusableError as error:
                self._give_up_store(error.reason)
        self._fill_tags(target, wanted, location)

    def supply_anew(self, path: Path, wanted: Wanted) -> None:
        """Bring the commit again into a git directory whose objects are damaged; raises GitError.

        The damage may have come from the store, so that this is made again too.
        """
        self._store.discard(wanted.url, depth=self._depth(wanted))
        target = self._target(path, wanted)
        for pack in sorted((path / "objects" / "pack").glob("pack-*.pack")):
            if not target.is_sound(pack):
                for part in pack.parent.glob(f"{pack.stem}.*"):
                    part.unlink()
        self._bring(target, wanted, depth=self._depth(wanted))

    def _depth(self, wanted: Wanted) -> int | None:
        return wanted.depth or self._options.depth

    def _bring(self, target: GitDir, wanted: Wanted, *, depth: int | None) -> None:
        is_bundled = bundled_name(wanted.url) is not None
        spec = self._options.filter_spec
        if not is_bundled and spec is None and self._is_store_usable:
            try:
                self._bring_from_store(target, wanted, depth=depth)
            except StoreUnusableError as error:
                self._give_up_store(error.reason)
            else:
                return
        # What a partial clone left out is asked of the remote that the configuration names.
        direct = replace(target, depth=depth, filter_spec=None if is_bundled else spec)
        self._fill(direct, wanted)

    def _bring_from_store(self, target: GitDir, wanted: Wanted, *, depth: int | None) -> None:
        location = self._git.locate(wanted.url, base_dir=self._base_dir)
        with self._store.holding(location, depth=depth) as stored:
            if not stored.keeps(wanted.commit):
                self._fill(replace(stored, has_tags=wanted.has_tags), wanted)
            lend_objects(stored, target)
        target.keep(wanted.commit)

    def _give_up_store(self, reason: str) -> None:
        with self._lock:
            if self._is_store_usable:
                self._is_store_usable = False
                # What can be read there need not be fetched.
                mirrors = (*self._options.mirrors, self._store.folder)
                self._options = replace(self._options, mirrors=mirrors)
                self._reporter.note(f"{reason}; projects are fetched without the store")

    def _fill(self, target: GitDir, wanted: Wanted) -> None:
        """Fetch from the first place that has the commit; the remote is the last."""
        target = replace(target, listen=lambda: self._transfers.listener(wanted.path or NAMELESS))
        for place in find_places(wanted, self._options):
            with _letting_be():
                if target.obtain_exactly(wanted.commit, location=str(place)):
                    target.keep(wanted.commit)
                    return
        commit, url = wanted.commit, wanted.url
        location = self._git.locate(url, base_dir=self._base_dir, commit=commit)
        try:
            target.obtain(commit, location=location, upstream=wanted.upstream)
        except GitError as error:
            if self._options.is_offline and error.cause is Cause.UNREACHABLE:
                message = f"commit `{commit}` is not on this host, and no network is wanted"
                raise GitError(Cause.OFFLINE, message) from error
            raise

    def _fill_tags(self, target: GitDir, wanted: Wanted, location: str) -> None:
        first = None if wanted.upstream is None else wanted.upstream.removeprefix("refs/tags/")
        for place in find_places(wanted, self._options):
            with _letting_be():
                fetch_tags(target, wanted.commit, location=str(place), first=first)
        try:
            fetch_tags(target, wanted.commit, location=location, first=first)
        except GitError as error:
            if not (self._options.is_offline and error.cause is Cause.UNREACHABLE):
                raise

    def _target(self, path: Path, wanted: Wanted) -> GitDir:
        return GitDir(
            git=self._git,
            path=path,
            connections=self._connections,
            remote_name=wanted.remote_name,
            has_tags=wanted.has_tags,
        )


def find_places(wanted: Wanted, options: FetchOptions) -> Iterator[Path]:
    """Yield the repositories below mirrors and references that may have the commit."""
    for folder in options.mirrors:
        yield from _existing(folder, _mirror_names(wanted))
    for folder in options.references:
        yield from _existing(folder, (*_workspace_names(wanted), *_mirror_names(wanted)))


def _mirror_names(wanted: Wanted) -> Iterator[str]:
    """Yield the names that mirrors go by: of `repo`, of `git`, of our store, of kas."""
    address = wanted.url.partition("://")[2] or wanted.url.replace(":", "/")
    address = address.rpartition("@")[2].strip("/")
    plain = address.removesuffix(".git")
    last = plain.rpartition("/")[2]
    yield store_name(wanted.url)
    for stem in (wanted.name.removesuffix(".git"), plain, plain.replace("/", "."), last):
        yield f"{stem}.git"
        yield stem


def _workspace_names(wanted: Wanted) -> Iterator[str]:
    yield f".gitdirs/{flat_name(wanted.path, suffix='.git')}"
    yield f"{wanted.path}/.git"
    yield f".repo/project-objects/{wanted.name.removesuffix('.git')}.git"


def _existing(folder: Path, names: Iterable[str]) -> Iterator[Path]:
    for name in dict.fromkeys(names):
        with contextlib.suppress(ValueError):
            # Names come from the manifest, and stay inside the folder.
            place = folder.joinpath(*_parts(name))
            if (place / "objects").is_dir() and (place / "HEAD").is_file():
                yield place
                return


def _parts(name: str) -> tuple[str, ...]:
    parts = tuple(name.split("/"))
    if any(part in {"", ".", ".."} for part in parts) or "\0" in name:
        raise ValueError(name)
    return parts


@contextlib.contextmanager
def _letting_be() -> Iterator[None]:
    """Let a fault of one place be, for the next is asked; a full disk is a fault of all."""
    try:
        yield
    except GitError as error:
        if error.cause is Cause.DISK_FULL:
            raise
