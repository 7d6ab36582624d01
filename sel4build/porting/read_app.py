# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read what an app says of a board: its settings, its `CMakeLists.txt`, its `devices.camkes`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sel4build.errors import Span
from sel4build.model.sources import Conditional, DeviceTree, Event, Fact, Script, Statement, Trace
from sel4build.porting.assemblies import find_include, without_comments
from sel4build.porting.board import (
    EXAMPLES_DIR,
    IMAGES_DIR,
    VM_DIR,
    AppFacts,
    KernelFacts,
    Mention,
    SourceFile,
    Variant,
)
from sel4build.porting.fdt import parse_blob
from sel4build.porting.files import SourceFiles
from sel4build.sources.camkes import parse_devices
from sel4build.sources.cmake import walk
from sel4build.sources.commands import Args, Effect, Lookup, Writes
from sel4build.sources.device_tree import parse_device_tree
from sel4build.sources.evaluate import Settings, evaluate
from sel4build.sources.settings import forced_by, supported_of

_DEVICES = "devices.camkes"
_TIMERS = "plat/timers.h"
_COMPONENT = re.compile(r"^\s*component\s+(\w+)\s+\w+\s*;", re.MULTILINE)
_SERIAL_MACRO = re.compile(r"\bVM_VIRTUAL_SERIAL_COMP\w*\s*\(")
_IMPORTS_DEVICES = re.compile(r"<devices\.camkes>")
_NESTED = re.compile(r"\$\{KernelARMPlatform\}/\$\{(\w+)\}")
_FILE_COMMANDS = (
    "AddToFileServer",
    "UpdateDtbFromInitrd",
    "AddOverlayDirToRootfs",
    "add_custom_command",
)
_DTBS = ("linux-dtb", "linux.dts")
_ROOT_DTB = "CAMKES_ROOT_DTB_FILE_PATH"
_IMAGE_DIRS = (f"{IMAGES_DIR}/", f"{EXAMPLES_DIR}/linux/")


def _makes(place: int) -> Effect:
    """Return what a command does that leaves the path of a file in its argument at `place`."""

    def effect(args: Args, _: Lookup) -> Writes:
        name = args[place] if len(args) > place else None
        return Writes(values={name: f"<build>/{name}"}) if name else Writes()

    return effect


# camkes-vm-linux: AddOverlayDirToRootfs(DIR ROOTFS DISTRIBUTION MODE OUTPUT TARGET ...),
# UpdateDtbFromInitrd(DTB ROOTFS ADDRESS TARGET OUTPUT ...).
_EFFECTS = {"addoverlaydirtorootfs": _makes(4), "updatedtbfrominitrd": _makes(4)}


def read_app(
    files: SourceFiles,
    app: str,
    name: str,
    kernel: KernelFacts,
    defaults: Mapping[str, str],
) -> AppFacts:
    """Return what `app` says of the board; `defaults` are options that nobody sets."""
    folder = f"{EXAMPLES_DIR}/apps/Arm/{app}"
    settings = _settings(files, f"{folder}/settings.cmake", name, kernel)
    events = settings.called("set") if settings else ()
    listed = (each for each in reversed(events) if each.args[:1] == ("supported",))
    forced = (each for each in forced_by(settings) if each.name == "PLATFORM") if settings else ()
    platform = next(iter(forced), None)
    cmake_file = f"{folder}/CMakeLists.txt"
    variables = {**defaults, **_variables(kernel, name), **_known(settings)}
    variants = tuple(_variants(files, folder, kernel, variables, _forced_names(settings)))
    texts = _camkes_texts(files, folder, variants)
    return AppFacts(
        folder=folder,
        exists=files.is_dir(folder),
        settings_file=f"{folder}/settings.cmake",
        settings=settings,
        supported=supported_of(settings) if settings else None,
        supported_event=next(listed, None),
        forced_platform=Fact(value=platform.value, span=platform.span) if platform else None,
        cmake_file=cmake_file,
        cmake_text=files.text(cmake_file),
        uses_devices=not texts or any(_IMPORTS_DEVICES.search(text) for text in texts.values()),
        components=_components(texts),
        imports_timers=find_include(files, texts, _TIMERS),
        variants=variants,
        papers=tuple(_papers(files, variants)),
        no_smp=_no_smp(files, kernel, name),
    )


def _settings(files: SourceFiles, path: str, name: str, kernel: KernelFacts) -> Trace | None:
    script = files.script(path)
    if script is None:
        return None
    variables: dict[str, str | None] = {"PLATFORM": name, "KernelSel4Arch": kernel.sel4_arch}
    if kernel.sel4_arch == "aarch64":
        variables["AARCH64"] = "1"
    return evaluate((script,), Settings(variables=variables))


