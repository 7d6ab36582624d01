# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Bring the projects of a workspace to what its lock says."""

from dataclasses import dataclass, field, replace

from sel4build.api.context import Context
from sel4build.api.synced import remember_synced, stamp_wishes
from sel4build.api.verifying import SignatureWishes, verifier_of
from sel4build.errors import InputError
from sel4build.git.client import Git
from sel4build.git.supply import FetchOptions
from sel4build.lock import (
    load_shipped_lock,
    read_lock,
    resolve_lock,
    why_outdated,
    write_lock,
)
from sel4build.model.lock import Lock
from sel4build.model.paths import RelPath
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.origin import open_manifest
from sel4build.workspace.spec import read_spec
from sel4build.workspace.submanifests import pins_of
from sel4build.workspace.submodules import with_submodules
from sel4build.workspace.sync import SyncOptions, SyncOutcome
from sel4build.workspace.sync import sync_workspace as apply_lock
from sel4build.workspace.verifying import Verifier


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncWishes:
    """What the user asked of a sync."""

    fetch: FetchOptions = field(default_factory=FetchOptions)
    forced: tuple[str, ...] = ()
    """Projects, by path or name, that are moved with a backup of what the user did there."""
    is_locked: bool = False
    """The lockfile has to be there and to match the manifest."""
    is_frozen: bool = False
    """The lockfile has to be there, and is used as it is."""
    groups: tuple[str, ...] | None = None
    """Groups that an `init` writes down; None leaves those that are."""
    signatures: SignatureWishes = field(default_factory=SignatureWishes)


def sync_workspace(
    context: Context, workspace: Workspace, *, wishes: SyncWishes | None = None
) -> SyncOutcome:
    """Make the projects of `workspace` what its lockfile says; lock first where there is none.

    Raises InputError when the lockfile is of another manifest than `sel4build.toml` names, or is
    not what `wishes` ask it to be.
    """
    wishes = wishes or SyncWishes()
    with workspace_lock(workspace, context.reporter):
        before = stamp_wishes(workspace)
        git = git_of(context, wishes)
        spec = read_spec(workspace)
        verifier = find_verifier(context, workspace, spec, git=git, wishes=wishes)
        if not workspace.lock_file.is_file():
            if wishes.is_locked or wishes.is_frozen:
                raise no_lockfile(workspace)
            git = write_first_lock(context, workspace, spec, wishes=wishes, verifier=verifier)
        elif not wishes.is_frozen:
            require_match(context, workspace, spec, git=git, is_locked=wishes.is_locked)
        outcome = sync_held(context, workspace, git=git, wishes=wishes, verifier=verifier)
        if not wishes.is_frozen:  # then the lock was not compared with what is wanted
            whole = with_submodules(workspace, read_lock(workspace.lock_file))
            # Keys may be revoked before the next one, and submodules not be known yet.
            is_final = spec.signatures is None and not whole.unread
            remember_synced(workspace, whole.lock, outcome, before=before if is_final else None)
        return outcome


def find_verifier(
    context: Context,
    workspace: Workspace,
    spec: WorkspaceSpec,
    *,
    git: Git,
    wishes: SyncWishes,
) -> Verifier | None:
    """Return what verifies signatures for a sync with these wishes; None when nothing does."""
    return verifier_of(
        context, workspace, spec, git=git, fetch=wishes.fetch, wishes=wishes.signatures
    )


def no_lockfile(workspace: Workspace) -> InputError:
    """Return the error that there is none where one has to be."""
    message = f"there is no lockfile `{workspace.lock_file}`"
    return InputError(message, hint="make it: `sel4build lock`")


