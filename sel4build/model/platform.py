# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Platforms: boards and machines, the images they take and how they are booted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sel4build.errors import Span


class Arch(StrEnum):
    """`KernelArch`."""

    ARM = "arm"
    X86 = "x86"


class Sel4Arch(StrEnum):
    """`KernelSel4Arch`: what the kernel is compiled as."""

    AARCH64 = "aarch64"
    ARM_HYP = "arm_hyp"
    IA32 = "ia32"
    X86_64 = "x86_64"


class ImageFormat(StrEnum):
    """The form in which a board's firmware takes an image (`ElfloaderImage` on Arm)."""

    ELF = "elf"
    EFI = "efi"
    UIMAGE = "uimage"
    BINARY = "binary"
    MULTIBOOT = "multiboot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uart:
    """The serial port that the kernel prints on."""

    driver: str
    address: int
    shift: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gic:
    """The interrupt controller of an Arm platform, as the kernel drives it."""

    version: int
    distributor: int
    """Physical address of the distributor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRule:
    """The image that a build for a platform leaves behind.

    `name` and `kernel_name` are file names in `images/`; `{rootserver}` stands for the app's.
    """

    format: ImageFormat
    name: str
    kernel_name: str | None = None
    """The multiboot kernel, where the image is its module."""
    load_address: int | None = None
    """Where boot loaders put the file, and where `bringup` is linked; bytes, physical."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BootMethod:
    """Lines to type for one way to boot an image form on a platform.

    `{image}`, `{kernel}` and `{load}` stand for the file names and the load address.
    """

    title: str
    format: ImageFormat
    where: str
    """Where the lines are typed: `U-Boot`, `GRUB`, `host`."""
    commands: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QemuForm:
    """How QEMU is handed an image of one form.

    `args`, `script` and the values of `files` are templates over `{image}` and `{kernel}` (names of
    files in the package, where QEMU runs), `{load}` (load address), `{firmware}` and `{scratch}` (a
    folder of our own that holds `files`). U-Boot's own variables are written `${{name}}`.
    """

    format: ImageFormat
    args: tuple[str, ...]
    firmware: tuple[str, ...] = ()
    """Where the firmware may be: absolute paths, the first that exists is taken."""
    firmware_package: str | None = None
    """The Debian package that brings the firmware."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Path in the scratch folder to the file that is copied there, such as `{image}`."""
    script: tuple[str, ...] = ()
    """Lines of a U-Boot script, made into `script_file` in the scratch folder."""
    script_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QemuMachine:
    """How QEMU plays a platform. `{...}` in `args` is filled by the boot planner."""

    binary: str
    machine: str
    cpu: str | None = None
    memory_mib: int
    memory_option: str | None = None
    """Option that says another memory, MiB."""
    cpu_option: str | None = None
    """Option that says another processor."""
    dtb_variable: str | None = None
    """CMake variable that names the device tree of a machine with another memory."""
    args: tuple[str, ...] = ()
    max_num_nodes: int | None = None
    virtualization: str | None = None
    """The CPU flag (`vmx`) that guests need and emulation lacks, so that KVM is required."""
    kvm_machine: str | None = None
    """`machine` where KVM is required."""
    kvm_cpu: str | None = None
    """`cpu` where KVM is required."""
    forms: tuple[QemuForm, ...] = ()
    """Image forms that need more than `-kernel` (ELF) or `-kernel` and `-initrd` (multiboot)."""
    debian_package: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One board or machine."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    """Other spellings of `PLATFORM` that mean this board."""
    kernel_platform: str
    """`KernelPlatform`: the family of boards; part of the image file names."""
    kernel_arm_platform: str | None = None
    """`KernelARMPlatform`: the board, on Arm."""
    arch: Arch
    sel4_arch: Sel4Arch
    word_size: int
    """32 or 64 bits."""
    cpu: str
    max_num_nodes: int
    num_nodes_reason: str
    """Why there are no more nodes than that."""
    image: ImageRule
    uart: Uart
    gic: Gic | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    """CMake variables that the board needs beside `PLATFORM`, such as `AARCH64`."""
    boot: tuple[BootMethod, ...] = ()
    qemu: QemuMachine | None = None
    span: Span | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)
    """The place of each key of the file, by key."""
