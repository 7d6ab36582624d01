# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read what seL4 says of a board: `config.cmake`, the aliases of platforms, device trees."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sel4build.errors import Span
from sel4build.model.sources import (
    ConfigFact,
    DeviceTree,
    DtProperty,
    Event,
    Fact,
    NodeRef,
    Script,
    Trace,
)
from sel4build.porting.board import KERNEL_DIR, SETTINGS_FILE, KernelFacts, SourceFile
from sel4build.porting.files import SourceFiles
from sel4build.sources.cmake import walk
from sel4build.sources.commands import Args, Lookup, Writes
from sel4build.sources.conditions import all_hold
from sel4build.sources.device_tree import parse_device_tree
from sel4build.sources.evaluate import Settings, evaluate
from sel4build.sources.settings import configs_of

PLATFORMS_DIR = f"{KERNEL_DIR}/src/plat"
BUILD = "<build>"
"""Stands for the build folder in paths."""
_ARM_BLOCK = "-KernelARMPlatform"
_HARDWARE = f"{KERNEL_DIR}/tools/hardware.yml"
_HYPERVISOR = "KernelArmHypervisorSupport"
_VARIABLES: Mapping[str, str] = {
    "aarch64": "KernelSel4ArchAarch64",
    "aarch32": "KernelSel4ArchAarch32",
    "arm_hyp": "KernelSel4ArchArmHyp",
}
_CPUS = {"aarch64": "cortex-a53", "arm_hyp": "cortex-a15"}
"""What `qemu-arm-virt` plays where nobody says: kernel/src/plat/qemu-arm-virt/config.cmake."""
_QEMUS = {"aarch64": "qemu-system-aarch64", "arm_hyp": "qemu-system-arm"}
_DUMP = "dumpdtb="


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of a trace, for conditions."""

    trace: Trace | None
    more: Mapping[str, str] = field(default_factory=dict)

    def lookup(self, name: str) -> str | None:
        """Return the value, empty where there is none; None where it is unknown."""
        if name in self.more:
            return self.more[name]
        found = self.trace.variables.get(name) if self.trace else None
        return "" if found is None else found.value

    def note_match(self, groups: tuple[str, ...] | None) -> None:
        """Keep nothing: no condition of an option uses what another matched."""

    def exists(self, path: str) -> bool | None:  # noqa: ARG002 - a file is no platform's matter
        """Whether there is a file or folder; None where that is unknown."""
        return None

    def is_defined(self, name: str) -> bool | None:
        """Whether there is such a variable; None where that is unknown."""
        found = self.lookup(name)
        return None if found is None else name in self.more or found != ""


def _declare_platform(args: Args, lookup: Lookup) -> Writes:
    """`declare_platform(NAME VARIABLE CONSTANT CONDITION)`: kernel/tools/helpers.cmake."""
    if len(args) < 2 or args[1] is None:  # noqa: PLR2004 - name and variable
        return Writes()
    is_chosen = args[0] == lookup("KernelPlatform")
    return Writes(values={args[1]: "ON" if is_chosen else "OFF"})


def _declare_arch(_: Args, lookup: Lookup) -> Writes:
    """`declare_seL4_arch(...)` sets the variable of the architecture that was asked for."""
    wanted = lookup("KernelSel4Arch")
    values: dict[str, str | None] = {
        variable: "ON" if arch == wanted else "OFF" for arch, variable in _VARIABLES.items()
    }
    if wanted == "arm_hyp":
        values["KernelSel4ArchAarch32"] = "ON"
    return Writes(values=values)


_EFFECTS = {"declare_platform": _declare_platform, "declare_sel4_arch": _declare_arch}


def read_kernel(files: SourceFiles, name: str, made: Mapping[str, tuple[str, str]]) -> KernelFacts:
    """Return what seL4 says of the board `name`.

    `made` has files that CMake makes, by their path in the build folder: where one is, its text.
    """
    aliases = _aliases(files)
    alias = next((each for each in aliases if name in _boards(each.value)), None)
    configs = tuple(
        path
        for folder in files.names(PLATFORMS_DIR)
        if files.is_file(path := f"{PLATFORMS_DIR}/{folder}/config.cmake")
    )
    platform = _family(alias.value) if alias else _platform(files, configs, name)
    declaring = next((each for each in configs if platform in _declared(files, each)), None)
    facts = KernelFacts(
        platform=platform,
        arm_platform=name,
        sel4_arch="aarch64",
        aliases=aliases,
        alias=alias,
        names=_names(files, configs, aliases),
        hypervisor=_hypervisor(files),
        gic_compatibles=_gic_compatibles(files),
    )
    if declaring is None:
        return facts
    return _with_config(files, facts, declaring, name=name, made=made)


def _with_config(
    files: SourceFiles,
    facts: KernelFacts,
    config: str,
    *,
    name: str,
    made: Mapping[str, tuple[str, str]],
) -> KernelFacts:
    script = files.script(config)
    if script is None:
        return facts
    arch = "aarch64"
    trace = _trace(script, facts.platform, name, arch)
    archs = _archs(trace)
    if archs is not None and arch not in (archs.value or ()):
        arch = "arm_hyp"
        trace = _trace(script, facts.platform, name, arch)
        archs = _archs(trace) or archs
    dts = tuple(_dts(files, trace, made))
    scope = Variables(trace)
    option = facts.hypervisor
    tree = _tree(files, dts, made)
    faults = _faults(tree) if tree else ()
    return replace(
        facts,
        arm_platform=trace.value("KernelARMPlatform") or name,
        sel4_arch=arch,
        declaration=next(
            each for each in trace.called("declare_platform") if each.args[:1] == (facts.platform,)
        ),
        trace=trace,
        sel4_archs=archs,
        cpus=tuple(_cpus(trace)),
        interrupt_header=_interrupt_header(trace),
        can_hypervise=all_hold(option.depends, scope) if option else None,
        dts=dts,
        dump=_dump(trace),
        tree=None if faults else tree,
        faults=faults,
    )


def _trace(script: Script, platform: str, name: str, arch: str) -> Trace:
    variables: dict[str, str | None] = {
        "KernelPlatform": platform,
        "KernelArch": "arm",
        "KernelArchARM": "ON",
        "KernelSel4Arch": arch,
        _HYPERVISOR: "ON",
        "ARM_CPU": _CPUS[arch],
        "QEMU_BINARY": _QEMUS[arch],
        "CMAKE_BINARY_DIR": BUILD,
        "CMAKE_CURRENT_LIST_DIR": script.file.rsplit("/", 1)[0],
    }
    if name != platform:
        variables["KernelARMPlatform"] = name
    return evaluate((script,), Settings(variables=variables, effects=_EFFECTS))


def _aliases(files: SourceFiles) -> tuple[Fact[str], ...]:
    """Return the lines `FAMILY:BOARD,...` of Arm in `platform_aliases`."""
    script = files.script(SETTINGS_FILE)
    found: list[Fact[str]] = []
    for each in walk(script.statements) if script else ():
        if each.command != "set" or not each.args or each.args[0].text != "platform_aliases":
            continue
        block = ""
        for arg in each.args[1:]:
            if arg.text.startswith("-"):
                block = arg.text
            elif block == _ARM_BLOCK and ":" in arg.text:
                found.append(Fact(value=arg.text, span=arg.span))
    return tuple(found)


def _family(line: str | None) -> str:
    return (line or "").partition(":")[0]


def _boards(line: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in (line or "").partition(":")[2].split(","))


def _declared(files: SourceFiles, config: str) -> tuple[str, ...]:
    script = files.script(config)
    return tuple(
        each.args[0].text
        for each in (walk(script.statements) if script else ())
        if each.command == "declare_platform" and each.args
    )


def _platform(files: SourceFiles, configs: tuple[str, ...], name: str) -> str:
    """Return the platform whose scripts name the board; the board's own name where none does."""
    if any(name in _declared(files, each) for each in configs):
        return name
    if f"{PLATFORMS_DIR}/{name}/config.cmake" in configs:
        return name
    word = re.compile(rf"(?:^|/){re.escape(name)}(?:\.dts)?$")
    for each in configs:
        script = files.script(each)
        declared = _declared(files, each)
        args = (arg for call in (walk(script.statements) if script else ()) for arg in call.args)
        if declared and any(word.search(part) for arg in args for part in arg.text.split(";")):
            return declared[0]
    return name


