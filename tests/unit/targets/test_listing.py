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
    rows = {row.name: row for row in option_rows(catalog, app)}
    assert rows["Tk1Insecure"].platforms == ("tk1",)
    assert rows["VmZynqmpPetalinuxVersion"].choices == ("2018_3", "2021_1", "2022_1")
    assert len(rows["RELEASE"].platforms) == len(app.platforms)
    assert "VmRootfs" not in rows


def test_an_option_for_one_architecture_is_listed_only_there(catalog: Catalog) -> None:
    app = catalog.app("bringup")
    assert app is not None
    rows = {row.name: row for row in option_rows(catalog, app)}
    assert "ia32" not in rows["ElfloaderImage"].platforms
    assert "tk1" in rows["ElfloaderImage"].platforms
