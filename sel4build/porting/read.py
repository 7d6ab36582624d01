# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read a board from the sources of a workspace: everything that the checks look at."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sel4build.errors import Span
from sel4build.model.sources import ConfigFact, Fact
from sel4build.porting.board import (
    PLATSUPPORT_DIR,
    SETTINGS_FILE,
    TIME_SERVER_DIR,
    UART_DIR,
    VGIC_DIR,
    VIRTIO_DIR,
    VM_DIR,
    VMM_COMPONENT_DIR,
    VMM_HELPERS_FILE,
    VMM_LIBRARY_DIR,
    Board,
    ElfloaderFacts,
    GicFacts,
    KernelFacts,
    Mention,
    SourceFile,
    VmmFacts,
)
from sel4build.porting.files import SourceFiles
from sel4build.porting.read_app import read_app
from sel4build.porting.read_kernel import Variables, read_kernel
from sel4build.porting.trees import find_uart, ranges_of
from sel4build.porting.vgic import read_vgic
from sel4build.sources.cmake import parse_cmake
from sel4build.sources.conditions import all_hold
from sel4build.sources.evaluate import Settings, evaluate
from sel4build.sources.hardware import (
    KERNEL_DEVICES,
    chosen_nodes,
    gic_node,
    gic_version,
    reg_ranges,
)
from sel4build.sources.settings import configs_of

_COMPATIBLE = re.compile(r'\.compatible\s*=\s*"([^"]+)"')
_PLAT_HEADER = re.compile(r"^\s*#\s*include\s*<(sel4vmmplatsupport/plat/[\w./-]+)>", re.MULTILINE)
_LEAST_HEADERS = ("guest_vcpu_util.h", "vpci.h")


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What lies outside of the sources."""

    made: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Files that CMake makes, by their path in a build folder: a place and a text."""
    docs: Path | None = None
    """A checkout of the documentation."""
    ci_actions: Path | None = None
    """A checkout of the CI actions."""


def read_board(
    files: SourceFiles, name: str, app: str, elsewhere: Elsewhere | None = None
) -> Board:
    """Return all that the sources say of the board `name` for `app`; nothing is an error."""
    elsewhere = elsewhere or Elsewhere()
    kernel = read_kernel(files, name, elsewhere.made)
    elfloader = _elfloader(files, kernel)
    vmm = _vmm(files, kernel)
    platform = kernel.platform
    header = f"{VIRTIO_DIR}/{platform}/virtioarm/virtio_plat.h"
    uart = find_uart(kernel.tree, elfloader.drivers) if kernel.tree else None
    return Board(
        name=name,
        app=app,
        kernel=kernel,
        gic=_gic(kernel),
        uart=uart,
        uart_ranges=ranges_of(kernel.tree, uart.node) if kernel.tree and uart else (),
        elfloader=elfloader,
        vmm=vmm,
        virtio=files.named(header),
        timers=files.named(_timers(files, platform)),
        serial=files.named(_serial(files, platform)),
        apps=read_app(files, app, name, kernel, _defaults(vmm.options, kernel)),
        mentions=tuple(_mentions(name, platform, elsewhere)),
    )


def _gic(kernel: KernelFacts) -> GicFacts | None:
    tree, names = kernel.tree, kernel.gic_compatibles
    if tree is None:
        return None
    if names is None or names.value is None:
        found = gic_node(tree)
        node = found if found is not None and gic_version(found) == 2 else None  # noqa: PLR2004
    else:
        known = set(names.value)
        nodes = (*chosen_nodes(tree, KERNEL_DEVICES), *tree.nodes.values())
        node = next((each for each in nodes if known & set(each.compatible)), None)
    return GicFacts(node=node, ranges=reg_ranges(tree, node) or ()) if node else None


