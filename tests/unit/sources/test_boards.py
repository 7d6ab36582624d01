# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

from pathlib import Path

import pytest

from sel4build.model.facts import BoardFacts
from sel4build.model.platform import Arch, ImageFormat, Sel4Arch
from sel4build.sources.boards import BoardReader
from sel4build.sources.files import SourceFiles
from tests.kit.sel4_tree import (
    ACME_CONFIG,
    ACME_DTS,
    ACME_OVERLAY,
    APPLICATION_SETTINGS,
    Sel4Tree,
    a_device_tree,
)


@pytest.fixture
def tree(tmp_path: Path) -> Sel4Tree:
    return Sel4Tree.create(tmp_path / "w")


def _board(tree: Sel4Tree, name: str) -> BoardFacts:
    found = BoardReader(SourceFiles(tree.root)).read(name)
    assert found is not None
    return found


def test_a_board_is_what_the_kernel_and_its_device_trees_say(tree: Sel4Tree) -> None:
    board = _board(tree, "acme")
    assert (board.kernel_platform, board.arch) == ("acme", Arch.ARM)
    assert (board.sel4_arch, board.needs_aarch64) == (Sel4Arch.AARCH64, True)
    facts = (board.cpu, board.hypervisor, board.image_format, board.uart)
    assert [each and each.value for each in facts] == [
        "cortex-a53",
        True,
        ImageFormat.BINARY,
        0x9000000,
    ]
    assert board.image_format is not None
    assert board.image_format.span.line == tree.line(APPLICATION_SETTINGS, "acme;other")
    assert board.gic_ranges == (0x8000000, 0x8010000, 0x8030000, 0x8040000)
    assert board.uart is not None
    assert board.uart.span.file == ACME_DTS
    assert board.uart.span.line == tree.line(ACME_DTS, "reg = <0x0 0x9000000")
    numbers = (board.gic_version, board.distributor, board.cores, board.psci)
    assert [each and each.value for each in numbers] == [2, 0x8000000, 4, True]
    assert board.interrupt_header is not None
    assert board.interrupt_header.value == "arch/machine/gic_v2.h"
    assert [each.value for each in board.device_trees] == [ACME_DTS, ACME_OVERLAY]
    assert board.uart_compatible == ("arm,pl011",)


def test_a_board_of_a_family_is_known_by_its_alias(tree: Sel4Tree) -> None:
    board = _board(tree, "zeta2")
    assert (board.kernel_platform, board.sel4_arch) == ("zeta", Sel4Arch.ARM_HYP)
    assert not board.needs_aarch64
    assert board.alias is not None
    assert board.alias.line == tree.line(APPLICATION_SETTINGS, "zeta:zeta1,zeta2")
    assert board.variables["KernelPlatformZeta2"] == "ON"
    assert board.image_format is not None
    assert board.image_format.value is ImageFormat.ELF


def test_a_pc_is_a_board_for_each_architecture_of_its_kernel(tree: Sel4Tree) -> None:
    board = _board(tree, "ia32")
    assert (board.arch, board.sel4_arch) == (Arch.X86, Sel4Arch.IA32)
    assert board.image_format is not None
    assert board.image_format.value is ImageFormat.MULTIBOOT
    assert _board(tree, "pc99").sel4_arch is None


def test_a_board_that_the_kernel_does_not_declare_is_none(tree: Sel4Tree) -> None:
    assert BoardReader(SourceFiles(tree.root)).read("nothing") is None


def test_a_board_without_virtualization_is_told(tree: Sel4Tree) -> None:
    tree.replace(ACME_CONFIG, "declare_seL4_arch(aarch64)", "declare_seL4_arch(aarch32)")
    assert _board(tree, "acme").sel4_arch is None
    tree.replace(ACME_CONFIG, "declare_seL4_arch(aarch32)", "declare_seL4_arch(aarch64)")
    tree.replace(ACME_CONFIG, "KernelArmCortexA53", "KernelArmCortexA9")
    board = _board(tree, "acme")
    assert board.hypervisor is not None
    assert board.hypervisor.value is False


def test_a_new_platform_is_known_as_soon_as_its_files_are_there(tree: Sel4Tree) -> None:
    config = tree.read(ACME_CONFIG).replace("acme", "novel").replace("Acme", "Novel")
    tree.write("kernel/src/plat/novel/config.cmake", config)
    tree.write("kernel/tools/dts/novel.dts", a_device_tree(uart=0x1000, cpus=2))
    tree.write("kernel/src/plat/novel/overlay-novel.dts", tree.read(ACME_OVERLAY))
    board = _board(tree, "novel")
    assert board.cores is not None
    assert board.uart is not None
    assert (board.cores.value, board.uart.value) == (2, 0x1000)


def test_a_tree_that_is_made_when_configuring_leaves_the_hardware_unknown(tree: Sel4Tree) -> None:
    tree.replace(ACME_CONFIG, '"tools/dts/acme.dts"', '"${CMAKE_BINARY_DIR}/made.dts"')
    board = _board(tree, "acme")
    assert [each.value for each in board.device_trees] == [None, ACME_OVERLAY]
    assert (board.cores, board.uart, board.distributor) == (None, None, None)


def test_an_empty_workspace_has_no_boards(tmp_path: Path) -> None:
    reader = BoardReader(SourceFiles(tmp_path))
    assert (reader.declared, reader.aliases, reader.read("acme")) == ({}, {}, None)


def test_missing_helpers_leave_the_image_form_unknown(tree: Sel4Tree) -> None:
    tree.write(APPLICATION_SETTINGS, "")
    assert _board(tree, "acme").image_format is None
    tree.remove("kernel/src/arch/arm/config.cmake")
    assert _board(tree, "acme").hypervisor is None


def test_files_outside_the_workspace_are_not_read(tree: Sel4Tree, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tree.root / "link").symlink_to(tmp_path / "secret")
    files = SourceFiles(tree.root)
    for path in ("../secret", "link", str(tmp_path / "secret"), "a\0b", "kernel", "none"):
        assert files.text(path) is None
    assert not files.exists("../secret")
    assert files.exists("kernel")
    assert files.folders("none") == ()
    assert "none" in files.asked