def _known(trace: Trace | None) -> dict[str, str | None]:
    return {name: each.value for name, each in trace.variables.items()} if trace else {}


def _variables(kernel: KernelFacts, name: str) -> dict[str, str | None]:
    """Return what an app's script finds set: kernel configuration and folders of projects."""
    return {
        **_known(kernel.trace),
        "PLATFORM": name,
        "KernelPlatform": kernel.platform,
        "KernelARMPlatform": kernel.arm_platform,
        "CAMKES_VM_IMAGES_DIR": IMAGES_DIR,
        "CAMKES_ARM_LINUX_DIR": f"{EXAMPLES_DIR}/linux",
        "CAMKES_VM_LINUX_DIR": "projects/vm-linux",
        "CAMKES_VM_DIR": VM_DIR,
        "CMAKE_CURRENT_BINARY_DIR": "<build>",
        "CMAKE_BINARY_DIR": "<build>",
    }


def _variants(
    files: SourceFiles,
    folder: str,
    kernel: KernelFacts,
    variables: Mapping[str, str | None],
    forced: frozenset[str],
) -> Iterator[Variant]:
    """Yield the app as it is, or once for each value of the option that chooses its devices."""
    script = files.script(f"{folder}/CMakeLists.txt")
    trace = _cmake(script, folder, variables)
    board_dir = f"{folder}/{kernel.arm_platform}"
    option = _nested_option(trace)
    inner = [
        each for each in files.names(board_dir) if files.is_file(f"{board_dir}/{each}/{_DEVICES}")
    ]
    wanted = variables.get(option or "")
    if wanted and option in forced:
        inner = [each for each in inner if each == wanted] or [wanted]
    if not inner or files.is_file(f"{board_dir}/{_DEVICES}"):
        place = f"{_import_dir(trace, folder) or board_dir}/{_DEVICES}"
        yield _variant(files, "", place, kernel, trace)
        return
    for each in inner:
        again = _cmake(script, folder, {**variables, option: each}) if option else trace
        yield _variant(files, each, f"{board_dir}/{each}/{_DEVICES}", kernel, again)


def _forced_names(trace: Trace | None) -> frozenset[str]:
    return frozenset(each.name for each in forced_by(trace)) if trace else frozenset()


def _cmake(script: Script | None, folder: str, variables: Mapping[str, str | None]) -> Trace | None:
    if script is None:
        return None
    here = {"CMAKE_CURRENT_SOURCE_DIR": folder, "CMAKE_CURRENT_LIST_DIR": folder}
    return evaluate((script,), Settings(variables={**variables, **here}, effects=_EFFECTS))


def _nested_option(trace: Trace | None) -> str | None:
    """Return the option that chooses among folders of devices below that of the board."""
    for event in trace.called("CAmkESAddImportPath") if trace else ():
        for arg in event.written.args if event.is_certain else ():
            match = _NESTED.fullmatch(arg.text)
            if match:
                return match[1]
    return None


def _import_dir(trace: Trace | None, folder: str) -> str | None:
    """Return the folder that the app takes `devices.camkes` from."""
    events = trace.called("CAmkESAddImportPath") if trace else ()
    paths = [path for event in events if event.is_certain for path in event.args]
    last = next((path for path in reversed(paths) if path and "/" not in path), None)
    return f"{folder}/{last}" if last and last not in {"components", "interfaces"} else None


def _variant(
    files: SourceFiles, name: str, place: str, kernel: KernelFacts, trace: Trace | None
) -> Variant:
    text = files.text(place)
    root = trace.value(_ROOT_DTB) if trace else None
    root_file = None
    root_tree: DeviceTree | None = None
    if root:
        found = trace.variables[_ROOT_DTB].span if trace else None
        root_file = files.named(root, found)
        root_tree = _root_tree(files, root)
    images = tuple(_images(files, trace)) if trace else ()
    if not images:
        images = tuple(_usual_images(files, kernel))
    if root_file is not None:
        images = (*images, root_file)
    return Variant(
        name=name,
        devices=None if text is None else parse_devices(text, place, _defines(trace)),
        devices_file=place,
        trace=trace,
        images=images,
        root_tree=root_tree,
        root_file=root_file,
    )


def _defines(trace: Trace | None) -> dict[str, str]:
    """Return macros that `AddCamkesCPPFlag` makes of options: NAME in capitals, 0 or 1."""
    found: dict[str, str] = {}
    for event in trace.called("AddCamkesCPPFlag") if trace else ():
        for option in event.args[2:]:
            value = (trace.value(option) if trace and option else "") or ""
            if option:
                found[option.upper()] = "1" if value.upper() in {"ON", "1", "TRUE"} else "0"
    return found


