# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the catalogue knows: platforms, apps, their options, and toolchains. One file each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sel4build.errors import Span
from sel4build.model.ci_build import CiBuild
from sel4build.model.guest import GuestImages, GuestRoot
from sel4build.model.host import Need, Resources


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


class OptionKind(StrEnum):
    """What values an option takes."""

    BOOL = "bool"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"


class Feature(StrEnum):
    """What an app may need of a platform, or show on it."""

    SMP = "smp"
    """A guest with more than one virtual CPU."""
    MULTI_VM = "multi-vm"
    VIRTIO_PCI = "virtio-pci"
    VIRTIO_CONSOLE = "virtio-console"
    VIRTIO_NET = "virtio-net"
    CROSS_VM = "cross-vm"
    """Dataports and events between a guest and native components."""
    TIME_SERVER = "time-server"
    SERIAL_SERVER = "serial-server"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSpec:
    """A CMake variable that a user may set, and what may be said of it."""

    name: str
    key: str | None = None
    """What `--option` calls it: kebab-case. Options of one key differ in their platforms."""
    summary: str
    kind: OptionKind
    choices: tuple[str, ...] = ()
    default: str | None = None
    platforms: tuple[str, ...] = ()
    """Platforms where it has an effect; empty means all that the app has."""
    archs: tuple[Arch, ...] = ()
    """Architectures where it has an effect; empty means all."""
    least: int | None = None
    most: int | None = None
    """Bounds of a number."""
    is_path: bool = False
    """Its value names a file or folder; a relative one is relative to where it is given."""
    ours: bool = False
    """It is not for CMake, which would not heed it: this program sees to it."""
    needs: tuple[str, ...] = ()
    """Options that must be on for it to be on: upstream turns it off otherwise."""
    feature: Feature | None = None
    """What an app has that switches it on."""
    source: str | None = None
    """Project and file of upstream that declare it, with the platforms where it may be on."""
    span: Span | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """What a console log must show (in this order), may not show, and within which time."""

    success: tuple[str, ...]
    errors: tuple[str, ...]
    timeout_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What differs where an option has a value; None leaves it as it is."""

    option: str
    value: str
    success: tuple[str, ...] | None = None
    guest: GuestImages | None = None
    boot_first: tuple[str, ...] | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPlatform:
    """An app on one platform: what differs there."""

    platform: str
    guest: GuestImages = field(default_factory=GuestImages)
    forced: Mapping[str, str] = field(default_factory=dict)
    features: tuple[Feature, ...] = ()
    """What the app has on this platform beside what it has on all of them."""
    console: Console
    variants: tuple[Variant, ...] = ()
    """All that fit the options count, a later one over an earlier one."""
    boot_first: tuple[str, ...] = ()
    """Lines for U-Boot that the guest needs before those that the board needs."""
    broken: str | None = None
    """Why the sources cannot build this, when they cannot."""
    span: Span | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)
    """The place of each key of the entry, and of `forced.NAME` in whichever file says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """One buildable application."""

    name: str
    summary: str
    manifest: str
    """Name of the shipped manifest whose workspace holds the app."""
    rootserver: str
    """Stem of the image file names: `capdl-loader` for CAmkES."""
    num_vms: int
    num_nodes: int | None = None
    """The only number of nodes that the app is built for; None where the user chooses."""
    plain_path: bool = False
    """Its build breaks when the path of the workspace holds blanks or quotes."""
    bundled: bool = False
    """Its sources are part of this program, so that it needs no network."""
    needs_virtualization: bool = True
    """It runs guests, so that the CPU must have virtualization extensions."""
    variables: Mapping[str, str]
    """The CMake contract: variable to template over `{app}`, `{platform}`, `{num-nodes}` and the
    facts of the platform (`sel4build.catalog.templates`). One that renders to nothing is left
    out."""
    expected: Mapping[str, str] = field(default_factory=dict)
    """Cache variables to templates of the values that they must have once configured."""
    forced: Mapping[str, str] = field(default_factory=dict)
    """Cache variables that the sources overwrite, whatever the user says; templates too."""
    forced_by: Mapping[str, str] = field(default_factory=dict)
    """Forced variables to the project and file of upstream that set them, where that is far."""
    managed: Mapping[str, str] = field(default_factory=dict)
    """Cache variables that are not the user's to set, with what to do instead."""
    features: tuple[Feature, ...] = ()
    """What it needs of every platform; what follows from guests and options is not repeated."""
    implied: Mapping[str, str] = field(default_factory=dict)
    """Managed variables to templates of the values that say no more than is so in any case."""
    translated: Mapping[str, str] = field(default_factory=dict)
    """`NAME=VALUE` that upstream overwrites to the `NAME=VALUE` that is meant by it."""
    related: tuple[str, ...] = ()
    """Apps that do much the same on other platforms, the nearest first."""
    needs: tuple[Need, ...] = ()
    """Tools of the host beside cmake, ninja and the compiler."""
    resources: Resources = field(default_factory=Resources)
    options: tuple[OptionSpec, ...] = ()
    guest_roots: tuple[GuestRoot, ...] = ()
    """Folders whose guest files can be replaced."""
    ci_builds: tuple[CiBuild, ...] = ()
    platforms: tuple[AppPlatform, ...]
    span: Span | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)
    """The place of each key of the app's own file, and of `forced.NAME`, `managed.NAME` and
    `variables.NAME` in whichever file says it."""

    def option(self, name: str) -> OptionSpec | None:
        """Return the option called `name`, on whatever platform it has an effect."""
        return next((each for each in self.options if each.name == name), None)

    def keyed(self, key: str) -> tuple[OptionSpec, ...]:
        """Return the options that `--option` calls `key`, which differ in their platforms."""
        return tuple(each for each in self.options if each.key == key)

    def on(self, platform: str) -> AppPlatform | None:
        """Return the app on `platform`, or None where it is not ported."""
        return next((each for each in self.platforms if each.platform == platform), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolchainArch:
    """What a toolchain needs to know about one `Sel4Arch`."""

    sel4_arch: Sel4Arch
    native_machines: tuple[str, ...] = ()
    """Machines (as `uname -m` says) on which the empty prefix may be tried."""
    candidates: tuple[str, ...]
    """Cross prefixes (or triples), in the order in which they are tried."""
    macro: str
    """C expression over predefined macros that is true when the compiler is for this target."""
    flags: tuple[str, ...] = ()
    """Flags that the probe compiles with."""
    debian_package: str | None = None
    cxx_package: str | None = None
    """The Debian package of the C++ compiler."""
    binutils_package: str | None = None
    """The Debian package of `objcopy` and its like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapper:
    """A script to write for a toolchain whose compiler cannot be called as it is.

    Words may hold `{exe}`, `{triple}`, `{home}` (folder of the executable), `{dir}` (folder of the
    wrappers).
    """

    name: str
    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchain:
    """A compiler family."""

    name: str
    summary: str
    rank: int
    """Toolchains are tried by rising rank."""
    compiler: str
    """The compiler's command: a template over `{candidate}`, or over `{exe}` and `{dir}`."""
    cxx: str | None = None
    """The C++ compiler's command; a template like `compiler`."""
    binutils: str | None = None
    """What comes before `objcopy` and its like; a template like `compiler`."""
    python_package: str | None = None
    """The Python package that carries the executable, when it does not come from PATH."""
    executable: str | None = None
    """Path of the executable inside that package."""
    requirement: str | None = None
    """What pip installs to bring that package, such as `ziglang==0.17.1`."""
    tools: tuple[str, ...] = ()
    """Other programs that must be on PATH; templates like `compiler`."""
    version_argv: tuple[str, ...]
    variables: Mapping[str, str]
    """CMake variables that choose this toolchain; templates like `compiler`."""
    wrappers: tuple[Wrapper, ...] = ()
    archs: tuple[ToolchainArch, ...]
    apps: tuple[str, ...] = ()
    """The only apps that it is known to build; empty means any."""
    install: str
    """The command that brings it to a Debian host."""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """All known platforms, apps and toolchains, each sorted by name (toolchains by rank)."""

    platforms: tuple[Platform, ...]
    apps: tuple[App, ...]
    toolchains: tuple[Toolchain, ...]
    digest: str
    """sha256 (hex) over the bytes of all files that were read."""
    notes: tuple[str, ...] = ()
    """Which entries of the user's take the place of ours."""

    def platform(self, name: str) -> Platform | None:
        """Return the platform called `name`, aliases not considered."""
        return next((each for each in self.platforms if each.name == name), None)

    def app(self, name: str) -> App | None:
        """Return the app called `name`."""
        return next((each for each in self.apps if each.name == name), None)
