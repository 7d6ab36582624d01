# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from sel4build.catalog import load_catalog
from sel4build.model.catalog import Catalog
from sel4build.targets import (
    app_rows,
    expand_all,
    option_rows,
    platform_rows,
    target_rows,
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_every_app_on_every_platform_is_a_target(catalog: Catalog) -> None:
    targets = expand_all(catalog)
    assert len(targets) == sum(len(app.platforms) for app in catalog.apps)
    ids = [str(target.id) for target in targets]
    assert ids == sorted(set(ids))


def test_what_is_broken_can_be_left_out(catalog: Catalog) -> None:
    left = expand_all(catalog, allow_broken=False)
    assert all(target.app_platform.broken is None for target in left)
    assert len(expand_all(catalog)) - len(left) == 3


def test_rows_show_each_entry_once(catalog: Catalog) -> None:
    assert [row.name for row in app_rows(catalog)] == [app.name for app in catalog.apps]
    assert [row.name for row in platform_rows(catalog)] == [each.name for each in catalog.platforms]
    assert [row.id for row in target_rows(catalog)] == [
        str(each.id) for each in expand_all(catalog)
    ]


def test_rows_say_what_is_broken_and_which_apps_a_platform_has(catalog: Catalog) -> None:
    apps = {row.name: row for row in app_rows(catalog)}
    assert apps["vm_multi"].broken == ("qemu-arm-virt",)
    platforms = {row.name: row for row in platform_rows(catalog)}
    assert platforms["odroidc2"].apps == ("bringup", "vm_minimal")
    assert platforms["zcu102"].aliases == ("zynqmp",)
    targets = {row.id: row for row in target_rows(catalog)}
    assert targets["cma34cr_ubuntu@x86_64+n2"].broken is not None
    assert targets["vm_minimal@tx2"].image_name == "capdl-loader-image-arm-tx2"


def test_options_are_listed_with_the_platforms_of_the_app(catalog: Catalog) -> None:
    app = catalog.app("vm_minimal")
    assert app is not None
    rows = {row.name: row for row in option_rows(catalog, app="vm_minimal")}
    assert rows["Tk1Insecure"].platforms == ("tk1",)
    assert rows["VmZynqmpPetalinuxVersion"].choices == ("2018_3", "2021_1", "2022_1")
    assert len(rows["RELEASE"].platforms) == len(app.platforms)
    assert "VmRootfs" not in rows


def test_an_option_for_one_architecture_is_listed_only_there(catalog: Catalog) -> None:
    rows = {row.name: row for row in option_rows(catalog, app="bringup")}
    assert "ia32" not in rows["ElfloaderImage"].platforms
    assert "tk1" in rows["ElfloaderImage"].platforms


def test_options_can_be_those_of_one_platform(catalog: Catalog) -> None:
    names = {row.name for row in option_rows(catalog, app="vm_minimal", platform="tk1")}
    assert "VmTk1Rootfs" in names
    assert "VmPCISupport" not in names


def test_an_option_is_one_row_whatever_the_number_of_apps_that_have_it(catalog: Catalog) -> None:
    rows = [row for row in option_rows(catalog) if row.name == "VmVirtioConsole"]
    (row,) = rows
    assert {"vm_minimal", "vm_multi"} < set(row.apps)
    assert not row.everywhere
    assert row.source == "camkes-vm components/VM_Arm/CMakeLists.txt"


def test_options_of_one_name_that_differ_are_rows_of_their_own(catalog: Catalog) -> None:
    summaries = {row.summary for row in option_rows(catalog) if row.name == "SIMULATION"}
    assert len(summaries) == 2


def test_an_app_tells_what_it_needs_and_which_options_are_its_own(catalog: Catalog) -> None:
    rows = {row.name: row for row in app_rows(catalog)}
    assert rows["vm_multi"].needs == (
        "multi-vm",
        "virtio-pci",
        "virtio-console",
        "virtio-net",
        "time-server",
        "serial-server",
    )
    assert rows["vm_multi"].can_use == ()
    assert rows["vm_virtio_net"].own_options == ("VIRTIO_NET_PING",)
    assert "RELEASE" in rows["vm_virtio_net"].options


def test_what_an_app_uses_on_some_boards_only_is_no_need(catalog: Catalog) -> None:
    rows = {row.name: row for row in app_rows(catalog)}
    assert rows["vm_minimal"].needs == ()
    assert [str(each) for each in rows["vm_minimal"].can_use] == [
        "smp (qemu-arm-virt, tx1, tx2, zcu102)",
        "virtio-pci (exynos5422, tx2)",
    ]


def test_several_virtual_cpus_are_no_need_even_where_all_boards_have_them(catalog: Catalog) -> None:
    rows = {row.name: row for row in app_rows(catalog)}
    assert rows["vm_introspect"].needs == ("virtio-pci", "cross-vm")
    assert [str(each) for each in rows["vm_introspect"].can_use] == ["smp (qemu-arm-virt)"]
