# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the user asks for, what it resolves to, and why it was refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from sel4build.errors import Span
from sel4build.model.app import App, AppPlatform, Console, Variant
from sel4build.model.guest import NO_GUEST_FILES, GuestFiles, GuestImages, GuestRole
from sel4build.model.platform import ImageFormat, Platform
from sel4build.model.target_id import TargetId

IMAGE_FORMAT_VARIABLE = "ElfloaderImage"
"""The CMake variable that says in which form the image is made, on Arm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """One request, as the user wrote it: nothing is checked yet."""

    app: str = ""
    """Empty where `ci_build`, or a definition of `CAMKES_VM_APP`, names it."""
    platform: str | None = None
    num_nodes: str | None = None
    options: tuple[tuple[str, str | None], ...] = ()
    """`--option KEY=VALUE` or `--option KEY`."""
    defines: tuple[tuple[str, str], ...] = ()
    """`-D NAME=VALUE` or `-D NAME:TYPE=VALUE`, in order, split at the first `=`."""
    cmake_words: tuple[str, ...] = ()
    """What stands behind `--`, as for upstream's `init-build.sh`."""
    ci_build: str | None = None
    """A build of upstream's CI that says app, platform and options."""
    toolchain: str | None = None
    guest: GuestFiles = NO_GUEST_FILES
    allow_broken: bool = False
    recorded: bool = False
    """It was accepted before (`sel4build.toml`): names that look like a slip were insisted on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An app on a platform with its nodes and options: something that can be built."""

    app: App
    platform: Platform
    app_platform: AppPlatform
    num_nodes: int
    options: Mapping[str, str] = field(default_factory=dict)
    """What the user set, by key; those without one are in `defines` only."""
    defines: Mapping[str, str] = field(default_factory=dict)
    """All that the user set, by CMake variable."""
    replaced: GuestFiles = NO_GUEST_FILES
    """Files of the user's that take the place of the app's guest."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """What sel4build sets for this target: the contract, filled in. Disjoint from `defines`."""
    expected: Mapping[str, str] = field(default_factory=dict)
    """What CMake's cache must say after configuring, by variable."""

    @property
    def id(self) -> TargetId:
        """The id, a function of the four choices."""
        defines = {**self.plain_defines, **self.replaced.wishes()}
        return TargetId.of(self.app.name, self.platform.name, self.num_nodes, defines, self.options)

    @property
    def plain_defines(self) -> Mapping[str, str]:
        """What the user set by CMake variable because it has no key."""
        keyed = {
            option.name for key in self.options for option in self.app.options if option.key == key
        }
        return {name: value for name, value in self.defines.items() if name not in keyed}

    @property
    def console(self) -> Console:
        """The markers of the app on this platform, with these options."""
        console = self.app_platform.console
        for variant in self._variants():
            console = replace(console, success=variant.success or console.success)
        return console

    @property
    def guest(self) -> GuestImages:
        """The files and the memory of the guest, with these options; names still templates."""
        guest = self.app_platform.guest
        for variant in self._variants():
            said = ((each.name, getattr(variant.guest, each.name, None)) for each in fields(guest))
            guest = replace(guest, **{name: value for name, value in said if value is not None})
        return guest

    @property
    def cmake_defines(self) -> Mapping[str, str]:
        """What the user set and CMake is given: all but what this program sees to."""
        ours = {option.name for option in self.app.options if option.ours}
        return {name: value for name, value in self.defines.items() if name not in ours}

    def guest_file(self, role: GuestRole) -> str | None:
        """Return the app's file for `role`, relative to the workspace; None where it has none."""
        template = self.guest.file_of(role)
        if template is None:
            return None
        defaults = {each.name: each.default or "" for each in self.app.options}
        return template.format_map({**defaults, **self.app_platform.forced, **self.defines})

    @property
    def gives_dtb(self) -> bool:
        """Tell whether the guest is given its file of a device tree; else the VMM makes one."""
        option = self.guest.dtb_needs
        forced = {**self.app.forced, **self.app_platform.forced}
        return option is None or {**forced, **self.defines}.get(option) == "ON"

    @property
    def boot_first(self) -> tuple[str, ...]:
        """Lines for U-Boot that the guest needs before those of the board, with these options."""
        lines = self.app_platform.boot_first
        for variant in self._variants():
            lines = lines if variant.boot_first is None else variant.boot_first
        return lines

    def _variants(self) -> tuple[Variant, ...]:
        return tuple(
            each
            for each in self.app_platform.variants
            if self.defines.get(each.option) == each.value
        )

    @property
    def image_format(self) -> ImageFormat:
        """The form of the image: the platform's, unless the app lets its user choose."""
        chosen = self.defines.get(IMAGE_FORMAT_VARIABLE)
        return next((each for each in ImageFormat if each == chosen), self.platform.image.format)

    @property
    def image_name(self) -> str:
        """File name of the image in `images/`."""
        return self.platform.image.name.format(rootserver=self.app.rootserver)

    @property
    def kernel_name(self) -> str | None:
        """File name of the multiboot kernel in `images/`, where there is one."""
        return self.platform.image.kernel_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A selection that cannot work, with the rule that says so."""

    selection: Selection
    rule: str
    """Short name of the rule, such as `unknown-app` or `too-many-nodes`."""
    reason: str
    hint: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """The outcome of a selection: targets, and the rejections with their reasons."""

    targets: tuple[Target, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    toolchain: str | None = None
    """The toolchain that was asked for, by whatever words."""
    notes: tuple[str, ...] = ()
    """What was understood in another way than written, such as an alias."""
