# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Machines that QEMU plays with a memory of the user's choice: their device trees for the kernel.

The kernel asks QEMU for the device tree while it is configured, but the settings of the apps say
the memory themselves (`set(QEMU_MEMORY 2048)` hides what the user passes). A device tree that is
there is taken instead (seL4 src/plat/qemu-arm-virt/config.cmake), so it is made here.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sel4build.api.context import Context
from sel4build.errors import EnvironmentLacksError, WorkError
from sel4build.model.command import Command
from sel4build.model.platform import QemuMachine
from sel4build.model.qemu import compose_dumpdtb_argv
from sel4build.model.target import Target
from sel4build.model.workspace import Workspace
from sel4build.process import explain_status, find_program
from sel4build.writing import explaining_os_errors

_TIMEOUT_S = 60


def lay_machine(context: Context, target: Target, workspace: Workspace) -> Mapping[str, str]:
    """Make the device tree of the machine of `target` where CMake would not; return its variable.

    Raises EnvironmentLacksError without QEMU, and WorkError when QEMU refuses the machine.
    """
    qemu = target.platform.qemu
    if qemu is None or qemu.memory_option not in target.defines or qemu.dtb_variable is None:
        return {}
    program = find_program(qemu.binary, context.environ)
    if program is None:
        message = f"`{qemu.binary}` was not found; the kernel needs the device tree that it makes"
        raise EnvironmentLacksError(message, hint=f"apt-get install {qemu.debian_package}")
    file = workspace.machines_dir / f"{_digest(target, qemu, program)}.dtb"
    if not file.is_file():
        _dump(context, target, qemu, file=file, program=program)
    return {qemu.dtb_variable: str(file)}


def _digest(target: Target, qemu: QemuMachine, program: Path) -> str:
    status = program.resolve().stat()
    words = (*compose_dumpdtb_argv(target, qemu, file=""), str(status.st_size))
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


def _dump(
    context: Context, target: Target, qemu: QemuMachine, *, file: Path, program: Path
) -> None:
    with explaining_os_errors(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.new")
    _, *arguments = compose_dumpdtb_argv(target, qemu, file=str(beside))
    command = Command(argv=(str(program), *arguments), cwd=file.parent, env=dict(context.environ))
    outcome = context.runner.run(command, timeout_s=_TIMEOUT_S)
    if not outcome.succeeded or not beside.is_file():
        message = f"QEMU {explain_status(outcome)} while making the device tree of `{target.id}`"
        raise WorkError(message, details=(*outcome.output.splitlines()[-5:], f"command: {command}"))
    beside.replace(file)
