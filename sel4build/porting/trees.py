# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Nodes of a device tree by what they are for: serial ports, memory, what is set aside."""

from collections.abc import Container
from dataclasses import dataclass

from sel4build.model.sources import DeviceTree, DtNode, RegRange
from sel4build.sources.hardware import KERNEL_DEVICES, chosen_nodes, find_node, reg_ranges

_UART_NAMES = ("serial", "uart", "pl011")
_RESERVED = "/reserved-memory/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uart:
    """The serial port of the kernel and the elfloader."""

    node: DtNode
    alias: str | None
    """The alias by which it is chosen, such as `serial0`."""


def find_uart(tree: DeviceTree, drivers: Container[str]) -> Uart | None:
    """Return the serial port among the devices that the kernel's overlay chooses."""
    chosen = tree.nodes.get("/chosen")
    found = chosen.prop(KERNEL_DEVICES) if chosen else None
    for name in found.strings if found else ():
        node = find_node(tree, name)
        if node is not None:
            return Uart(node=node, alias=None if name.startswith("/") else name)
    nodes = (each for each in chosen_nodes(tree, KERNEL_DEVICES) if is_uart(each, drivers))
    node = next(nodes, None)
    return Uart(node=node, alias=None) if node else None


def is_uart(node: DtNode, drivers: Container[str]) -> bool:
    """Tell whether `node` is a serial port: by name, or because a driver is for it."""
    kind = node.name.split("@")[0]
    return kind in _UART_NAMES or any(each in drivers for each in node.compatible)


def uart_candidates(tree: DeviceTree, drivers: Container[str]) -> tuple[DtNode, ...]:
    """Return all serial ports."""
    return tuple(each for each in tree.nodes.values() if is_uart(each, drivers))


def ranges_of(tree: DeviceTree, node: DtNode) -> tuple[RegRange, ...]:
    """Return the ranges of `reg` that have bytes; none where they cannot be worked out."""
    return tuple(each for each in reg_ranges(tree, node) or () if each.size)


def is_memory(node: DtNode) -> bool:
    """Tell whether `node` is RAM that seL4 may use."""
    kind = node.prop("device_type")
    return kind is not None and "memory" in kind.strings


def memory_nodes(tree: DeviceTree) -> tuple[DtNode, ...]:
    """Return the RAM that is given to seL4."""
    return tuple(each for each in tree.nodes.values() if is_memory(each))


def reserved_nodes(tree: DeviceTree) -> tuple[DtNode, ...]:
    """Return the RAM that seL4 leaves alone."""
    return tuple(each for each in tree.nodes.values() if each.path.startswith(_RESERVED))


def find_compatible(tree: DeviceTree | None, names: tuple[str, ...]) -> DtNode | None:
    """Return the first node that is compatible with one of `names`."""
    nodes = tree.nodes.values() if tree else ()
    return next((each for each in nodes if set(each.compatible) & set(names)), None)
