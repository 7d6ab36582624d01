# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

import struct
from pathlib import Path

import pytest

from sel4build.porting.board import Board
from sel4build.porting.files import SourceFiles
from sel4build.porting.finding import Finding, Verdict
from sel4build.porting.read import Elsewhere, read_board
from sel4build.porting.registry import run_checks
from tests.kit.sel4_tree import (
    ACME_CONFIG,
    ACME_DTS,
    SOLO_CMAKE,
    SOLO_DEVICES,
    SOLO_SETTINGS,
    VGIC_HEADER,
    Sel4Tree,
    a_device_tree,
    a_devices_file,
)

_IMPORT = "CAmkESAddImportPath(${KernelARMPlatform})\n"


@pytest.fixture
def tree(tmp_path: Path) -> Sel4Tree:
    return Sel4Tree.create(tmp_path)


def _read(tree: Sel4Tree, app: str = "vm_solo", elsewhere: Elsewhere | None = None) -> Board:
    return read_board(SourceFiles(tree.root), "acme", app, elsewhere)


def _finding(board: Board, number: int) -> Finding:
    return run_checks(board)[number - 1]


def _failures(board: Board) -> list[int]:
    return [each.check.number for each in run_checks(board) if each.is_failure]


def test_a_family_is_found_by_who_names_the_board(tree: Sel4Tree) -> None:
    board = read_board(SourceFiles(tree.root), "zeta2", "vm_solo")

    assert (board.kernel.platform, board.kernel.arm_platform) == ("zeta", "zeta2")
    assert [each.path for each in board.kernel.dts] == [
        "kernel/tools/dts/zeta2.dts",
        "kernel/src/plat/zeta/overlay-zeta.dts",
    ]


def test_a_slip_of_the_finger_is_told(tree: Sel4Tree) -> None:
    board = read_board(SourceFiles(tree.root), "zeta11", "vm_solo")

    (problem,) = _finding(board, 1).outcome.problems
    assert problem.hint == "did you mean `zeta1`?"


def test_variants_are_read_one_by_one(tree: Sel4Tree) -> None:
    tree.remove(SOLO_DEVICES)
    for name in ("old", "new"):
        tree.write(f"projects/vm-examples/apps/Arm/vm_solo/acme/{name}/devices.camkes", "")
    tree.write(
        "projects/vm-examples/apps/Arm/vm_solo/acme/new/devices.camkes",
        a_devices_file(gicv=0x8041000),
    )
    tree.replace(SOLO_CMAKE, _IMPORT, "CAmkESAddImportPath(${KernelARMPlatform}/${AcmeRelease})\n")
    tree.replace(SOLO_CMAKE, "/acme/rootfs.cpio.gz", "/acme/${AcmeRelease}/rootfs.cpio.gz")

    board = _read(tree)

    assert [each.name for each in board.apps.variants] == ["new", "old"]
    texts = [problem.text for problem in _finding(board, 13).outcome.problems]
    assert "0x8041000" in texts[0]
    missing = [problem.text.split("/", 3)[-1] for problem in _finding(board, 16).outcome.problems]
    assert missing == [f"{name}/rootfs.cpio.gz does not exist" for name in ("new", "old")]


def test_a_forced_variant_is_the_only_one(tree: Sel4Tree) -> None:
    folder = "projects/vm-examples/apps/Arm/vm_solo/acme"
    tree.remove(SOLO_DEVICES)
    for name in ("old", "new"):
        tree.write(f"{folder}/{name}/devices.camkes", a_devices_file())
    tree.replace(SOLO_CMAKE, _IMPORT, "CAmkESAddImportPath(${KernelARMPlatform}/${AcmeRelease})\n")
    tree.replace(
        SOLO_SETTINGS, "set(LibUSB", 'set(AcmeRelease old CACHE STRING "" FORCE)\nset(LibUSB'
    )

    assert [each.name for each in _read(tree).apps.variants] == ["old"]


def _blob(*names: str) -> bytes:
    """Return a device tree blob: the root with one node of each name, each with a property."""
    body = struct.pack(">2I", 1, 0)
    for name in names:
        padded = name.encode() + b"\0" * (4 - len(name) % 4)
        body += struct.pack(">I", 1) + padded
        body += struct.pack(">3I", 3, 3, 0) + b"ab\0\0" + struct.pack(">2I", 4, 2)
    body += struct.pack(">2I", 2, 9)
    header = struct.pack(
        ">10I", 0xD00DFEED, 40 + len(body), 40, 40 + len(body), 40, 17, 16, 0, 0, 0
    )
    return header + body


def test_another_device_tree_may_be_asked_for_devices(tree: Sel4Tree) -> None:
    tree.replace(
        SOLO_CMAKE,
        _IMPORT,
        'set(CAMKES_ROOT_DTB_FILE_PATH "${CAMKES_VM_IMAGES_DIR}/acme/root-dtb" CACHE STRING "")\n'
        + _IMPORT,
    )
    place = tree.write("projects/camkes-vm-images/acme/root-dtb", "")
    place.write_bytes(_blob("serial@9000000", "soc"))
    tree.replace(SOLO_DEVICES, '"/soc/serial@9000000"', '"/serial@9000000"')
    assert _failures(_read(tree)) == []

    place.write_bytes(_blob("serial@7", "soc"))
    (problem,) = _finding(_read(tree), 13).outcome.problems
    assert "root-dtb" in problem.text
    assert problem.remedy is not None
    assert problem.remedy.text == "/serial@7"


