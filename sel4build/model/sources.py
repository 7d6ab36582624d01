# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the sources of a workspace say, each fact with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from sel4build.errors import Span

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Generic[T]):
    """What is said at a place; `value` is None where it is said in a way that we cannot read."""

    value: T | None
    span: Span

    @property
    def is_known(self) -> bool:
        """Whether the value could be read."""
        return self.value is not None


# --- CMake ------------------------------------------------------------------------------------


class Quoting(StrEnum):
    """How an argument of a CMake command is written."""

    BARE = "bare"
    QUOTED = "quoted"
    BRACKET = "bracket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument as written, without its quotes; a parenthesis is an argument too."""

    text: str
    quoting: Quoting = Quoting.BARE
    span: Span

    def is_word(self, *words: str) -> bool:
        """Whether it is one of `words`, not quoted."""
        return self.quoting is Quoting.BARE and self.text in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A command with its arguments."""

    name: str
    """As written; CMake compares names without regard to case."""
    args: tuple[Argument, ...]
    span: Span

    @property
    def command(self) -> str:
        """The name in lower case."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One arm of a conditional: `head` is the `if`, `elseif` or `else`."""

    head: Invocation
    body: tuple["Statement", ...]

    @property
    def is_else(self) -> bool:
        """Whether it is taken when no other is."""
        return self.head.command == "else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional:
    """`if` to `endif`."""

    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """`foreach` or `while` with its body."""

    head: Invocation
    body: tuple["Statement", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """`function` or `macro` with its body."""

    head: Invocation
    body: tuple["Statement", ...]


Statement: TypeAlias = Invocation | Conditional | Loop | Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One CMake file; `faults` are the places where it is not CMake."""

    file: str
    statements: tuple[Statement, ...]
    faults: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A condition that a statement stands under."""

    condition: str
    """The condition as written, on one line; `NOT (...)` for an `else`."""
    verdict: bool | None
    """True where it is known to hold, None where that depends on something unknown."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A command that runs, or may run, with the values of its arguments."""

    command: str
    """In lower case."""
    args: tuple[str | None, ...]
    """Expanded; None where a value is unknown."""
    written: Invocation
    guards: tuple[Guard, ...] = ()

    @property
    def span(self) -> Span:
        """Where the command stands."""
        return self.written.span

    @property
    def is_certain(self) -> bool:
        """Whether it runs for sure."""
        return all(each.verdict is True for each in self.guards)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """The value of a CMake variable (None: unknown) and where it was set."""

    value: str | None
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What running scripts does, as far as it can be known without running them."""

    events: tuple[Event, ...]
    variables: Mapping[str, Variable]
    faults: tuple[Span, ...] = ()

    def called(self, *names: str) -> tuple[Event, ...]:
        """Return the events of the commands called `names`, whatever their case."""
        wanted = {name.lower() for name in names}
        return tuple(each for each in self.events if each.command in wanted)

    def value(self, name: str) -> str | None:
        """Return the value of a variable in the end; None where it has none or an unknown one."""
        found = self.variables.get(name)
        return found.value if found else None


# --- what seL4's scripts say ------------------------------------------------------------------


class Force(StrEnum):
    """How strongly a script sets a variable."""

    FORCED = "forced"
    """`set(... CACHE ... FORCE)`: whatever the user says."""
    DEFAULT = "default"
    """`set(... CACHE ...)`: unless the user says something else."""
    PLAIN = "plain"
    """`set(...)`: hides what the user says from where it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingFact:
    """A variable that a script sets."""

    name: str
    value: str | None
    force: Force
    kind: str | None = None
    """The type in the cache, such as `BOOL`."""
    guards: tuple[Guard, ...] = ()
    span: Span
    value_span: Span
    """Where the value begins, which may be a later line."""

    @property
    def is_certain(self) -> bool:
        """Whether it is set for sure."""
        return all(each.verdict is True for each in self.guards)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceFact:
    """One value of a `config_choice`."""

    value: str
    variable: str
    """The CMake variable that is ON while it is chosen."""
    depends: tuple[str, ...] = ()
    span: Span


class ConfigKind(StrEnum):
    """Which of the kernel's configuration commands declares an option."""

    OPTION = "config_option"
    CHOICE = "config_choice"
    STRING = "config_string"
    SET = "config_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFact:
    """An option that a script declares."""

    name: str
    kind: ConfigKind
    summary: str = ""
    default: str | None = None
    """For a choice the first; None where there is none or it is unknown."""
    default_disabled: str | None = None
    depends: tuple[str, ...] = ()
    """Conditions that must all hold, else it is off whatever the user says."""
    undef_disabled: bool = False
    choices: tuple[ChoiceFact, ...] = ()
    guards: tuple[Guard, ...] = ()
    span: Span
    depends_span: Span | None = None
    default_span: Span | None = None


# --- CAmkES -----------------------------------------------------------------------------------

CamkesValue: TypeAlias = (
    "int | str | bool | tuple[CamkesValue, ...] | Mapping[str, CamkesValue] | None"
)
"""A value of a setting; None where it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CamkesSetting:
    """`instance.attribute = value;` in a configuration."""

    instance: str
    attribute: str
    value: CamkesValue
    span: Span
    places: Mapping[str, Span] = field(default_factory=dict)
    """Where each key of a table stands, and `KEY[n]` of a list's element."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UntypedMmio:
    """`"0xADDRESS:BITS"`: 2**bits bytes of physical memory at an address."""

    address: int
    bits: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class VmFacts:
    """One guest of `devices.camkes`. What is not said is absent; what cannot be read is unknown."""

    name: str
    dtb_paths: tuple[Fact[str], ...] = ()
    untyped_mmios: tuple[UntypedMmio, ...] = ()
    num_vcpus: Fact[int] | None = None
    addresses: Mapping[str, Fact[int]] = field(default_factory=dict)
    """`ram_base`, `ram_paddr_base`, `ram_size`, `dtb_addr`, `initrd_addr`, `kernel_entry_addr`;
    the old spelling `linux_ram_base` is read as `ram_base`, and so on."""
    image: Mapping[str, Fact[str]] = field(default_factory=dict)
    """Keys of `vm_image_config` or `linux_image_config` as written; truth values as `true`,
    `false`."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesFacts:
    """One `devices.camkes`, after preprocessing."""

    file: str
    vms: tuple[VmFacts, ...]
    settings: tuple[CamkesSetting, ...]
    macros: Mapping[str, Fact[int]]
    """`#define NAME NUMBER`, expressions worked out."""
    faults: tuple[Span, ...] = ()

    def vm(self, name: str) -> VmFacts | None:
        """Return the guest called `name`, such as `vm0`."""
        return next((each for each in self.vms if each.name == name), None)


# --- device trees -----------------------------------------------------------------------------

CellValue: TypeAlias = "int | NodeRef | None"
"""A cell; None where it is written with a macro that is not known."""


@dataclass(frozen=True, slots=True)
class NodeRef:
    """A reference to a node, by its path once resolved.

    One that means no node has no path, and its label or path as written for a label.
    """

    path: str | None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DtProperty:
    """A property. A value is text, cells, bytes or a reference, in the order written."""

    name: str
    values: tuple["str | bytes | NodeRef | tuple[CellValue, ...]", ...]
    span: Span

    @property
    def strings(self) -> tuple[str, ...]:
        """The texts among the values; one with a NUL in it is several."""
        texts = (each for each in self.values if isinstance(each, str))
        return tuple(part for each in texts for part in each.split("\0"))

    @property
    def cells(self) -> tuple[CellValue, ...]:
        """All cells, one list after the other."""
        lists = (each for each in self.values if isinstance(each, tuple))
        return tuple(cell for each in lists for cell in each)

    @property
    def refs(self) -> tuple[NodeRef, ...]:
        """The references among the values."""
        return tuple(each for each in self.values if isinstance(each, NodeRef))


@dataclass(frozen=True, slots=True, kw_only=True)
class DtNode:
    """A node, after all files and overlays have been merged."""

    path: str
    labels: tuple[str, ...] = ()
    properties: Mapping[str, DtProperty]
    children: tuple[str, ...]
    """Paths."""
    span: Span
    """Where it first stands."""

    @property
    def name(self) -> str:
        """The name with its unit address; `/` for the root."""
        return self.path.rsplit("/", 1)[-1] or "/"

    def prop(self, name: str) -> DtProperty | None:
        """Return a property."""
        return self.properties.get(name)

    @property
    def compatible(self) -> tuple[str, ...]:
        """What it is compatible with, the most exact first."""
        found = self.properties.get("compatible")
        return found.strings if found else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegRange:
    """One range of `reg`: address as the CPU sees it, and size, in bytes."""

    address: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceTree:
    """A device tree of one or more files."""

    files: tuple[str, ...]
    nodes: Mapping[str, DtNode]
    """By path, in the order of their first mention."""
    faults: tuple[Span, ...] = ()
