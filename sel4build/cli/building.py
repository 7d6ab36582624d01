# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`configure`, `build`, `package` and `boot`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sel4build.cli.options import IsFrozen, IsLocked, NoDoctor, Offline, Targets, WorkspaceDir
from sel4build.cli.session import Invocation, Session
from sel4build.errors import ExitCode

if TYPE_CHECKING:
    from sel4build.api.building import Goal
    from sel4build.api.syncing import SyncWishes
    from sel4build.model.image import BootOutcome
    from sel4build.model.workspace import Workspace


def configure(
    context: typer.Context,
    targets: Targets = None,
    *,
    workspace: WorkspaceDir = None,
    locked: IsLocked = False,
    frozen: IsFrozen = False,
    offline: Offline = False,
    no_doctor: NoDoctor = False,
) -> None:
    """Run CMake once, in a fresh folder."""
    from sel4build.api.building import Goal

    wishes = _wishes(locked, frozen, offline)
    _reach(context, Goal.CONFIGURE, targets, workspace, wishes, examines=not no_doctor)


def build(
    context: typer.Context,
    targets: Targets = None,
    *,
    workspace: WorkspaceDir = None,
    locked: IsLocked = False,
    frozen: IsFrozen = False,
    offline: Offline = False,
    no_doctor: NoDoctor = False,
) -> None:
    """Compile targets and package their images."""
    from sel4build.api.building import Goal

    wishes = _wishes(locked, frozen, offline)
    _reach(context, Goal.PACKAGE, targets, workspace, wishes, examines=not no_doctor)


def package(
    context: typer.Context,
    targets: Targets = None,
    *,
    workspace: WorkspaceDir = None,
    locked: IsLocked = False,
    frozen: IsFrozen = False,
    offline: Offline = False,
    no_doctor: NoDoctor = False,
) -> None:
    """Lay out images, checksums, boot lines.

    They are in out/TARGET; what is not up to date is built first.
    """
    from sel4build.api.building import Goal

    wishes = _wishes(locked, frozen, offline)
    _reach(context, Goal.PACKAGE, targets, workspace, wishes, examines=not no_doctor)


def boot(
    context: typer.Context,
    targets: Targets = None,
    *,
    timeout_s: Annotated[
        int | None,
        typer.Option(
            "--timeout", min=1, metavar="SECONDS", help="Give up after.", show_default="the app's"
        ),
    ] = None,
    workspace: WorkspaceDir = None,
    locked: IsLocked = False,
    frozen: IsFrozen = False,
    offline: Offline = False,
) -> int:
    """Boot targets in QEMU and judge them.

    The markers of the app decide; the end of the console before they were seen is a failure.
    """
    from sel4build.api.booting import boot_targets

    session = context.ensure_object(Invocation).session()
    live = None if session.options.quiet else sys.stderr.write
    outcomes = boot_targets(
        session.context,
        _workspace(session, workspace),
        tuple(targets or ()),
        on_text=live,
        timeout_s=timeout_s,
        wishes=_wishes(locked, frozen, offline),
    )
    return show_outcomes(session, outcomes)


def show_outcomes(session: Session, outcomes: "tuple[BootOutcome, ...]") -> int:
    """Show how boots ended, with the errors of those that failed; return the exit code."""
    from sel4build.api.booting import outcome_record
    from sel4build.boot.run import explain_boot
    from sel4build.catalog.host import load_hints
    from sel4build.model.image import Verdict

    failed = any(each.verdict != Verdict.PASSED for each in outcomes)
    hints = load_hints(session.context.overlays) if failed else ()
    explained = (explain_boot(each, hints) for each in outcomes)
    errors = [error for error in explained if error is not None]
    session.complain(errors)
    session.report(
        "boot",
        {"outcomes": [outcome_record(each) for each in outcomes]},
        lambda: "".join(
            f"{each.plan.target}: {each.verdict}"
            + (f" (`{each.marker}`)" if each.marker else "")
            + f" after {each.duration_s:.1f} s, console in {each.plan.console_file}\n"
            for each in outcomes
        ),
    )
    return ExitCode.FAILED if errors else ExitCode.OK


def _reach(
    context: typer.Context,
    goal: "Goal",
    targets: list[str] | None,
    workspace: Path | None,
    wishes: "SyncWishes",
    *,
    examines: bool,
) -> None:
    from sel4build.api.building import Goal, reach
    from sel4build.api.freshness import remember_fresh, stamp_inputs
    from sel4build.api.reporting import built_rows

    session = context.ensure_object(Invocation).session()
    place = _workspace(session, workspace)
    inputs = stamp_inputs(session.context, place)
    built = reach(
        session.context,
        place,
        goal,
        tuple(targets or ()),
        recheck=True,
        wishes=wishes,
        examines=examines,
    )
    rows = built_rows(built, goal)
    if goal is Goal.PACKAGE:
        texts = {row.target: row.text for row in rows}
        remember_fresh(session.context, built, texts, inputs=inputs)
    session.report(
        str(goal),
        {"targets": [row.record for row in rows]},
        lambda: "".join(f"{row.text}\n" for row in rows),
    )


def _wishes(locked: bool, frozen: bool, offline: bool) -> "SyncWishes":  # noqa: FBT001 - as they are given
    from sel4build.api.syncing import SyncWishes
    from sel4build.git.supply import FetchOptions

    return SyncWishes(fetch=FetchOptions(is_offline=offline), is_locked=locked, is_frozen=frozen)


def _workspace(session: Session, directory: Path | None) -> "Workspace":
    from sel4build.api.finding import open_workspace

    return open_workspace(session.context, directory)
