# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

from pathlib import Path

import pytest

from sel4build.model.facts import AppBoardFacts
from sel4build.model.platform import Arch
from sel4build.sources.apps import AppReader
from sel4build.sources.boards import BoardReader
from sel4build.sources.files import SourceFiles
from sel4build.sources.read import read_options, read_sources
from tests.kit.sel4_tree import (
    ARM_APPS,
    EXAMPLES,
    PC_APPS,
    SOLO_CMAKE,
    SOLO_DEVICES,
    SOLO_SETTINGS,
    Sel4Tree,
    a_devices_file,
)


@pytest.fixture
def tree(tmp_path: Path) -> Sel4Tree:
    return Sel4Tree.create(tmp_path)


def _on(tree: Sel4Tree, app: str, board: str, **given: str | None) -> AppBoardFacts:
    files = SourceFiles(tree.root)
    reader = AppReader(files, read_options(files))
    found, on = reader.read(app), BoardReader(files).read(board)
    assert found is not None
    assert on is not None
    return reader.read_on(found, on, given)


def _files(on: AppBoardFacts) -> dict[str, str | None]:
    return {name: fact.value for name, fact in on.files.items()}


def test_a_workspace_has_apps_boards_and_options(tree: Sel4Tree) -> None:
    facts = read_sources(tree.root)
    assert [(each.name, each.arch, each.platforms) for each in facts.apps] == [
        ("vm_duo", Arch.ARM, ("acme",)),
        ("vm_solo", Arch.ARM, ("acme", "zeta1")),
        ("plain", Arch.X86, ("x86_64",)),
    ]
    assert {each.name for each in facts.boards} == {"acme", "zeta1", "ia32", "x86_64"}
    solo = facts.app("vm_solo")
    assert solo is not None
    assert solo.platforms_span.line == tree.line(SOLO_SETTINGS, "set(supported")
    assert {name: place.file for name, place in solo.folders.items()} == {
        "acme": SOLO_DEVICES,
        "zeta1": f"{ARM_APPS}/vm_solo/zeta1/devices.camkes",
    }
    assert (facts.app("none"), facts.board("none"), facts.option("none")) == (None, None, None)
    assert facts.option("VmPCISupport") is not None
    common = {each.name: each.value for each in facts.common[Arch.ARM]}
    assert common["KernelRootCNodeSizeBits"] == "18"
    assert common["KernelSel4Arch"] == "aarch64"
    assert "LibUSB" not in common
    assert SOLO_SETTINGS in facts.files


def test_only_what_is_asked_for_is_read(tree: Sel4Tree) -> None:
    facts = read_sources(tree.root, apps=("vm_duo", "none"), boards=("zeta2", "none"))
    assert [each.name for each in facts.apps] == ["vm_duo"]
    assert [each.name for each in facts.boards] == ["zeta2", "acme"]


def test_a_guest_file_leads_back_to_the_one_in_the_workspace(tree: Sel4Tree) -> None:
    on = _on(tree, "vm_solo", "acme")
    assert _files(on) == {
        "linux": "projects/camkes-vm-images/acme/linux",
        "linux-initrd": "projects/camkes-vm-images/acme/rootfs.cpio.gz",
        "linux-dtb": "projects/camkes-vm-images/acme/linux-dtb",
    }
    assert on.initrd_address is not None
    assert on.initrd_address.value == 0x4D700000
    assert on.initrd_address.span.line == tree.line(SOLO_CMAKE, "0x4d700000")
    assert on.devices is not None
    assert on.devices.file == SOLO_DEVICES
    assert on.refused is None


def test_the_number_of_guests_is_that_of_the_settings(tree: Sel4Tree) -> None:
    duo, plain = _on(tree, "vm_duo", "acme"), _on(tree, "plain", "x86_64")
    assert duo.num_vms is not None
    assert duo.num_vms.value == 2
    assert _files(duo)["linux-initrd-vm1"] == "projects/camkes-vm-images/acme/rootfs.cpio.gz"
    assert plain.num_vms is not None
    assert plain.num_vms.value == 1
    assert plain.settings["KernelVTX"].value == "ON"


