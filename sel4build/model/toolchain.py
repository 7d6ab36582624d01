# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Toolchains: compiler families and what they need to know of a target."""

from collections.abc import Mapping
from dataclasses import dataclass

from sel4build.errors import Span
from sel4build.model.platform import Sel4Arch


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
