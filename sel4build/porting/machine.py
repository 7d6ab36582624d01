# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Checks 6, 7 and 19: interrupt controller, image form and serial driver, several cores."""

from sel4build.errors import Span
from sel4build.model.sources import Fact, VmFacts
from sel4build.porting.board import KERNEL_DIR, UART_DIR, VGIC_DIR, Board, GicFacts
from sel4build.porting.finding import (
    Outcome,
    Problem,
    Remedy,
    failed,
    judged,
    not_needed,
    passed,
    unknown,
)
from sel4build.porting.trees import find_compatible
from sel4build.porting.vgic import vgic_problems
from sel4build.sources.hardware import cpu_nodes, psci_node

_GIC_V2 = "arch/machine/gic_v2.h"
_GIC_V3 = "arch/machine/gic_v3.h"
_GIC_V3_COMPATIBLE = "arm,gic-v3"
_RANGES = 4
"""Distributor, CPU interface, hypervisor interface, GICV: Arm IHI 0048B, section 5."""


def check_gic(board: Board) -> Outcome:
    """Check 6: a GICv2 with its virtualization ranges, which is all that the VMM can play."""
    kernel = board.kernel
    if kernel.trace is None:
        return unknown("the platform is not declared: see check 1")
    problems = [*_header_problems(board), *_vgic_problems(board)]
    if kernel.tree is not None and not problems:
        problems += _node_problems(board)
    if board.kernel.tree is not None and not problems:
        problems += vgic_problems(board)
    if problems:
        return failed(*problems)
    if board.gic is None:
        return unknown("GICv2, but there is no whole device tree: see check 2")
    virtual = board.gic.virtual
    address = f"{virtual.address:#x}" if virtual else "?"
    return passed(f"GICv2 at {board.gic.node.path}, GICV at {address}", _reg_span(board.gic))


def _header_problems(board: Board) -> list[Problem]:
    kernel = board.kernel
    header = kernel.interrupt_header
    if header is None:
        span = kernel.declaration.span if kernel.declaration else None
        text = "no `declare_default_headers` names the interrupt controller"
        return [Problem(text=text, span=span, hint=f"`INTERRUPT_CONTROLLER {_GIC_V2}`")]
    if header.value == _GIC_V2:
        return []
    if header.value == _GIC_V3:
        if any("v3" in each for each in board.vmm.vgics):
            return []
        text = f"the board has a GICv3, and the VMM plays only a GICv2 ({VGIC_DIR})"
        return [Problem(text=text, span=header.span, hint="this board cannot run VMs for now")]
    text = f"the interrupt controller of `{header.value}` is none that the VMM can play"
    return [Problem(text=text, span=header.span, hint=f"it plays that of `{_GIC_V2}`")]


def _vgic_problems(board: Board) -> list[Problem]:
    if board.vmm.vgics:
        return []
    text = f"the VMM library has no {VGIC_DIR}/vgic_v2.c"
    return [Problem(text=text, span=Span(file=VGIC_DIR), hint="sync the project again")]


def _node_problems(board: Board) -> list[Problem]:
    gic, names = board.gic, board.kernel.gic_compatibles
    header = board.kernel.interrupt_header
    if header is not None and header.value == _GIC_V3:
        return []
    if gic is None:
        third = find_compatible(board.kernel.tree, (_GIC_V3_COMPATIBLE,))
        if third is not None:
            text = f"{third.path} is a GICv3, and the VMM plays only a GICv2"
            return [Problem(text=text, span=third.span, hint="this board cannot run VMs for now")]
        known = ", ".join(names.value or ()) if names else ""
        text = "no node of the device tree is a GICv2 that the kernel knows"
        hint = f"it knows {known} ({KERNEL_DIR}/tools/hardware.yml)"
        span = board.kernel.dts[0].span if board.kernel.dts else None
        return [Problem(text=text, span=span, hint=hint)]
    if len(gic.ranges) >= _RANGES:
        return []
    text = (
        f"`reg` of {gic.node.path} has {len(gic.ranges)} ranges; a VMM needs {_RANGES}: "
        "distributor, CPU interface, hypervisor interface, GICV"
    )
    overlay = next((each.path for each in reversed(board.kernel.dts) if each.span), "the overlay")
    name = gic.node.path.rsplit("/", 1)[-1]
    lines = (
        f"    {name} {{\n        reg = <DISTRIBUTOR SIZE>, <CPU SIZE>, <HYP SIZE>, <GICV SIZE>;\n"
        "        interrupts = <0x1 0x9 0x4f04>;\n    };\n"
    )
    return [
        Problem(text=text, span=_reg_span(gic), remedy=Remedy(file=overlay, text=lines)),
    ]


