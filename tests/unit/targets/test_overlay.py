# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

from collections.abc import Mapping
from pathlib import Path

import pytest

from sel4build.model.app import OptionKind
from sel4build.model.platform import ImageFormat, Platform, Sel4Arch
from sel4build.model.target import Selection, Target
from sel4build.sources.read import read_sources
from sel4build.targets.overlay import Overlaid, overlay
from sel4build.targets.select import select
from tests.kit.sel4_catalog import CATALOG, a_sel4_catalog
from tests.kit.sel4_tree import (
    ACME_CONFIG,
    ACME_DTS,
    ACME_OVERLAY,
    APPLICATION_SETTINGS,
    ARM_APPS,
    EXAMPLES,
    PC_APPS,
    SOLO_CMAKE,
    SOLO_DEVICES,
    SOLO_SETTINGS,
    VM_ARM,
    Sel4Tree,
    a_device_tree,
    a_devices_file,
)


@pytest.fixture
def tree(tmp_path: Path) -> Sel4Tree:
    return Sel4Tree.create(tmp_path / "w")


def _overlaid(
    tree: Sel4Tree,
    *,
    apps: tuple[str, ...] | None = None,
    boards: tuple[str, ...] = (),
    files: Mapping[str, str] = CATALOG,
) -> Overlaid:
    """Lay the sources over the catalogue; with `boards` only those are read."""
    catalog = a_sel4_catalog(tree.root.parent / "data", files)
    facts = read_sources(tree.root, apps=apps, boards=boards, is_narrow=bool(boards))
    return overlay(catalog, facts)


def _target(overlaid: Overlaid, app: str, platform: str | None, *defines: str) -> Target:
    pairs = tuple((name, value) for name, _, value in (each.partition("=") for each in defines))
    selected = select(overlaid.catalog, Selection(app=app, platform=platform, defines=pairs))
    assert selected.rejections == ()
    return selected.targets[0]


def _refusal(overlaid: Overlaid, app: str, platform: str, *defines: str) -> tuple[str, str]:
    pairs = tuple((name, value) for name, _, value in (each.partition("=") for each in defines))
    selected = select(overlaid.catalog, Selection(app=app, platform=platform, defines=pairs))
    first = selected.rejections[0]
    assert first.span is not None
    return first.rule, f"{first.span.file}:{first.span.line}"


def _board(overlaid: Overlaid, name: str) -> Platform:
    found = overlaid.catalog.platform(name)
    assert found is not None
    return found


def _port(tree: Sel4Tree, name: str) -> None:
    """Add a platform to the kernel that nobody has heard of, made after `acme`."""
    config = tree.read(ACME_CONFIG).replace("acme", name).replace("Acme", name.title())
    tree.write(f"kernel/src/plat/{name}/config.cmake", config)
    tree.write(f"kernel/tools/dts/{name}.dts", a_device_tree(uart=0x1000, cpus=2, gic=0x2000000))
    tree.write(f"kernel/src/plat/{name}/overlay-{name}.dts", tree.read(ACME_OVERLAY))


def test_sources_that_say_nothing_new_leave_the_catalogue_as_it_is(tree: Sel4Tree) -> None:
    overlaid = _overlaid(tree)
    assert overlaid.notes == ()
    assert not overlaid.is_changed
    target = _target(overlaid, "vm_solo", "acme")
    assert target.variables["AARCH64"] == "1"


def test_a_board_that_the_sources_no_longer_support_is_refused_with_their_place(
    tree: Sel4Tree,
) -> None:
    line = tree.replace(SOLO_SETTINGS, "acme;zeta1", "acme")
    overlaid = _overlaid(tree, apps=("vm_solo",), boards=("zeta1",))
    assert _refusal(overlaid, "vm_solo", "zeta1") == (
        "app-not-on-platform",
        f"{SOLO_SETTINGS}:{line}",
    )
    (note,) = overlaid.notes
    assert note.startswith("the sources decide: ")
    assert note.endswith(f"{SOLO_SETTINGS}:{line}")


