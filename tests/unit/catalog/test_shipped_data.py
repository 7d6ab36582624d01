# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The data files that we ship: they load, are in canonical order, and say what upstream says."""

import dataclasses
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sel4build.catalog import load_catalog
from sel4build.catalog.files import AppFile, FamilyFile
from sel4build.catalog.host import HintsFile, PackagesFile, ToolsFile
from sel4build.model.app import App, AppPlatform
from sel4build.model.catalog import Catalog
from sel4build.model.platform import ImageFormat, Platform, Sel4Arch
from sel4build.model.toolchain import Toolchain
from sel4build.resources import data_root

_FILES: tuple[tuple[Path, type], ...] = (
    *((path, Platform) for path in sorted(data_root("platforms").glob("*.toml"))),
    *((path, Toolchain) for path in sorted(data_root("toolchains").glob("*.toml"))),
    (data_root("host") / "tools.toml", ToolsFile),
    (data_root("host") / "packages.toml", PackagesFile),
    (data_root("host") / "hints.toml", HintsFile),
    *((path, FamilyFile) for path in sorted(data_root("apps").rglob("*family.toml"))),
    *((path, AppFile) for path in sorted(data_root("apps").rglob("app.toml"))),
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_the_whole_catalogue_loads(catalog: Catalog) -> None:
    assert len(catalog.platforms) == 11
    assert len(catalog.apps) == 15


@pytest.mark.parametrize(("path", "cls"), _FILES, ids=lambda value: getattr(value, "name", ""))
def test_keys_are_in_canonical_order(path: Path, cls: type) -> None:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert next(iter(table)) == "version"
    del table["version"]
    assert list(_misplaced(table, cls, "")) == []


@pytest.mark.parametrize(("path", "cls"), _FILES, ids=lambda value: getattr(value, "name", ""))
def test_each_file_says_its_licence(path: Path, cls: type) -> None:
    assert cls is not None
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# SPDX-FileCopyrightText: ")
    assert lines[1] == "# SPDX-License-Identifier: BSD-2-Clause"


def test_each_app_names_platforms_of_the_catalogue(catalog: Catalog) -> None:
    for app in catalog.apps:
        assert app.platforms
        for each in app.platforms:
            assert catalog.platform(each.platform) is not None


def test_each_manifest_that_an_app_names_is_shipped(catalog: Catalog) -> None:
    names = {path.stem for path in data_root("manifests").glob("*.xml")}
    assert {app.manifest for app in catalog.apps} <= names


# Platform, sel4-arch, word size, image form, file name, most nodes: as configuring upstream showed.
@pytest.mark.parametrize(
    ("name", "sel4_arch", "word_size", "form", "image_name", "max_num_nodes"),
    [
        ("tk1", "arm_hyp", 32, "efi", "{rootserver}-image-arm-tk1", 1),
        ("tx1", "aarch64", 64, "binary", "{rootserver}-image-arm-tx1", 4),
        ("tx2", "aarch64", 64, "uimage", "{rootserver}-image-arm-tx2", 4),
        ("exynos5410", "arm_hyp", 32, "elf", "{rootserver}-image-arm-exynos5", 1),
        ("exynos5422", "arm_hyp", 32, "elf", "{rootserver}-image-arm-exynos5", 1),
        ("qemu-arm-virt", "aarch64", 64, "elf", "{rootserver}-image-arm-qemu-arm-virt", 8),
        ("odroidc2", "aarch64", 64, "binary", "{rootserver}-image-arm-odroidc2", 4),
        ("zcu102", "aarch64", 64, "elf", "{rootserver}-image-arm-zynqmp", 4),
        ("ultra96v2", "aarch64", 64, "elf", "{rootserver}-image-arm-zynqmp", 4),
        ("ia32", "ia32", 32, "multiboot", "{rootserver}-image-ia32-pc99", 4),
        ("x86_64", "x86_64", 64, "multiboot", "{rootserver}-image-x86_64-pc99", 4),
    ],
)
def test_platforms_are_as_upstream_has_them(
    catalog: Catalog,
    name: str,
    sel4_arch: str,
    word_size: int,
    form: str,
    image_name: str,
    max_num_nodes: int,
) -> None:
    platform = catalog.platform(name)
    assert platform is not None
    assert platform.sel4_arch is Sel4Arch(sel4_arch)
    assert platform.word_size == word_size
    assert platform.image.format is ImageFormat(form)
    assert platform.image.name == image_name
    assert platform.max_num_nodes == max_num_nodes


def test_aarch64_is_set_just_where_upstream_does_not_set_it_itself(catalog: Catalog) -> None:
    needing = {each.name for each in catalog.platforms if "AARCH64" in each.variables}
    assert needing == {"tx1", "tx2", "odroidc2", "qemu-arm-virt", "ultra96v2"}


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("tk1", 0x7000_6300),
        ("tx1", 0x7000_6000),
        ("tx2", 0x310_0000),
        ("exynos5410", 0x12C2_0000),
        ("exynos5422", 0x12C2_0000),
        ("qemu-arm-virt", 0x900_0000),
        ("odroidc2", 0xC810_04C0),
        ("zcu102", 0xFF00_0000),
        ("ultra96v2", 0xFF01_0000),
        ("ia32", 0x3F8),
        ("x86_64", 0x3F8),
    ],
)
def test_the_kernel_prints_on_the_uart_that_upstream_chooses(
    catalog: Catalog, name: str, address: int
) -> None:
    platform = catalog.platform(name)
    assert platform is not None
    assert platform.uart.address == address


