# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""One run of CMake: all that it is given, and what it leaves behind."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sel4build.model.toolchain import Toolchain


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenToolchain:
    """A toolchain that was found on this host and makes code for the wanted architecture."""

    toolchain: Toolchain
    candidate: str
    """The cross prefix or triple that was taken."""
    compiler: Path
    version: str
    """First line that the compiler prints of its version."""
    fingerprint: str
    """sha256 (hex) over what identifies the compiler, whatever folder it lies in."""
    variables: Mapping[str, str]
    """CMake variables that make CMake use it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything that one run of CMake depends on. Two with equal digests are the same."""

    target: str
    """The target's id."""
    source_dir: Path
    build_dir: Path
    initial_cache: str
    """Text of the initial cache, which comes before the settings scripts."""
    argv: tuple[str, ...]
    environ: Mapping[str, str]
    """Variables set on top of the user's environment, for CMake and for the build."""
    python_dir: Path | None = None
    """Folder that comes first on PATH, for a `python3` with packages; None leaves the user's."""
    wanted: Mapping[str, str]
    """Cache variables and the values that they must have afterwards."""
    root: Path = Path("/")
    """The workspace; places are told relative to it."""
    given: Mapping[str, str] = field(default_factory=dict)
    """All that CMake is given: the variables of the initial cache, and the user's."""
    defines: Mapping[str, str] = field(default_factory=dict)
    """The user's alone."""
    toolchain_variables: tuple[str, ...] = ()
    """Those of `given` that make CMake use the toolchain."""
    ninja: Path
    compiler: Path
    toolchain: Mapping[str, str]
    """What a package says of the toolchain: name, version and fingerprint, no path."""
    digest: str

    def environ_on(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of CMake and of the build, on top of the user's."""
        environ = {**base, **self.environ}
        if self.python_dir is not None:
            environ["PATH"] = os.pathsep.join((str(self.python_dir), base.get("PATH", os.defpath)))
        return environ


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """One entry of a CMake cache."""

    name: str
    value: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildTree:
    """A configured CMake binary directory, read back by the file API."""

    build_dir: Path
    cache: Mapping[str, CacheEntry]
    compiler: str
    """Compiler id and version as CMake found them, such as `GNU 12.2.0`."""

    def value(self, name: str) -> str | None:
        """Return the value of cache variable `name`, or None where there is none."""
        entry = self.cache.get(name)
        return None if entry is None else entry.value