def test_a_board_that_the_sources_support_too_can_be_built(tree: Sel4Tree) -> None:
    tree.replace(SOLO_SETTINGS, "acme;zeta1", "acme;zeta1;zeta2")
    tree.replace(SOLO_CMAKE, 'STREQUAL "zeta1"', 'STREQUAL "zeta2"')
    tree.write(f"{ARM_APPS}/vm_solo/zeta2/devices.camkes", a_devices_file(base=0x80000000))
    target = _target(_overlaid(tree, apps=("vm_solo",), boards=("zeta2",)), "vm_solo", "zeta2")
    assert target.variables["PLATFORM"] == "zeta2"
    assert target.guest.linux == "projects/camkes-vm-images/zeta1/linux"
    assert target.guest.ram_base == 0x80000000
    assert target.console.success == ("login:",)


def test_conditions_of_options_are_those_of_the_sources(tree: Sel4Tree) -> None:
    old = "KernelPlatformAcme OR KernelPlatformZeta1"
    line = tree.replace(VM_ARM, old, "KernelPlatformAcme OR KernelPlatformZeta2")
    overlaid = _overlaid(tree, apps=("vm_solo",), boards=("zeta1",))
    assert _refusal(overlaid, "vm_solo", "zeta1", "VmPCISupport=ON") == (
        "option-not-on-platform",
        f"{VM_ARM}:{line}",
    )
    tree.replace(VM_ARM, '"KernelPlatformAcme;VmPCISupport"', '"KernelPlatformZeta1"')
    overlaid = _overlaid(tree, apps=("vm_solo",), boards=("zeta1",))
    target = _target(overlaid, "vm_solo", "zeta1", "VmVirtioConsole=ON")
    assert target.defines == {"VmVirtioConsole": "ON"}


def test_a_new_option_and_a_new_choice_can_be_set(tree: Sel4Tree) -> None:
    tree.write(VM_ARM, tree.read(VM_ARM) + 'config_option(VmNew VM_NEW "new" DEFAULT ON)\n')
    tree.replace(VM_ARM, '"disk;VmRootfsDisk', '"ssd;VmRootfsDisk')
    overlaid = _overlaid(tree, apps=("vm_solo",), boards=("zeta1",))
    target = _target(overlaid, "vm_solo", "zeta1", "VmNew=OFF", "VmRootfs=ssd")
    assert target.defines == {"VmNew": "OFF", "VmRootfs": "ssd"}
    assert _refusal(overlaid, "vm_solo", "zeta1", "VmRootfs=disk")[0] == "bad-option-value"


def test_what_the_sources_force_now_is_refused_and_what_no_longer_is_not(tree: Sel4Tree) -> None:
    tree.replace(SOLO_SETTINGS, "set(LibUSB OFF", "set(LibUSB ON")
    tree.replace(SOLO_SETTINGS, "set(VmPCISupport ON", "set(VmOnDemandDeviceInstall OFF")
    overlaid = _overlaid(tree, apps=("vm_solo",), boards=("acme",))
    assert _refusal(overlaid, "vm_solo", "acme", "LibUSB=OFF")[0] == "forced-variable"
    assert _refusal(overlaid, "vm_solo", "acme", "VmOnDemandDeviceInstall=ON")[0] == (
        "forced-variable"
    )
    assert _target(overlaid, "vm_solo", "acme", "VmPCISupport=ON").defines


def test_guests_are_those_of_the_sources(tree: Sel4Tree) -> None:
    tree.replace(SOLO_DEVICES, "#define VM0_RAM_SIZE 0x10000000", "#define VM0_RAM_SIZE 0x1000000")
    tree.write(f"{ARM_APPS}/vm_duo/acme/devices.camkes", a_devices_file("vm0", "vm1", "vm2"))
    overlaid = _overlaid(tree)
    assert _target(overlaid, "vm_solo", "acme").guest.ram_size == 0x1000000
    assert _target(overlaid, "vm_duo", "acme").app.num_vms == 3


