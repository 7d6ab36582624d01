# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Where a guest's memory can be on a board: free RAM, away from where seL4 is loaded."""

from dataclasses import dataclass

from sel4build.porting.board import Board
from sel4build.porting.memory import (
    Interval,
    device_intervals,
    meant_for_guests,
    memory_intervals,
    reserved_intervals,
    subtract,
)

_SIZE = 256 << 20
_LOADED = 256 << 20
"""Bytes at the beginning of RAM that are left to boot loader, elfloader and seL4."""
_LOW = 1 << 32
"""A guest's Linux is given memory below 4 GiB."""
_DTB_BEFORE_END = 16 << 20
_LEAST = 64 << 20
_FALLBACK = 0x4000_0000
_MOST_INITRD = 25 << 20
_PCI = 0x3D00_0000
_PCI_FIRST = 0xD00_0000
_PCI_STEP = 16 << 20
_PCI_SIZE = 48 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestPlan:
    """Where a guest's memory is and what goes where in it: bytes, guest and host alike."""

    vm: str = "vm0"
    ram_base: int
    ram_size: int
    dtb_addr: int
    initrd_addr: int
    is_reserved: bool = True
    """Whether the guest gets its memory by address, mapped one to one."""
    is_dtb_generated: bool = True
    """Whether the VMM makes the guest's device tree from the kernel's."""
    is_known: bool = True
    """Whether the memory was found in the board's device tree."""


def plan_guest(
    board: Board, *, size: int = _SIZE, taken: tuple[Interval, ...] = (), vm: str = "vm0"
) -> GuestPlan:
    """Return a guest of `size` bytes or the most that fits, beside what is `taken`."""
    found = _find(board, size, taken)
    base, actual = (found.start, found.size) if found else (_FALLBACK, size)
    dtb = base + actual - _DTB_BEFORE_END
    initrd = dtb - _MOST_INITRD
    told = _told(board)
    if told is not None and base <= told <= initrd:
        initrd = told
    return GuestPlan(
        vm=vm,
        ram_base=base,
        ram_size=actual,
        dtb_addr=dtb,
        initrd_addr=initrd,
        is_known=found is not None,
    )


def plan_pci(board: Board) -> int:
    """Return where 48 MiB of addresses are for a virtual PCI bus: no memory and no device there."""
    tree = board.kernel.tree
    taken = (*memory_intervals(tree), *device_intervals(tree)) if tree else ()
    places: tuple[int, ...] = (_PCI, *range(_PCI_FIRST, _LOW, _PCI_STEP))
    for start in places:
        wanted = Interval.of(start, _PCI_SIZE)
        if not any(wanted.overlaps(each) for each in taken):
            return start
    return _PCI


def _told(board: Board) -> int | None:
    """Return the address that the app's script puts into the guest's device tree."""
    for variant in board.apps.variants:
        for event in variant.trace.called("UpdateDtbFromInitrd") if variant.trace else ():
            try:
                return int(event.args[2] or "", 0)
            except (IndexError, ValueError):
                continue
    return None


def _find(board: Board, size: int, taken: tuple[Interval, ...]) -> Interval | None:
    tree = board.kernel.tree
    if tree is None:
        return None
    for each in meant_for_guests(tree):
        largest = 1 << (each.size.bit_length() - 1)
        actual = min(size, largest)
        if actual >= _LEAST and each.start % actual == 0:
            return Interval.of(each.start, actual)
    memory = memory_intervals(tree)
    aside = [*reserved_intervals(tree), *taken]
    if memory:
        aside.append(Interval.of(memory[0].start, _LOADED))
    free = subtract(memory, aside)
    while size >= _LEAST:
        for each in free:
            start = -(-each.start // size) * size
            if start + size <= min(each.end, _LOW):
                return Interval.of(start, size)
        size //= 2
    return None