def test_a_path_is_searched_for_as_camkes_does(tree: Sel4Tree) -> None:
    tree.replace(SOLO_DEVICES, '"/soc/serial@9000000"', '"/SERIAL@9.*"')
    assert _failures(_read(tree)) == []
    tree.replace(SOLO_DEVICES, '"/SERIAL@9.*"', '"/serial@(9"')
    assert _failures(_read(tree)) == [13]


def test_devices_may_be_asked_for_by_their_properties(tree: Sel4Tree) -> None:
    tree.replace(
        SOLO_DEVICES,
        '[{"path": "/soc/serial@9000000"}]',
        '[{"properties": {"compatible[0]": "arm,pl011"}}]',
    )
    assert _failures(_read(tree)) == []


def test_a_device_tree_that_is_made_while_configuring_is_unknown_until_then(
    tree: Sel4Tree,
) -> None:
    tree.replace(ACME_CONFIG, '"tools/dts/acme.dts"', '"${CMAKE_BINARY_DIR}/acme.dts"')
    tree.remove(ACME_DTS)
    board = _read(tree)
    assert _failures(board) == []
    assert _finding(board, 2).outcome.verdict is Verdict.UNKNOWN

    made = {"acme.dts": ("build/x/acme.dts", a_device_tree(gic=0xA000000))}
    board = _read(tree, elsewhere=Elsewhere(made=made))
    assert _finding(board, 2).outcome.verdict is Verdict.PASS
    (problem,) = _finding(board, 13).outcome.problems
    assert "0xa040000" in problem.text


def test_cores_that_are_made_while_configuring_are_not_counted(tree: Sel4Tree) -> None:
    tree.replace(ACME_CONFIG, '"tools/dts/acme.dts"', '"${CMAKE_BINARY_DIR}/acme.dts"')
    made = {"acme.dts": ("build/x/acme.dts", a_device_tree(cpus=1))}

    assert _failures(_read(tree, elsewhere=Elsewhere(made=made))) == []


def test_documents_that_name_the_board_are_found(tree: Sel4Tree, tmp_path: Path) -> None:
    docs, actions = tmp_path / "docs", tmp_path / "actions"
    elsewhere = Elsewhere(docs=docs, ci_actions=actions)
    tree.write("docs/Hardware/other.md", "---\ncmake_plat: acme\n---\n")
    tree.write("actions/seL4-platforms/platforms.yml", "  ACME:\n")
    tree.write("actions/camkes-vm/builds.yml", "- vm_minimal_ACMEX: {}\n")
    (problem,) = _finding(_read(tree, elsewhere=elsewhere), 20).outcome.problems
    assert problem.text.endswith("builds.yml has no row of the build")

    tree.write("docs/Hardware/acme.md", "")
    tree.write("actions/camkes-vm/builds.yml", "- vm_minimal: { platform: acme }\n")
    found = _finding(_read(tree, elsewhere=elsewhere), 20)
    assert found.outcome.verdict is Verdict.PASS


def test_documents_that_are_not_at_hand_are_unknown(tree: Sel4Tree) -> None:
    assert _finding(_read(tree), 20).outcome.verdict is Verdict.UNKNOWN


def test_code_of_the_platform_is_optional(tree: Sel4Tree) -> None:
    assert _finding(_read(tree), 9).outcome.verdict is Verdict.NOT_NEEDED
    tree.write("projects/vm/components/VM_Arm/src/modules/plat/acme/init.c", "")
    assert _finding(_read(tree), 9).outcome.verdict is Verdict.PASS


def test_a_bus_that_translates_addresses_is_followed(tree: Sel4Tree) -> None:
    tree.replace(
        ACME_DTS, "\t\tranges;\n", "\t\tranges = <0x0 0x8000000 0x1 0x8000000 0x0 0x8000000>;\n"
    )
    tree.replace(SOLO_DEVICES, '"0x8040000:12"', '"0x108040000:12"')
    tree.replace(VGIC_HEADER, "#define GIC_PADDR 0x8000000", "#define GIC_PADDR 0x108000000")

    assert _failures(_read(tree)) == []


def test_an_image_that_git_annex_keeps_is_itself_once_it_is_there(tree: Sel4Tree) -> None:
    kernel = tree.root / "projects/camkes-vm-images/acme/linux"
    kernel.unlink()
    kernel.symlink_to("../.git/annex/objects/SHA256E-s9--4d7a")
    assert _failures(_read(tree)) == [16]
    tree.write("projects/camkes-vm-images/.git/annex/objects/SHA256E-s9--4d7a", "a kernel\n")
    assert _failures(_read(tree)) == []