def test_a_board_is_corrected_by_its_own_sources(tree: Sel4Tree) -> None:
    tree.replace(APPLICATION_SETTINGS, '"tau"', '"acme;tau"')
    tree.write(ACME_DTS, a_device_tree(cpus=2, uart=0x5000))
    board = _board(_overlaid(tree), "acme")
    assert (board.image.format, board.max_num_nodes, board.uart.address) == (
        ImageFormat.EFI,
        2,
        0x5000,
    )
    overlaid = _overlaid(tree)
    selected = select(overlaid.catalog, Selection(app="vm_solo", platform="acme", num_nodes="3"))
    span = selected.rejections[0].span
    assert span is not None
    assert span.file == ACME_DTS


def test_a_board_that_can_no_longer_run_guests_is_left_to_the_build(tree: Sel4Tree) -> None:
    tree.replace(ACME_CONFIG, "declare_seL4_arch(aarch64)", "declare_seL4_arch(aarch32)")
    assert _board(_overlaid(tree), "acme").sel4_arch is Sel4Arch.AARCH64


def test_an_app_of_the_users_own_is_picked_up(tree: Sel4Tree) -> None:
    folder = f"{ARM_APPS}/my_app"
    tree.write(
        f"{folder}/settings.cmake",
        'set(supported "zeta1;acme")\nset(VmPCISupport ON CACHE BOOL "" FORCE)\n'
        "if(MY_SWITCH)\nendif()\n",
    )
    tree.write(f"{folder}/CMakeLists.txt", tree.read(SOLO_CMAKE).replace("vm_solo", "my_app"))
    tree.write(f"{folder}/acme/devices.camkes", a_devices_file(size=0x2000000))
    overlaid = _overlaid(tree, apps=("my_app",), boards=("acme",))
    assert overlaid.notes == (f"app `my_app` is taken from the sources: {folder}",)
    target = _target(overlaid, "my_app", "acme", "MY_SWITCH=maybe")
    assert target.variables == {
        "CAMKES_VM_APP": "my_app",
        "PLATFORM": "acme",
        "NUM_NODES": "1",
        "AARCH64": "1",
    }
    assert target.guest.initrd == "projects/camkes-vm-images/acme/rootfs.cpio.gz"
    assert (target.guest.ram_size, target.guest.num_vcpus) == (0x2000000, 2)
    assert target.expected["KernelARMPlatform"] == "acme"
    assert target.app.manifest == "acme-vms"
    assert _refusal(overlaid, "my_app", "acme", "VmPCISupport=OFF") == (
        "forced-variable",
        f"{folder}/settings.cmake:2",
    )
    assert _refusal(overlaid, "my_app", "zeta2") == (
        "app-not-on-platform",
        f"{folder}/settings.cmake:1",
    )


def test_an_app_for_pcs_has_the_platform_that_it_asks_for(tree: Sel4Tree) -> None:
    tree.write(
        f"{PC_APPS}/mine/app_settings.cmake",
        'set(KernelSel4Arch ia32 CACHE STRING "" FORCE)\n'
        'set(KernelMaxNumNodes 2 CACHE STRING "" FORCE)\n',
    )
    tree.write(f"{PC_APPS}/mine/CMakeLists.txt", "DeclareCAmkESVM(A)\nDeclareCAmkESVM(B)\n")
    target = _target(_overlaid(tree, apps=("mine",)), "mine", None)
    assert (target.platform.name, target.num_nodes, target.app.num_vms) == ("ia32", 2, 2)
    assert "PLATFORM" not in target.variables


def test_a_platform_that_nobody_has_heard_of_is_picked_up(tree: Sel4Tree) -> None:
    _port(tree, "novel")
    tree.replace(SOLO_SETTINGS, "acme;zeta1", "acme;zeta1;novel")
    tree.write(f"{ARM_APPS}/vm_solo/novel/devices.camkes", a_devices_file())
    overlaid = _overlaid(tree, apps=("vm_solo",), boards=("novel",))
    assert any(each.startswith("platform `novel` is taken") for each in overlaid.notes)
    board = _board(overlaid, "novel")
    assert (board.kernel_platform, board.sel4_arch, board.word_size, board.cpu) == (
        "novel",
        Sel4Arch.AARCH64,
        64,
        "cortex-a53",
    )
    assert (board.image.format, board.image.name) == (
        ImageFormat.ELF,
        "{rootserver}-image-arm-novel",
    )
    assert board.gic is not None
    assert (board.gic.distributor, board.uart.address, board.max_num_nodes) == (
        0x2000000,
        0x1000,
        2,
    )
    target = _target(overlaid, "vm_solo", "novel")
    assert target.variables["AARCH64"] == "1"
    assert target.expected["KernelPlatform"] == "novel"
    assert _refusal(overlaid, "vm_duo", "novel")[0] == "app-not-on-platform"