def _root_tree(files: SourceFiles, path: str) -> DeviceTree | None:
    try:
        content = files.path(path).read_bytes()
    except (OSError, ValueError):
        return None
    if path.endswith(".dts"):
        return parse_device_tree(((path, content.decode("utf-8", errors="replace")),))
    return parse_blob(content, path)


def _images(files: SourceFiles, trace: Trace) -> Iterator[SourceFile]:
    """Yield the guest's files that the app takes, each once."""
    seen: set[str] = set()
    for event in trace.called(*_FILE_COMMANDS):
        for position, arg in enumerate(event.args):
            if not event.is_certain or not arg or not arg.startswith(_IMAGE_DIRS) or arg in seen:
                continue
            seen.add(arg)
            yield files.named(arg, _place(event, position))


def _usual_images(files: SourceFiles, kernel: KernelFacts) -> Iterator[SourceFile]:
    """Yield the files of the board by their usual names, where no script names any."""
    names = dict.fromkeys((kernel.arm_platform, kernel.platform))
    folders = [f"{IMAGES_DIR}/{name}" for name in names]
    folder = next((each for each in folders if files.is_dir(each)), folders[0])
    dtb = next((each for each in _DTBS if files.is_file(f"{folder}/{each}")), _DTBS[0])
    for name in ("linux", dtb, "rootfs.cpio.gz"):
        yield files.named(f"{folder}/{name}")


def _place(event: Event, position: int) -> Span:
    args = event.written.args
    return args[position].span if position < len(args) else event.span


def _camkes_texts(files: SourceFiles, folder: str, variants: tuple[Variant, ...]) -> dict[str, str]:
    """Return the texts of the app's own assemblies, without comments."""
    named = {
        arg
        for variant in variants
        for event in (variant.trace.called("DeclareCAmkESRootserver") if variant.trace else ())
        for arg in event.args[:1]
        if arg
    }
    names = sorted(named) or [each for each in files.names(folder) if each.endswith(".camkes")]
    texts = {f"{folder}/{name}": files.text(f"{folder}/{name}") for name in names}
    return {path: without_comments(text) for path, text in texts.items() if text is not None}


def _components(texts: Mapping[str, str]) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for path, text in texts.items():
        for match in _COMPONENT.finditer(text):
            found.setdefault(match[1], _span(path, text, match.start(1)))
        for match in _SERIAL_MACRO.finditer(text):
            for name in ("SerialServer", "TimeServer"):
                found.setdefault(name, _span(path, text, match.start()))
    return found


def _span(path: str, text: str, start: int) -> Span:
    return Span(file=path, line=text.count("\n", 0, start) + 1)


def _papers(files: SourceFiles, variants: tuple[Variant, ...]) -> Iterator[Mention]:
    """Yield what ought to lie beside images: a README and the configuration of the kernel."""
    folders = {
        each.path.rsplit("/", 1)[0]
        for variant in variants
        for each in variant.images
        if each.path.startswith(IMAGES_DIR) and each.size is not None
    }
    for folder in sorted(folders):
        # A release in a folder of its own may share them with the others.
        above = folder.rsplit("/", 1)[0]
        places = (folder, above) if above != IMAGES_DIR else (folder,)
        names = [each.lower() for place in places for each in files.names(place)]
        readme = any(each.startswith("readme") for each in names)
        config = any("config" in each for each in names)
        yield Mention(what="README", file=folder, is_there=readme)
        yield Mention(what="configuration of its kernel", file=folder, is_there=config)


def _no_smp(files: SourceFiles, kernel: KernelFacts, name: str) -> Span | None:
    """Return where the examples refuse several cores on the board."""
    script = files.script(f"{EXAMPLES_DIR}/settings.cmake")
    if script is None:
        return None
    variables = {
        **_variables(kernel, name),
        "KernelMaxNumNodes": "2",
        "NUM_NODES": "2",
    }
    for each in _conditionals(script.statements):
        refusals = [
            call
            for call in walk((each,))
            if call.command == "message" and any("SMP" in arg.text for arg in call.args)
        ]
        if not refusals:
            continue
        inner = replace(script, statements=(each,))
        trace = evaluate((inner,), Settings(variables=variables))
        for event in trace.called("message"):
            if event.is_certain and event.written in refusals:
                return event.span
    return None


def _conditionals(statements: tuple[Statement, ...]) -> Iterator[Conditional]:
    """Yield the innermost conditionals first."""
    for each in statements:
        if isinstance(each, Conditional):
            for branch in each.branches:
                yield from _conditionals(branch.body)
            yield each
