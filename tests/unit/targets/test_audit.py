# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

from collections.abc import Mapping
from pathlib import Path

import pytest

from sel4build.model.facts import Difference
from sel4build.sources.read import read_sources
from sel4build.targets.audit import audit_catalog
from sel4build.targets.audit_apps import variant_questions
from tests.kit.sel4_catalog import CATALOG, SOLO, a_sel4_catalog
from tests.kit.sel4_tree import (
    ACME_CONFIG,
    ACME_DTS,
    APPLICATION_SETTINGS,
    ARM_APPS,
    EXAMPLES,
    PC_APPS,
    SOLO_CMAKE,
    SOLO_DEVICES,
    SOLO_SETTINGS,
    VM_ARM,
    Sel4Tree,
    a_devices_file,
)


@pytest.fixture
def tree(tmp_path: Path) -> Sel4Tree:
    return Sel4Tree.create(tmp_path / "w")


def _audit(tree: Sel4Tree, catalog_files: Mapping[str, str] = CATALOG) -> tuple[Difference, ...]:
    catalog = a_sel4_catalog(tree.root.parent / "data", catalog_files)
    facts = read_sources(
        tree.root,
        boards=[each.name for each in catalog.platforms],
        variants=variant_questions(catalog, tuple(each.name for each in catalog.apps)),
    )
    return audit_catalog(catalog, facts)


def test_a_catalogue_that_is_true_has_no_difference(tree: Sel4Tree) -> None:
    assert _audit(tree) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "texts"),
    [
        (
            SOLO_SETTINGS,
            "acme;zeta1",
            "acme;zeta1;zeta2",
            ["app vm_solo: `platforms` lacks `zeta2`, which the sources have"],
        ),
        (
            SOLO_SETTINGS,
            "acme;zeta1",
            "acme",
            ["app vm_solo: `platforms` has `zeta1`, which the sources do not have"],
        ),
        (
            VM_ARM,
            "KernelPlatformAcme OR KernelPlatformZeta1",
            "KernelPlatformAcme",
            ["option VmPCISupport: `platforms` has `zeta1`, which the sources do not have"],
        ),
        (
            VM_ARM,
            "KernelPlatformAcme OR KernelPlatformZeta1",
            "KernelPlatformAcme OR KernelPlatformZeta1 OR KernelPlatformZeta2",
            ["option VmPCISupport: `platforms` lacks `zeta2`, which the sources have"],
        ),
        (
            VM_ARM,
            '"KernelPlatformAcme;VmPCISupport"',
            '"KernelPlatformAcme"',
            ["option VmVirtioConsole: `needs` has `VmPCISupport`, which the sources do not have"],
        ),
        (
            VM_ARM,
            '"disk;VmRootfsDisk',
            '"ssd;VmRootfsDisk',
            ["option VmRootfs: `choices` is `card, disk`, but `card, ssd` in the sources"],
        ),
        (
            VM_ARM,
            "DEFAULT ON",
            "DEFAULT OFF",
            ["option VmOnDemandDeviceInstall: `default` is `ON`, but `OFF` in the sources"],
        ),
        (
            SOLO_DEVICES,
            "#define VM0_RAM_SIZE 0x10000000",
            "#define VM0_RAM_SIZE 0x8000000",
            [
                "app vm_solo on acme: `guest.ram-size` is `0x10000000`, but `0x8000000` in the sources"
            ],
        ),
        (
            SOLO_DEVICES,
            "num_vcpus = 2",
            "num_vcpus = 4",
            ["app vm_solo on acme: `guest.num-vcpus` is `2`, but `4` in the sources"],
        ),
        (
            ACME_DTS,
            "reg = <0x0 0x9000000",
            "reg = <0x0 0x9010000",
            ["platform acme: `uart.address` is `0x9000000`, but `0x9010000` in the sources"],
        ),
        (
            ACME_DTS,
            "reg = <0x0 0x8000000",
            "reg = <0x0 0x8008000",
            ["platform acme: `gic.distributor` is `0x8000000`, but `0x8008000` in the sources"],
        ),
        (
            ACME_CONFIG,
            "KernelArmCortexA53",
            "KernelArmCortexA57",
            ["platform acme: `cpu` is `cortex-a53`, but `cortex-a57` in the sources"],
        ),
        (
            ACME_CONFIG,
            "declare_seL4_arch(aarch64)",
            "declare_seL4_arch(aarch32)",
            ["platform acme: `sel4-arch` is `aarch64`, but `aarch32` in the sources"],
        ),
        (
            APPLICATION_SETTINGS,
            '"tau"',
            '"acme;tau"',
            ["platform acme: `image.format` is `binary`, but `efi` in the sources"],
        ),
        (
            SOLO_CMAKE,
            '"${CAMKES_VM_IMAGES_DIR}/acme/linux")',
            '"${CAMKES_VM_IMAGES_DIR}/acme/linux-6.1")',
            [
                "app vm_solo on acme: `guest.linux` is `projects/camkes-vm-images/acme/linux`, but `projects/camkes-vm-images/acme/linux-6.1` in the sources"
            ],
        ),
        (
            SOLO_SETTINGS,
            "set(LibUSB OFF",
            "set(LibUSB ON",
            ["app vm_solo on acme and 1 more: `forced.LibUSB` is `OFF`, but `ON` in the sources"],
        ),
        (
            SOLO_SETTINGS,
            "set(VmPCISupport ON",
            "set(VmVirtioConsole ON",
            [
                "app vm_solo on acme: `forced.VmVirtioConsole` lacks `VmVirtioConsole=ON`, which the sources have"
            ],
        ),
    ],
)
def test_a_change_of_the_sources_is_one_line_with_both_places(
    tree: Sel4Tree, file: str, old: str, new: str, texts: list[str]
) -> None:
    line = tree.replace(file, old, new)
    found = _audit(tree)
    shown = [str(each).partition(": ")[2] for each in found if f" {file}:{line}" in str(each)]
    assert shown == [f"{text}: {file}:{line}" for text in texts]
    for each in found:
        assert each.our_span is not None
        assert each.our_span.file.endswith(".toml")
        assert each.our_span.line is not None