def test_a_new_board_of_a_family_keeps_the_names_of_both(tree: Sel4Tree) -> None:
    tree.replace(APPLICATION_SETTINGS, "zeta:zeta1,zeta2", "zeta:zeta1,zeta2,zeta3")
    config = "kernel/src/plat/zeta/config.cmake"
    tree.replace(config, "KernelPlatformZeta1 KernelPlatformZeta2", "K1 K2 K3")
    tree.replace(config, "set(plat_lists zeta1 zeta2)", "set(plat_lists zeta1 zeta2 zeta3)")
    tree.write("kernel/tools/dts/zeta3.dts", a_device_tree(cpu="arm,cortex-a15", cpus=3))
    board = _board(_overlaid(tree, apps=(), boards=("zeta3",)), "zeta3")
    assert (board.kernel_platform, board.kernel_arm_platform) == ("zeta", "zeta3")
    assert board.image.name == "{rootserver}-image-arm-zeta"
    assert (board.max_num_nodes, dict(board.variables)) == (3, {})


def test_a_platform_without_virtualization_is_not_picked_up(tree: Sel4Tree) -> None:
    _port(tree, "old")
    tree.replace("kernel/src/plat/old/config.cmake", "declare_seL4_arch(aarch64)", "")
    tree.replace(SOLO_SETTINGS, "acme;zeta1", "acme;zeta1;old")
    overlaid = _overlaid(tree, apps=("vm_solo",), boards=("old",))
    assert overlaid.catalog.platform("old") is None
    assert _refusal(overlaid, "vm_solo", "zeta2")[0] == "app-not-on-platform"


def test_what_the_device_tree_does_not_say_is_one_node(tree: Sel4Tree) -> None:
    _port(tree, "made")
    tree.remove("kernel/tools/dts/made.dts")
    board = _board(_overlaid(tree, apps=(), boards=("made",)), "made")
    assert (board.max_num_nodes, board.uart.driver, board.gic) == (1, "unknown", None)
    assert board.num_nodes_reason == "the sources do not say how many cores it has"


def test_without_apps_to_go_by_an_unknown_one_is_left_out(tree: Sel4Tree) -> None:
    files = {name: text for name, text in CATALOG.items() if "/x86/" not in name}
    overlaid = _overlaid(tree, apps=("plain",), files=files)
    assert overlaid.catalog.app("plain") is None


def test_an_option_that_changes_its_kind_takes_other_values(tree: Sel4Tree) -> None:
    tree.replace(
        VM_ARM,
        'config_option(VmOnDemandDeviceInstall VM_ONDEMAND_DEVICE_INSTALL\n    "Map a device when it is touched." DEFAULT ON)',
        'config_choice(VmOnDemandDeviceInstall D "d" "all;A;A" "some;B;B")',
    )
    app = _overlaid(tree, apps=("vm_solo",)).catalog.app("vm_solo")
    assert app is not None
    option = app.option("VmOnDemandDeviceInstall")
    assert option is not None
    assert (option.kind, option.choices, option.default) == (
        OptionKind.CHOICE,
        ("all", "some"),
        "all",
    )


def test_settings_of_another_shape_still_tell_of_the_app(tree: Sel4Tree) -> None:
    tree.write(f"{EXAMPLES}/settings.cmake", "")
    found = _overlaid(tree, apps=("vm_solo",), boards=("acme",)).catalog.app("vm_solo")
    assert found is not None
    on = found.on("acme")
    assert on is not None
    assert on.forced["VmPCISupport"] == "ON"
