# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The whole way once, on the app that we ship: every image form, and consoles to see."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sel4build.api.booting import boot_built
from sel4build.api.building import Built, Goal, reach
from sel4build.api.context import Context
from sel4build.api.doctoring import bundled_wishes, examine_targets
from sel4build.api.initialising import initialise
from sel4build.api.provisioning import bring_missing
from sel4build.catalog import load_catalog
from sel4build.errors import EnvironmentLacksError, Sel4BuildError
from sel4build.model.host import Finding
from sel4build.model.image import BootOutcome, Package, Verdict
from sel4build.model.platform import Platform
from sel4build.model.target import Selection
from sel4build.package.plan import load_package


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRow:
    """One platform of the demo: its package, or why there is none."""

    platform: Platform
    target: str
    toolchain: str
    package: Package | None
    error: Sel4BuildError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """What the demo found, made and booted."""

    directory: Path
    findings: tuple[Finding, ...]
    rows: tuple[DemoRow, ...]
    outcomes: tuple[BootOutcome, ...]
    unbooted: tuple[EnvironmentLacksError, ...]
    """Why a machine that QEMU plays was not started on this host."""

    @property
    def succeeded(self) -> bool:
        """True when every platform has its image and every boot passed."""
        return (
            all(row.package is not None for row in self.rows)
            and bool(self.outcomes)
            and not self.unbooted
            and all(outcome.verdict is Verdict.PASSED for outcome in self.outcomes)
        )


def demonstrate(
    context: Context,
    directory: Path,
    *,
    agrees: Callable[[str], bool],
    on_text: Callable[[str], object] | None,
) -> Demonstration:
    """Build the bundled app for every platform in `directory`, and boot what QEMU plays.

    `agrees` is asked before anything is installed that needs another user's rights; `on_text` gets
    the consoles.
    """
    catalog = load_catalog(context.overlays)
    wishes = bundled_wishes(catalog)
    findings = examine_targets(context, catalog, wishes)
    if not all(finding.found for finding in findings):
        bring_missing(context, findings, agrees=agrees)
        findings = examine_targets(context, catalog, wishes)
    selections = tuple(
        Selection(app=each.target.app.name, platform=each.target.platform.name) for each in wishes
    )
    initialised = initialise(context, directory, selections, examines=False)
    built = reach(
        context,
        initialised.workspace,
        Goal.PACKAGE,
        initialised.ids,
        keep_going=True,
        examines=False,
    )
    rows = tuple(_row(built, id_) for id_ in built.ids)
    outcomes, unbooted = _boot_all(context, built, rows, on_text)
    return Demonstration(
        directory=initialised.workspace.root,
        findings=findings,
        rows=rows,
        outcomes=outcomes,
        unbooted=unbooted,
    )


def _boot_all(
    context: Context,
    built: Built,
    rows: tuple[DemoRow, ...],
    on_text: Callable[[str], object] | None,
) -> tuple[tuple[BootOutcome, ...], tuple[EnvironmentLacksError, ...]]:
    """Boot what QEMU plays; a host that lacks it for one may have it for the next."""
    outcomes: list[BootOutcome] = []
    unbooted: list[EnvironmentLacksError] = []
    for row in rows:
        if row.package is None or row.platform.qemu is None:
            continue
        try:
            outcomes += boot_built(context, built, (row.target,), on_text=on_text)
        except EnvironmentLacksError as error:
            unbooted.append(error)
    return tuple(outcomes), tuple(unbooted)


def _row(built: Built, id_: str) -> DemoRow:
    target = built.prepared.targets[id_]
    error = dict(built.failures).get(id_)
    package = None
    if error is None:
        package = load_package(built.prepared.workspace.out_dir(target.id))
    return DemoRow(
        platform=target.platform,
        target=id_,
        toolchain=built.prepared.configurations[id_].toolchain["name"],
        package=package,
        error=error,
    )