def _elfloader(files: SourceFiles, kernel: KernelFacts) -> ElfloaderFacts:
    image: Fact[str] | None = None
    script = files.script(SETTINGS_FILE)
    if script is not None:
        # As projects/vm-examples/settings.cmake calls it.
        call = f'ApplyData61ElfLoaderSettings("{kernel.arm_platform}" "{kernel.sel4_arch}")'
        variables = {name: each.value for name, each in _kernel_variables(kernel)}
        trace = evaluate((script, parse_cmake(call, SETTINGS_FILE)), Settings(variables=variables))
        for event in trace.called("set"):
            if event.args[:1] == ("ElfloaderImage",) and event.is_certain and event.args[1]:
                image = Fact(value=event.args[1], span=event.span)
    return ElfloaderFacts(image=image, drivers=dict(_drivers(files)))


def _kernel_variables(kernel: KernelFacts) -> Iterator[tuple[str, Fact[str]]]:
    nowhere = Span(file="")
    found = kernel.trace.variables if kernel.trace else {}
    for name, each in found.items():
        yield name, Fact(value=each.value, span=each.span or nowhere)


def _drivers(files: SourceFiles) -> Iterator[tuple[str, Span]]:
    for name in files.names(UART_DIR):
        path = f"{UART_DIR}/{name}"
        text = files.text(path) if name.endswith(".c") else None
        for match in _COMPATIBLE.finditer(text or ""):
            line = (text or "").count("\n", 0, match.start()) + 1
            yield match[1], Span(file=path, line=line)


def _vmm(files: SourceFiles, kernel: KernelFacts) -> VmmFacts:
    vmlinux = _vmlinux(files, kernel)
    options = _options(files)
    scope = Variables(kernel.trace)
    return VmmFacts(
        vmlinux=vmlinux,
        vmlinux_text=files.text(vmlinux.value) if vmlinux.value else None,
        init=_init(files, kernel),
        headers=tuple(_headers(files, kernel.platform)),
        vgics=tuple(
            each for each in files.names(VGIC_DIR) if re.fullmatch(r"vgic_v\d\w*\.c", each)
        ),
        vgic=read_vgic(files, kernel.trace),
        options=options,
        are_met={
            # Options of the VMM that another depends on are the app's matter.
            name: all_hold(tuple(each for each in option.depends if "Kernel" in each), scope)
            for name, option in options.items()
            if kernel.trace is not None
        },
    )


def _init(files: SourceFiles, kernel: KernelFacts) -> SourceFile:
    """Return the code of the board or of its platform."""
    names = dict.fromkeys((kernel.arm_platform, kernel.platform))
    found = [files.named(f"{VMM_COMPONENT_DIR}/src/modules/plat/{name}/init.c") for name in names]
    return next((each for each in found if not each.is_missing), found[-1])


def _vmlinux(files: SourceFiles, kernel: KernelFacts) -> Fact[str]:
    """Return which `vmlinux.h` `DeclareCAmkESARMVM` gives to the VMM."""
    folder = f"{VMM_COMPONENT_DIR}/plat_include/{kernel.platform}"
    span = Span(file=VMM_HELPERS_FILE)
    script = files.script(VMM_HELPERS_FILE)
    if script is not None:
        variables: dict[str, str | None] = {
            name: each.value for name, each in _kernel_variables(kernel)
        }
        variables |= {"CMAKE_CURRENT_LIST_DIR": VM_DIR, "KernelPlatform": kernel.platform}
        call = parse_cmake("DeclareCAmkESARMVM(VM)", VMM_HELPERS_FILE)
        trace = evaluate((script, call), Settings(variables=variables))
        for event in trace.called("set"):
            if event.args[:1] == ("vm_plat_include",) and event.is_certain and event.args[1]:
                folder, span = event.args[1], event.span
    return Fact(value=f"{folder}/plat/vmlinux.h", span=span)


def _options(files: SourceFiles) -> dict[str, ConfigFact]:
    script = files.script(f"{VMM_COMPONENT_DIR}/CMakeLists.txt")
    found = configs_of(evaluate((script,), Settings(is_closed=False))) if script else ()
    return {each.name: each for each in found}


