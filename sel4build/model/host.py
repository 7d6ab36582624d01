# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a host may be asked for: tools, how to look for them, and what brings them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sel4build.errors import Span


class Phase(StrEnum):
    """What lacks when a tool lacks."""

    BUILD = "build"
    """Nothing can be built."""
    BOOT = "boot"
    """What was built cannot be booted here."""
    ADVICE = "advice"
    """It works, but slower, or not everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A tool that an app needs, and when."""

    tool: str
    """Name of an entry of `host/tools.toml`."""
    why: str
    """What it is for, as the end of `needed to ...`."""
    phase: Phase = Phase.BUILD
    platforms: tuple[str, ...] = ()
    """The only platforms where it is needed; empty means all."""
    sel4_archs: tuple[str, ...] = ()
    """The only architectures for which it is needed; empty means all."""
    formats: tuple[str, ...] = ()
    """The only image forms for which it is needed; empty means all."""
    when: Mapping[str, str] = field(default_factory=dict)
    """Options and the values that they must have for it to be needed."""
    unless_set: tuple[str, ...] = ()
    """Options each of which makes it superfluous when the user sets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What one build of an app takes at its peak, as measured; None where a layer below says it."""

    memory_mib: int | None = None
    """Memory of the largest process that it starts."""
    disk_mib: int | None = None
    """Growth of the workspace: sources and one build tree."""


class ProbeLanguage(StrEnum):
    """The compiler that a probe is given to."""

    C = "c"
    CXX = "c++"
    ASM = "assembler-with-cpp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A few lines that the toolchain must compile, and link unless told otherwise."""

    language: ProbeLanguage = ProbeLanguage.C
    flags: tuple[str, ...]
    source: str
    links: bool = True
    others: Mapping[str, str] = field(default_factory=dict)
    """Tools whose cure helps, by words of the compiler's complaint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTool:
    """Something to look for on a host, by exactly one of its ways.

    `programs` and `packages` are templates: `{prefix}` is the prefix of the toolchain's binutils,
    `{cxx}` its C++ compiler, `{cxx-package}` what brings that, `{gcc-major}` the compiler's major
    version, and `{compiler-package}` what brings the compiler.
    """

    name: str
    summary: str
    programs: tuple[str, ...] = ()
    """Any one of them will do."""
    version_argv: tuple[str, ...] = ("--version",)
    minimum: str | None = None
    below: str | None = None
    trial_argv: tuple[str, ...] = ()
    """Arguments with which the program must end well, where its parts may lack; it is run in an
    empty folder, and may only write there."""
    modules: tuple[str, ...] = ()
    """What `python3` must be able to import."""
    locks: tuple[str, ...] = ()
    """Requirement files in `host/`, installed in this order where the modules are missing."""
    memo: str | None = None
    """Key under which upstream keeps it once built (seL4_tools memoize.cmake)."""
    sources: str | None = None
    """With `memo`: the folder of the workspace that it is built from, inside a project."""
    packages: tuple[str, ...] = ()
    """Debian packages that bring it."""
    cure: str | None = None
    """What to do where no package brings it; a command stands in backquotes."""
    probe: Probe | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """A tool and sources that do not go together, each fine without the other."""

    name: str
    summary: str
    file: str
    """File of the workspace; without it there is no trap."""
    lacks: str
    """The sources are at risk when the file does not hold this text."""
    program: str
    """A template like those of `HostTool.programs`, or `{compiler}`."""
    since: str
    """The first version of the program that fails."""
    toolchains: tuple[str, ...] = ()
    """The only toolchains at risk; empty means all."""
    sel4_archs: tuple[str, ...] = ()
    """The only architectures at risk; empty means all."""
    cure: str
    source: str
    """Where this is known from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked for."""

    what: str
    found: bool
    detail: str
    """Version or place when found, else the reason."""
    why: str
    """What it is for."""
    targets: tuple[str, ...] = ()
    """Ids of the targets that need it; empty means every target."""
    phase: Phase = Phase.BUILD
    cure: str | None = None
    """The command that brings it, or what else helps."""
    packages: tuple[str, ...] = ()
    """Debian packages that bring it."""
    requirement: str | None = None
    """What pip installs to bring it without root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageManager:
    """How a distribution installs packages. `{packages}` stands for their names."""

    name: str
    program: str
    """It is this one when the program is on PATH."""
    install: tuple[str, ...]
    unattended: tuple[str, ...] = ()
    """Options that keep it from asking, and let it wait for another of its kind."""
    update: tuple[str, ...] = ()
    """Renews the list of packages, for an install that did not find one."""
    environ: Mapping[str, str] = field(default_factory=dict)
    needs_root: bool = True
    databases: tuple[str, ...] = ()
    """Files or folders whose time changes with every package."""
    attribute: str = "{package}"
    """How one package is spelt on the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageNames:
    """What other distributions call a package of Debian; an empty list says that they have none."""

    debian: str
    dnf: tuple[str, ...] = ()
    pacman: tuple[str, ...] = ()
    brew: tuple[str, ...] = ()
    nix: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What a tool's own words mean, and what helps."""

    name: str
    pattern: str
    """Regular expression, searched in each line; named groups fill `{...}` of the texts."""
    cause: str
    cure: str
    source: str
    """Where this is known from: an address, or a file of upstream's."""
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostData:
    """All that the folder `host` says, the user's own entries over ours by name."""

    tools: Mapping[str, HostTool]
    traps: tuple[Trap, ...] = ()
    managers: tuple[PackageManager, ...]
    names: Mapping[str, PackageNames]
    """By the name that Debian has."""
    digest: str
    """sha256 (hex) over the bytes of all files that were read."""
