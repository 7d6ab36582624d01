# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Checks 1 to 5: what seL4 itself must say of a board before it can run a VMM there."""

from sel4build.errors import Span
from sel4build.model.sources import DtProperty, NodeRef
from sel4build.porting.board import KERNEL_DIR, SETTINGS_FILE, Board, KernelFacts, SourceFile
from sel4build.porting.finding import (
    Outcome,
    Problem,
    Remedy,
    failed,
    judged,
    passed,
    unknown,
)
from sel4build.porting.memory import covered, free_memory, mib
from sel4build.porting.trees import uart_candidates
from sel4build.reading.suggestion import suggest
from sel4build.sources.hardware import find_node

HYPERVISOR_CPUS = (
    "CortexA15",
    "CortexA35",
    "CortexA53",
    "CortexA55",
    "CortexA57",
    "CortexA72",
    "CortexA76",
)
"""Arm's processors with virtualization that seL4 has run as a hypervisor on."""
ROOM = 64 << 20
"""Bytes that seL4, the capDL loader and the components of a small VM system want."""
_HYP_ARCHS = ("aarch64", "arm_hyp")
_CHOSEN = ("seL4,elfloader-devices", "seL4,kernel-devices")


def check_platform(board: Board) -> Outcome:
    """Check 1: the kernel and the CMake helpers know the name."""
    kernel = board.kernel
    problems: list[Problem] = []
    if kernel.declaration is None:
        problems.append(_undeclared(board))
    elif kernel.platform != board.name and kernel.alias is None:
        problems.append(_no_alias(board))
    span = kernel.declaration.span if kernel.declaration else None
    word = f"`{board.name}`"
    if kernel.platform != board.name:
        word += f" is a board of `{kernel.platform}`, which"
    return judged(problems, passed(f"{word} is declared to the kernel", span))


def _undeclared(board: Board) -> Problem:
    kernel = board.kernel
    file = f"{KERNEL_DIR}/src/plat/{kernel.platform}/config.cmake"
    text = f"no {KERNEL_DIR}/src/plat/*/config.cmake declares the platform `{kernel.platform}`"
    if kernel.alias is not None:
        text += f", which `{board.name}` is a board of"
    name = "".join(part.capitalize() for part in kernel.platform.split("-"))
    constant = "PLAT_" + kernel.platform.upper().replace("-", "_")
    declaration = (
        f"declare_platform({kernel.platform} KernelPlatform{name} {constant} KernelArchARM)\n"
    )
    near = suggest(board.name, kernel.names) if kernel.alias is None else None
    hint = f"did you mean `{near}`?" if near else "seL4 has to be ported to the board first"
    return Problem(
        text=text,
        span=kernel.alias.span if kernel.alias else Span(file=file),
        remedy=Remedy(file=file, text=declaration),
        hint=hint,
    )


def _no_alias(board: Board) -> Problem:
    family = board.kernel.platform
    text = f"`{board.name}` is a board of `{family}`, but `platform_aliases` does not list it"
    line = next((each for each in board.kernel.aliases if _family(each.value) == family), None)
    if line is not None and line.value is not None:
        remedy = Remedy(
            file=SETTINGS_FILE,
            line=line.span.line,
            old=line.value,
            text=f"{line.value},{board.name}",
        )
        return Problem(text=text, span=line.span, remedy=remedy)
    head = board.kernel.aliases[-1].span.line if board.kernel.aliases else None
    remedy = Remedy(file=SETTINGS_FILE, after=head, text=f'        "{family}:{board.name}"\n')
    return Problem(text=text, span=Span(file=SETTINGS_FILE, line=head), remedy=remedy)


def _family(line: str | None) -> str:
    return (line or "").partition(":")[0]


def check_device_tree(board: Board) -> Outcome:
    """Check 2: every file of `KernelDTSList` is there and can be read."""
    kernel = board.kernel
    if kernel.trace is None:
        return unknown("the platform is not declared: see check 1")
    if not kernel.dts:
        text = "`KernelDTSList` names no device tree for the board"
        line = kernel.declaration.span.line if kernel.declaration else None
        file = kernel.declaration.span.file if kernel.declaration else KERNEL_DIR
        overlay = f"src/plat/{kernel.platform}/overlay-{board.name}.dts"
        lines = (
            f'    list(APPEND KernelDTSList "tools/dts/{board.name}.dts")\n'
            f'    list(APPEND KernelDTSList "{overlay}")\n'
        )
        remedy = Remedy(file=file, text=lines)
        return failed(Problem(text=text, span=Span(file=file, line=line), remedy=remedy))
    missing = [_missing_dts(each) for each in kernel.dts if each.is_missing]
    missing += [
        Problem(text="this is no device tree source", span=each) for each in kernel.faults[:3]
    ]
    names = ", ".join(each.path.rsplit("/", 1)[-1] for each in kernel.dts)
    first = kernel.dts[0]
    if not missing and kernel.tree is None:
        made = ", ".join(each.path for each in kernel.dts if each.is_made)
        summary = f"{made} is made while CMake configures; configure the target once to check it"
        return unknown(summary, first.span)
    return judged(missing, passed(f"made of {names}", first.span))


