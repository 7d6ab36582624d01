# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Check 13: what `devices.camkes` says of guests is true of the board and of itself."""

import re
from collections.abc import Iterator

from sel4build.errors import Span
from sel4build.model.sources import DevicesFacts, DeviceTree, Fact, UntypedMmio, VmFacts
from sel4build.porting.board import Board, Variant
from sel4build.porting.finding import (
    Outcome,
    Problem,
    Remedy,
    failed,
    not_needed,
    passed,
    unknown,
)
from sel4build.porting.memory import (
    PAGE,
    Interval,
    memory_intervals,
    reserved_intervals,
    subtract,
    untypeds,
)
from sel4build.reading.suggestion import suggest

REQUIRED = ("ram_base", "ram_paddr_base", "ram_size", "dtb_addr", "initrd_addr")
_MOST_BITS = 47
"""The largest untyped of a 64-bit kernel: seL4_MaxUntypedBits."""
_PAGE_BITS = 12
_MAX_SIZE = "VM_INITRD_MAX_SIZE"
_ADDRESS = re.compile(r"\s*(0[xX][0-9a-fA-F]+)\s*:")


def check_devices(board: Board) -> Outcome:
    """Check 13: GICV, device nodes, and the addresses in the guest's memory."""
    if not board.apps.uses_devices:
        return not_needed("the app has no `devices.camkes` on any board")
    found = [each for each in board.apps.variants if each.devices is not None]
    if not found:
        return unknown("there is no `devices.camkes`: see check 12")
    problems = [problem for each in found for problem in _variant_problems(board, each)]
    if problems:
        return failed(*problems)
    first = found[0].devices_file
    guests = sum(len(each.devices.vms) for each in found[:1] if each.devices)
    word = "1 guest" if guests == 1 else f"{guests} guests"
    if board.kernel.tree is None or board.gic is None or board.gic.virtual is None:
        summary = f"{word}; the addresses of devices cannot be compared without a device tree"
        return unknown(summary, Span(file=first))
    return passed(f"{word}, GICV at {board.gic.virtual.address:#x}", Span(file=first))


def _variant_problems(board: Board, variant: Variant) -> Iterator[Problem]:
    devices = variant.devices
    if devices is None:
        return
    if not devices.vms:
        text = "no setting of a guest, such as `vm0.untyped_mmios`, was found"
        yield Problem(text=text, span=Span(file=devices.file), hint="see check 12 for a skeleton")
    for vm in devices.vms:
        yield from _dtb_problems(board, variant, vm)
        yield from _mmio_problems(board, variant, vm)
        yield from _address_problems(variant, vm)
    yield from _shared_memory(devices)


def _dtb_problems(board: Board, variant: Variant, vm: VmFacts) -> Iterator[Problem]:
    if not vm.dtb_paths and not _asks_otherwise(variant, vm):
        uart = board.uart.node.path if board.uart else "/PATH/OF/A/DEVICE"
        text = f"`{vm.name}.dtb` names no device"
        remedy = Remedy(
            file=vm.span.file,
            after=_before(vm),
            text=f'        {vm.name}.dtb = dtb([{{"path": "{uart}"}}]);\n',
        )
        yield Problem(text=text, span=vm.span, remedy=remedy)
    tree = variant.root_tree or board.kernel.tree
    if tree is None or (variant.root_file is not None and variant.root_tree is None):
        return
    for fact in vm.dtb_paths:
        if fact.value is not None and not _matches(tree, fact.value):
            yield _unresolved(board, variant, fact, tree)


def _asks_otherwise(variant: Variant, vm: VmFacts) -> bool:
    """Tell whether devices are asked for by their properties, or in a way that cannot be read."""
    settings = variant.devices.settings if variant.devices else ()
    return any(
        each.instance == vm.name and each.attribute == "dtb" and each.value != ()
        for each in settings
    )


def _matches(tree: DeviceTree, path: str) -> bool:
    """Tell whether CAmkES finds a node: it searches each path for a regular expression.

    camkes-tool camkes/parser/fdtQueryEngine.py, `_match_nodes_by_path`.
    """
    if path in tree.nodes:
        return True
    try:
        pattern = re.compile(path, re.IGNORECASE)
    except re.error:
        return False
    return any(pattern.search(each) for each in tree.nodes)