def test_a_value_that_is_no_longer_forced_is_told(tree: Sel4Tree) -> None:
    tree.replace(SOLO_SETTINGS, "set(VmPCISupport ON", "set(VmVirtioConsole ON")
    texts = [str(each) for each in _audit(tree)]
    assert any("`forced.VmPCISupport` has `ON`" in each for each in texts)


def test_memory_that_the_catalogue_does_not_tell_is_told(tree: Sel4Tree) -> None:
    key = "apps/Arm/vm_solo/app.toml"
    text = CATALOG[key].replace("ram-base = 0x40000000, ", "").replace(", num-vcpus = 2", "")
    found = [(each.key, each.ours, each.theirs) for each in _audit(tree, {**CATALOG, key: text})]
    assert found == [
        *(("guest.ram-base", None, "0x40000000"), ("guest.num-vcpus", None, "2")) * 2,
    ]


def test_more_nodes_than_the_board_has_cores_are_told(tree: Sel4Tree) -> None:
    files = dict(CATALOG)
    key = "platforms/acme.toml"
    files[key] = files[key].replace("max-num-nodes = 4", "max-num-nodes = 8")
    (difference,) = _audit(tree, files)
    assert (difference.key, difference.ours, difference.theirs) == ("max-num-nodes", "8", "4")
    files[key] = CATALOG[key]
    key = "platforms/zeta1.toml"
    files[key] = files[key].replace("max-num-nodes = 1", "max-num-nodes = 2")
    (difference,) = _audit(tree, files)
    assert difference.their_span.file == f"{EXAMPLES}/settings.cmake"


def test_wrong_names_of_a_board_are_told(tree: Sel4Tree) -> None:
    files = dict(CATALOG)
    text = files["platforms/zeta2.toml"].replace(
        'kernel-platform = "zeta"', 'kernel-platform = "z"'
    )
    files["platforms/zeta2.toml"] = text.replace('kernel-arm-platform = "zeta2"', "").replace(
        "-arm-zeta", "-arm-z"
    )
    pc = files["platforms/ia32.toml"].replace("kernel-ia32-pc99", "kernel-pc99")
    files["platforms/ia32.toml"] = pc
    found = {(each.subject, each.key) for each in _audit(tree, files)}
    assert found == {
        ("platform zeta2", "kernel-platform"),
        ("platform zeta2", "kernel-arm-platform"),
        ("platform zeta2", "image.name"),
        ("platform ia32", "image.kernel-name"),
    }


def test_apps_and_boards_that_one_side_lacks_are_told(tree: Sel4Tree) -> None:
    tree.write(f"{ARM_APPS}/vm_new/settings.cmake", 'set(supported "acme")\n')
    tree.remove(f"{PC_APPS}/plain/app_settings.cmake")
    tree.remove(f"{PC_APPS}/plain/CMakeLists.txt")
    tree.remove("kernel/src/plat/zeta/config.cmake")
    found = {(each.subject, each.ours, each.theirs) for each in _audit(tree)}
    assert ("app vm_new", None, "vm_new") in found
    assert ("app plain", "plain", None) in found
    assert ("platform zeta1", "zeta1", None) in found