def _missing_dts(file: SourceFile) -> Problem:
    is_overlay = "overlay" in file.path.rsplit("/", 1)[-1]
    text = f"{file.path} does not exist"
    if is_overlay:
        return Problem(
            text=text, span=file.span, remedy=Remedy(file=file.path, text=_overlay("serial0"))
        )
    hint = f"put Linux's device tree of the board there: `dtc -I dtb -O dts -o {file.path} DTB`"
    return Problem(text=text, span=file.span, hint=hint)


def _overlay(uart: str, gic: str = "/interrupt-controller@ADDRESS") -> str:
    return (
        "/ {\n    chosen {\n"
        f'        seL4,elfloader-devices =\n            "{uart}",\n'
        "            &{/psci},\n            &{/timer};\n"
        f'        seL4,kernel-devices =\n            "{uart}",\n'
        f"            &{{{gic}}},\n            &{{/timer}};\n    }};\n}};\n"
    )


def check_kernel_devices(board: Board) -> Outcome:
    """Check 3: the overlay chooses the devices of kernel and elfloader, and they exist."""
    tree = board.kernel.tree
    if tree is None:
        return unknown("there is no whole device tree: see check 2")
    chosen = tree.nodes.get("/chosen")
    properties = [chosen.prop(name) if chosen else None for name in _CHOSEN]
    problems = [
        _not_chosen(board, name)
        for name, found in zip(_CHOSEN, properties, strict=True)
        if found is None
    ]
    for found in properties:
        if found is not None:
            problems += _unresolved(board, found)
    if not problems and board.uart is None and properties[1] is not None:
        text = f"`{_CHOSEN[1]}` names no serial port"
        problems.append(Problem(text=text, span=properties[1].span, hint=_serial_hint(board)))
    if board.uart is None:
        return judged(problems, passed("the devices are chosen"))
    alias = f"`{board.uart.alias}` is " if board.uart.alias else "the serial port is "
    span = properties[1].span if properties[1] else None
    return judged(problems, passed(f"{alias}{board.uart.node.path}", span))


def _not_chosen(board: Board, name: str) -> Problem:
    overlay = next(
        (each for each in reversed(board.kernel.dts) if "overlay" in each.path),
        board.kernel.dts[-1],
    )
    text = f"no device tree of the board has `{name}` in `/chosen`"
    gic = board.gic.node.path if board.gic else "/interrupt-controller@ADDRESS"
    aliases = _serial_aliases(board)
    remedy = Remedy(file=overlay.path, text=_overlay(aliases[0] if aliases else "serial0", gic))
    return Problem(text=text, span=Span(file=overlay.path), remedy=remedy)


def _unresolved(board: Board, found: DtProperty) -> list[Problem]:
    """Return the devices that `found` names and the tree has not.

    PSCI is left to check 19 where a guest has several cores.
    """
    tree = board.kernel.tree
    if tree is None:
        return []
    problems = []
    for value in found.values:
        if isinstance(value, str) and find_node(tree, value) is None:
            text = f"`{value}` of `{found.name}` resolves to no node"
            hint = _serial_hint(board)
            problems.append(Problem(text=text, span=found.span, hint=hint))
        elif isinstance(value, NodeRef) and (value.path is None or value.path not in tree.nodes):
            what = value.path or value.label or "?"
            if "psci" in what and wants_smp(board):
                continue
            text = f"`&{{{what}}}` of `{found.name}` is no node of the device tree"
            problems.append(Problem(text=text, span=found.span, hint="name a node that is there"))
    return problems


def wants_smp(board: Board) -> bool:
    """Tell whether a guest of the app has more than one core."""
    return any(
        vm.num_vcpus is not None and (vm.num_vcpus.value or 1) > 1
        for variant in board.apps.variants
        if variant.devices is not None
        for vm in variant.devices.vms
    )


def _serial_aliases(board: Board) -> list[str]:
    tree = board.kernel.tree
    aliases = tree.nodes.get("/aliases") if tree else None
    if tree is None or aliases is None:
        return []
    return sorted(
        name
        for name in aliases.properties
        if name.startswith("serial") and find_node(tree, name) is not None
    )


def _serial_hint(board: Board) -> str:
    aliases = _serial_aliases(board)
    if aliases:
        return "the device tree has " + ", ".join(f'"{each}"' for each in aliases)
    tree = board.kernel.tree
    nodes = [each.path for each in uart_candidates(tree, board.elfloader.drivers)] if tree else []
    if nodes:
        return f'add `aliases {{ serial0 = "{nodes[0]}"; }};` to the overlay'
    return "add the serial port and its alias to the overlay"


