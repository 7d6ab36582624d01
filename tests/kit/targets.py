# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Targets on invented boards, so that no test depends on a platform or app of the catalogue."""

from collections.abc import Mapping
from dataclasses import replace

from sel4build.model.app import App, AppPlatform, Console
from sel4build.model.platform import (
    Arch,
    BootMethod,
    ImageFormat,
    ImageRule,
    Platform,
    QemuForm,
    QemuMachine,
    Sel4Arch,
    Uart,
)
from sel4build.model.target import Target

CONSOLE = Console(success=("kernel up", "guest login:"), errors=("ABORT",), timeout_s=30)
QEMU = QemuMachine(
    binary="qemu-system-aarch64",
    machine="virt",
    cpu="cortex-a53",
    memory_mib=128,
    debian_package="qemu-system-arm",
)


def a_board(
    name: str = "acme1",
    *,
    form: ImageFormat = ImageFormat.ELF,
    sel4_arch: Sel4Arch = Sel4Arch.AARCH64,
    load_address: int | None = 0x4008_0000,
    boot: tuple[BootMethod, ...] = (),
    qemu: QemuMachine | None = QEMU,
) -> Platform:
    """Return a board of Arm; `a_pc` makes one of x86."""
    return Platform(
        name=name,
        title=f"Acme {name} evaluation board",
        kernel_platform=name,
        arch=Arch.ARM,
        sel4_arch=sel4_arch,
        word_size=64 if sel4_arch is Sel4Arch.AARCH64 else 32,
        cpu="cortex-a53",
        max_num_nodes=4,
        num_nodes_reason="it has 4 cores",
        image=ImageRule(
            format=form, name="{rootserver}-image-arm-" + name, load_address=load_address
        ),
        uart=Uart(driver="pl011", address=0x900_0000),
        boot=boot,
        qemu=qemu,
    )


def a_pc(
    *,
    sel4_arch: Sel4Arch = Sel4Arch.X86_64,
    boot: tuple[BootMethod, ...] = (),
    qemu: QemuMachine | None = None,
) -> Platform:
    """Return a PC, where the image is the module of a multiboot kernel."""
    board = a_board("acmepc", sel4_arch=sel4_arch, boot=boot, load_address=0x10_0000)
    return replace(
        board,
        arch=Arch.X86,
        image=ImageRule(
            format=ImageFormat.MULTIBOOT, name="{rootserver}-image-pc", kernel_name="kernel-pc"
        ),
        qemu=qemu
        or replace(QEMU, binary="qemu-system-x86_64", machine="pc", cpu=None, virtualization="vmx"),
    )


def a_target(
    platform: Platform | None = None,
    *,
    num_nodes: int = 1,
    console: Console = CONSOLE,
    defines: Mapping[str, str] | None = None,
    needs_virtualization: bool = False,
) -> Target:
    """Return an app called `demo` on `platform`."""
    board = platform or a_board()
    on_board = AppPlatform(platform=board.name, console=console)
    app = App(
        name="demo",
        summary="shows what it can",
        manifest="demo",
        rootserver="demo-loader",
        num_vms=1,
        needs_virtualization=needs_virtualization,
        variables={},
        platforms=(on_board,),
    )
    return Target(
        app=app,
        platform=board,
        app_platform=on_board,
        num_nodes=num_nodes,
        defines=defines or {},
        variables={"PLATFORM": board.name},
    )


def an_efi_form(firmware: str = "/usr/share/acme/FIRMWARE.fd") -> QemuForm:
    """Return how QEMU takes an EFI application: firmware, and a drive of our making."""
    return QemuForm(
        format=ImageFormat.EFI,
        args=("-bios", "{firmware}", "-drive", "driver=vvfat,dir={scratch},read-only=on"),
        firmware=(firmware, "/opt/acme/FIRMWARE.fd"),
        firmware_package="acme-firmware",
        files={"EFI/BOOT/BOOTAA64.EFI": "{image}"},
    )
