# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Machines with a memory of the user's choice."""

import stat
from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.machines import lay_machine
from sel4build.catalog import load_catalog
from sel4build.errors import EnvironmentLacksError, WorkError
from sel4build.model.qemu import QemuPlaces, compose_qemu_argv, find_qemu_form
from sel4build.model.target import Selection, Target
from sel4build.model.workspace import Workspace
from sel4build.targets import select

_QEMU = """#!/bin/sh
echo "$@" >> {calls}
for word in "$@"; do case "$word" in *dumpdtb=*) printf tree > "${{word##*dumpdtb=}}";; esac; done
"""


def _target(*options: str) -> Target:
    pairs = tuple((name, value) for name, _, value in (each.partition("=") for each in options))
    selection = Selection(app="vm_minimal", platform="qemu-arm-virt", options=pairs, num_nodes="2")
    return select(load_catalog(), selection).targets[0]


def _context(folder: Path, script: str) -> Context:
    program = folder / "bin" / "qemu-system-aarch64"
    program.parent.mkdir(exist_ok=True)
    program.write_text(script)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return Context(environ={"PATH": f"{program.parent}:/usr/bin:/bin"}, cwd=folder)


def test_the_device_tree_is_asked_for_once(tmp_path: Path) -> None:
    context = _context(tmp_path, _QEMU.format(calls=tmp_path / "calls"))
    workspace = Workspace(tmp_path)
    target = _target("qemu-memory=3072", "cpu=cortex-a57")
    variables = lay_machine(context, target, workspace)
    assert list(variables) == ["QEMU_DTB"]
    assert Path(variables["QEMU_DTB"]).read_text() == "tree"
    assert lay_machine(context, target, workspace) == variables
    (call,) = (tmp_path / "calls").read_text().splitlines()
    assert "-cpu cortex-a57 -m 3072M -smp 2 -nographic" in call
    assert lay_machine(context, _target("qemu-memory=1024"), workspace) != variables


def test_without_the_option_the_kernel_asks_itself(tmp_path: Path) -> None:
    context = Context(environ={"PATH": ""}, cwd=tmp_path)
    assert lay_machine(context, _target(), Workspace(tmp_path)) == {}
    assert lay_machine(context, _target("cpu=cortex-a57"), Workspace(tmp_path)) == {}


def test_a_host_without_qemu_is_told(tmp_path: Path) -> None:
    context = Context(environ={"PATH": ""}, cwd=tmp_path)
    with pytest.raises(EnvironmentLacksError, match="qemu-system-aarch64"):
        lay_machine(context, _target("qemu-memory=1024"), Workspace(tmp_path))


def test_what_qemu_says_is_passed_on(tmp_path: Path) -> None:
    context = _context(tmp_path, "#!/bin/sh\necho too much memory >&2\nexit 1\n")
    with pytest.raises(WorkError, match="QEMU ended with status 1") as failed:
        lay_machine(context, _target("qemu-memory=1024"), Workspace(tmp_path))
    assert "too much memory" in failed.value.details


def test_the_machine_is_booted_as_it_was_asked_for() -> None:
    target = _target("qemu-memory=0x800", "cpu=cortex-a72")
    qemu = target.platform.qemu
    assert qemu is not None
    form = find_qemu_form(qemu, target.image_format)
    assert form is not None
    argv = compose_qemu_argv(target, qemu, form, places=QemuPlaces(program="q", image="i"))
    assert argv[argv.index("-m") + 1] == "2048M"
    assert argv[argv.index("-cpu") + 1] == "cortex-a72"
    assert target.cmake_defines == {"ARM_CPU": "cortex-a72"}