def _reg_span(gic: GicFacts) -> Span:
    found = gic.node.prop("reg")
    return found.span if found else gic.node.span


def check_elfloader(board: Board) -> Outcome:
    """Check 7: the image form is chosen, and the elfloader can print on the serial port."""
    elfloader = board.elfloader
    if elfloader.image is None:
        text = "`ApplyData61ElfLoaderSettings` chooses no image form for the board"
        return failed(Problem(text=text, hint="sync `tools/seL4` again"))
    form = elfloader.image.value or "?"
    if board.uart is None:
        return unknown(f"image form {form}; the serial port is not known", elfloader.image.span)
    known = [each for each in board.uart.node.compatible if each in elfloader.drivers]
    if not known:
        names = ", ".join(board.uart.node.compatible) or "nothing"
        text = f"no driver in {UART_DIR} is for {board.uart.node.path}, compatible with {names}"
        others = ", ".join(sorted(elfloader.drivers)) or "nothing: sync `tools/seL4` again"
        hint = f"add a driver; those that are there are for {others}"
        return failed(Problem(text=text, span=Span(file=UART_DIR), hint=hint))
    summary = f"image form {form}; {known[0]} by {elfloader.drivers[known[0]].file.split('/')[-1]}"
    return passed(summary, elfloader.image.span)


def check_smp(board: Board) -> Outcome:
    """Check 19: a guest with several cores has no more than there are, and PSCI to start them."""
    wanted = [
        (vm, vm.num_vcpus)
        for variant in board.apps.variants
        if variant.devices is not None
        for vm in variant.devices.vms
        if vm.num_vcpus is not None and (vm.num_vcpus.value or 0) > 1
    ]
    if not wanted:
        return not_needed("each guest has one core")
    problems: list[Problem] = []
    for vm, fact in wanted:
        problems += _core_problems(board, vm, fact)
    tree = board.kernel.tree
    most = max(fact.value or 0 for _, fact in wanted)
    if tree is not None and psci_node(tree) is None:
        text = f"the device tree has no PSCI node, which starts {most} cores"
        span = Span(file=tree.files[0]) if tree.files else None
        remedy = Remedy(
            file=tree.files[-1] if tree.files else "the overlay",
            text='/ {\n    psci {\n        compatible = "arm,psci-1.0";\n'
            '        method = "smc";\n    };\n};\n',
        )
        problems.append(Problem(text=text, span=span, remedy=remedy))
    if tree is None and not problems:
        return unknown(f"guests have up to {most} cores; the device tree is not there: see check 2")
    return judged(problems, passed(f"guests have up to {most} cores", wanted[0][1].span))


def _core_problems(board: Board, vm: VmFacts, fact: Fact[int]) -> list[Problem]:
    count = fact.value or 0
    problems = []
    if board.apps.no_smp is not None:
        text = f"{vm.name} has {count} cores, and VMs with several are refused on the board"
        place = board.apps.no_smp
        problems.append(Problem(text=f"{text} ({place})", span=fact.span, remedy=_fewer(fact, 1)))
    tree = board.kernel.tree
    cores = cpu_nodes(tree) if tree else ()
    # QEMU makes as many cores as the kernel is configured for.
    is_made = any(each.is_made for each in board.kernel.dts)
    if cores and not is_made and count > len(cores):
        text = f"{vm.name} has {count} cores, the board {len(cores)} ({cores[0].span.file})"
        problems.append(Problem(text=text, span=fact.span, remedy=_fewer(fact, len(cores))))
    return problems


def _fewer(fact: Fact[int], count: int) -> Remedy:
    return Remedy(file=fact.span.file, line=fact.span.line, old=str(fact.value), text=str(count))