def write_first_lock(
    context: Context,
    workspace: Workspace,
    spec: WorkspaceSpec,
    *,
    wishes: SyncWishes | None = None,
    verifier: Verifier | None = None,
) -> Git:
    """Start from the lock that is shipped with the manifest, else resolve it.

    One that is shipped knows neither of other groups nor of local manifests; then only its commits
    are taken, for what is the same there.

    Returns a git that knows the credentials of the manifest. Raises InputError when there is
    something to resolve, but `wishes` want the lock as it is.
    """
    wishes = wishes or SyncWishes()
    overlays = context.overlays_of(workspace, spec)
    shipped = load_shipped_lock(replace(spec.manifest, groups=()), overlays)
    is_local = any(workspace.local_manifests_dir.glob("*.xml"))
    if shipped is not None and not is_local and not spec.manifest.groups:
        if verifier is not None:
            verifier.verify_lock(shipped)
        write_lock(shipped, workspace.lock_file)
        return git_of(context, wishes)
    if wishes.is_locked or wishes.is_frozen:
        raise no_lockfile(workspace)
    resolved = _resolve(context, workspace, spec, wishes, previous=shipped, verifier=verifier)
    if verifier is not None:
        verifier.verify_lock(resolved.lock, git=resolved.git)
    write_lock(resolved.lock, workspace.lock_file)
    return resolved.git


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resolved:
    lock: Lock
    git: Git


def _resolve(
    context: Context,
    workspace: Workspace,
    spec: WorkspaceSpec,
    wishes: SyncWishes,
    *,
    previous: Lock | None,
    verifier: Verifier | None,
) -> _Resolved:
    git = git_of(context, wishes).knowing([spec.manifest.url])
    opened = open_manifest(
        workspace,
        spec.manifest,
        git=git,
        overlays=context.overlays_of(workspace, spec),
        reporter=context.reporter,
        fetch=wishes.fetch,
        verifier=verifier,
        pins=None if previous is None else pins_of(previous.submanifests),
    )
    lock = resolve_lock(
        opened.manifest,
        origin=spec.manifest,
        git=git,
        base_dir=workspace.root,
        previous=previous,
        manifest_commit=opened.commit,
        reporter=context.reporter,
    )
    return _Resolved(lock=lock, git=git.knowing(each.url for each in opened.manifest.projects))


def require_match(
    context: Context, workspace: Workspace, spec: WorkspaceSpec, *, git: Git, is_locked: bool
) -> None:
    """Raise InputError when the lockfile is not one of the manifest that is wanted.

    What a manifest repository holds by now is no matter: the lockfile has its commit.
    """
    digest = None
    lock = read_lock(workspace.lock_file)
    if is_locked and spec.manifest.url is None:
        overlays = context.overlays_of(workspace, spec)
        pins = pins_of(lock.submanifests)
        opened = open_manifest(workspace, spec.manifest, git=git, overlays=overlays, pins=pins)
        digest = opened.manifest.digest
    reason = why_outdated(lock, origin=spec.manifest, digest=digest)
    if reason is not None:
        message = f"`{workspace.lock_file}` is out of date: {reason}"
        raise InputError(message, hint="renew it: `sel4build lock`")


def sync_held(
    context: Context,
    workspace: Workspace,
    *,
    git: Git,
    wishes: SyncWishes | None = None,
    verifier: Verifier | None = None,
) -> SyncOutcome:
    """Sync a workspace that the caller holds, once `verifier` has accepted all of its lock."""
    wishes = wishes or SyncWishes()
    lock = read_lock(workspace.lock_file)
    verified = None if verifier is None else verifier.verify_lock(lock, git=git)
    outcome = apply_lock(
        workspace,
        lock,
        git=git,
        reporter=context.reporter,
        options=SyncOptions(
            fetch=wishes.fetch,
            forced=_forced_paths(with_submodules(workspace, lock).lock, wishes.forced),
            jobs=context.jobs,
        ),
    )
    return replace(outcome, verified=verified)


def _forced_paths(lock: Lock, wanted: tuple[str, ...]) -> frozenset[RelPath]:
    paths: set[RelPath] = set()
    for word in wanted:
        name = word.rstrip("/")
        found = {each.path for each in lock.projects if name in {each.path.text, each.name}}
        if not found:
            message = f"the lock has no project `{word}`"
            raise InputError(message, hint="name its path, as `sel4build status` shows it")
        paths |= found
    return frozenset(paths)


def git_of(context: Context, wishes: SyncWishes | None = None) -> Git:
    """Return git as `context` has it."""
    return Git(
        runner=context.runner,
        environ=context.environ,
        cache_dir=context.cache_dir,
        is_offline=wishes is not None and wishes.fetch.is_offline,
    )