def test_options_that_the_catalogue_lacks_are_told(tree: Sel4Tree) -> None:
    text = tree.read(VM_ARM)
    tree.write(VM_ARM, text + 'config_option(VmNew VM_NEW "new" DEFAULT OFF)\n')
    tree.replace(SOLO_CMAKE, "project(vm_solo C)", "if(SOLO_FAST)\nendif()")
    found = {(each.subject, each.theirs) for each in _audit(tree)}
    assert found == {("options", "VmNew"), ("app vm_solo", "SOLO_FAST")}


def test_the_kind_of_an_option_is_compared(tree: Sel4Tree) -> None:
    tree.replace(VM_ARM, "config_choice(\n    VmRootfs", "config_string(\n    VmRootfs")
    assert ("option VmRootfs", "kind") in {(each.subject, each.key) for each in _audit(tree)}


@pytest.mark.parametrize("text", ["", "/* soon */\n", None])
def test_a_board_without_its_devices_is_told(tree: Sel4Tree, text: str | None) -> None:
    file = tree.root / SOLO_DEVICES
    place = f"{ARM_APPS}/vm_solo/acme"
    if text is None:
        file.unlink()
        file.parent.rmdir()
    else:
        file.write_text(text)
        place = f"{SOLO_DEVICES}:1"
    (line,) = (str(each) for each in _audit(tree) if each.key == "guest")
    wanted = "app vm_solo on acme: `guest` has `settings in devices.camkes`, which the sources do"
    assert wanted in line
    assert line.endswith(f"not have: {place}")
    assert ".toml:" in line.split("app vm_solo", maxsplit=1)[0]


def test_numbers_of_guests_and_of_nodes_are_compared(tree: Sel4Tree) -> None:
    tree.write(f"{ARM_APPS}/vm_duo/acme/devices.camkes", a_devices_file())
    tree.replace(
        f"{PC_APPS}/plain/app_settings.cmake", "KernelMaxNumNodes 1", "KernelMaxNumNodes 2"
    )
    found = {(each.subject, each.key, each.theirs) for each in _audit(tree)}
    assert found == {("app vm_duo", "num-vms", "1"), ("app plain", "num-nodes", "2")}


def test_variants_are_compared_with_their_option_on(tree: Sel4Tree) -> None:
    tree.replace(
        SOLO_CMAKE,
        "project(vm_solo C)",
        'if(SOLO_BIG)\nAddToFileServer("linux-dtb" "${CAMKES_VM_IMAGES_DIR}/zeta1/big-dtb")\n'
        "else()\nendif()",
    )
    variant = (
        '\n[[platforms.variants]]\noption = "SOLO_BIG"\nvalue = "ON"\n'
        'guest = { dtb = "projects/camkes-vm-images/zeta1/huge-dtb" }\n'
    )
    option = '\n[[options]]\nname = "SOLO_BIG"\nsummary = "big"\nkind = "bool"\ndefault = "OFF"\n'
    head, mark, rest = SOLO.partition("\n[[platforms]]")
    files = {**CATALOG, "apps/Arm/vm_solo/app.toml": head + option + mark + rest + variant}
    text = tree.read(SOLO_CMAKE)
    later = 'if(NOT SOLO_BIG)\n    AddToFileServer("linux-dtb" "${CAMKES_VM_IMAGES_DIR}/zeta1/linux-dtb")\nendif()'
    old = 'AddToFileServer("linux-dtb" "${CAMKES_VM_IMAGES_DIR}/zeta1/linux-dtb")'
    tree.write(SOLO_CMAKE, text.replace(old, later))
    (difference,) = _audit(tree, files)
    assert difference.theirs == "projects/camkes-vm-images/zeta1/big-dtb"
    assert difference.ours == "projects/camkes-vm-images/zeta1/huge-dtb"


def test_what_cannot_be_read_is_no_difference(tree: Sel4Tree) -> None:
    tree.replace(SOLO_SETTINGS, '"acme;zeta1"', "${SOMETHING}")
    tree.replace(SOLO_DEVICES, "num_vcpus = 2", "num_vcpus = MANY")
    tree.write(ACME_DTS, "this is no device tree")
    assert all(each.subject == "app vm_solo" for each in _audit(tree))


def test_apps_of_another_manifest_are_not_looked_for(tree: Sel4Tree) -> None:
    catalog = a_sel4_catalog(tree.root.parent / "data")
    facts = read_sources(tree.root, boards=[each.name for each in catalog.platforms])
    subjects = {each.subject for each in audit_catalog(catalog, facts, manifest="other")}
    assert subjects == set()