def check_cpu(board: Board) -> Outcome:
    """Check 4: the processor can virtualize, and seL4 is built for it in a mode that can."""
    kernel = board.kernel
    if kernel.trace is None:
        return unknown("the platform is not declared: see check 1")
    known = {*HYPERVISOR_CPUS, *_named_cpus(kernel)}
    problems = []
    fitting = [each for each in kernel.cpus if each.value in known]
    if not fitting:
        problems.append(_unfit_cpu(kernel, tuple(sorted(known))))
    archs = kernel.sel4_archs.value if kernel.sel4_archs else None
    if kernel.sel4_archs is None or archs is None:
        span = kernel.declaration.span if kernel.declaration else None
        text = "no `declare_seL4_arch` says which architectures the board has"
        problems.append(Problem(text=text, span=span, hint="`declare_seL4_arch(aarch64)`"))
    elif not set(archs) & set(_HYP_ARCHS):
        text = f"seL4 runs there as {', '.join(archs)} only, not as aarch64 or arm_hyp"
        remedy = Remedy(
            file=kernel.sel4_archs.span.file,
            line=kernel.sel4_archs.span.line,
            old=" ".join(archs),
            text=f"{' '.join(archs)} arm_hyp",
        )
        found = Problem(
            text=text, span=kernel.sel4_archs.span, remedy=remedy if fitting and archs else None
        )
        problems.append(found)
    well = passed("")
    if fitting:
        summary = f"{_spelt(fitting[0].value)} as {kernel.sel4_arch}"
        well = passed(summary, fitting[0].span)
    return judged(problems, well)


def _named_cpus(kernel: KernelFacts) -> tuple[str, ...]:
    """Return the processors that the kernel's hypervisor option depends on."""
    depends = " ".join(kernel.hypervisor.depends) if kernel.hypervisor else ""
    words = depends.replace("(", " ").replace(")", " ").split()
    return tuple(
        word.removeprefix("KernelArm") for word in words if word.startswith("KernelArmCortex")
    )


def _unfit_cpu(kernel: KernelFacts, known: tuple[str, ...]) -> Problem:
    if kernel.cpus:
        cpu = kernel.cpus[0]
        text = f"{_spelt(cpu.value)} has no virtualization that seL4 uses"
        return Problem(
            text=text,
            span=cpu.span,
            hint="a VMM needs one of " + ", ".join(_spelt(each) for each in known),
        )
    span = kernel.declaration.span if kernel.declaration else None
    text = "no `KernelArmCortex...` is set: the processor is not known"
    return Problem(text=text, span=span, hint="`set(KernelArmCortexA53 ON)`, or what the board has")


def _spelt(cpu: str | None) -> str:
    return (cpu or "?").replace("Cortex", "Cortex-")


def check_hypervisor(board: Board) -> Outcome:
    """Check 5: the kernel can be built as a hypervisor there, and guest and seL4 have room."""
    kernel = board.kernel
    option = kernel.hypervisor
    file = f"{KERNEL_DIR}/src/arch/arm/config.cmake"
    if option is None:
        text = f"{file} declares no `KernelArmHypervisorSupport`"
        return failed(Problem(text=text, span=Span(file=file), hint="sync the kernel again"))
    if kernel.trace is None:
        return unknown("the platform is not declared: see check 1", option.span)
    named = _named_cpus(kernel)
    fitting = [each.value for each in kernel.cpus if each.value in {*HYPERVISOR_CPUS, *named}]
    if not fitting:
        return unknown("the processor cannot virtualize: see check 4", option.span)
    if kernel.can_hypervise is False:
        span = option.depends_span or option.span
        text = f"`KernelArmHypervisorSupport` does not hold for {_spelt(fitting[0])}"
        return failed(Problem(text=text, span=span, remedy=_wider(board, fitting[0] or "", span)))
    problem = _no_room(board)
    if problem is not None:
        return failed(problem)
    return passed(_room_summary(board), option.span)


def _wider(board: Board, cpu: str, span: Span) -> Remedy | None:
    option = board.kernel.hypervisor
    if option is None or not option.depends:
        return None
    first = option.depends[0]
    return Remedy(file=span.file, line=span.line, old=first, text=f"{first} OR KernelArm{cpu}")


def _room_summary(board: Board) -> str:
    if board.kernel.tree is None:
        return "the kernel can be a hypervisor on this processor"
    return f"{mib(free_memory(board))} MiB are left for seL4 beside what is reserved"


def _no_room(board: Board) -> Problem | None:
    tree = board.kernel.tree
    if tree is None:
        return None
    left = free_memory(board)
    if left >= ROOM:
        return None
    place = covered(board)
    text = f"only {mib(left)} MiB of memory are left for seL4; {mib(ROOM)} MiB are needed"
    hint = "give seL4 more in the `memory` node of the overlay, or the guest less"
    return Problem(text=text, span=place, hint=hint)
