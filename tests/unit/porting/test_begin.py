# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

import subprocess
from pathlib import Path

import pytest

from sel4build.catalog import load_catalog
from sel4build.errors import InputError
from sel4build.porting.begin import Beginning, obstacles, plan_beginning
from sel4build.porting.board import Board
from sel4build.porting.files import SourceFiles
from sel4build.porting.patch import render_patch
from sel4build.porting.read import read_board
from sel4build.porting.registry import run_checks
from tests.kit.sel4_tree import ACME_OVERLAY, SOLO_DEVICES, VGIC_HEADER, Sel4Tree, a_device_tree

_CONFIG = """\
declare_platform(newt KernelPlatformNewt PLAT_NEWT KernelArchARM)

if(KernelPlatformNewt)
    declare_seL4_arch(aarch64)
    set(KernelArmCortexA57 ON)
    config_set(KernelARMPlatform ARM_PLAT newt)
    list(APPEND KernelDTSList "tools/dts/newt.dts")
    list(APPEND KernelDTSList "src/plat/newt/overlay-newt.dts")
    declare_default_headers(INTERRUPT_CONTROLLER arch/machine/gic_v2.h)
endif()
"""
_APP = """\
version = 1
name = "vm_solo"
summary = "one guest"
num-vms = 1

[[platforms]]
platform = "qemu-arm-virt"
success = ["login:"]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Sel4Tree:
    """The usual boards, and `newt`, which only the kernel knows."""
    tree = Sel4Tree.create(tmp_path / "tree")
    tree.write("kernel/src/plat/newt/config.cmake", _CONFIG)
    tree.write("kernel/src/plat/newt/overlay-newt.dts", tree.read(ACME_OVERLAY))
    tree.write("kernel/tools/dts/newt.dts", a_device_tree(uart=0xA000000, gic=0xB000000))
    return tree


def _board(tree: Sel4Tree, name: str, app: str = "vm_solo") -> Board:
    return read_board(SourceFiles(tree.root), name, app)


def _plan(tree: Sel4Tree, name: str = "newt", app: str = "vm_solo") -> Beginning:
    return plan_beginning(
        _board(tree, name, app),
        _board(tree, "acme", app),
        text_of=SourceFiles(tree.root).text,
        app_text=_APP,
        is_platform_known=False,
        is_app_known=False,
    )


def _apply(tree: Sel4Tree, beginning: Beginning, folder: Path) -> None:
    patch = folder / "board.patch"
    patch.write_text(render_patch(beginning.changes), encoding="utf-8")
    subprocess.run(("git", "apply", str(patch)), cwd=tree.root, check=True)


def _failures(tree: Sel4Tree, name: str = "newt", app: str = "vm_solo") -> list[int]:
    return [each.check.number for each in run_checks(_board(tree, name, app)) if each.is_failure]


@pytest.mark.tools
def test_only_the_images_are_missing_once_the_patch_is_applied(
    tree: Sel4Tree, tmp_path: Path
) -> None:
    assert _failures(tree) == [6, 8, 10, 12, 14, 15, 16]

    _apply(tree, _plan(tree), tmp_path)

    assert _failures(tree) == [16]
    for name in ("linux", "linux-dtb", "rootfs.cpio.gz"):
        tree.write(f"projects/camkes-vm-images/newt/{name}", "a file\n")
    assert _failures(tree) == []
    assert _failures(tree, "acme") == []


@pytest.mark.tools
def test_a_second_beginning_adds_nothing(tree: Sel4Tree, tmp_path: Path) -> None:
    _apply(tree, _plan(tree), tmp_path)

    assert _plan(tree).changes == ()


def test_addresses_come_from_the_device_tree_of_the_board(tree: Sel4Tree) -> None:
    texts = {each.path.rsplit("/", 1)[-1]: each.after for each in _plan(tree).changes}

    assert '"0xb040000:12", // GICV' in texts["devices.camkes"]
    assert '{"path": "/soc/serial@a000000"}' in texts["devices.camkes"]
    assert '#define GIC_NODE_PATH "/soc/interrupt-controller@b000000"' in texts["vmlinux.h"]
    assert '"arm,cortex-a57"' in texts["guest_vcpu_util.h"]


def test_memory_that_an_overlay_keeps_for_guests_is_taken(tree: Sel4Tree) -> None:
    tree.replace(
        "kernel/src/plat/newt/overlay-newt.dts",
        "/ {\n",
        "/ {\n\tvm-memory@80000000 { reg = <0x0 0x80000000 0x0 0x18000000>; };\n",
    )
    texts = {each.path.rsplit("/", 1)[-1]: each.after for each in _plan(tree).changes}

    assert "#define VM_RAM_BASE 0x80000000\n" in texts["devices.camkes"]
    assert '"0x80000000:28"' in texts["devices.camkes"]


def test_each_guest_of_the_other_board_gets_memory_of_its_own(tree: Sel4Tree) -> None:
    texts = {each.path.rsplit("/", 1)[-1]: each.after for each in _plan(tree, app="vm_duo").changes}

    assert "#define VM0_RAM_BASE 0x50000000\n" in texts["devices.camkes"]
    assert "#define VM1_RAM_BASE 0x60000000\n" in texts["devices.camkes"]


def test_a_guest_that_brings_its_device_tree_goes_on_to_bring_it(tree: Sel4Tree) -> None:
    tree.replace(
        SOLO_DEVICES,
        "        vm0.num_vcpus = 2;\n",
        '        vm0.vm_image_config = { "generate_dtb" : false, };\n',
    )
    texts = {each.path.rsplit("/", 1)[-1]: each.after for each in _plan(tree).changes}

    assert '"provide_dtb" : true,' in texts["devices.camkes"]


def test_options_of_the_other_board_are_open_to_the_new_one(tree: Sel4Tree) -> None:
    texts = {each.path: each.after for each in _plan(tree).changes}

    options = texts["projects/vm/components/VM_Arm/CMakeLists.txt"]
    assert '"KernelPlatformAcme OR KernelPlatformZeta1 OR KernelPlatformNewt"' in options
    assert '"KernelPlatformAcme OR KernelPlatformNewt;VmPCISupport"' in options
    assert "projects/vm/libs/libvirtio/plat_include/newt/virtioarm/virtio_plat.h" in texts


def test_a_time_server_that_is_only_imported_gets_an_empty_header(tree: Sel4Tree) -> None:
    components = "projects/global-components/components"
    tree.write(
        "projects/vm-examples/apps/Arm/vm_solo/vm_solo.camkes",
        "import <devices.camkes>;\nimport <VM_Arm/VM.camkes>;\n",
    )
    tree.write(
        "projects/vm/components/VM_Arm/VM.camkes", "import <TimeServer/TimeServer.camkes>;\n"
    )
    tree.write(f"{components}/TimeServer/TimeServer.camkes", "\n#include <plat/timers.h>\n")

    finding = run_checks(_board(tree, "newt"))[17]
    assert finding.is_failure
    assert str(finding.outcome.span) == f"{components}/TimeServer/TimeServer.camkes:2"
    paths = [each.path for each in _plan(tree).changes]
    assert f"{components}/TimeServer/include/plat/newt/plat/timers.h" in paths


def test_the_entries_are_valid_in_a_catalogue(tree: Sel4Tree, tmp_path: Path) -> None:
    beginning = _plan(tree)
    assert beginning.platform is not None
    assert beginning.app is not None
    overlay = tmp_path / "overlay"
    for path, text in (
        ("platforms/newt.toml", beginning.platform),
        ("apps/Arm/vm_solo/app.toml", beginning.app),
    ):
        (overlay / path).parent.mkdir(parents=True)
        (overlay / path).write_text(text, encoding="utf-8")

    catalog = load_catalog((overlay,))
    platform, app = catalog.platform("newt"), catalog.app("vm_solo")

    assert platform is not None
    assert app is not None
    assert (platform.max_num_nodes, platform.cpu, platform.uart.address) == (
        4,
        "cortex-a57",
        0xA000000,
    )
    assert platform.variables == {"AARCH64": "1"}
    assert platform.gic is not None
    assert platform.gic.distributor == 0xB000000
    on = app.on("newt")
    assert on is not None
    assert on.console.success == ("buildroot login:",)
    assert on.guest.linux == "projects/camkes-vm-images/newt/linux"


@pytest.mark.tools
def test_a_controller_laid_out_as_most_are_takes_one_branch(tree: Sel4Tree, tmp_path: Path) -> None:
    path = "kernel/tools/dts/newt.dts"
    for old, new in (
        ("0xb010000", "0xb001000"),
        ("0xb030000", "0xb003000"),
        ("0xb040000", "0xb005000"),
    ):
        tree.replace(path, old, new)

    _apply(tree, _plan(tree), tmp_path)

    text = tree.read(VGIC_HEADER)
    assert text.count("CONFIG_PLAT_NEWT") == 1
    assert "#define GIC_PADDR   0xafff000\n" in text
    assert _failures(tree) == [16]


def test_what_no_skeleton_mends_is_told(tree: Sel4Tree) -> None:
    assert obstacles(_plan(tree)) == ()
    tree.replace("kernel/src/plat/newt/config.cmake", "gic_v2.h", "gic_v3.h")

    assert [each.check.number for each in obstacles(_plan(tree))] == [6]


@pytest.mark.parametrize(
    ("name", "app", "told"),
    [
        ("nowhere", "vm_solo", "seL4 has no platform `nowhere`"),
        ("newt", "vm_trio", "there is no app `vm_trio` in the sources"),
    ],
)
def test_a_port_that_cannot_begin_is_refused(
    tree: Sel4Tree, name: str, app: str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        _plan(tree, name, app)


def test_a_board_without_guests_is_nothing_to_go_by(tree: Sel4Tree) -> None:
    tree.remove(SOLO_DEVICES)

    with pytest.raises(InputError, match="no guests on `acme`"):
        _plan(tree)