def _defaults(options: Mapping[str, ConfigFact], kernel: KernelFacts) -> dict[str, str]:
    """Return the options as they are where nobody sets them, choices with their variables."""
    scope = Variables(kernel.trace)
    found: dict[str, str] = {}
    for name, option in options.items():
        if option.choices:
            usable = [each for each in option.choices if all_hold(each.depends, scope) is not False]
            if usable:
                found |= {name: usable[0].value, usable[0].variable: "ON"}
        elif option.default is not None:
            found[name] = option.default
    return found


def _headers(files: SourceFiles, platform: str) -> Iterator[SourceFile]:
    """Yield the headers of the platform that headers for all Arm platforms include."""
    wanted: dict[str, Span] = {}
    for path in files.below(f"{VMM_LIBRARY_DIR}/arch_include/arm", ".h"):
        text = files.text(path) or ""
        for match in _PLAT_HEADER.finditer(text):
            line = text.count("\n", 0, match.start(1)) + 1
            wanted.setdefault(match[1], Span(file=path, line=line))
    if not wanted:
        place = Span(file=f"{VMM_LIBRARY_DIR}/arch_include/arm")
        wanted = {f"sel4vmmplatsupport/plat/{each}": place for each in _LEAST_HEADERS}
    for name, span in sorted(wanted.items()):
        yield files.named(f"{VMM_LIBRARY_DIR}/plat_include/{platform}/{name}", span)


def _timers(files: SourceFiles, platform: str) -> str:
    prefix = platform
    script = files.script(f"{TIME_SERVER_DIR}/CMakeLists.txt")
    if script is not None:
        trace = evaluate((script,), Settings(variables={"KernelPlatform": platform}))
        prefix = trace.value("PlatPrefix") or platform
    return f"{TIME_SERVER_DIR}/include/plat/{prefix}/plat/timers.h"


def _serial(files: SourceFiles, platform: str) -> str:
    """Return the platform's serial header; boards of a family may share one (`imx8m`)."""
    folders = files.names(f"{PLATSUPPORT_DIR}/plat_include")
    family = max((each for each in folders if platform.startswith(each)), key=len, default=None)
    folder = platform if platform in folders else family or platform
    return f"{PLATSUPPORT_DIR}/plat_include/{folder}/platsupport/plat/serial.h"


def _mentions(name: str, platform: str, elsewhere: Elsewhere) -> Iterator[Mention]:
    names = (name, platform)
    docs = elsewhere.docs
    page = f"Hardware/{name}.md"
    yield Mention(
        what="page of the board",
        file=str(docs / page) if docs else page,
        is_there=_has_page(docs, names) if docs else None,
    )
    for file, what in (("platforms.yml", "platform"), ("builds.yml", "build")):
        place = _find(elsewhere.ci_actions, file)
        yield Mention(
            what=f"row of the {what}",
            file=str(place or file),
            is_there=_names(place, names) if elsewhere.ci_actions else None,
        )


def _has_page(docs: Path, names: tuple[str, ...]) -> bool:
    pages = sorted(docs.rglob("Hardware/**/*.md"))
    stems = {each.stem.lower() for each in pages}
    if any(each.lower() in stems for each in names):
        return True
    row = re.compile(rf"^cmake_plat:\s*{re.escape(names[0])}\s*$", re.MULTILINE)
    return any(row.search(_text(each)) for each in pages)


def _find(folder: Path | None, name: str) -> Path | None:
    return (
        min(folder.rglob(name), key=lambda each: (len(each.parts), each), default=None)
        if folder
        else None
    )


def _names(place: Path | None, names: tuple[str, ...]) -> bool:
    text = _text(place) if place else ""
    words = "|".join(map(re.escape, names))
    return re.search(rf"(?<![\w-])(?:{words})(?![\w-])", text, re.IGNORECASE) is not None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return ""
