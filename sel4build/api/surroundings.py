# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a target needs beside tools: disk, memory, and a machine to boot on."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sel4build.boot.host import HostFacts, survey_host
from sel4build.configure.examining import ExaminedHost, found
from sel4build.model.host import Finding, Phase
from sel4build.model.qemu import find_qemu_form
from sel4build.model.target import Target
from sel4build.model.workspace import Workspace

_MIB = 2**20
_MEMINFO = Path("/proc/meminfo")


def examine_resources(
    target: Target, root: Path | None, *, cwd: Path, meminfo: Path = _MEMINFO
) -> Iterator[Finding]:
    """Tell whether disk and memory will do for a build in the workspace at `root`, or here."""
    wanted = target.app.resources
    place = root or cwd
    is_built = root is not None and Workspace(root).build_dir(target.id).is_dir()
    if wanted.disk_mib is not None and not is_built:
        free_mib = shutil.disk_usage(_existing(place)).free // _MIB
        yield Finding(
            what="disk space",
            found=free_mib >= wanted.disk_mib,
            detail=f"{free_mib} MiB free at `{place}`, about {wanted.disk_mib} MiB taken",
            why="hold sources and a build tree",
            cure="free some space, or choose another folder",
        )
    if wanted.memory_mib is not None:
        total_mib = _memory_mib(meminfo)
        if total_mib is not None:
            yield Finding(
                what="memory",
                found=total_mib >= wanted.memory_mib,
                detail=f"{total_mib} MiB of memory and swap, "
                f"{wanted.memory_mib} MiB taken by one process",
                why="run the largest process of the build",
                cure="add swap space",
            )


def examine_machine(target: Target, host: ExaminedHost) -> Iterator[Finding]:
    """Look for what QEMU needs to play the machine of `target`."""
    qemu = target.platform.qemu
    if qemu is None:
        return
    facts = survey_host(target, target.image_format, environ=host.environ)
    form = find_qemu_form(qemu, target.image_format)
    why = "boot in QEMU"
    if facts.program is None:
        lacking = host.lacking(qemu.binary, "not found", packages=(qemu.debian_package,))
        yield replace(lacking, why=why, phase=Phase.BOOT)
    else:
        yield replace(found(qemu.binary, str(facts.program)), why=why, phase=Phase.BOOT)
    if form is not None and form.firmware and facts.firmware is None:
        packages = (form.firmware_package,) if form.firmware_package else ()
        detail = f"none of {', '.join(form.firmware)}"
        lacking = host.lacking("firmware for QEMU", detail, packages=packages)
        yield replace(lacking, why=why, phase=Phase.BOOT)
    if target.app.needs_virtualization and qemu.virtualization is not None:
        yield _virtualization(qemu.virtualization, facts)


def _virtualization(flag: str, facts: HostFacts) -> Finding:
    """Tell whether guests can run in QEMU; without it images can be built all the same."""
    detail, cure = "`/dev/kvm` can be used", None
    if flag not in facts.cpu_flags:
        detail, cure = f"the CPU has no `{flag}`", "boot the image on a machine that has it"
    elif not facts.has_kvm:
        detail = "`/dev/kvm` cannot be used"
        cure = "load the kernel module `kvm_intel`, and join the group that owns `/dev/kvm`"
    return Finding(
        what=f"KVM with {flag}",
        found=cure is None,
        detail=detail,
        why="run guests in QEMU",
        phase=Phase.ADVICE,
        cure=cure,
    )


def _existing(place: Path) -> Path:
    while not place.exists() and place != place.parent:
        place = place.parent
    return place


def _memory_mib(meminfo: Path) -> int | None:
    """Return memory and swap in MiB (proc(5), meminfo); None where it is not told."""
    try:
        lines = meminfo.read_text().splitlines()
    except OSError:
        return None
    kib = [
        int(line.split()[1])
        for line in lines
        if line.startswith(("MemTotal:", "SwapTotal:")) and line.split()[1].isdigit()
    ]
    return sum(kib) // 1024 if kib else None
