# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Disk, memory and a machine to boot on."""

from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.api.surroundings import examine_machine, examine_resources
from sel4build.catalog.host import load_host_data
from sel4build.configure.examining import ExaminedHost
from sel4build.configure.recollection import Recollection
from sel4build.model.host import Finding, Phase, Resources
from sel4build.model.platform import ImageFormat
from sel4build.model.target import Target
from tests.kit.configurations import write_program
from tests.kit.runner import FakeRunner
from tests.kit.targets import a_board, a_pc, a_target, an_efi_form

MEMINFO = "MemTotal:        2097152 kB\nMemFree:  1 kB\nSwapTotal:       1048576 kB\n"


def needing(**resources: int) -> Target:
    target = a_target()
    return replace(target, app=replace(target.app, resources=Resources(**resources)))


def resources(target: Target, folder: Path, *, root: Path | None = None) -> list[Finding]:
    meminfo = folder / "meminfo"
    return list(examine_resources(target, root, cwd=folder, meminfo=meminfo))


@pytest.mark.parametrize(("memory_mib", "is_enough"), [(3072, True), (3073, False)])
def test_memory_and_swap_have_to_hold_the_largest_process(
    tmp_path: Path,
    memory_mib: int,
    is_enough: bool,  # noqa: FBT001
) -> None:
    (tmp_path / "meminfo").write_text(MEMINFO)
    (memory,) = resources(needing(memory_mib=memory_mib), tmp_path)
    assert (memory.what, memory.found) == ("memory", is_enough)
    assert memory.detail.startswith("3072 MiB of memory and swap")


def test_a_host_that_does_not_tell_its_memory_is_trusted(tmp_path: Path) -> None:
    assert resources(needing(memory_mib=1), tmp_path) == []
    (tmp_path / "meminfo").write_text("nothing here\n")
    assert resources(needing(memory_mib=1), tmp_path) == []


def test_the_disk_is_looked_at_where_the_workspace_will_be(tmp_path: Path) -> None:
    (small,) = resources(needing(disk_mib=1), tmp_path, root=tmp_path / "not" / "yet")
    assert small.found
    assert f"`{tmp_path}/not/yet`" in small.detail
    (huge,) = resources(needing(disk_mib=10**9), tmp_path)
    assert (huge.found, huge.phase) == (False, Phase.BUILD)


def test_what_is_built_already_needs_no_more_disk(tmp_path: Path) -> None:
    (tmp_path / "build" / "demo@acme1").mkdir(parents=True)
    assert resources(needing(disk_mib=10**9), tmp_path, root=tmp_path) == []


def host(folder: Path) -> ExaminedHost:
    data = load_host_data()
    return ExaminedHost(
        data=data,
        environ={"PATH": str(folder)},
        runner=FakeRunner(),
        recollection=Recollection(folder=None),
        manager=None,
        is_root=True,
    )


def test_a_board_that_qemu_does_not_play_needs_none(tmp_path: Path) -> None:
    assert list(examine_machine(a_target(a_board(qemu=None)), host(tmp_path))) == []


def test_firmware_that_lacks_is_told_with_its_package(tmp_path: Path) -> None:
    write_program(tmp_path / "qemu-system-aarch64", "")
    board = a_board(form=ImageFormat.EFI)
    assert board.qemu is not None
    board = replace(board, qemu=replace(board.qemu, forms=(an_efi_form(),)))
    qemu, firmware = examine_machine(a_target(board), host(tmp_path))
    assert (qemu.found, firmware.found) == (True, False)
    assert firmware.packages == ("acme-firmware",)
    assert firmware.phase is Phase.BOOT


def test_virtualization_that_lacks_is_advice_for_who_boots_guests(tmp_path: Path) -> None:
    board = a_pc()
    assert board.qemu is not None
    board = replace(board, qemu=replace(board.qemu, virtualization="no-such-flag"))
    *_, kvm = examine_machine(a_target(board, needs_virtualization=True), host(tmp_path))
    assert (kvm.what, kvm.found, kvm.phase) == ("KVM with no-such-flag", False, Phase.ADVICE)
    assert kvm.cure == "boot the image on a machine that has it"
    native = list(examine_machine(a_target(board), host(tmp_path)))
    assert all("KVM" not in each.what for each in native)
