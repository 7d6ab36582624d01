# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Make, renew and check the lockfile of a workspace.

As with cargo and uv, what is locked stays: a commit is asked for again only when the manifest
wants something else, or when the user asks for an update.
"""

import concurrent.futures
import dataclasses
from collections.abc import Iterator

from sel4build.api.context import Context
from sel4build.api.syncing import SyncWishes, find_verifier, git_of, no_lockfile
from sel4build.errors import InputError
from sel4build.git.changes import Changes, fetch_changes, read_changes
from sel4build.git.client import Git
from sel4build.lock import read_lock, render_lock, resolve_lock, write_lock
from sel4build.lock.resolve import can_move, without_secret
from sel4build.manifest import select_projects
from sel4build.model.lock import Lock, LockedProject, ManifestOrigin
from sel4build.model.manifest import CommitId, Project
from sel4build.model.paths import RelPath
from sel4build.model.signatures import Verified
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.origin import OpenedManifest, open_manifest
from sel4build.workspace.spec import read_spec
from sel4build.workspace.submanifests import pins_of


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A project whose commit changed; `changes` is None where nobody knows what lies between."""

    path: RelPath
    name: str
    old: CommitId
    new: CommitId
    changes: Changes | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A lockfile as it is now, and what became of its projects."""

    lock: Lock
    changed: tuple[str, ...]
    """Paths of the projects that are new or have another commit."""
    moves: tuple[Move, ...] = ()
    removed: tuple[str, ...] = ()
    verified: tuple[Verified, ...] | None = None
    """Who vouches for each commit; None when nobody was asked."""


def lock_workspace(
    context: Context,
    workspace: Workspace,
    *,
    update: tuple[str, ...] | None = None,
    wishes: SyncWishes | None = None,
) -> Locked:
    """Write the lockfile of `workspace`, keeping the commits that are still what is wanted.

    `update` names projects, by path or name, that are asked for anew; an empty one means all, and
    the manifest too. Raises InputError for a project that is not there or that cannot move, and
    UnverifiedError when signatures are wanted and missing; then nothing is written.
    """
    with workspace_lock(workspace, context.reporter):
        spec = read_spec(workspace)
        previous = read_lock(workspace.lock_file) if workspace.lock_file.is_file() else None
        locking = _Locking(context, workspace, spec, previous, wishes)
        lock = locking.resolve(update)
        verified = locking.verify(lock)
        moves = locking.moves(lock)
        write_lock(lock, workspace.lock_file)
    before = _by_path(previous)
    after = _by_path(lock)
    return Locked(
        lock=lock,
        changed=tuple(
            path.text
            for path, each in after.items()
            if path not in before or before[path].commit != each.commit
        ),
        moves=moves,
        removed=tuple(path.text for path in before if path not in after),
        verified=verified,
    )


def check_lock(
    context: Context, workspace: Workspace, *, wishes: SyncWishes | None = None
) -> Locked:
    """Return the lock of `workspace` when `lock_workspace` would leave it as it is.

    With `is_frozen` it is not compared with the manifest. Raises InputError, with a line for each
    difference, when it would not stay; UnverifiedError as `lock_workspace` does. Writes no
    lockfile.
    """
    with workspace_lock(workspace, context.reporter):
        spec = read_spec(workspace)
        if not workspace.lock_file.is_file():
            raise no_lockfile(workspace)
        previous = read_lock(workspace.lock_file)
        locking = _Locking(context, workspace, spec, previous, wishes)
        is_frozen = wishes is not None and wishes.is_frozen
        lock = previous if is_frozen else locking.resolve(None)
        verified = locking.verify(previous)
    if render_lock(lock) != render_lock(previous):
        message = f"`{workspace.lock_file}` is out of date"
        details = tuple(_differences(previous, lock))
        raise InputError(message, details=details, hint="renew it: `sel4build lock`")
    return Locked(lock=previous, changed=(), verified=verified)


class _Locking:
    """One manifest on its way to a lock."""

    def __init__(
        self,
        context: Context,
        workspace: Workspace,
        spec: WorkspaceSpec,
        previous: Lock | None,
        wishes: SyncWishes | None,
    ) -> None:
        self._context = context
        self._workspace = workspace
        self._spec = spec
        self._previous = previous
        self._wishes = wishes or SyncWishes()
        self._git = git_of(context, wishes).knowing([spec.manifest.url])
        self._verifier = find_verifier(context, workspace, spec, git=self._git, wishes=self._wishes)

    def resolve(self, update: tuple[str, ...] | None) -> Lock:
        """Return the lock that is wanted now."""
        opened = self._open(is_renewed=update == ())
        manifest = opened.manifest
        self._git = self._git.knowing(each.url for each in manifest.projects)
        chosen = select_projects(manifest.projects, self._spec.manifest.groups)
        return resolve_lock(
            manifest,
            origin=self._spec.manifest,
            git=self._git,
            base_dir=self._workspace.root,
            previous=self._previous,
            renewed=frozenset() if update is None else self._renewed(chosen, update),
            manifest_commit=opened.commit,
            reporter=self._context.reporter,
        )

    def verify(self, lock: Lock) -> tuple[Verified, ...] | None:
        """Return who vouches for `lock`, where that is asked for; else None."""
        return None if self._verifier is None else self._verifier.verify_lock(lock, git=self._git)

    def moves(self, lock: Lock) -> tuple[Move, ...]:
        """Return the projects whose commit is another in `lock`, each with what lies between."""
        before = _by_path(self._previous)
        moved = [
            (before[each.path].commit, each)
            for each in lock.projects
            if each.path in before and before[each.path].commit != each.commit
        ]
        with concurrent.futures.ThreadPoolExecutor(self._context.num_jobs) as pool:
            return tuple(pool.map(lambda pair: self._move(*pair), moved))

    def _open(self, *, is_renewed: bool) -> OpenedManifest:
        """Open the manifest: at the commit that is locked, unless another is wanted."""
        origin = self._spec.manifest
        locked = self._previous
        if (
            not is_renewed
            and origin.url is not None
            and locked is not None
            and locked.manifest_commit is not None
            and _is_same_source(locked.origin, origin)
        ):
            origin = dataclasses.replace(origin, revision=locked.manifest_commit)
        return open_manifest(
            self._workspace,
            origin,
            git=self._git,
            overlays=self._context.overlays_of(self._workspace, self._spec),
            reporter=self._context.reporter,
            fetch=self._wishes.fetch,
            verifier=self._verifier,
            pins=None if is_renewed or locked is None else pins_of(locked.submanifests),
        )

    def _renewed(
        self, projects: tuple[Project, ...], update: tuple[str, ...]
    ) -> frozenset[RelPath]:
        if not update:
            stuck = [each.path.text for each in projects if not can_move(each)]
            if stuck:
                self._context.reporter.note(
                    f"pinned without an upstream, so not updated: {', '.join(stuck)}"
                )
            return frozenset(each.path for each in projects)
        renewed: set[RelPath] = set()
        for word in update:
            name = word.rstrip("/")
            found = [each for each in projects if name in {each.path.text, each.name}]
            if not found:
                message = f"the manifest has no project `{word}`"
                raise InputError(message, hint="name its path, as `sel4build status` shows it")
            for each in found:
                if not can_move(each):
                    message = f"project `{each.path}` is pinned and names no upstream to move to"
                    raise InputError(message, hint="change its revision in the manifest")
                renewed.add(each.path)
        return frozenset(renewed)

    def _move(self, old: CommitId, project: LockedProject) -> Move:
        git: Git = self._git
        new = project.commit
        git_dir = project.path.below(self._workspace.root) / ".git"
        changes = read_changes(git, git_dir, old, new) or fetch_changes(
            git, project.url, old, new, upstream=project.upstream, base_dir=self._workspace.root
        )
        return Move(path=project.path, name=project.name, old=old, new=new, changes=changes)


def _is_same_source(one: ManifestOrigin, other: ManifestOrigin) -> bool:
    """Tell whether two origins name the same file of the same branch; groups do not matter."""
    wanted = without_secret(other)
    return dataclasses.replace(one, groups=()) == dataclasses.replace(wanted, groups=())


def _by_path(lock: Lock | None) -> dict[RelPath, LockedProject]:
    return {each.path: each for each in lock.projects} if lock is not None else {}


def _part_differences(previous: Lock, lock: Lock) -> Iterator[str]:
    before = {each.path: each for each in previous.submanifests}
    after = {each.path: each for each in lock.submanifests}
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old is None:
            yield f"submanifest `{path}` is not locked"
        elif new is None:
            yield f"submanifest `{path}` is no part of the manifest any more"
        elif old != new:
            yield f"submanifest `{path}` is locked at `{old.commit}`, but `{new.commit}` is wanted"


def _differences(previous: Lock, lock: Lock) -> Iterator[str]:
    if previous.origin != lock.origin:
        before = without_secret(previous.origin)
        yield f"it belongs to the manifest `{before}`, but `{lock.origin}` is wanted"
    elif previous.manifest_digest != lock.manifest_digest:
        yield "the manifest has changed since"
    yield from _part_differences(previous, lock)
    locked, wanted = _by_path(previous), _by_path(lock)
    for path in sorted(locked.keys() | wanted.keys()):
        old, new = locked.get(path), wanted.get(path)
        if old is None:
            yield f"`{path}` is not locked"
        elif new is None:
            yield f"`{path}` is no project of the manifest any more"
        elif old.commit != new.commit:
            yield f"`{path}` is locked at `{old.commit}`, but the manifest wants `{new.commit}`"
        elif old != new:
            yield f"`{path}` is described otherwise by the manifest"
