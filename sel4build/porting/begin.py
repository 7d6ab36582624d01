# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Plan the beginning of a port: files that are new, lines that are added, entries of a catalogue.

What is written into the sources is what the checks tell to write, with the guests of a board that
works. Nothing that exists is planned anew.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sel4build.errors import InputError
from sel4build.porting.app import check_folder, check_linked, check_supported
from sel4build.porting.board import Board
from sel4build.porting.catalogue import app_entry, platform_file
from sel4build.porting.editing import apply_remedy, extend_depends
from sel4build.porting.finding import Finding, Outcome, Remedy
from sel4build.porting.kernel import check_platform
from sel4build.porting.machine import check_gic
from sel4build.porting.memory import Interval
from sel4build.porting.placing import GuestPlan, plan_guest
from sel4build.porting.registry import run_checks
from sel4build.porting.skeletons import app_branch, devices_camkes, virtio_header
from sel4build.porting.vgic import HEADER as GIC_HEADER
from sel4build.porting.vmm import VIRTIO_OPTIONS, check_library, check_timers, check_vmlinux

TextOf = Callable[[str], str | None]
"""Returns the text of a file of the sources, or None where there is none."""
_KERNEL_CHECKS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file of the sources before and after; `before` is None where it is new."""

    path: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a port begins with."""

    changes: tuple[Change, ...]
    """In the sources."""
    platform: str | None
    """The text of `platforms/BOARD.toml`; None where the catalogue has the board."""
    app: str | None
    """The text of the app's `app.toml` with the board; None where it is there."""
    findings: tuple[Finding, ...]
    """The checks of the board as it is."""


def plan_beginning(
    board: Board,
    like: Board,
    *,
    text_of: TextOf,
    app_text: str | None,
    is_platform_known: bool,
    is_app_known: bool,
) -> Beginning:
    """Plan what `board` lacks, with guests as those of `like`.

    `app_text` is the app's own file in the catalogue. Raises InputError where seL4 does not know
    the board, and where `like` has no guests to go by.
    """
    _require(board, like)
    plans = _guests(board, like)
    changes = _changes(board, like, plans, text_of)
    return Beginning(
        changes=changes,
        platform=None if is_platform_known else platform_file(board),
        app=None if is_app_known or app_text is None else app_entry(board, app_text, plans[0]),
        findings=run_checks(board),
    )


def _require(board: Board, like: Board) -> None:
    if board.kernel.declaration is None:
        message = f"seL4 has no platform `{board.kernel.platform}`"
        hint = f"port seL4 to it first; `sel4build port check {board.name}` tells what that takes"
        raise InputError(message, hint=hint)
    if not board.apps.exists:
        message = f"there is no app `{board.app}` in the sources ({board.apps.folder})"
        raise InputError(message, hint="name one of projects/vm-examples/apps/Arm: `--app APP`")
    if not like.apps.variants or not any(
        each.devices and each.devices.vms for each in like.apps.variants
    ):
        message = f"`{board.app}` has no guests on `{like.name}` to go by"
        raise InputError(message, hint="name a board that the app runs on: `--like BOARD`")


def _guests(board: Board, like: Board) -> tuple[GuestPlan, ...]:
    variant = next(each for each in like.apps.variants if each.devices and each.devices.vms)
    vms = variant.devices.vms if variant.devices else ()
    is_generated = _is_dtb_generated(like)
    plans: list[GuestPlan] = []
    taken: tuple[Interval, ...] = ()
    for vm in vms:
        fact = vm.addresses.get("ram_size")
        size = fact.value if fact is not None and fact.value else None
        plan = plan_guest(
            board, taken=taken, vm=vm.name, **({} if size is None else {"size": size})
        )
        said = vm.image.get("generate_dtb")
        generated = is_generated if said is None else said.value == "true"
        plans.append(replace(plan, is_dtb_generated=generated))
        taken = (*taken, Interval.of(plan.ram_base, plan.ram_size))
    return tuple(plans)


def _is_dtb_generated(like: Board) -> bool:
    """Tell what the old settings of a guest mean: a device tree of its own, or the kernel's."""
    settings = like.apps.settings
    return settings is None or settings.value("VmDtbFile") not in {"ON", "1", "TRUE"}


def _changes(
    board: Board, like: Board, plans: tuple[GuestPlan, ...], text_of: TextOf
) -> tuple[Change, ...]:
    remedies = [
        *_remedies(check_platform(board)),
        *_remedies(check_vmlinux(board)),
        *_remedies(check_library(board)),
        *_remedies(check_timers(board)),
        *(each for each in _remedies(check_gic(board)) if each.file == GIC_HEADER),
        *_remedies(check_supported(board)),
        *_options(board, like),
    ]
    remedies += [
        replace(each, text=devices_camkes(board, plans)) for each in _remedies(check_folder(board))
    ]
    remedies += [
        replace(each, text=app_branch(board, plans[0].initrd_addr))
        if each.text.startswith("elseif")
        else each
        for each in _remedies(check_linked(board))
    ]
    return _applied(remedies, text_of)


def _remedies(outcome: Outcome) -> tuple[Remedy, ...]:
    return tuple(each.remedy for each in outcome.problems if each.remedy is not None)


def _options(board: Board, like: Board) -> list[Remedy]:
    """Return how the board comes into the options of the VMM that `like` may have."""
    found = []
    needs_header = False
    for name, option in board.vmm.options.items():
        may_have = like.vmm.are_met.get(name) and any("Platform" in each for each in option.depends)
        if may_have and board.vmm.are_met.get(name) is False:
            found += extend_depends(board, option)
        needs_header = needs_header or bool(may_have and name in VIRTIO_OPTIONS)
    if needs_header and board.virtio.is_missing:
        found.append(Remedy(file=board.virtio.path, text=virtio_header()))
    return found


def _applied(remedies: list[Remedy], text_of: TextOf) -> tuple[Change, ...]:
    """Return the files with all that is written into them, from the last line to the first."""
    by_file: dict[str, list[Remedy]] = {}
    for each in remedies:
        by_file.setdefault(each.file, []).append(each)
    changes = []
    for path, wanted in sorted(by_file.items()):
        before = text_of(path)
        after = before or ""
        for remedy in sorted(wanted, key=lambda each: -(each.line or each.after or 0)):
            after = apply_remedy(after, remedy)
        if after != before:
            changes.append(Change(path=path, before=before, after=after))
    return tuple(changes)


def _is_mended(finding: Finding) -> bool:
    remedies = [each.remedy for each in finding.outcome.problems]
    return all(each is not None and each.file == GIC_HEADER for each in remedies)


def obstacles(beginning: Beginning) -> tuple[Finding, ...]:
    """Return the checks of seL4 itself that fail, which no skeleton mends."""
    return tuple(
        each
        for each in beginning.findings
        if each.is_failure and 1 < each.check.number <= _KERNEL_CHECKS and not _is_mended(each)
    )
