# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Toolchains, configurations and fake compilers."""

from collections.abc import Mapping
from pathlib import Path

from sel4build.model.configuration import ChosenToolchain, Configuration
from sel4build.model.platform import Sel4Arch
from sel4build.model.toolchain import Toolchain, ToolchainArch

MACHINE = "__fake__"
"""The macro that a fake compiler defines."""


def a_toolchain(
    name: str = "fake",
    *,
    candidates: tuple[str, ...] = ("one-", "two-"),
    tools: tuple[str, ...] = (),
    apps: tuple[str, ...] = (),
    sel4_arch: Sel4Arch = Sel4Arch.AARCH64,
    native_machines: tuple[str, ...] = (),
    debian_package: str | None = "fake-compilers",
) -> Toolchain:
    """Return a compiler family whose commands are `one-cc` and `two-cc`."""
    return Toolchain(
        name=name,
        summary="invented",
        rank=1,
        compiler="{candidate}cc",
        tools=tools,
        version_argv=("--version",),
        variables={"PREFIX": "{candidate}"},
        archs=(
            ToolchainArch(
                sel4_arch=sel4_arch,
                candidates=candidates,
                macro=f"defined({MACHINE})",
                flags=("-mflag={candidate}",),
                native_machines=native_machines,
                debian_package=debian_package,
            ),
        ),
        apps=apps,
        install="apt-get install fake-compilers",
    )


def a_chosen_toolchain(
    *, variables: Mapping[str, str] | None = None, fingerprint: str = "0" * 64
) -> ChosenToolchain:
    """Return a toolchain that was chosen already."""
    return ChosenToolchain(
        toolchain=a_toolchain(),
        candidate="one-",
        compiler=Path("/usr/bin/one-cc"),
        version="one-cc 1.2",
        fingerprint=fingerprint,
        variables=variables or {"PREFIX": "one-"},
    )


def a_configuration(build_dir: Path, *, wanted: Mapping[str, str] | None = None) -> Configuration:
    """Return a configuration that nobody has planned."""
    return Configuration(
        target="demo@acme1",
        source_dir=build_dir.parent / "source",
        build_dir=build_dir,
        initial_cache="set(A [[b]])\n",
        argv=("cmake", "-S", "source"),
        environ={"PYTHONHASHSEED": "0"},
        wanted=wanted or {},
        compiler=Path("/opt/cc"),
        ninja=Path("/usr/bin/ninja"),
        toolchain={"name": "fake", "version": "1"},
        digest="d" * 64,
    )


def write_program(path: Path, body: str) -> Path:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def write_compiler(path: Path, *, version: str = "fake 1.0", right_machine: bool = True) -> Path:
    """Write a compiler that tells its version, and compiles for one machine only."""
    refuse = "" if right_machine else 'echo "probe.c:2:2: error: #error wrong target"; exit 1;'
    return write_program(
        path,
        f'case "$1" in --version) echo "{version}";; *) {refuse} grep -q {MACHINE} probe.c ;; esac',
    )