def _names(
    files: SourceFiles, configs: tuple[str, ...], aliases: tuple[Fact[str], ...]
) -> tuple[str, ...]:
    declared = {name for each in configs for name in _declared(files, each)}
    boards = {name for each in aliases for name in _boards(each.value)}
    return tuple(sorted(declared | boards))


def _archs(trace: Trace) -> Fact[tuple[str, ...]] | None:
    found = trace.called("declare_seL4_arch")
    if not found:
        return None
    last = found[-1]
    return Fact(value=tuple(each for each in last.args if each), span=last.span)


def _cpus(trace: Trace) -> Iterator[Fact[str]]:
    for name, found in trace.variables.items():
        if name.startswith("KernelArmCortex") and found.value == "ON" and found.span is not None:
            yield Fact(value=name.removeprefix("KernelArm"), span=found.span)


def _interrupt_header(trace: Trace) -> Fact[str] | None:
    for event in reversed(trace.called("declare_default_headers")):
        for position, (key, value) in enumerate(zip(event.args, event.args[1:], strict=False)):
            if key == "INTERRUPT_CONTROLLER":
                return Fact(value=value, span=_argument_span(event, position + 1))
    return None


def _argument_span(event: Event, position: int) -> Span:
    args = event.written.args
    # Lists in bare arguments would shift positions; there are none in these commands.
    return args[position].span if position < len(args) else event.span