def test_a_file_may_be_made_by_a_command_of_the_app(tree: Sel4Tree) -> None:
    tree.write(
        SOLO_CMAKE,
        "add_custom_command(OUTPUT linux/dtb COMMAND dtc -o linux/dtb ${CAMKES_ARM_LINUX_DIR}/a.dts)\n"
        'AddToFileServer("linux-dtb" "${CMAKE_CURRENT_BINARY_DIR}/linux/dtb")\n'
        'AddToFileServer("linux" "${CMAKE_CURRENT_BINARY_DIR}/made")\n'
        'if(SOMETHING)\nAddToFileServer("b" x)\nendif()\nAddToFileServer(${UNSET})\n',
    )
    assert _files(_on(tree, "vm_solo", "acme")) == {
        "linux-dtb": f"{EXAMPLES}/linux/a.dts",
        "linux": None,
    }


def test_options_decide_what_is_set(tree: Sel4Tree) -> None:
    assert "VmVirtioConsole" not in _on(tree, "vm_duo", "acme").settings
    loud = _on(tree, "vm_duo", "acme", DUO_LOUD="ON")
    assert loud.settings["VmVirtioConsole"].value == "ON"
    duo = read_sources(tree.root, apps=("vm_duo",)).app("vm_duo")
    assert duo is not None
    assert {name: span.line for name, span in duo.asked.items()} == {"DUO_LOUD": 6}


def test_choices_and_conditions_of_options_are_followed(tree: Sel4Tree) -> None:
    tree.write(
        SOLO_CMAKE,
        "if(VmRootfsDisk)\nset(chosen disk)\nelseif(VmRootfsCard)\nset(chosen card)\nendif()\n",
    )
    acme = _on(tree, "vm_solo", "acme", VmRootfs="disk")
    zeta = _on(tree, "vm_solo", "zeta1", VmRootfs="disk")
    assert (acme.settings["chosen"].value, zeta.settings["chosen"].value) == ("card", "disk")


def test_a_board_that_the_app_does_not_let_through_is_refused(tree: Sel4Tree) -> None:
    tree.replace(SOLO_SETTINGS, "acme;zeta1", "zeta1")
    on = _on(tree, "vm_solo", "acme")
    assert on.refused is not None
    assert on.refused.value == "PLATFORM: acme not supported."
    assert on.refused.span.line == 3


def test_boards_where_guests_have_one_core_are_known(tree: Sel4Tree) -> None:
    facts = read_sources(tree.root)
    acme, zeta = facts.board("acme"), facts.board("zeta1")
    assert acme is not None
    assert zeta is not None
    assert acme.smp_refused is None
    assert zeta.smp_refused is not None
    assert zeta.smp_refused.line == tree.line(f"{EXAMPLES}/settings.cmake", "does not support SMP")


def test_macros_of_the_build_decide_in_devices_files(tree: Sel4Tree) -> None:
    text = a_devices_file() + "#if VMVIRTIOCONSOLE\nvm9.num_vcpus = 1;\n#endif\n"
    tree.write(SOLO_DEVICES, text)
    cmake = tree.read(SOLO_CMAKE)
    tree.write(SOLO_CMAKE, "AddCamkesCPPFlag(cpp_flags CONFIG_VARS VmVirtioConsole)\n" + cmake)
    plain, loud = (_on(tree, "vm_solo", "acme", VmVirtioConsole=each) for each in ("OFF", "ON"))
    assert plain.devices is not None
    assert [each.name for each in plain.devices.vms] == ["vm0"]
    tree.write(SOLO_SETTINGS, "set(VmPCISupport ON)\n")
    loud = _on(tree, "vm_solo", "acme", VmVirtioConsole="ON", VmPCISupport="ON")
    assert loud.devices is not None
    assert [each.name for each in loud.devices.vms] == ["vm0", "vm9"]


