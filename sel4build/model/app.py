# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Apps: what they are built from, for which platforms, and what may be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sel4build.errors import Span
from sel4build.model.ci_build import CiBuild
from sel4build.model.guest import GuestImages, GuestRoot
from sel4build.model.host import Need, Resources
from sel4build.model.platform import Arch


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
    """Options that must be on, or have a value where they are no switches, for it to be on:
    upstream turns it off otherwise, or cannot be built."""
    feature: Feature | None = None
    """What an app has that switches it on."""
    source: str | None = None
    """Project and file of upstream that declare it, with the platforms where it may be on."""
    span: Span | None = None


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
