# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a device tree says of the hardware: addresses, processors, interrupt controller, console.

`chosen` of seL4: seL4 tools/hardware/device.py; addresses: Devicetree Specification 0.4, 2.3.6-8.
"""

from sel4build.model.sources import CellValue, DeviceTree, DtNode, RegRange

_DEFAULT_ADDRESS_CELLS = 2
_DEFAULT_SIZE_CELLS = 1
_GICS = ("arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a9-gic", "arm,cortex-a7-gic")
_GIC_V3 = ("arm,gic-v3",)
KERNEL_DEVICES = "seL4,kernel-devices"
ELFLOADER_DEVICES = "seL4,elfloader-devices"


def find_node(tree: DeviceTree, name: str) -> DtNode | None:
    """Return the node that `name` means: a path, an alias (with a path below it), or a label."""
    if name.startswith("/"):
        return tree.nodes.get(name if name == "/" else name.rstrip("/"))
    alias, _, rest = name.partition("/")
    aliases = tree.nodes.get("/aliases")
    found = aliases.prop(alias) if aliases else None
    if found is not None:
        path = next((each.path for each in found.refs if each.path), None)
        path = path or next(iter(found.strings), None)
        if path is not None:
            return tree.nodes.get(f"{path}/{rest}" if rest else path)
    return next((each for each in tree.nodes.values() if name in each.labels), None)


def chosen_nodes(tree: DeviceTree, name: str) -> tuple[DtNode, ...]:
    """Return the nodes that property `name` of `/chosen` lists; those that are not there are not.

    A `stdout-path` may carry parameters after a colon.
    """
    chosen = tree.nodes.get("/chosen")
    found = chosen.prop(name) if chosen else None
    nodes: list[DtNode | None] = []
    for each in found.values if found else ():
        if isinstance(each, str):
            nodes.append(find_node(tree, each.split(":")[0]))
        elif isinstance(each, tuple):
            paths = (cell.path for cell in each if not isinstance(cell, int) and cell)
            nodes.extend(tree.nodes.get(path) for path in paths if path)
        elif not isinstance(each, bytes) and each.path:
            nodes.append(tree.nodes.get(each.path))
    return tuple(each for each in nodes if each is not None)


def reg_ranges(tree: DeviceTree, node: DtNode) -> tuple[RegRange, ...] | None:
    """Return the ranges of `reg` as the CPU sees them; None where they cannot be worked out."""
    found = node.prop("reg")
    if found is None:
        return ()
    parent = _parent(tree, node)
    address_cells, size_cells = _cell_counts(parent)
    numbers = _numbers(found.cells)
    width = address_cells + size_cells
    if numbers is None or width == 0 or len(numbers) % width:
        return None
    ranges = []
    for start in range(0, len(numbers), width):
        address = _joined(numbers[start : start + address_cells])
        size = _joined(numbers[start + address_cells : start + width])
        ranges.append(RegRange(address=_translated(tree, parent, address), size=size))
    return tuple(ranges)


def cpu_nodes(tree: DeviceTree) -> tuple[DtNode, ...]:
    """Return the processors that are not disabled."""
    cpus = tree.nodes.get("/cpus")
    children = (tree.nodes[path] for path in cpus.children) if cpus else ()
    return tuple(each for each in children if _is_cpu(each) and _is_enabled(each))


def psci_node(tree: DeviceTree) -> DtNode | None:
    """Return the node of the power interface that starts further cores, or None."""
    is_psci = (
        each
        for each in tree.nodes.values()
        if any(name.startswith("arm,psci") for name in each.compatible)
    )
    return next(is_psci, None)


def gic_node(tree: DeviceTree) -> DtNode | None:
    """Return the interrupt controller of the processors, or None.

    That which the kernel drives comes first, since there may be others behind it.
    """
    nodes = (*chosen_nodes(tree, KERNEL_DEVICES), *tree.nodes.values())
    return next((each for each in nodes if gic_version(each) is not None), None)


def gic_version(node: DtNode) -> int | None:
    """Return 2 or 3 for an Arm interrupt controller, and None for anything else."""
    if any(each in _GIC_V3 for each in node.compatible):
        return 3
    if any(each in _GICS for each in node.compatible):
        return 2
    return None


def _is_cpu(node: DtNode) -> bool:
    kind = node.prop("device_type")
    return (kind is not None and "cpu" in kind.strings) or node.name.startswith("cpu@")


def _is_enabled(node: DtNode) -> bool:
    status = node.prop("status")
    return status is None or status.strings[:1] in {("okay",), ("ok",)}


def _parent(tree: DeviceTree, node: DtNode) -> DtNode | None:
    if node.path == "/":
        return None
    return tree.nodes.get(node.path.rpartition("/")[0] or "/")


def _cell_counts(parent: DtNode | None) -> tuple[int, int]:
    """Return how many cells an address and a size have below `parent`."""

    def count(name: str, default: int) -> int:
        found = parent.prop(name) if parent else None
        cell = found.cells[0] if found and found.cells else default
        return cell if isinstance(cell, int) and 0 <= cell <= 4 else default  # noqa: PLR2004

    return count("#address-cells", _DEFAULT_ADDRESS_CELLS), count(
        "#size-cells", _DEFAULT_SIZE_CELLS
    )


def _numbers(cells: tuple[CellValue, ...]) -> tuple[int, ...] | None:
    numbers = tuple(each for each in cells if isinstance(each, int))
    return numbers if len(numbers) == len(cells) else None


def _joined(cells: tuple[int, ...]) -> int:
    value = 0
    for each in cells:
        value = value << 32 | (each & 0xFFFF_FFFF)
    return value


def _translated(tree: DeviceTree, bus: DtNode | None, address: int) -> int:
    """Return where an address on `bus` is for the CPU; without `ranges` that is the same."""
    while bus is not None and bus.path != "/":
        outer = _parent(tree, bus)
        found = bus.prop("ranges")
        numbers = _numbers(found.cells) if found else None
        child_cells, size_cells = _cell_counts(bus)
        parent_cells, _ = _cell_counts(outer)
        width = child_cells + parent_cells + size_cells
        for start in range(0, len(numbers or ()) - width + 1, width or 1):
            row = (numbers or ())[start : start + width]
            base = _joined(row[:child_cells])
            target = _joined(row[child_cells : child_cells + parent_cells])
            size = _joined(row[child_cells + parent_cells :])
            if base <= address < base + size:
                address = target + address - base
                break
        bus = outer
    return address
