# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Compare a workspace with its lock before something is made of it.

A build takes the projects as they lie there: what a developer has changed is what they want to
build. So it only warns where the lock has moved on by itself, unless the user demands more.
"""

from sel4build.api.context import Context
from sel4build.api.syncing import SyncWishes, git_of, no_lockfile, require_match
from sel4build.errors import InputError
from sel4build.lock import read_lock, why_outdated
from sel4build.model.lock import Lock
from sel4build.model.workspace import Workspace
from sel4build.workspace.observe import Observed, observe_workspace
from sel4build.workspace.plan import Action, ProjectStep, plan_sync
from sel4build.workspace.spec import read_spec

_WORDS = {
    Action.CREATE: "is not there",
    Action.FINISH: "was left half way by an interrupted sync",
    Action.MOVE: "is not at its locked commit",
    Action.BLOCKED: "cannot be synced",
}


def check_current(context: Context, workspace: Workspace, wishes: SyncWishes) -> None:
    """Raise InputError unless a workspace is what `wishes` demand; warn where it lags behind.

    With `is_locked`, the lockfile has to be there, to match the manifest, and all projects to be at
    their commits; with `is_frozen` likewise, but the manifest is not looked at. Uses no network.
    """
    spec = read_spec(workspace)
    is_strict = wishes.is_locked or wishes.is_frozen
    if not workspace.lock_file.is_file():
        if is_strict:
            raise no_lockfile(workspace)
        return
    if wishes.is_locked:
        require_match(context, workspace, spec, git=git_of(context, wishes), is_locked=True)
    lock = read_lock(workspace.lock_file)
    observed = observe_workspace(workspace, lock)
    if is_strict:
        _require_equal(lock, observed)
        return
    reason = why_outdated(lock, origin=spec.manifest)
    if reason is not None:
        context.reporter.warn(
            f"`{workspace.lock_file}` is out of date: {reason}; renew it: `sel4build lock`"
        )
    behind = find_behind(lock, observed)
    if behind:
        context.reporter.warn(
            f"the lock has moved on since the last sync: {', '.join(behind)}; "
            "`sel4build sync` brings them there"
        )


def find_behind(lock: Lock, observed: Observed) -> tuple[str, ...]:
    """Return the projects that are where a sync has left them, which is not where the lock is."""
    return tuple(
        each.project.path.text
        for each in _others(lock, observed)
        if each.action is Action.MOVE
        and each.known is not None
        and observed.projects[each.project.path].head == each.known.commit
    )


def _require_equal(lock: Lock, observed: Observed) -> None:
    others = _others(lock, observed)
    if others:
        message = f"{len(others)} of {len(lock.projects)} projects are not what the lock says"
        details = tuple(
            f"`{each.project.path}` {each.reason or _WORDS[each.action]}" for each in others
        )
        raise InputError(message, details=details, hint="bring them there: `sel4build sync`")


def _others(lock: Lock, observed: Observed) -> tuple[ProjectStep, ...]:
    """Return the steps of the projects that are not at their commit; URLs do not matter here."""
    return tuple(
        each
        for each in plan_sync(lock, observed).projects
        if each.action is not Action.KEEP
        and (
            each.action is not Action.MOVE
            or observed.projects[each.project.path].head != each.project.commit
        )
    )
