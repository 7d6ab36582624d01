# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The addresses of the interrupt controller that the VMM has written down for each platform."""

import re
from collections.abc import Iterator

from sel4build.errors import Span
from sel4build.model.sources import Trace
from sel4build.porting.board import VGIC_DIR, Board, VgicHeader
from sel4build.porting.files import SourceFiles
from sel4build.porting.finding import Problem, Remedy
from sel4build.sources.preprocess import preprocess

HEADER = f"{VGIC_DIR}/gicv2.h"
_INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]gicv2\.h[>"]', re.MULTILINE)
_NAMES = ("GIC_DIST_PADDR", "GIC_CPU_PADDR", "GIC_VCPU_CNTR_PADDR", "GIC_VCPU_PADDR")
_WORDS = ("distributor", "CPU interface", "hypervisor interface", "GICV")
_OFFSETS = (0x1000, 0x2000, 0x4000, 0x6000)
"""Where the four are on most boards: the last branch of gicv2.h."""
_OTHERWISE = re.compile(r"^\s*#\s*else\b")


def read_vgic(files: SourceFiles, trace: Trace | None) -> VgicHeader | None:
    """Read the addresses for the platform of `trace`; None where the VMM has none written down."""
    if trace is None or _INCLUDE.search(files.text(f"{VGIC_DIR}/vgic_v2.c") or "") is None:
        return None
    text = files.text(HEADER)
    if text is None:
        return VgicHeader(text=None)
    done = preprocess(text, HEADER, dict.fromkeys(constants(trace), "1"))
    macros = [done.macros.get(name) for name in _NAMES]
    return VgicHeader(
        text=text,
        addresses=tuple(done.number(name) for name in _NAMES),
        places=tuple(each.span if each else None for each in macros),
    )


def constants(trace: Trace) -> tuple[str, ...]:
    """Return the names in C of the platform and the board."""
    platform = trace.value("KernelPlatform")
    found = [
        each.args[2]
        for each in trace.called("declare_platform")
        if len(each.args) > 2 and each.args[0] == platform  # noqa: PLR2004 - name, variable, C
    ]
    found += [
        each.args[1]
        for each in trace.called("config_set")
        if len(each.args) > 2 and each.is_certain and each.args[2] == "ON"  # noqa: PLR2004
    ]
    return tuple(f"CONFIG_{each}" for each in found if each)


def vgic_problems(board: Board) -> Iterator[Problem]:
    """Yield where the VMM's addresses are missing or not those of the device tree."""
    header = board.vmm.vgic
    if header is None:
        return
    if header.text is None:
        yield Problem(
            text=f"{HEADER} does not exist", span=Span(file=HEADER), hint="sync the project again"
        )
        return
    if None in header.addresses:
        yield from _unknown(board, header.text)
        return
    ranges = board.gic.ranges[: len(_NAMES)] if board.gic else ()
    told = zip(_NAMES, _WORDS, header.addresses, header.places, ranges, strict=False)
    for name, word, address, place, found in told:
        if address is not None and address != found.address:
            text = f"`{name}` is {address:#x}; the {word} of the device tree is {found.address:#x}"
            yield Problem(text=text, span=place, hint="one of the two is wrong")


def _unknown(board: Board, text: str) -> Iterator[Problem]:
    trace = board.kernel.trace
    names = constants(trace) if trace else ()
    message = f"{HEADER} has no addresses of the interrupt controller for {board.kernel.platform}"
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines, start=1) if _OTHERWISE.match(line)]
    ranges = [each.address for each in board.gic.ranges[: len(_NAMES)]] if board.gic else []
    if not names or not places or len(ranges) < len(_NAMES):
        yield Problem(text=message, span=Span(file=HEADER), hint="add them for the platform")
        return
    base = ranges[0] - _OFFSETS[0]
    is_usual = [each - base for each in ranges] == list(_OFFSETS)
    base = base if is_usual else ranges[0]
    branch = f"#elif defined({names[0]})\n"
    new = f"{branch}#define GIC_PADDR   {base:#x}\n"
    span = Span(file=HEADER, line=places[0])
    remedy = Remedy(file=HEADER, after=places[0] - 1, text=new)
    yield Problem(text=message, span=span, remedy=remedy)
    if not is_usual and len(places) > 1:
        offsets = (each - base for each in ranges)
        defines = "".join(
            f"#define {name} (GIC_PADDR + {offset:#x})\n"
            for name, offset in zip(_NAMES, offsets, strict=True)
        )
        yield Problem(
            text=f"its ranges are not where {HEADER} has those of most boards",
            span=Span(file=HEADER, line=places[1]),
            remedy=Remedy(file=HEADER, after=places[1] - 1, text=branch + defines),
        )