def _unresolved(board: Board, variant: Variant, fact: Fact[str], tree: DeviceTree) -> Problem:
    path = fact.value or ""
    where = variant.root_file.path if variant.root_file else _files(board)
    text = f"`{path}` is no node of the device tree ({where})"
    near = suggest(path, tree.nodes)
    remedy = None
    if near is not None:
        remedy = Remedy(file=fact.span.file, line=fact.span.line, old=path, text=near)
    return Problem(text=text, span=fact.span, remedy=remedy, hint="name a node that is there")


def _files(board: Board) -> str:
    return ", ".join(each.path for each in board.kernel.dts[:2])


def _mmio_problems(board: Board, variant: Variant, vm: VmFacts) -> Iterator[Problem]:
    virtual = board.gic.virtual if board.gic else None
    wanted = f'            "{virtual.address:#x}:12",\n' if virtual else None
    if not vm.untyped_mmios:
        text = f"`{vm.name}.untyped_mmios` has no entry; the first must be the GICV"
        line = f"        {vm.name}.untyped_mmios = [\n{wanted or ''}        ];\n"
        remedy = Remedy(file=vm.span.file, after=_before(vm), text=line)
        yield Problem(text=text, span=vm.span, remedy=remedy)
        return
    unaligned = [each for each in vm.untyped_mmios if _unaligned(each) is not None]
    yield from filter(None, map(_unaligned, unaligned))
    spelt = _spelt(variant, vm)
    first = vm.untyped_mmios[0]
    given = {each.address for each in vm.untyped_mmios} | _mapped(variant, vm)
    if virtual is not None and virtual.address not in given and first not in unaligned:
        text = (
            f"the first untyped of {vm.name} is {first.address:#x}; the GICV of "
            f"{board.gic.node.path if board.gic else '?'} is {virtual.address:#x}"
        )
        remedy = Remedy(
            file=first.span.file,
            line=first.span.line,
            old=spelt.get(first.address),
            text=f"{virtual.address:#x}:12",
        )
        yield Problem(text=text, span=first.span, remedy=remedy)
    yield from _straddling(board, vm)


def _spelt(variant: Variant, vm: VmFacts) -> dict[int, str]:
    """Return the entries of `untyped_mmios` as they are written, by their address."""
    found: dict[int, str] = {}
    for entry in _entries(variant, vm, "untyped_mmios"):
        match = _ADDRESS.match(entry)
        if match:
            found.setdefault(int(match[1], 16), entry)
    return found


def _entries(variant: Variant, vm: VmFacts, attribute: str) -> Iterator[str]:
    for each in variant.devices.settings if variant.devices else ():
        if each.instance == vm.name and each.attribute == attribute:
            entries = each.value if isinstance(each.value, tuple) else ()
            yield from (entry for entry in entries if isinstance(entry, str))


def _mapped(variant: Variant, vm: VmFacts) -> set[int]:
    """Return the addresses of `mmios`, entries `"0xADDRESS:SIZE:BITS"`: another way to the GICV."""
    matches = (_ADDRESS.match(entry) for entry in _entries(variant, vm, "mmios"))
    return {int(match[1], 16) for match in matches if match}


def _unaligned(each: UntypedMmio) -> Problem | None:
    spelt = f'"{each.address:#x}:{each.bits}"'
    if not _PAGE_BITS <= each.bits <= _MOST_BITS:
        text = f"{spelt} is not between a page (12) and the largest untyped ({_MOST_BITS})"
        return Problem(text=text, span=each.span, hint="give the size as a power of two from 12 on")
    if each.address % PAGE:
        text = f"{spelt} does not begin at a page of {PAGE} bytes"
        hint = f"the page begins at {each.address & ~(PAGE - 1):#x}"
        return Problem(text=text, span=each.span, hint=hint)
    if each.address % (1 << each.bits):
        text = f"{spelt} is not aligned to its own size of {1 << each.bits:#x}"
        return Problem(text=text, span=each.span, hint="split it into aligned pieces")
    return None


