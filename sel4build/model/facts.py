# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the sources say of boards and apps, put together from the files of a workspace."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sel4build.errors import Span
from sel4build.model.platform import Arch, ImageFormat, Sel4Arch
from sel4build.model.sources import ConfigFact, DevicesFacts, Fact, SettingFact


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFacts:
    """A board that the kernel knows; what the sources do not say is absent (None)."""

    name: str
    """`PLATFORM`."""
    kernel_platform: str
    """`KernelPlatform`, the folder's name in most cases."""
    arch: Arch | None
    config: Span
    """Where the kernel declares its platform."""
    alias: Span | None = None
    """Where `PLATFORM` is translated, for a board of a family."""
    sel4_archs: Fact[tuple[str, ...]] | None = None
    """What the kernel can be compiled as."""
    sel4_arch: Sel4Arch | None = None
    """What it is compiled as to run guests; None where it cannot run any."""
    needs_aarch64: bool = False
    """`AARCH64` must be set, else the kernel would be compiled for 32 bits."""
    cpu: Fact[str] | None = None
    hypervisor: Fact[bool] | None = None
    """Whether the kernel's own rule lets it be a hypervisor there."""
    interrupt_header: Fact[str] | None = None
    """`INTERRUPT_CONTROLLER` of the default headers."""
    device_trees: tuple[Fact[str], ...] = ()
    """Files in the workspace, overlays last; unknown for one that is made when configuring."""
    image_format: Fact[ImageFormat] | None = None
    uart: Fact[int] | None = None
    """Physical address of the console that the kernel prints on."""
    uart_compatible: tuple[str, ...] = ()
    gic_version: Fact[int] | None = None
    gic_ranges: tuple[int, ...] = ()
    """Physical addresses: distributor, CPU interface, hypervisor's, guests'."""
    distributor: Fact[int] | None = None
    cores: Fact[int] | None = None
    """Processors of the kind that the kernel is compiled for."""
    psci: Fact[bool] | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    """What the kernel's configuration sets for the board, such as `KernelPlatformTK1`."""
    smp_refused: Span | None = None
    """Where the settings of the apps refuse more than one node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppBoardFacts:
    """An app on one board, with the options at given values."""

    board: str
    given: Mapping[str, str] = field(default_factory=dict)
    """The options that were not left at their defaults."""
    settings: Mapping[str, SettingFact]
    """What scripts set for sure, the last word on each variable."""
    files: Mapping[str, Fact[str]] = field(default_factory=dict)
    """What guests can open, by name: the file in the workspace that it is made from."""
    devices: DevicesFacts | None = None
    num_vms: Fact[int] | None = None
    refused: Fact[str] | None = None
    """The message with which the scripts refuse the board, if they do."""
    initrd_address: Fact[int] | None = None
    """What is written into the guest's device tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppFacts:
    """An app as its folder has it."""

    name: str
    arch: Arch
    folder: str
    """In the workspace."""
    span: Span
    supported: Fact[tuple[str, ...]] | None = None
    """The boards that it lets through; None where it checks none."""
    fixed_platform: Fact[str] | None = None
    """`PLATFORM`, where the app sets it itself."""
    folders: Mapping[str, Span] = field(default_factory=dict)
    """Boards with a `devices.camkes` of their own, and where the first of them lies."""
    settings: tuple[SettingFact, ...] = ()
    """All that its scripts may set, each with its conditions."""
    asked: Mapping[str, Span] = field(default_factory=dict)
    """Variables in its conditions that no script sets, so that only a user can."""
    boards: tuple[AppBoardFacts, ...] = ()

    @property
    def platforms(self) -> tuple[str, ...]:
        """The boards that it is for, as far as is known."""
        if self.fixed_platform is not None:
            return (self.fixed_platform.value,) if self.fixed_platform.value else ()
        if self.supported is not None and self.supported.value is not None:
            return self.supported.value
        return tuple(self.folders)

    @property
    def platforms_span(self) -> Span:
        """Where that is said."""
        said = self.fixed_platform or self.supported
        return said.span if said else self.span

    def on(self, board: str, given: Mapping[str, str] | None = None) -> AppBoardFacts | None:
        """Return the app on a board, with the options at the values of `given`."""
        wanted = dict(given or {})
        return next(
            (each for each in self.boards if each.board == board and dict(each.given) == wanted),
            None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What the sources of one workspace say."""

    apps: tuple[AppFacts, ...]
    boards: tuple[BoardFacts, ...]
    options: tuple[ConfigFact, ...]
    """Options of the VMM and of the kernel, the first declaration of each name."""
    common: Mapping[Arch, tuple[SettingFact, ...]] = field(default_factory=dict)
    """What is set for every app of an architecture, whatever its own scripts say."""
    files: tuple[str, ...] = ()
    """Every file that was read, or looked for in vain; by path in the workspace."""
    faults: tuple[Span, ...] = ()
    """Where scripts and settings of guests cannot be read, so that what they say is not known."""

    def app(self, name: str) -> AppFacts | None:
        """Return the app called `name`."""
        return next((each for each in self.apps if each.name == name), None)

    def board(self, name: str) -> BoardFacts | None:
        """Return the board called `name`."""
        return next((each for each in self.boards if each.name == name), None)

    def option(self, name: str) -> ConfigFact | None:
        """Return the declaration of an option."""
        return next((each for each in self.options if each.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantQuestion:
    """An app on a board with some options at other values than their defaults."""

    app: str
    board: str
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that the catalogue says and the sources say otherwise."""

    subject: str
    """Of what, such as `app vm_minimal on tk1`."""
    key: str
    """The key of the catalogue that says it, or would."""
    ours: str | None
    """None where the catalogue does not say it."""
    theirs: str | None
    """None where the sources do not."""
    our_span: Span | None
    their_span: Span

    def __str__(self) -> str:
        """Render as one line that begins with our place and ends with theirs."""
        place = f"{_place(self.our_span)}: " if self.our_span is not None else ""
        if self.ours is None:
            text = f"`{self.key}` lacks `{self.theirs}`, which the sources have"
        elif self.theirs is None:
            text = f"`{self.key}` has `{self.ours}`, which the sources do not have"
        else:
            text = f"`{self.key}` is `{self.ours}`, but `{self.theirs}` in the sources"
        return f"{place}{self.subject}: {text}: {_place(self.their_span)}"


def _place(span: Span) -> str:
    return span.file if span.line is None else f"{span.file}:{span.line}"
