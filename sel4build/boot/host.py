# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What this host has of what a machine needs: looked up once, before anything is planned."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sel4build.model.platform import ImageFormat
from sel4build.model.qemu import find_qemu_form
from sel4build.model.target import Target
from sel4build.process import find_program

# Linux, Documentation/filesystems/proc.rst; Arm kernels call the line `Features`.
_CPU_FLAGS = re.compile(r"^(?:flags|Features)\s*:(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFacts:
    """QEMU, the firmware and the virtualization of this host; None for what is not there."""

    program: Path | None = None
    firmware: Path | None = None
    cpu_flags: frozenset[str] = frozenset()
    has_kvm: bool = False
    """`/dev/kvm` is there and may be used."""


def survey_host(
    target: Target,
    image_format: ImageFormat,
    *,
    environ: Mapping[str, str],
    root: Path = Path("/"),
) -> HostFacts:
    """Look for what booting `target` in this form needs; files are looked up below `root`."""
    qemu = target.platform.qemu
    if qemu is None:
        return HostFacts()
    form = find_qemu_form(qemu, image_format)
    candidates = () if form is None else form.firmware
    places = (root / candidate.lstrip("/") for candidate in candidates)
    return HostFacts(
        program=find_program(qemu.binary, environ),
        firmware=next((place for place in places if place.is_file()), None),
        cpu_flags=_read_cpu_flags(root / "proc/cpuinfo"),
        has_kvm=os.access(root / "dev/kvm", os.R_OK | os.W_OK),
    )


def parse_cpu_flags(cpuinfo: str) -> frozenset[str]:
    """Return the flags that every processor in the text of `/proc/cpuinfo` has."""
    lists = [frozenset(line.split()) for line in _CPU_FLAGS.findall(cpuinfo)]
    return frozenset.intersection(*lists) if lists else frozenset()


def _read_cpu_flags(file: Path) -> frozenset[str]:
    try:
        return parse_cpu_flags(file.read_text(errors="replace"))
    except OSError:  # no Linux, or a container that hides it: nothing is known to be there
        return frozenset()
