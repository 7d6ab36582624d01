# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Boot packaged targets in QEMU, one after the other."""

from collections.abc import Callable

from sel4build.api.building import Built, Goal, reach
from sel4build.api.context import Context
from sel4build.api.preparing import Prepared, pick_targets
from sel4build.api.syncing import SyncWishes
from sel4build.boot.host import survey_host
from sel4build.boot.plan import check_bootable, plan_boot
from sel4build.boot.run import run_boot
from sel4build.model.image import BootOutcome, BootPlan
from sel4build.model.workspace import Workspace
from sel4build.package.plan import load_package


def boot_targets(
    context: Context,
    workspace: Workspace,
    wanted: tuple[str, ...],
    *,
    on_text: Callable[[str], object] | None = None,
    timeout_s: float | None = None,
    wishes: SyncWishes | None = None,
) -> tuple[BootOutcome, ...]:
    """Bring the `wanted` targets (by default the first) up to date and boot them.

    `wishes` say how far the workspace has to be what its lock says. That a target cannot be booted
    on this host is raised before anything is built.
    """

    def check(prepared: Prepared) -> None:
        for id_ in pick_targets(prepared.targets, wanted):
            target = prepared.targets[id_]
            host = survey_host(target, target.image_format, environ=context.environ)
            out_dir = workspace.out_dir(target.id)
            check_bootable(target, target.image_format, host=host, out_dir=out_dir)

    built = reach(context, workspace, Goal.PACKAGE, wanted, before=check, wishes=wishes)
    return boot_built(context, built, built.ids, on_text=on_text, timeout_s=timeout_s)


def boot_built(
    context: Context,
    built: Built,
    ids: tuple[str, ...],
    *,
    on_text: Callable[[str], object] | None = None,
    timeout_s: float | None = None,
) -> tuple[BootOutcome, ...]:
    """Boot targets that are packaged, in the order of `ids`."""
    return tuple(_boot(context, built.prepared, id_, on_text, timeout_s) for id_ in ids)


def _boot(
    context: Context,
    prepared: Prepared,
    id_: str,
    on_text: Callable[[str], object] | None,
    timeout_s: float | None,
) -> BootOutcome:
    plan = _plan(context, prepared, id_, timeout_s=timeout_s)
    if on_text is None:
        return run_boot(plan, runner=context.runner, reporter=context.reporter)
    # The console is the progress: nothing else may write between its lines.
    context.reporter.note(f"boot {id_}: {plan.command}")
    last = "\n"

    def listen(text: str) -> None:
        nonlocal last
        last = text[-1:]
        on_text(text)

    outcome = run_boot(plan, runner=context.runner, on_text=listen)
    if last != "\n":
        on_text("\n")
    return outcome


def outcome_record(outcome: BootOutcome) -> dict[str, object]:
    """Return `outcome` as `--json` shows it."""
    return {
        "target": str(outcome.plan.target),
        "verdict": str(outcome.verdict),
        "marker": outcome.marker,
        "seconds": round(outcome.duration_s, 1),
        "console": str(outcome.plan.console_file),
        "command": str(outcome.plan.command),
    }


def _plan(context: Context, prepared: Prepared, id_: str, *, timeout_s: float | None) -> BootPlan:
    workspace = prepared.workspace
    target = prepared.targets[id_]
    package = load_package(workspace.out_dir(target.id))
    return plan_boot(
        package,
        target,
        host=survey_host(target, package.format, environ=context.environ),
        environ=context.environ,
        scratch_dir=workspace.state_dir / "boot" / id_,
        console_file=workspace.log_dir / f"{id_}-console.log",
        timeout_s=timeout_s,
    )