def test_only_a_multiboot_image_has_a_kernel_beside_it(catalog: Catalog) -> None:
    for platform in catalog.platforms:
        is_multiboot = platform.image.format is ImageFormat.MULTIBOOT
        assert (platform.image.kernel_name is not None) == is_multiboot


def test_boot_lines_use_what_fits_the_image_form(catalog: Catalog) -> None:
    for platform in catalog.platforms:
        for method in platform.boot:
            text = " ".join(method.commands)
            assert method.format is platform.image.format
            if method.where == "U-Boot":
                starts = {"efi": "bootefi", "uimage": "bootm", "elf": "bootelf", "binary": "go "}
                assert starts[method.format.value] in text


@pytest.mark.parametrize(
    ("app", "platforms", "num_vms"),
    [
        ("vm_minimal", "tk1 tx1 tx2 exynos5422 qemu-arm-virt odroidc2 zcu102", 1),
        ("vm_multi", "exynos5422 qemu-arm-virt", 3),
        ("vm_serial_server", "exynos5422", 1),
        ("vm_virtio_net", "exynos5422 tx2 zcu102", 1),
        ("vm_cross_connector", "exynos5422 qemu-arm-virt", 1),
        ("vm_introspect", "exynos5422 qemu-arm-virt", 1),
        ("odroid_vm", "exynos5410", 1),
        ("minimal", "ia32", 1),
        ("minimal_64", "x86_64", 1),
        ("optiplex9020", "x86_64", 2),
        ("cma34cr_centos", "x86_64", 1),
        ("cma34cr_ubuntu", "x86_64", 1),
        ("virtio_blk_sample", "ia32", 1),
        ("zmq_samples", "x86_64", 3),
    ],
)
def test_apps_are_for_the_platforms_that_upstream_lists(
    catalog: Catalog, app: str, platforms: str, num_vms: int
) -> None:
    found = _app(catalog, app)
    assert [each.platform for each in found.platforms] == platforms.split()
    assert found.num_vms == num_vms
    assert found.manifest == "camkes-vm-examples"
    assert found.rootserver == "capdl-loader"


def test_the_bundled_app_is_for_every_platform(catalog: Catalog) -> None:
    bundled = [app for app in catalog.apps if app.num_vms == 0]
    names = {each.name for each in catalog.platforms}
    assert [{each.platform for each in app.platforms} for app in bundled] == [names]


