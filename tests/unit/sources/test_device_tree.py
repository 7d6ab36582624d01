# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

import pytest

from sel4build.model.sources import DeviceTree, NodeRef
from sel4build.sources.device_tree import parse_device_tree
from sel4build.sources.hardware import (
    KERNEL_DEVICES,
    chosen_nodes,
    cpu_nodes,
    find_node,
    gic_node,
    gic_version,
    psci_node,
    reg_ranges,
)
from tests.kit.sel4_tree import ACME_DTS, ACME_OVERLAY, FILES, a_device_tree


def _tree(*texts: str) -> DeviceTree:
    return parse_device_tree(tuple((f"{n}.dts", text) for n, text in enumerate(texts)))


def _board() -> DeviceTree:
    return parse_device_tree(tuple((name, FILES[name]) for name in (ACME_DTS, ACME_OVERLAY)))


def test_a_board_has_processors_a_console_and_an_interrupt_controller() -> None:
    tree = _board()
    gic = gic_node(tree)
    assert gic is not None
    assert gic_version(gic) == 2
    ranges = reg_ranges(tree, gic)
    assert ranges is not None
    assert [each.address for each in ranges] == [0x8000000, 0x8010000, 0x8030000, 0x8040000]
    reg = gic.prop("reg")
    assert reg is not None
    assert (reg.span.file, reg.span.line) == (
        ACME_DTS,
        next(n for n, each in enumerate(FILES[ACME_DTS].split("\n"), 1) if "0x8000000 0x0" in each),
    )
    assert len(cpu_nodes(tree)) == 4
    psci = psci_node(tree)
    assert psci is not None
    assert [each.path for each in chosen_nodes(tree, KERNEL_DEVICES)] == [
        "/soc/serial@9000000",
        gic.path,
    ]
    assert tree.faults == ()


def test_a_later_file_is_laid_over_an_earlier_one() -> None:
    tree = _tree(
        '/ { a: n@1 { x = <1>; y = "old"; gone; c { }; }; };',
        '&a { y = "new"; /delete-property/ gone; /delete-node/ c; };\n&{/n@1} { z; };\n'
        "/ { n@1 { w; }; m { }; b: k { }; };\n/delete-node/ &b;",
    )
    node = tree.nodes["/n@1"]
    assert list(node.properties) == ["x", "y", "z", "w"]
    second = node.prop("y")
    assert second is not None
    assert second.strings == ("new",)
    assert (second.span.file, second.span.line) == ("1.dts", 1)
    assert list(tree.nodes) == ["/", "/n@1", "/m"]
    assert (node.name, tree.nodes["/"].name) == ("n@1", "/")


def test_values_of_every_form_are_read() -> None:
    tree = _tree(
        '#define TWO 2\n/ { a: n { v = "p\\0q\\n", <1 (TWO << 1) TWO &a &none X>, [00 fF], &a, &{/n};'
        ' w = /bits/ 8 <1 2>; f; i = /incbin/("x"); }; };'
    )
    found = tree.nodes["/n"].prop("v")
    assert found is not None
    ref = NodeRef("/n", "a")
    assert found.strings == ("p", "q\n")
    assert found.cells == (1, 4, 2, ref, NodeRef(None, "none"), None)
    assert found.values[2] == b"\x00\xff"
    assert found.refs == (ref, NodeRef("/n"))
    assert [each.line for each in tree.faults] == [2]


def test_files_are_included_where_they_can_be_found() -> None:
    files = {"base.dtsi": "/ { n { a; }; };"}
    tree = parse_device_tree(
        (("x.dts", '/include/ "base.dtsi"\n#include "none.h"\n/ { n { b; }; };'),),
        lambda name, _: files.get(name),
    )
    assert list(tree.nodes["/n"].properties) == ["a", "b"]
    assert [each.line for each in tree.faults] == [2]


def test_what_cannot_be_laid_anywhere_is_told() -> None:
    tree = _tree("&nowhere { a; };\n/ {\n#ifdef A\nx;\n#endif\n};\n#if A\n/ { y; };\n#endif\n;;;}")
    assert [each.line for each in tree.faults][-3:] == [1, 3, 7]
    assert list(tree.nodes) == ["/"]


def test_addresses_are_those_that_the_processor_sees() -> None:
    tree = _tree(
        "/ { #address-cells = <1>; #size-cells = <1>; bus@0 { #address-cells = <1>;"
        " #size-cells = <1>; ranges = <0x7e000000 0xfe000000 0x1000000>;"
        " uart@7e000040 { reg = <0x7e000040 0x40>; }; out@1 { reg = <1 1>; }; odd { reg = <1>; };"
        " ref { reg = <&x 1>; x: y { }; }; none { }; }; };"
    )

    def address(path: str) -> list[int] | None:
        ranges = reg_ranges(tree, tree.nodes[path])
        return None if ranges is None else [each.address for each in ranges]

    assert address("/bus@0/uart@7e000040") == [0xFE000040]
    assert address("/bus@0/out@1") == [1]
    assert address("/bus@0/odd") is None
    assert address("/bus@0/ref") is None
    assert address("/bus@0/none") == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("serial0", "/soc/serial@9000000"),
        ("uart0", "/soc/serial@9000000"),
        ("/soc/", "/soc"),
        ("/", "/"),
        ("text", "/soc"),
        ("text/serial@9000000", "/soc/serial@9000000"),
        ("none", None),
    ],
)
def test_a_node_is_found_by_path_alias_or_label(name: str, path: str | None) -> None:
    tree = _tree(a_device_tree(), '/ { aliases { text = "/soc"; }; };')
    found = find_node(tree, name)
    assert (found.path if found else None) == path


def test_a_tree_may_lack_everything() -> None:
    tree = _tree('/ { cpus { cpu@0 { status = "disabled"; }; l2 { }; }; };')
    assert (gic_node(tree), psci_node(tree), cpu_nodes(tree)) == (None, None, ())
    assert chosen_nodes(tree, KERNEL_DEVICES) == ()
    assert reg_ranges(tree, tree.nodes["/"]) == ()
    assert _tree().nodes["/"].children == ()


def test_a_gic_of_version_three_is_told_apart() -> None:
    tree = _tree('/ { i@1 { compatible = "arm,gic-v3"; }; };')
    gic = gic_node(tree)
    assert gic is not None
    assert gic_version(gic) == 3


def test_a_tree_too_deep_is_cut() -> None:
    tree = _tree("/ {" + "a {" * 300 + "};" * 300 + "};")
    assert tree.faults
