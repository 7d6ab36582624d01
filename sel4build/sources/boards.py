# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the kernel and its tools say of a board.

Rules: seL4 tools/internal.cmake (`declare_platform`), src/plat/*/config.cmake; seL4_tools
cmake-tool/helpers/application_settings.cmake (names of boards, image forms).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sel4build.errors import Span
from sel4build.model.facts import BoardFacts
from sel4build.model.platform import Arch, ImageFormat, Sel4Arch
from sel4build.model.sources import DeviceTree, Fact, Script, Trace
from sel4build.sources.cmake import parse_cmake, walk
from sel4build.sources.conditions import all_hold
from sel4build.sources.device_tree import parse_device_tree
from sel4build.sources.evaluate import Settings, Values, evaluate
from sel4build.sources.files import SourceFiles
from sel4build.sources.hardware import (
    KERNEL_DEVICES,
    chosen_nodes,
    cpu_nodes,
    gic_node,
    gic_version,
    psci_node,
    reg_ranges,
)
from sel4build.sources.layout import (
    APPLICATION_SETTINGS,
    BUILD,
    KERNEL,
    KERNEL_ARM,
    KERNEL_PLATFORMS,
)
from sel4build.sources.settings import configs_of, settings_of

_CPU = re.compile(r"KernelArm(Cortex)(A[0-9]+)")
_HYPERVISOR = "KernelArmHypervisorSupport"
_ARM_WORDS = ("KernelArchARM", "KernelSel4ArchAarch32", "KernelSel4ArchArmHyp")
_ARM_64 = "KernelSel4ArchAarch64"
_X86_WORDS = ("KernelArchX86", "KernelSel4ArchX86_64", "KernelSel4ArchIA32")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A name of a board that `PLATFORM` is translated from."""

    board: str
    family: str
    variable: str
    """The variable that takes the name, such as `KernelARMPlatform`."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A platform as the kernel declares it."""

    name: str
    symbol: str
    condition: str
    file: str
    span: Span


def read_aliases(files: SourceFiles) -> Mapping[str, Alias]:
    """Return the boards of families by name, the first of each name."""
    script = files.script(APPLICATION_SETTINGS)
    found: dict[str, Alias] = {}
    for command in walk(script.statements) if script else ():
        if command.command != "set" or not command.args or not _is_table(command.args[0].text):
            continue
        variable = ""
        for each in command.args[1:]:
            if each.text.startswith("-"):
                variable = each.text[1:]
                continue
            family, _, boards = each.text.partition(":")
            for board in filter(None, boards.split(",")):
                alias = Alias(board=board, family=family, variable=variable, span=each.span)
                found.setdefault(board, alias)
    return found


def read_declared(files: SourceFiles) -> Mapping[str, Declared]:
    """Return the platforms of the kernel by name."""
    found: dict[str, Declared] = {}
    for folder in files.folders(KERNEL_PLATFORMS):
        path = f"{KERNEL_PLATFORMS}/{folder}/config.cmake"
        script = files.script(path)
        trace = evaluate((script,)) if script else None
        for event in trace.called("declare_platform") if trace else ():
            name, symbol = (*event.args, None, None)[:2]
            if name is None or symbol is None:
                continue
            found.setdefault(
                name,
                Declared(
                    name=name,
                    symbol=symbol,
                    condition=" ".join(each or "" for each in event.args[3:]),
                    file=path,
                    span=event.span,
                ),
            )
    return found


class BoardReader:
    """Reads boards of one workspace; what they have in common is read once."""

    def __init__(self, files: SourceFiles) -> None:
        self._files = files
        self.aliases = read_aliases(files)
        self.declared = read_declared(files)

    def read(self, name: str) -> BoardFacts | None:
        """Return what is known of the board `name`; None where the kernel has none such."""
        alias = self.aliases.get(name)
        declared = self.declared.get(alias.family if alias else name)
        if declared is None:
            return None
        board = BoardFacts(
            name=name,
            kernel_platform=declared.name,
            arch=_arch_of(declared),
            config=declared.span,
            alias=alias.span if alias else None,
        )
        if board.arch is Arch.X86:
            return _pc(board, self._follow(declared, name, alias, None))
        trace = self._follow(declared, name, alias, None)
        board = _with_archs(board, trace)
        if board.sel4_arch is None:
            return board
        trace = self._follow(declared, name, alias, board.sel4_arch)
        board = self._with_kernel(board, trace)
        return self._with_hardware(board)

    def _follow(
        self, declared: Declared, name: str, alias: Alias | None, arch: Sel4Arch | None
    ) -> Trace:
        variables: Values = {
            declared.symbol: "ON",
            "KernelPlatform": declared.name,
            "KernelArch": "arm",
            "CMAKE_CURRENT_LIST_DIR": declared.file.rpartition("/")[0],
            "CMAKE_BINARY_DIR": BUILD,
        }
        variables |= arch_variables(arch)
        if alias is not None:
            variables[alias.variable] = name
        script = self._files.script(declared.file)
        return evaluate((script,) if script else (), Settings(variables=variables))

    def _with_kernel(self, board: BoardFacts, trace: Trace) -> BoardFacts:
        return replace(
            board,
            cpu=_cpu(trace),
            hypervisor=self._hypervisor(trace),
            interrupt_header=_interrupt_header(trace),
            device_trees=tuple(_device_trees(trace)),
            image_format=self._image_format(board, trace),
            variables={
                name: each.value
                for name, each in trace.variables.items()
                if each.value is not None and name.startswith("Kernel") and "DTS" not in name
            },
        )

    def _hypervisor(self, trace: Trace) -> Fact[bool] | None:
        script = self._files.script(KERNEL_ARM)
        found = configs_of(evaluate((script,), Settings(is_closed=False))) if script else ()
        config = next((each for each in found if each.name == _HYPERVISOR), None)
        if config is None:
            return None
        verdict = all_hold(config.depends, _Known(trace))
        return Fact(value=verdict, span=config.depends_span or config.span)

    def _image_format(self, board: BoardFacts, trace: Trace) -> Fact[ImageFormat] | None:
        script = self._files.script(APPLICATION_SETTINGS)
        if script is None:
            return None
        kernel_arm_platform = trace.value("KernelARMPlatform") or board.kernel_platform
        call = parse_cmake(
            f'ApplyData61ElfLoaderSettings("{kernel_arm_platform}" "{board.sel4_arch}")', ""
        )
        known = {name: each.value for name, each in trace.variables.items()}
        done = evaluate((script, call), Settings(variables=known))
        said = [each for each in settings_of(done) if each.name == "ElfloaderImage"]
        if not said:
            return None
        last = said[-1]
        forms = {each.value: each for each in ImageFormat}
        form = forms.get(last.value or "") if last.is_certain else None
        return Fact(
            value=form, span=_listed(script, f"{form}_list", kernel_arm_platform) or last.span
        )

    def _with_hardware(self, board: BoardFacts) -> BoardFacts:
        texts = []
        for each in board.device_trees:
            text = self._files.text(each.value) if each.value is not None else None
            if text is None or each.value is None:
                return board  # without its base an overlay says nothing
            texts.append((each.value, text))
        if not texts:
            return board
        return _with_tree(board, parse_device_tree(tuple(texts), self._include))

    def _include(self, name: str, file: str) -> str | None:
        return self._files.text(f"{file.rpartition('/')[0]}/{name}")


def arch_variables(arch: Sel4Arch | None) -> Values:
    """Return the variables by which scripts ask for what the kernel is compiled as."""
    if arch is Sel4Arch.AARCH64:
        return {"KernelSel4Arch": "aarch64", _ARM_64: "ON", _HYPERVISOR: "ON"}
    if arch is Sel4Arch.ARM_HYP:
        names = ("KernelSel4ArchArmHyp", "KernelSel4ArchAarch32", "Kernel32", _HYPERVISOR)
        return {"KernelSel4Arch": "arm_hyp", **dict.fromkeys(names, "ON")}
    if arch is Sel4Arch.X86_64:
        return {"KernelSel4Arch": "x86_64", "KernelSel4ArchX86_64": "ON"}
    return {"KernelSel4Arch": "ia32", "KernelSel4ArchIA32": "ON"} if arch is Sel4Arch.IA32 else {}


class _Known:
    """The variables that a script left, for conditions; what it did not set is not set."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def lookup(self, name: str) -> str | None:
        found = self._trace.variables.get(name)
        return found.value if found else ""

    def is_defined(self, name: str) -> bool | None:
        return name in self._trace.variables

    def exists(self, path: str) -> bool | None:  # noqa: ARG002  no `DEPENDS` looks for files
        return None

    def note_match(self, groups: tuple[str, ...] | None) -> None:
        """Forget it: no `DEPENDS` uses what matched."""


def _is_table(name: str) -> bool:
    return name == "platform_aliases"


def _arch_of(declared: Declared) -> Arch | None:
    if any(word in declared.condition for word in _X86_WORDS):
        return Arch.X86
    if any(word in declared.condition for word in (*_ARM_WORDS, _ARM_64)):
        return Arch.ARM
    return None


def _archs(trace: Trace) -> Fact[tuple[str, ...]] | None:
    events = trace.called("declare_seL4_arch")
    if not events:
        return None
    event = events[-1]
    names = tuple(each for each in event.args if each is not None)
    is_known = event.is_certain and len(names) == len(event.args)
    return Fact(value=names if is_known else None, span=event.span)


def _listed(script: Script, variable: str, name: str) -> Span | None:
    """Return where the list `variable` has `name` in it."""
    for command in walk(script.statements):
        is_list = command.command == "set" and bool(command.args)
        for each in command.args[1:] if is_list and command.args[0].text == variable else ():
            if name in each.text.split(";"):
                return each.span
    return None


def _pc(board: BoardFacts, trace: Trace) -> BoardFacts:
    archs = _archs(trace)
    is_known = board.name in {each.value for each in Sel4Arch}
    is_declared = archs is not None and board.name in (archs.value or ())
    return replace(
        board,
        sel4_archs=archs,
        sel4_arch=Sel4Arch(board.name) if is_known and is_declared else None,
        image_format=Fact(value=ImageFormat.MULTIBOOT, span=board.config),
    )


def _with_archs(board: BoardFacts, trace: Trace) -> BoardFacts:
    """Choose what the kernel is compiled as for guests: 64 bits on a processor that has them."""
    archs = _archs(trace)
    known = archs.value or () if archs else ()
    is_v8 = trace.value("KernelArchArmV8a") is not None
    arch: Sel4Arch | None = None
    if Sel4Arch.AARCH64 in known and (is_v8 or Sel4Arch.ARM_HYP not in known):
        arch = Sel4Arch.AARCH64
    elif Sel4Arch.ARM_HYP in known:
        arch = Sel4Arch.ARM_HYP
    return replace(board, sel4_archs=archs, sel4_arch=arch, needs_aarch64=arch is Sel4Arch.AARCH64)


def _cpu(trace: Trace) -> Fact[str] | None:
    for event in trace.called("set", "config_set"):
        match = _CPU.fullmatch(event.args[0] or "") if event.args else None
        if match is not None and event.is_certain and "ON" in event.args[1:]:
            return Fact(value=f"{match[1]}-{match[2]}".lower(), span=event.span)
    return None


def _interrupt_header(trace: Trace) -> Fact[str] | None:
    for event in reversed(trace.called("declare_default_headers")):
        if "INTERRUPT_CONTROLLER" in event.args:
            place = event.args.index("INTERRUPT_CONTROLLER") + 1
            value = event.args[place] if place < len(event.args) else None
            word = event.written.args[place : place + 1]
            return Fact(value=value, span=word[0].span if word else event.span)
    return None


def _device_trees(trace: Trace) -> Iterator[Fact[str]]:
    """Yield the files of `KernelDTSList`, in the workspace, each with the line that adds it."""
    for event in trace.called("list"):
        if event.args[:2] != ("APPEND", "KernelDTSList"):
            continue
        for each in event.args[2:]:
            path = each
            if path is not None and not path.startswith((BUILD, f"{KERNEL}/")):
                path = f"{KERNEL}/{path}"
            is_made = path is None or path.startswith(BUILD) or not event.is_certain
            yield Fact(value=None if is_made else path, span=event.span)


def _with_tree(board: BoardFacts, tree: DeviceTree) -> BoardFacts:
    gic = gic_node(tree)
    if gic is not None:
        reg = gic.prop("reg")
        ranges = reg_ranges(tree, gic) or ()
        addresses = tuple(each.address for each in ranges)
        span = reg.span if reg else gic.span
        board = replace(
            board,
            gic_version=Fact(value=gic_version(gic), span=gic.span),
            gic_ranges=addresses,
            distributor=Fact(value=addresses[0] if addresses else None, span=span),
        )
    cpus = cpu_nodes(tree)
    wanted = f"arm,{board.cpu.value}" if board.cpu else ""
    cpus = tuple(each for each in cpus if _is_one_of(wanted, each.compatible)) or cpus
    if cpus:
        board = replace(board, cores=Fact(value=len(cpus), span=cpus[0].span))
    psci = psci_node(tree)
    root = tree.nodes["/"].span
    board = replace(
        board, psci=Fact(value=psci is not None, span=psci.span if psci is not None else root)
    )
    return _with_console(board, tree)


def _is_one_of(name: str, compatible: tuple[str, ...]) -> bool:
    """Whether a processor is called so, or so with a suffix such as `-64bit`."""
    return any(each == name or each.startswith(f"{name}-") for each in compatible)


def _with_console(board: BoardFacts, tree: DeviceTree) -> BoardFacts:
    """Find the console among the kernel's devices: it is named so, or an alias says it."""
    aliases = tree.nodes.get("/aliases")
    named = {
        ref.path
        for name, found in (aliases.properties.items() if aliases else ())
        if name.startswith("serial")
        for ref in found.refs
    } | {
        text
        for name, found in (aliases.properties.items() if aliases else ())
        if name.startswith("serial")
        for text in found.strings
    }
    for node in chosen_nodes(tree, KERNEL_DEVICES):
        is_console = node.path in named or node.name.startswith(("serial@", "uart@", "pl011@"))
        reg = node.prop("reg")
        if is_console and reg is not None:
            ranges = reg_ranges(tree, node)
            address = ranges[0].address if ranges else None
            fact = Fact(value=address, span=reg.span)
            return replace(board, uart=fact, uart_compatible=node.compatible)
    return board
