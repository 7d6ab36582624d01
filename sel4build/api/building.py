# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Configure, build and package targets by one run of the outer ninja."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from sel4build.api.context import Context
from sel4build.api.doctoring import Wish, require_host
from sel4build.api.guests import refresh_guests
from sel4build.api.preparing import Prepared, pick_targets, prepare
from sel4build.api.staleness import check_current
from sel4build.api.syncing import SyncWishes
from sel4build.console.relay import Relay, RelayedError, relaying
from sel4build.errors import Sel4BuildError, WorkError
from sel4build.model.command import Command
from sel4build.model.workspace import Workspace
from sel4build.ninja.jobserver import serve_jobs
from sel4build.ninja.run import first_failure
from sel4build.package.plan import load_package
from sel4build.package.record import RECORD_NAME
from sel4build.process import explain_status
from sel4build.workspace.locking import workspace_lock

RECHECK = "recheck"
"""The goal that finds out what another run of CMake would change."""


class Goal(StrEnum):
    """How far to go with a target."""

    CONFIGURE = "configure"
    BUILD = "build"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a run made: the prepared workspace and the ids that were asked for."""

    prepared: Prepared
    ids: tuple[str, ...]
    failures: tuple[tuple[str, Sel4BuildError], ...] = ()
    """With `keep_going`: the targets that failed, each with its error."""


def reach(  # noqa: PLR0913 - each is an input of its own
    context: Context,
    workspace: Workspace,
    goal: Goal,
    wanted: tuple[str, ...] = (),
    *,
    before: Callable[[Prepared], None] | None = None,
    keep_going: bool = False,
    recheck: bool = False,
    wishes: SyncWishes | None = None,
    examines: bool = True,
) -> Built:
    """Bring the `wanted` targets (by default the first) to `goal`, holding the workspace.

    `wishes` say how far the workspace has to be what its lock says. `before` sees the prepared
    workspace before anything runs; then the host is looked at, unless `examines` is false. With
    `recheck` it is found out meanwhile what another run of CMake would change. Raises
    HostLacksError, and the error of the step that failed first, as that step raised it; with
    `keep_going` it is returned instead.
    """
    with workspace_lock(workspace, context.reporter):
        check_current(context, workspace, wishes or SyncWishes())
        refresh_guests(context, workspace)
        prepared = prepare(context, workspace)
        if before is not None:
            before(prepared)
        ids = pick_targets(prepared.targets, wanted)
        if examines:
            require_tools(context, prepared, ids)
        if goal is Goal.PACKAGE:
            _drop_damaged(prepared, ids)
        goals = (goal, RECHECK) if recheck else (goal,)
        errors = _run_outer(context, prepared, goals, ids, keep_going=keep_going)
    if errors and not keep_going:
        raise errors[0]
    return Built(prepared=prepared, ids=ids, failures=tuple(_owners(ids, errors)))


def require_tools(context: Context, prepared: Prepared, ids: tuple[str, ...]) -> None:
    """Stop before anything runs where the host cannot build the targets; see `require_host`."""
    toolchains = {str(each.id): each.toolchain for each in prepared.spec.targets}
    wishes = tuple(Wish(target=prepared.targets[id_], toolchain=toolchains.get(id_)) for id_ in ids)
    overlays = context.overlays_of(prepared.workspace, prepared.spec)
    require_host(
        replace(context, overlays=overlays),
        prepared.catalog,
        wishes,
        workspace=prepared.workspace,
    )


def run_goal(context: Context, prepared: Prepared, goal: Goal, ids: tuple[str, ...]) -> None:
    """Bring targets of a workspace that is held to `goal`; raises the error that came first."""
    errors = _run_outer(context, prepared, (goal,), ids, keep_going=False)
    if errors:
        raise errors[0]


def _drop_damaged(prepared: Prepared, ids: tuple[str, ...]) -> None:
    """Have packages made again that are not as they were made: ninja only sees what is older."""
    for id_ in ids:
        out_dir = prepared.workspace.out_dir(prepared.targets[id_].id)
        try:
            load_package(out_dir)
        except Sel4BuildError:
            with suppress(OSError):  # missing, or in the way: packaging will tell
                (out_dir / RECORD_NAME).unlink()


def _run_outer(
    context: Context,
    prepared: Prepared,
    goals: tuple[str, ...],
    ids: tuple[str, ...],
    *,
    keep_going: bool,
) -> list[Sel4BuildError]:
    workspace = prepared.workspace
    relay = Relay(context.reporter)
    with ExitStack() as stack:
        jobs = stack.enter_context(serve_jobs(context.num_jobs))
        progress = stack.enter_context(relaying(relay))
        ninja_file = workspace.ninja_file.relative_to(workspace.root)
        argv = (
            str(prepared.ninja),
            "-f",
            str(ninja_file),
            *(("-k", "0") if keep_going else ()),
            *(f"{id_}/{goal}" for goal in goals for id_ in ids),
        )
        command = Command(
            argv=argv,
            cwd=workspace.root,
            env={**context.environ, **jobs, **progress, "NINJA_STATUS": "[%f/%t] "},
        )
        log_file = workspace.log_dir / "ninja.log"
        outcome = context.runner.run(command, log_file=log_file)
    errors: list[Sel4BuildError] = list(relay.errors)
    if not outcome.succeeded and not errors:
        message = f"ninja {explain_status(outcome)}"
        errors.append(
            WorkError(
                message,
                details=(*first_failure(outcome.output), f"command: {outcome.command}"),
                log_file=log_file,
            )
        )
    return errors


def _owners(
    ids: tuple[str, ...], errors: list[Sel4BuildError]
) -> Iterator[tuple[str, Sel4BuildError]]:
    """Give each error to the target whose step raised it, and one of no step to all."""
    for error in errors:
        target = error.target if isinstance(error, RelayedError) else None
        for id_ in ids if target is None else (target,):
            yield id_, error