def _hypervisor(files: SourceFiles) -> ConfigFact | None:
    script = files.script(f"{KERNEL_DIR}/src/arch/arm/config.cmake")
    if script is None:
        return None
    options = configs_of(evaluate((script,), Settings(is_closed=False)))
    return next((each for each in options if each.name == _HYPERVISOR), None)


def _gic_compatibles(files: SourceFiles) -> Fact[tuple[str, ...]] | None:
    """Return what the GICv2 entry of hardware.yml is compatible with.

    Its schema is flat enough to be read by lines: kernel/tools/hardware_schema.yml.
    """
    names: list[tuple[str, int]] = []
    is_list = False
    for number, line in enumerate((files.text(_HARDWARE) or "").splitlines(), start=1):
        word = line.strip()
        if re.match(r"\s*-?\s*compatible:", line):
            names, is_list = [], True
        elif is_list and word.startswith("- "):
            names.append((word.removeprefix("- ").strip(), number))
        elif word and not word.startswith("#"):
            is_list = False
            if "GIC_V2_DISTRIBUTOR" in word and names:
                span = Span(file=_HARDWARE, line=names[0][1])
                return Fact(value=tuple(name for name, _ in names), span=span)
    return None


def _dts(
    files: SourceFiles, trace: Trace, made: Mapping[str, tuple[str, str]]
) -> Iterator[SourceFile]:
    for path in (trace.value("KernelDTSList") or "").split(";"):
        if not path:
            continue
        span = _naming(trace, path)
        if path.startswith(BUILD):
            name = path.removeprefix(f"{BUILD}/")
            place = made[name][0] if name in made else name
            yield SourceFile(path=place, span=span, is_made=True)
            continue
        is_whole = path.startswith((f"{KERNEL_DIR}/", "/"))
        yield files.named(path if is_whole else f"{KERNEL_DIR}/{path}", span)


def _dump(trace: Trace) -> tuple[str, ...]:
    """Return the command by which QEMU tells its device tree; nothing else is ever run."""
    for event in trace.called("execute_process"):
        argv = event.args[1:] if event.args[:1] == ("COMMAND",) else ()
        words = [each for each in argv if each is not None]
        if words and words[0] in _QEMUS.values() and any(_DUMP in each for each in words):
            end = next((place for place, each in enumerate(words) if each.isupper()), len(words))
            return tuple(words[:end])
    return ()


def _naming(trace: Trace, path: str) -> Span | None:
    for event in trace.called("list", "set"):
        if "KernelDTSList" in event.args and path in event.args:
            return event.span
    return None


def _tree(
    files: SourceFiles, dts: tuple[SourceFile, ...], made: Mapping[str, tuple[str, str]]
) -> DeviceTree | None:
    texts = dict(made.values())
    sources: list[tuple[str, str]] = []
    for each in dts:
        text = texts.get(each.path) if each.is_made else files.text(each.path)
        if text is None:
            return None
        sources.append((each.path, text))

    def include(name: str, origin: str) -> str | None:
        return files.text(f"{origin.rsplit('/', 1)[0]}/{name}")

    return parse_device_tree(tuple(sources), include) if sources else None


def _faults(tree: DeviceTree) -> tuple[Span, ...]:
    """Return what is no device tree source; a reference to no node is another matter."""
    dangling = {
        found.span
        for node in tree.nodes.values()
        for found in node.properties.values()
        if _is_dangling(found)
    }
    return tuple(each for each in tree.faults if each not in dangling)


def _is_dangling(found: DtProperty) -> bool:
    cells = (*found.values, *found.cells)
    return any(isinstance(each, NodeRef) and each.path is None for each in cells)