def test_an_app_may_bring_its_settings_in_its_own_camkes_file(tree: Sel4Tree) -> None:
    folder = f"{ARM_APPS}/vm_own"
    tree.write(f"{folder}/settings.cmake", 'set(PLATFORM "zeta1" CACHE STRING "" FORCE)\n')
    tree.write(f"{folder}/CMakeLists.txt", "DeclareCAmkESRootserver(own.camkes)\n")
    tree.write(f"{folder}/own.camkes", "component VM vm;\n")
    app = read_sources(tree.root, apps=("vm_own",)).app("vm_own")
    assert app is not None
    assert app.platforms == ("zeta1",)
    (on,) = app.boards
    assert on.num_vms is not None
    assert (on.num_vms.value, on.devices) == (1, None)
    tree.write(f"{folder}/own.camkes", a_devices_file("vm", "vm2"))
    (on,) = (read_sources(tree.root, apps=("vm_own",)).app("vm_own") or app).boards
    assert on.num_vms is not None
    assert on.num_vms.value == 2


def test_an_app_without_settings_is_known_by_its_folders(tree: Sel4Tree) -> None:
    tree.write(f"{ARM_APPS}/vm_bare/CMakeLists.txt", "")
    tree.write(f"{ARM_APPS}/vm_bare/acme/v2/devices.camkes", a_devices_file())
    tree.write(f"{PC_APPS}/odd/app_settings.cmake", "")
    facts = read_sources(tree.root)
    bare, odd = facts.app("vm_bare"), facts.app("odd")
    assert bare is not None
    assert odd is not None
    assert (bare.platforms, odd.platforms, odd.boards) == (("acme",), (), ())
    assert bare.platforms_span == bare.span


def test_an_empty_folder_has_nothing(tmp_path: Path) -> None:
    facts = read_sources(tmp_path / "none")
    assert (facts.apps, facts.boards, facts.options) == ((), (), ())
    assert facts.common[Arch.X86] == ()


_COMPONENTS = "projects/global-components"


def _with_components(tree: Sel4Tree) -> None:
    tree.write(
        f"{_COMPONENTS}/global-components.cmake",
        "foreach(comp IN ITEMS clock/Wheel clock/Gone)\n"
        '    add_subdirectory("${CMAKE_CURRENT_LIST_DIR}/${comp}" ${comp})\n'
        "endforeach()\n"
        'include("${CMAKE_CURRENT_LIST_DIR}/Bell/CMakeLists.txt")\n'
        "if(${SOMETHING_OF_THE_HOST})\n"
        "    add_subdirectory(${UNTOLD})\n"
        "endif()\n",
    )
    tree.write(
        f"{_COMPONENTS}/clock/Wheel/CMakeLists.txt",
        'set(WheelTurns ON CACHE BOOL "" FORCE)\nset(WheelSize 3 CACHE STRING "")\n',
    )
    tree.write(
        f"{_COMPONENTS}/Bell/CMakeLists.txt",
        "if(KernelPlatformAcme AND KernelArchARM)\n"
        '    set(BellRings ON CACHE BOOL "" FORCE)\n'
        "endif()\n"
        'set(LibUSB ON CACHE BOOL "" FORCE)\n',
    )


def test_what_imported_components_force_is_so_for_the_app(tree: Sel4Tree) -> None:
    _with_components(tree)
    settings = _on(tree, "vm_solo", "acme").settings
    wheel = settings["WheelTurns"]
    assert (wheel.value, str(wheel.span)) == ("ON", f"{_COMPONENTS}/clock/Wheel/CMakeLists.txt:1")
    assert settings["BellRings"].span.line == 2
    assert "WheelSize" not in settings


def test_components_come_after_the_settings_of_the_app(tree: Sel4Tree) -> None:
    assert _on(tree, "vm_solo", "acme").settings["LibUSB"].value == "OFF"
    _with_components(tree)
    assert _on(tree, "vm_solo", "acme").settings["LibUSB"].value == "ON"


def test_components_ask_for_the_board(tree: Sel4Tree) -> None:
    _with_components(tree)
    settings = _on(tree, "vm_solo", "zeta1").settings
    assert "BellRings" not in settings
    assert "WheelTurns" in settings
