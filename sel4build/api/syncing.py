# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Lock the manifest of a workspace, and bring its projects to what the lock says."""

from dataclasses import dataclass

from sel4build.api.context import Context
from sel4build.git.client import Git
from sel4build.lock import read_lock, resolve_lock, write_lock
from sel4build.manifest import find_shipped_lock
from sel4build.model.lock import Lock
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.origin import open_manifest
from sel4build.workspace.spec import read_spec
from sel4build.workspace.sync import SyncOutcome
from sel4build.workspace.sync import sync_workspace as apply_lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A lockfile as it is now, and the paths of the projects whose commit changed."""

    lock: Lock
    changed: tuple[str, ...]


def lock_workspace(context: Context, workspace: Workspace) -> Locked:
    """Resolve the manifest of `workspace` anew and write its lockfile."""
    with workspace_lock(workspace, context.reporter):
        spec = read_spec(workspace)
        previous = read_lock(workspace.lock_file) if workspace.lock_file.is_file() else None
        lock = _resolve(context, workspace, spec)
        write_lock(lock, workspace.lock_file)
    before = {} if previous is None else {each.path: each.commit for each in previous.projects}
    return Locked(
        lock=lock,
        changed=tuple(
            str(each.path) for each in lock.projects if before.get(each.path) != each.commit
        ),
    )


def sync_workspace(context: Context, workspace: Workspace) -> SyncOutcome:
    """Make the projects of `workspace` what its lockfile says; lock first where there is none."""
    with workspace_lock(workspace, context.reporter):
        if not workspace.lock_file.is_file():
            write_first_lock(context, workspace, read_spec(workspace))
        return sync_held(context, workspace)


def write_first_lock(context: Context, workspace: Workspace, spec: WorkspaceSpec) -> None:
    """Start from the lock that is shipped with the manifest, else resolve it."""
    name = spec.manifest.name
    overlays = context.overlays_of(workspace, spec)
    shipped = None if name is None else find_shipped_lock(name, overlays)
    lock = _resolve(context, workspace, spec) if shipped is None else read_lock(shipped)
    write_lock(lock, workspace.lock_file)


def _resolve(context: Context, workspace: Workspace, spec: WorkspaceSpec) -> Lock:
    git = git_of(context)
    opened = open_manifest(
        workspace,
        spec.manifest,
        git=git,
        overlays=context.overlays_of(workspace, spec),
        reporter=context.reporter,
    )
    return resolve_lock(
        opened.manifest,
        origin=spec.manifest,
        git=git,
        base_dir=workspace.root,
        manifest_commit=opened.commit,
        reporter=context.reporter,
    )


def sync_held(context: Context, workspace: Workspace) -> SyncOutcome:
    """Sync a workspace that the caller holds."""
    return apply_lock(
        workspace,
        read_lock(workspace.lock_file),
        git=git_of(context),
        reporter=context.reporter,
        jobs=context.jobs,
    )


def git_of(context: Context) -> Git:
    """Return git as `context` has it."""
    return Git(runner=context.runner, environ=context.environ, cache_dir=context.cache_dir)
