# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Entries of a catalogue for a board that is new: what the sources tell is filled in."""

import re

from sel4build.porting.board import IMAGES_DIR, Board
from sel4build.porting.memory import memory_intervals
from sel4build.porting.placing import GuestPlan
from sel4build.sources.hardware import cpu_nodes
from sel4build.writing import render_toml_string

_WORD_SIZES = {"aarch64": 64, "arm_hyp": 32}
_DRIVERS = {
    "8250": "ns16550",
    "xilinx": "cadence",
    "exynos": "exynos4210",
}
"""Names of the catalogue for drivers of the elfloader, where they differ."""
_CONSOLE = re.compile(r"^\[console\]", re.MULTILINE)
_LOAD_OFFSET = 256 << 20
"""Bytes between the beginning of RAM and where boot loaders put the image."""


def platform_file(board: Board) -> str:
    """Return `platforms/BOARD.toml`."""
    kernel = board.kernel
    cpu = (kernel.cpus[0].value if kernel.cpus else None) or "CortexA53"
    cores = len(cpu_nodes(kernel.tree)) if kernel.tree else 0
    cores = 1 if board.apps.no_smp is not None else max(cores, 1)
    reason = "VMs with several cores are refused on it" if board.apps.no_smp else _cores(cores)
    form = (board.elfloader.image.value if board.elfloader.image else None) or "elf"
    lines = [
        f"# Written by `sel4build port new {board.name}`, from {_sources(board)}.",
        "",
        "version = 1",
        f"name = {_text(board.name)}",
        f"title = {_text(board.name)} # TODO: maker and model",
        f"kernel-platform = {_text(kernel.platform)}",
        f"kernel-arm-platform = {_text(kernel.arm_platform)}",
        'arch = "arm"',
        f"sel4-arch = {_text(kernel.sel4_arch)}",
        f"word-size = {_WORD_SIZES.get(kernel.sel4_arch, 64)}",
        f"cpu = {_text(cpu.replace('Cortex', 'cortex-').lower())}",
        f"max-num-nodes = {cores}",
        f"num-nodes-reason = {_text(reason)}",
        "",
        "[image]",
        f"format = {_text(form)}",
        f'name = "{{rootserver}}-image-arm-{kernel.platform}"',
        f"load-address = {_load_address(board):#x} # TODO: where the boot loader may put it",
        "",
        "[uart]",
        f"driver = {_text(_driver(board))}",
        f"address = {_uart_address(board):#x}",
    ]
    if board.gic is not None and board.gic.ranges:
        address = f"distributor = {board.gic.ranges[0].address:#x}"
        lines += ["", "[gic]", "version = 2", address]
    if kernel.sel4_arch == "aarch64":
        lines += ["", "[variables]", 'AARCH64 = "1"']
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    return render_toml_string(text)


def _cores(count: int) -> str:
    return "it has 1 core" if count == 1 else f"it has {count} cores"


def _sources(board: Board) -> str:
    declared = board.kernel.declaration
    names = [declared.span.file] if declared else []
    names += [each.path for each in board.kernel.dts]
    return ", ".join(names)


def _load_address(board: Board) -> int:
    memory = memory_intervals(board.kernel.tree) if board.kernel.tree else ()
    if not memory:
        return _LOAD_OFFSET
    first = memory[0]
    return first.start + min(_LOAD_OFFSET, first.size // 2 & ~0xFFF)


def _driver(board: Board) -> str:
    drivers = board.elfloader.drivers
    names = board.uart.node.compatible if board.uart else ()
    found = next((drivers[each].file for each in names if each in drivers), None)
    if found is None:
        return "unknown"
    name = found.rsplit("/", 1)[-1].removesuffix(".c").removesuffix("-uart")
    return _DRIVERS.get(name, name)


def _uart_address(board: Board) -> int:
    ranges = board.uart_ranges
    return ranges[0].address if ranges else 0


def app_entry(board: Board, text: str, plan: GuestPlan) -> str:
    """Return the app's file with one platform more."""
    folder = f"{IMAGES_DIR}/{board.name}"
    guest = ", ".join(
        (
            f"linux = {_text(f'{folder}/linux')}",
            f"dtb = {_text(f'{folder}/linux-dtb')}",
            f"initrd = {_text(f'{folder}/rootfs.cpio.gz')}",
            f"ram-base = {plan.ram_base:#x}",
            f"ram-size = {plan.ram_size:#x}",
            "num-vcpus = 1",
        )
    )
    success = "" if _CONSOLE.search(text) else 'success = ["buildroot login:"] # TODO\n'
    entry = f"[[platforms]]\nplatform = {_text(board.name)}\nguest = {{ {guest} }}\n{success}"
    return f"{text.rstrip()}\n\n{entry}"
