# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A board as the sources of a workspace know it: all that the checks of a port look at.

What cannot be found is None or empty, and the check that is about it says so; the others say that
they cannot tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sel4build.errors import Span
from sel4build.model.sources import (
    ConfigFact,
    DevicesFacts,
    DeviceTree,
    DtNode,
    Event,
    Fact,
    RegRange,
    Trace,
)
from sel4build.porting.trees import Uart

KERNEL_DIR = "kernel"
SETTINGS_FILE = "tools/seL4/cmake-tool/helpers/application_settings.cmake"
UART_DIR = "tools/seL4/elfloader-tool/src/drivers/uart"
VM_DIR = "projects/vm"
VMM_COMPONENT_DIR = "projects/vm/components/VM_Arm"
VMM_HELPERS_FILE = "projects/vm/arm_vm_helpers.cmake"
VMM_LIBRARY_DIR = "projects/seL4_projects_libs/libsel4vmmplatsupport"
VGIC_DIR = "projects/seL4_projects_libs/libsel4vm/src/arch/arm/vgic"
VIRTIO_DIR = "projects/vm/libs/libvirtio/plat_include"
EXAMPLES_DIR = "projects/vm-examples"
IMAGES_DIR = "projects/camkes-vm-images"
TIME_SERVER_DIR = "projects/global-components/components/TimeServer"
PLATSUPPORT_DIR = "projects/util_libs/libplatsupport"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that the sources name, as it is found."""

    path: str
    """Relative to the workspace."""
    span: Span | None = None
    """Where it is named."""
    size: int | None = None
    """Bytes; None where there is no such file."""
    pointer: str | None = None
    """What the file is, when it only points to the real one: `git-lfs`, `git-annex`."""
    is_made: bool = False
    """It is made while CMake configures."""

    @property
    def is_missing(self) -> bool:
        """Whether there ought to be a file and is none."""
        return self.size is None and not self.is_made


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelFacts:
    """What seL4 says of the board."""

    platform: str
    """`KernelPlatform`: by the aliases, else by who names the board, else the board's name."""
    arm_platform: str
    """`KernelARMPlatform`."""
    sel4_arch: str
    """What the VM apps compile the kernel as on this board."""
    aliases: tuple[Fact[str], ...] = ()
    """The lines `FAMILY:BOARD,...` of Arm."""
    alias: Fact[str] | None = None
    """The one that has the board."""
    names: tuple[str, ...] = ()
    """Every platform and board that the scripts know."""
    declaration: Event | None = None
    trace: Trace | None = None
    """What its `config.cmake` does for the board."""
    sel4_archs: Fact[tuple[str, ...]] | None = None
    cpus: tuple[Fact[str], ...] = ()
    """Names such as `CortexA57`."""
    interrupt_header: Fact[str] | None = None
    hypervisor: ConfigFact | None = None
    """`KernelArmHypervisorSupport`."""
    can_hypervise: bool | None = None
    """Whether what that option depends on holds; None where it cannot be told."""
    dts: tuple[SourceFile, ...] = ()
    tree: DeviceTree | None = None
    """All of `dts` merged; None where one of them is missing or no device tree source."""
    faults: tuple[Span, ...] = ()
    """Where they are no device tree source."""
    dump: tuple[str, ...] = ()
    """The command that makes what `dts` needs and the sources do not have."""
    gic_compatibles: Fact[tuple[str, ...]] | None = None
    """What the kernel's GICv2 driver is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GicFacts:
    """The interrupt controller in the kernel's device tree."""

    node: DtNode
    ranges: tuple[RegRange, ...]

    @property
    def virtual(self) -> RegRange | None:
        """The GICV: the interface that a guest gets."""
        return self.ranges[3] if len(self.ranges) > 3 else None  # noqa: PLR2004 - the fourth


@dataclass(frozen=True, slots=True, kw_only=True)
class VgicHeader:
    """What `gicv2.h` says for a platform."""

    text: str | None
    """None where the VMM wants the file and there is none."""
    addresses: tuple[int | None, ...] = ()
    """Distributor, CPU interface, hypervisor interface, GICV; None where it is not said."""
    places: tuple[Span | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VmmFacts:
    """What the VMM says of the board."""

    vmlinux: Fact[str]
    """The path of its `vmlinux.h`, and who says so."""
    vmlinux_text: str | None
    init: SourceFile
    headers: tuple[SourceFile, ...]
    """Headers that the VMM library needs for each platform."""
    vgics: tuple[str, ...]
    """Sources of virtual interrupt controllers."""
    vgic: VgicHeader | None = None
    options: Mapping[str, ConfigFact] = field(default_factory=dict)
    are_met: Mapping[str, bool | None] = field(default_factory=dict)
    """Whether what an option depends on holds on the board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElfloaderFacts:
    """What the elfloader says of the board."""

    image: Fact[str] | None
    """The image form, and the line that chooses it."""
    drivers: Mapping[str, Span] = field(default_factory=dict)
    """What its serial drivers are for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to build the app for the board, such as one release of Petalinux."""

    name: str
    """Empty where there is just one."""
    devices: DevicesFacts | None
    devices_file: str
    trace: Trace | None
    """What the app's `CMakeLists.txt` does."""
    images: tuple[SourceFile, ...] = ()
    root_tree: DeviceTree | None = None
    """The device tree that `devices.camkes` asks, where it is not the kernel's."""
    root_file: SourceFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppFacts:
    """What the app says of the board."""

    folder: str
    exists: bool
    settings_file: str
    settings: Trace | None
    supported: Fact[tuple[str, ...]] | None
    supported_event: Event | None
    forced_platform: Fact[str] | None
    cmake_file: str
    cmake_text: str | None
    uses_devices: bool
    """Whether the app asks for a `devices.camkes`."""
    components: Mapping[str, Span] = field(default_factory=dict)
    """Components that it instantiates, by the name of their type."""
    imports_timers: Span | None = None
    """Where what the app imports includes the `timers.h` of the platform."""
    variants: tuple[Variant, ...] = ()
    papers: tuple["Mention", ...] = ()
    """What ought to lie beside the images."""
    no_smp: Span | None = None
    """Where guests with several cores are refused on the board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place outside of the sources that ought to name the board."""

    what: str
    file: str
    is_there: bool | None
    """None where that place is not at hand."""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board and an app, and what the sources say of both."""

    name: str
    app: str
    kernel: KernelFacts
    gic: GicFacts | None
    uart: Uart | None
    uart_ranges: tuple[RegRange, ...] = ()
    elfloader: ElfloaderFacts
    vmm: VmmFacts
    virtio: SourceFile
    timers: SourceFile
    serial: SourceFile
    apps: AppFacts
    mentions: tuple[Mention, ...] = ()
    """The page of the documentation and the rows of CI."""