@pytest.mark.parametrize(
    ("app", "platform", "success"),
    [
        ("vm_minimal", "tx2", ("buildroot login:",)),
        ("vm_minimal", "zcu102", ("@xilinx-zcu102",)),
        ("vm_multi", "exynos5422", ("buildroot login:",) * 3),
        ("vm_virtio_net", "tx2", ("arping test was successful",)),
        ("vm_cross_connector", "exynos5422", ("Finished crossvm test script",)),
        ("odroid_vm", "exynos5410", ("root@NICTAcopter:",)),
        ("zmq_samples", "x86_64", ("Finished running all scenarios",)),
    ],
)
def test_success_is_what_upstreams_own_tests_wait_for(
    catalog: Catalog, app: str, platform: str, success: tuple[str, ...]
) -> None:
    assert _on(catalog, app, platform).console.success == success


def test_an_error_marker_of_upstreams_tests_is_known_everywhere(catalog: Catalog) -> None:
    for app in catalog.apps:
        for each in app.platforms:
            assert each.console.errors
            if app.manifest == "camkes-vm-examples":
                assert "Halting..." in each.console.errors


def test_just_these_are_known_to_be_broken(catalog: Catalog) -> None:
    broken = {
        (app.name, each.platform) for app in catalog.apps for each in app.platforms if each.broken
    }
    assert broken == {
        ("cma34cr_centos", "x86_64"),
        ("cma34cr_ubuntu", "x86_64"),
        ("vm_multi", "qemu-arm-virt"),
    }


def test_upstream_takes_neither_platform_nor_nodes_on_x86(catalog: Catalog) -> None:
    for app in catalog.apps:
        on_x86 = {each.platform for each in app.platforms} <= {"ia32", "x86_64"}
        if on_x86:
            assert set(app.variables) == {"CAMKES_VM_APP"}
            assert app.num_nodes is not None


def test_settings_that_upstream_forces_on_arm_are_known(catalog: Catalog) -> None:
    app = _app(catalog, "vm_minimal")
    assert app.forced["KernelRootCNodeSizeBits"] == "18"
    assert app.forced["CapDLLoaderMaxObjects"] == "90000"
    assert app.forced["ElfloaderImage"] == "{image-format}"
    assert _on(catalog, "vm_minimal", "tk1").forced["KernelArmTLSReg"] == "tpidruro"
    assert "KernelArmTLSReg" not in _on(catalog, "vm_minimal", "tx2").forced


def test_settings_that_upstream_forces_on_x86_are_known(catalog: Catalog) -> None:
    app = _app(catalog, "minimal")
    assert app.forced["KernelRootCNodeSizeBits"] == "20"
    assert app.forced["CapDLLoaderMaxObjects"] == "900000"
    assert app.forced["KernelIRQController"] == "IOAPIC"


def _app(catalog: Catalog, name: str) -> App:
    app = catalog.app(name)
    assert app is not None
    return app


def _on(catalog: Catalog, app: str, platform: str) -> AppPlatform:
    found = _app(catalog, app).on(platform)
    assert found is not None
    return found


def _misplaced(table: Mapping[str, object], cls: type, place: str) -> Iterator[str]:
    """Yield the tables whose keys do not come in the order of the fields of their class."""
    hints = typing.get_type_hints(cls)
    order = [each.name.replace("_", "-") for each in dataclasses.fields(cls)]
    # TOML itself wants plain values before the tables below them.
    plain = [key for key in table if not _is_table(table[key])]
    for keys in (plain, [key for key in table if key not in plain]):
        if keys != sorted(keys, key=order.index):
            yield f"{place or 'top'}: {keys}"
    for key, value in table.items():
        inner = _dataclass_in(hints[key.replace("-", "_")])
        for item in value if isinstance(value, list) else [value]:
            if inner is not None and isinstance(item, dict):
                yield from _misplaced(item, inner, f"{place}.{key}")


def _is_table(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict) for item in items)


def _dataclass_in(annotation: object) -> type | None:
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        return annotation
    if typing.get_origin(annotation) in {types.UnionType, tuple}:
        inner = (_dataclass_in(each) for each in typing.get_args(annotation))
        return next((each for each in inner if each is not None), None)
    return None
