# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Checks 8 to 11 and 18: the files that the VMM and its libraries want for each platform."""

import re
from dataclasses import replace

from sel4build.errors import Span
from sel4build.porting.board import (
    PLATSUPPORT_DIR,
    TIME_SERVER_DIR,
    VMM_LIBRARY_DIR,
    Board,
    SourceFile,
)
from sel4build.porting.editing import extend_depends
from sel4build.porting.finding import (
    Outcome,
    Problem,
    Remedy,
    judged,
    not_needed,
    passed,
    unknown,
)
from sel4build.porting.skeletons import library_header, timers_header, virtio_header, vmlinux_header

VMLINUX_NAMES = (
    "GIC_NODE_PATH",
    "linux_pt_irqs",
    "free_plat_interrupts",
    "plat_keep_devices",
    "plat_keep_device_and_disable",
    "plat_keep_device_and_subtree",
    "plat_keep_device_and_subtree_and_disable",
)
"""What components/VM_Arm/src/main.c takes from `vmlinux.h`."""
_DEFINITIONS = {
    "GIC_NODE_PATH": '#define GIC_NODE_PATH "{gic}"\n',
    "linux_pt_irqs": "static const int linux_pt_irqs[] = {{}};\n",
    "free_plat_interrupts": "static const int free_plat_interrupts[] = {{ -1 }};\n",
}
_LIST = "static const char *{name}[] = {{}};\n"
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
SERIAL_COMPONENTS = ("SerialServer", "TimeServer")
VIRTIO_OPTIONS = ("VmVirtioNetArping", "VmVirtioNetVirtqueue", "VmVirtioConsole")
PCI_OPTION = "VmPCISupport"


def check_vmlinux(board: Board) -> Outcome:
    """Check 8: `vmlinux.h` is there and defines what the VMM takes from it."""
    fact = board.vmm.vmlinux
    if fact.value is None:
        return unknown("which `vmlinux.h` the VMM includes cannot be told", fact.span)
    text = board.vmm.vmlinux_text
    if text is None:
        remedy = Remedy(file=fact.value, text=vmlinux_header(board))
        problem = Problem(text=f"{fact.value} does not exist", span=fact.span, remedy=remedy)
        return judged([problem], passed(""))
    code = _COMMENT.sub(_blank, text)
    last = text.count("\n") + (not text.endswith("\n"))
    first = _line_of(text, "#pragma once")
    problems = [
        Problem(
            text=f"`{name}` is not defined",
            span=Span(file=fact.value),
            remedy=Remedy(
                file=fact.value,
                # Lists further down may hold a macro.
                after=first if name.isupper() else last,
                text=_definition(board, name),
            ),
        )
        for name in VMLINUX_NAMES
        if not _defines(code, name)
    ]
    return judged(problems, passed("defines what the VMM uses", Span(file=fact.value)))


def _line_of(text: str, piece: str) -> int:
    """Return the number of the line that begins with `piece`; 0 where none does."""
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if line.startswith(piece)), 0)


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n") or " "


def _defines(code: str, name: str) -> bool:
    pattern = rf"^[ \t]*#[ \t]*define[ \t]+{name}\b|\b{name}[ \t]*\[[^\]\n]*\][ \t]*="
    return re.search(pattern, code, re.MULTILINE) is not None


def _definition(board: Board, name: str) -> str:
    gic = board.gic.node.path if board.gic else "/interrupt-controller@ADDRESS"
    return _DEFINITIONS.get(name, _LIST).format(name=name, gic=gic)


def check_init(board: Board) -> Outcome:
    """Check 9: code of the platform's own in the VMM, which few need."""
    init = board.vmm.init
    if init.is_missing:
        return not_needed(f"{init.path} is optional")
    return passed("the platform has code of its own", Span(file=init.path))


def check_library(board: Board) -> Outcome:
    """Check 10: the VMM library has the headers of the platform."""
    folder = f"{VMM_LIBRARY_DIR}/plat_include/{board.kernel.platform}"
    problems = [
        Problem(
            text=f"{each.path} does not exist",
            span=each.span,
            remedy=Remedy(file=each.path, text=library_header(board, each.path)),
        )
        for each in board.vmm.headers
        if each.is_missing
    ]
    names = ", ".join(each.path.rsplit("/", 1)[-1] for each in board.vmm.headers)
    return judged(problems, passed(names, Span(file=folder)))


def check_virtio(board: Board) -> Outcome:
    """Check 11: virtual PCI and virtio are allowed on the platform, where the app wants them."""
    settings = board.apps.settings
    wanted = [
        (name, settings.variables[name].span)
        for name in (PCI_OPTION, *VIRTIO_OPTIONS)
        if settings is not None
        and name in settings.variables
        and _is_on(settings.value(name))
        and name in board.vmm.options
    ]
    if not wanted:
        return not_needed("the app uses neither virtual PCI nor virtio on the board")
    problems = [
        _not_allowed(board, name, span)
        for name, span in wanted
        if board.vmm.are_met.get(name) is False
    ]
    needs_header = any(name in VIRTIO_OPTIONS for name, _ in wanted)
    if needs_header and board.virtio.is_missing:
        remedy = Remedy(file=board.virtio.path, text=virtio_header())
        text = f"{board.virtio.path} does not exist"
        problems.append(Problem(text=text, span=wanted[0][1], remedy=remedy))
    names = ", ".join(name for name, _ in wanted)
    return judged(problems, passed(f"{names} can be on", wanted[0][1]))


def _is_on(value: str | None) -> bool:
    return (value or "").upper() in {"1", "ON", "YES", "TRUE", "Y"}


def _not_allowed(board: Board, name: str, span: Span | None) -> Problem:
    option = board.vmm.options[name]
    place = option.depends_span or option.span
    text = (
        f"`{name}` depends on `{option.depends[0]}`, which does not hold on the board: it is "
        "turned off without a word"
    )
    remedy = next(iter(extend_depends(board, option)), None)
    hint = f"asked for at {span}" if span else None
    return Problem(text=text, span=place, remedy=remedy, hint=hint)


def check_timers(board: Board) -> Outcome:
    """Check 18: time server and serial server know the platform, where the app uses them."""
    wanted = {name: board.apps.components.get(name) for name in SERIAL_COMPONENTS}
    timers = wanted["TimeServer"] or board.apps.imports_timers
    if not any(wanted.values()) and timers is None:
        return not_needed("the app uses neither a time server nor a serial server")
    problems = []
    if timers is not None and board.timers.is_missing:
        problem = _missing(board.timers, timers, TIME_SERVER_DIR)
        if wanted["TimeServer"] is None:  # none of it runs
            remedy = Remedy(file=board.timers.path, text=timers_header(board))
            problem = replace(problem, remedy=remedy)
        problems.append(problem)
    if any(wanted.values()) and board.serial.is_missing:
        span = wanted["SerialServer"] or wanted["TimeServer"]
        problems.append(_missing(board.serial, span, PLATSUPPORT_DIR))
    names = ", ".join(name for name, span in wanted.items() if span)
    if not names:
        return judged(problems, passed("`timers.h` is there for what the app imports", timers))
    first = next(span for span in wanted.values() if span)
    return judged(problems, passed(f"{names} know the platform", first))


def _missing(file: SourceFile, span: Span | None, folder: str) -> Problem:
    return Problem(
        text=f"{file.path} does not exist",
        span=span,
        hint=f"write it for the board's own timer or serial port; {folder} has others to go by",
    )
