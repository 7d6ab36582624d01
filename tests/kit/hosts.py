# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Hosts of fake programs: a folder to be the whole PATH."""

from pathlib import Path

from tests.kit.configurations import write_program

PREFIXES = ("aarch64-linux-gnu-", "arm-linux-gnueabi-", "")
_BINUTILS = ("ld", "ar", "objcopy", "readelf", "strip")
_PLAIN = (
    *("apt-get", "bash", "ccache", "cpio", "cpp", "dtc", "fakeroot", "find", "git", "gzip", "make"),
    *("mkimage", "rsync", "sed", "stack", "tar", "tput", "xmllint"),
)
_QEMU = ("qemu-system-aarch64", "qemu-system-i386", "qemu-system-x86_64")
_COMPILER = 'case "$1" in --version) echo "{name} (Acme 12.2.0-1) 12.2.0";; esac'
_PYTHON = """case "$1" in
--version) echo "Python 3.11.7";;
-c) echo '{"missing": [], "path": []}';;
esac"""


def write_host(folder: Path) -> Path:
    """Fill `folder` with every program that an app of ours needs, each doing next to nothing."""
    for prefix in PREFIXES:
        for name in ("gcc", "g++"):
            write_program(folder / f"{prefix}{name}", _COMPILER.format(name=f"{prefix}{name}"))
        for name in _BINUTILS:
            write_program(folder / f"{prefix}{name}", 'echo "GNU tool 2.40"')
    for name in _PLAIN:
        write_program(folder / name, "exit 0")
    for name in _QEMU:
        write_program(folder / name, 'echo "QEMU emulator version 7.2.9"')
    write_program(folder / "python3", _PYTHON)
    return folder
