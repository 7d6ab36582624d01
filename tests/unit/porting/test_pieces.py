# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

import struct
from pathlib import Path

import pytest

from sel4build.porting.begin import Change
from sel4build.porting.catalogue import platform_file
from sel4build.porting.editing import branch_of, branch_place
from sel4build.porting.fdt import parse_blob
from sel4build.porting.files import SourceFiles
from sel4build.porting.finding import Verdict
from sel4build.porting.patch import render_patch
from sel4build.porting.placing import plan_guest, plan_pci
from sel4build.porting.read import read_board
from sel4build.porting.registry import run_checks
from tests.kit.sel4_tree import ACME_DTS, SOLO_SETTINGS, VGIC_HEADER, Sel4Tree


@pytest.fixture
def tree(tmp_path: Path) -> Sel4Tree:
    return Sel4Tree.create(tmp_path)


def _header(*, magic: int = 0xD00DFEED, size: int = 60) -> bytes:
    return struct.pack(">10I", magic, size, 40, 0, 0, 17, 16, 0, 0, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        _header(magic=1) + bytes(20),
        _header(size=1000) + bytes(20),
        _header() + struct.pack(">5I", 7, 0, 0, 0, 0),
        _header() + struct.pack(">5I", 1, 0, 1, 0, 1),
        _header() + struct.pack(">5I", 9, 9, 9, 9, 9),
        _header(size=4000) + struct.pack(">2I", 1, 0) * 495,
    ],
    ids=["empty", "magic", "cut", "token", "open", "no-root", "deep"],
)
def test_a_blob_that_is_none_has_no_tree(content: bytes) -> None:
    assert parse_blob(content, "a.dtb") is None


def test_tokens_that_say_nothing_are_passed_over() -> None:
    tree = parse_blob(_header() + struct.pack(">5I", 4, 1, 0, 2, 9), "a.dtb")

    assert tree is not None
    assert list(tree.nodes) == ["/"]


def test_a_branch_goes_into_the_conditional_with_most_boards() -> None:
    text = (
        'if("${PLATFORM}" STREQUAL "a")\nendif()\nif(X)\nendif()\n'
        'if("${KernelARMPlatform}" STREQUAL "a")\n'
        'elseif("${KernelARMPlatform}" STREQUAL "b")\n    if(Y)\n    endif()\nendif()\n'
    )

    assert branch_place(text) == 8
    assert (branch_of(text, "b"), branch_of(text, "c")) == (6, None)
    assert branch_place("endif()\nif(X)\nendif()\n") is None


def test_a_patch_tells_that_a_file_has_no_last_line_end() -> None:
    patch = render_patch([Change(path="a", before="x", after="x\ny\n")])

    assert patch.splitlines()[-5:] == [
        "@@ -1 +1,2 @@",
        "-x",
        "\\ No newline at end of file",
        "+x",
        "+y",
    ]


def test_memory_that_is_short_gives_a_smaller_guest(tree: Sel4Tree) -> None:
    tree.replace(ACME_DTS, "0x0 0x80000000>; };\n\tsoc", "0x0 0x18000000>; };\n\tsoc")

    plan = plan_guest(read_board(SourceFiles(tree.root), "acme", "vm_solo"))

    assert (plan.ram_base, plan.ram_size, plan.is_known) == (0x50000000, 0x8000000, True)


def test_without_a_device_tree_all_is_guessed_and_said(tree: Sel4Tree) -> None:
    tree.remove(ACME_DTS)
    board = read_board(SourceFiles(tree.root), "acme", "vm_solo")

    assert plan_guest(board).is_known is False
    assert plan_pci(board) == 0x3D000000
    text = platform_file(board)
    assert 'driver = "unknown"' in text
    assert "[gic]" not in text


def test_a_bus_goes_where_nothing_is(tree: Sel4Tree) -> None:
    tree.replace(ACME_DTS, "0x0 0x40000000 0x0 0x80000000", "0x0 0x10000000 0x0 0xb0000000")

    assert plan_pci(read_board(SourceFiles(tree.root), "acme", "vm_solo")) == 0xD000000


def test_a_list_that_cannot_be_told_is_unknown(tree: Sel4Tree) -> None:
    tree.replace(SOLO_SETTINGS, '"acme;zeta1"', "$ENV{BOARDS}")

    findings = run_checks(read_board(SourceFiles(tree.root), "acme", "vm_solo"))

    assert findings[13].outcome.verdict is not Verdict.PASS


def test_a_device_tree_source_may_be_asked_for_devices(tree: Sel4Tree) -> None:
    script = "projects/vm-examples/apps/Arm/vm_solo/CMakeLists.txt"
    setting = (
        'set(CAMKES_ROOT_DTB_FILE_PATH "${CAMKES_VM_IMAGES_DIR}/acme/root.dts" CACHE STRING "")'
    )
    tree.write(script, f"{setting}\n{tree.read(script)}")
    tree.write("projects/camkes-vm-images/acme/root.dts", "/dts-v1/;\n/ { serial@1 { }; };\n")
    failures = [
        each.check.number
        for each in run_checks(read_board(SourceFiles(tree.root), "acme", "vm_solo"))
        if each.is_failure
    ]
    assert failures == [13]

    tree.remove("projects/camkes-vm-images/acme/root.dts")
    failures = [
        each.check.number
        for each in run_checks(read_board(SourceFiles(tree.root), "acme", "vm_solo"))
        if each.is_failure
    ]
    assert failures == [16]


def test_a_header_without_branches_is_told_without_lines(tree: Sel4Tree) -> None:
    tree.write(VGIC_HEADER, "#pragma once\n")

    findings = run_checks(read_board(SourceFiles(tree.root), "acme", "vm_solo"))

    (problem,) = findings[5].outcome.problems
    assert problem.remedy is None


def test_a_path_that_no_system_takes_is_no_file(tmp_path: Path) -> None:
    files = SourceFiles(tmp_path)
    for path in ("a\0b", "x" * 5000):
        assert files.text(path) is None
        assert not files.is_file(path)
        assert not files.is_dir(path)
        assert files.names(path) == ()
        assert files.named(path).is_missing