def _straddling(board: Board, vm: VmFacts) -> Iterator[Problem]:
    """Yield untypeds that are RAM of seL4 in part: the kernel's untypeds end where its RAM does."""
    tree = board.kernel.tree
    if tree is None:
        return
    ram = subtract(memory_intervals(tree), reserved_intervals(tree))
    for each, interval in zip(vm.untyped_mmios, untypeds(vm), strict=True):
        if _unaligned(each) is None and any(
            interval.overlaps(region) and not region.holds(interval) for region in ram
        ):
            text = f"{interval} is memory of seL4 in part only"
            hint = "reserve it in the board's overlay, or give only what is in one piece of memory"
            yield Problem(text=text, span=each.span, hint=hint)


def _address_problems(variant: Variant, vm: VmFacts) -> Iterator[Problem]:
    missing = [name for name in REQUIRED if name not in vm.addresses]
    if missing:
        text = f"{vm.name} has no {', '.join(f'`{each}`' for each in missing)}"
        place = f"`{vm.name}.vm_address_config`"
        yield Problem(text=text, span=vm.span, hint=f"write it into {place}")
        return
    values = {name: vm.addresses[name] for name in REQUIRED}
    base, size = values["ram_base"], values["ram_size"]
    for name in ("ram_base", "ram_paddr_base", "ram_size"):
        value = values[name].value
        if value is not None and (value % PAGE or (name == "ram_size" and not value)):
            text = f"`{name}` of {vm.name} is {value:#x}, which is no whole number of pages"
            yield Problem(text=text, span=values[name].span, hint=f"pages have {PAGE} bytes")
    if base.value is None or not size.value:
        return
    ram = Interval.of(base.value, size.value)
    placed = dict(_placed(variant, vm))
    for name, interval in placed.items():
        if not ram.holds(interval):
            text = f"{name} of {vm.name} at {interval} is not inside its memory {ram}"
            span = vm.addresses[_KEYS[name]].span
            yield Problem(text=text, span=span, hint=f"put `{_KEYS[name]}` inside")
    if len(placed) == 2:  # noqa: PLR2004 - both are known
        yield from _overlap(vm, placed["initrd"], placed["device tree"])


_KEYS = {"initrd": "initrd_addr", "device tree": "dtb_addr"}


def _placed(variant: Variant, vm: VmFacts) -> Iterator[tuple[str, Interval]]:
    sizes = {each.path.rsplit("/", 1)[-1]: each.size or 0 for each in variant.images}
    initrd = max((size for name, size in sizes.items() if ".cpio" in name), default=0)
    dtb = max((size for name, size in sizes.items() if name.endswith(("dtb", ".dtb"))), default=0)
    macros = variant.devices.macros if variant.devices else {}
    most = macros.get(_MAX_SIZE)
    declared = most.value if most is not None and most.value is not None else 0
    for name, size in (("initrd", max(initrd, declared)), ("device tree", dtb)):
        start = vm.addresses[_KEYS[name]].value
        if start is not None:
            yield name, Interval.of(start, max(size, PAGE))


def _overlap(vm: VmFacts, initrd: Interval, dtb: Interval) -> Iterator[Problem]:
    if initrd.overlaps(dtb):
        fact = vm.addresses["initrd_addr"]
        text = f"initrd {initrd} and device tree {dtb} of {vm.name} overlap"
        below = (dtb.start - initrd.size) & ~(PAGE - 1)
        hint = f"an initrd of that size fits below the device tree at {max(below, 0):#x}"
        yield Problem(text=text, span=fact.span, hint=hint)


def _shared_memory(devices: DevicesFacts) -> Iterator[Problem]:
    """Yield guests that are given the same physical memory."""
    placed: list[tuple[VmFacts, Interval, Span]] = []
    for vm in devices.vms:
        start, size = vm.addresses.get("ram_paddr_base"), vm.addresses.get("ram_size")
        if start is None or size is None or start.value is None or not size.value:
            continue
        interval = Interval.of(start.value, size.value)
        for other, taken, _ in placed:
            if interval.overlaps(taken):
                text = f"{vm.name} and {other.name} have the same memory: {interval}, {taken}"
                yield Problem(text=text, span=start.span, hint="give each guest its own")
        placed.append((vm, interval, start.span))


def _before(vm: VmFacts) -> int | None:
    return None if vm.span.line is None else vm.span.line - 1
