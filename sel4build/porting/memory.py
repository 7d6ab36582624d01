# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Intervals of physical memory: what the device tree gives to seL4 and what is taken from it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sel4build.errors import Span
from sel4build.model.sources import DeviceTree, DtNode, RegRange, VmFacts
from sel4build.porting.board import Board
from sel4build.porting.trees import memory_nodes, ranges_of, reserved_nodes

PAGE = 4096
_FOR_GUESTS = re.compile(r"(?:vm-?memory|guest-?vm)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Bytes from `start` up to, not including, `end`."""

    start: int
    end: int

    @classmethod
    def of(cls, start: int, size: int) -> "Interval":
        """Return the interval of `size` bytes."""
        return cls(start, start + size)

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether a byte is in both."""
        return max(self.start, other.start) < min(self.end, other.end)

    def holds(self, other: "Interval") -> bool:
        """Tell whether all of `other` is inside."""
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        """Spell as `0xSTART..0xEND`."""
        return f"{self.start:#x}..{self.end:#x}"


def mib(size_bytes: int) -> int:
    """Return whole MiB."""
    return size_bytes >> 20


def subtract(intervals: Iterable[Interval], taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what is left of `intervals`."""
    left = [each for each in intervals if each.size > 0]
    for hole in taken:
        pieces = []
        for each in left:
            if not each.overlaps(hole):
                pieces.append(each)
                continue
            if each.start < hole.start:
                pieces.append(Interval(each.start, hole.start))
            if hole.end < each.end:
                pieces.append(Interval(hole.end, each.end))
        left = pieces
    return tuple(left)


def free_memory(board: Board) -> int:
    """Return the bytes of RAM that nobody has taken: no reservation, no guest."""
    tree = board.kernel.tree
    if tree is None:
        return 0
    variants = board.apps.variants
    vms = variants[0].devices.vms if variants and variants[0].devices else ()
    taken = [*reserved_intervals(tree), *(each for vm in vms for each in untypeds(vm))]
    return sum(each.size for each in subtract(memory_intervals(tree), taken))


def memory_intervals(tree: DeviceTree) -> tuple[Interval, ...]:
    """Return the RAM that is given to seL4, in order, no byte twice."""
    return _distinct(each for node in memory_nodes(tree) for each in _intervals(tree, node))


def reserved_intervals(tree: DeviceTree) -> tuple[Interval, ...]:
    """Return what is set aside of it."""
    return tuple(each for node in reserved_nodes(tree) for each in _intervals(tree, node))


def device_intervals(tree: DeviceTree) -> tuple[Interval, ...]:
    """Return the addresses of devices."""
    nodes = (each for each in tree.nodes.values() if not each.path.startswith("/cpus"))
    return tuple(each for node in nodes for each in _intervals(tree, node))


def meant_for_guests(tree: DeviceTree) -> tuple[Interval, ...]:
    """Return what overlays keep from seL4 for guests, by the names that they give it."""
    nodes = (each for each in tree.nodes.values() if _FOR_GUESTS.match(each.name))
    return tuple(each for node in nodes for each in _intervals(tree, node))


def untypeds(vm: VmFacts) -> tuple[Interval, ...]:
    """Return the physical memory that a guest asks for by address."""
    return tuple(Interval.of(each.address, 1 << min(each.bits, 64)) for each in vm.untyped_mmios)


def covered(board: Board) -> Span | None:
    """Return the place of the first memory node."""
    tree = board.kernel.tree
    nodes = memory_nodes(tree) if tree else ()
    for node in nodes:
        found = node.prop("reg")
        return found.span if found else node.span
    return None


def _intervals(tree: DeviceTree, node: DtNode) -> tuple[Interval, ...]:
    return tuple(_interval(each) for each in ranges_of(tree, node))


def _interval(each: RegRange) -> Interval:
    return Interval.of(each.address, each.size)


def _distinct(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the union, so that no byte counts twice."""
    found: list[Interval] = []
    for each in sorted(intervals):
        if found and each.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, each.end))
        else:
            found.append(each)
    return tuple(found)
