# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

import pytest

from sel4build.model.sources import DevicesFacts
from sel4build.sources.camkes import parse_devices
from sel4build.sources.expressions import evaluate_integer
from tests.kit.sel4_tree import a_devices_file


def _read(body: str, **defines: str) -> DevicesFacts:
    return parse_devices(body, "b/devices.camkes", defines)


def test_a_guest_has_memory_devices_and_vcpus_each_with_its_place() -> None:
    text = a_devices_file("vm0", "vm1")
    facts = _read(text)
    assert [each.name for each in facts.vms] == ["vm0", "vm1"]
    vm = facts.vm("vm1")
    assert vm is not None
    assert vm.addresses["ram_base"].value == 0x50000000
    assert vm.num_vcpus is not None
    assert vm.num_vcpus.value == 2
    assert [each.value for each in vm.dtb_paths] == ["/soc/serial@9000000"]
    assert [(each.address, each.bits) for each in vm.untyped_mmios] == [(0x8040000, 12)]
    lines = text.split("\n")
    assert "define VM1_RAM_BASE" in lines[(vm.addresses["ram_base"].span.line or 0) - 1]
    assert "0x8040000:12" in lines[(vm.untyped_mmios[0].span.line or 0) - 1]
    assert facts.vm("vm2") is None
    assert facts.faults == ()


def test_the_old_spelling_of_addresses_is_read_as_the_new_one() -> None:
    facts = _read(
        "#define BASE 0x1000 // comment\n"
        'vm.linux_address_config = { "linux_ram_base" : VAR_STRINGIZE(BASE + (1 << 4)),\n'
        '  "linux_ram_size" : "0x2000", "dtb_addr" : WHAT, };\n'
        'vm.linux_image_config = { "linux_stdout" : "a" "b", "clean_cache" : true, "n": 3, "u": X };'
    )
    (vm,) = facts.vms
    assert {key: fact.value for key, fact in vm.addresses.items()} == {
        "ram_base": 0x1010,
        "ram_size": 0x2000,
        "dtb_addr": None,
    }
    assert {key: fact.value for key, fact in vm.image.items()} == {
        "linux_stdout": "ab",
        "clean_cache": "true",
        "n": "3",
        "u": None,
    }


@pytest.mark.parametrize(
    ("defines", "paths"),
    [({}, ["/a", "/d"]), ({"INSECURE": "1"}, ["/a", "/b"]), ({"FWD": "1"}, ["/a", "/c"])],
)
def test_conditions_of_the_preprocessor_decide(defines: dict[str, str], paths: list[str]) -> None:
    text = (
        'vm0.dtb = dtb([{"path": "/a"},\n#if INSECURE\n{"path": "/b"},\n'
        '#elif defined(FWD) && FWD == 1\n{"path": "/c"},\n#else\n{"path": "/d"},\n#endif\n{}]);'
    )
    (vm,) = _read(text, **defines).vms
    assert [each.value for each in vm.dtb_paths] == paths
    assert vm.dtb_paths[0].span.line == 1


def test_macros_have_values_and_places() -> None:
    facts = _read(
        "#define A 0x10UL\n#define B (A * 2 + \\\n 1)\n#define F(x) x\n#define LOOP LOOP\n"
        "#define GONE 1\n#undef GONE\n#ifdef A\n#define C ~0 & 010\n#endif\n#ifndef A\n#define D 1\n#endif"
    )
    assert {key: fact.value for key, fact in facts.macros.items()} == {
        "A": 16,
        "B": 33,
        "LOOP": None,
        "C": 8,
    }
    assert facts.macros["C"].span.line == 9


@pytest.mark.parametrize("text", ["#endif", "#if 1", "#if (\n#endif", "#else"])
def test_what_is_no_preprocessor_is_told(text: str) -> None:
    assert [each.line for each in _read(text).faults] == [1]


def test_what_cannot_be_read_is_unknown() -> None:
    facts = _read('vm0.num_vcpus = MANY;\nvm0.untyped_mmios = ["x", "0x1:z", 3];\nvm1.dtb = f(')
    first, second = facts.vms
    assert first.num_vcpus is not None
    assert first.num_vcpus.value is None
    assert first.untyped_mmios == ()
    assert second.dtb_paths == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("0x10UL | 1", 17),
        ("010", 8),
        ("!0 && 1", 1),
        ("0 && NONE", 0),
        ("1 || NONE", 1),
        ("1 && NONE", None),
        ("7 / 2", 3),
        ("1 != 2", 1),
        ("-(1 << 3)", -8),
        ("1 << 999999", None),
        ("1 / 0", None),
        ("A", 5),
        ("NONE", None),
        ("1 +", None),
        ("f(1)", None),
        ("1 < 2 < 3", None),
        ("2 ** 9", None),
        ("'a'", None),
        ("1.5", None),
        ("x" * 9999, None),
        ("-" * 400 + "1", None),
    ],
)
def test_expressions_of_whole_numbers_have_values(text: str, value: int | None) -> None:
    assert evaluate_integer(text, {"A": 5}.get) == value
