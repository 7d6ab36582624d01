# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Features of invented boards and apps, and what is shipped."""

from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.catalog import load_catalog
from sel4build.model.app import Feature
from sel4build.model.catalog import Catalog
from sel4build.targets.features import TITLES, FeatureVerdict, Status, feature_matrix, features_of
from tests.kit.catalogs import APP, BOARD, write_catalog

FAMILY = """\
version = 1

[[options]]
name = "VirtPci"
summary = "a bus"
kind = "bool"
feature = "virtio-pci"
source = "acme CMakeLists.txt"
platforms = ["board1", "board2"]
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Boards 1 to 4: one with the app, one where it is broken, one with another app, one bare."""
    on_two = APP.format(name="app1").replace("num-vms = 1", "num-vms = 2") + (
        'forced = { VirtPci = "ON" }\n'
        '[[platforms]]\nplatform = "board2"\nbroken = "it does not link"\n'
        'forced = { VirtPci = "ON" }\nguest = { num-vcpus = 2 }\n'
    )
    files = {f"platforms/board{n}.toml": BOARD.format(name=f"board{n}") for n in (1, 2, 3, 4)}
    single = files["platforms/board1.toml"].replace("max-num-nodes = 2", "max-num-nodes = 1")
    other = APP.format(name="app2").replace('platform = "board1"', 'platform = "board3"')
    roots = write_catalog(
        tmp_path,
        {
            **files,
            "platforms/board1.toml": single,
            "apps/Arm/family.toml": FAMILY,
            "apps/Arm/app1/app.toml": on_two,
            "apps/Arm/app2/app.toml": other,
        },
    )
    return load_catalog(roots=roots)


def verdict(catalog: Catalog, platform: str, feature: Feature) -> FeatureVerdict:
    (row,) = (each for each in feature_matrix(catalog) if each.platform == platform)
    (found,) = (each for each in row.verdicts if each.feature is feature)
    return found


def test_an_app_that_is_for_a_platform_gives_it_its_features(catalog: Catalog) -> None:
    found = verdict(catalog, "board1", Feature.MULTI_VM)
    assert (found.status, found.apps, found.reason) == (Status.YES, ("app1",), "")


def test_what_the_sources_switch_on_is_a_feature(catalog: Catalog) -> None:
    assert verdict(catalog, "board1", Feature.VIRTIO_PCI).apps == ("app1",)


def test_a_feature_of_a_broken_app_is_broken(catalog: Catalog) -> None:
    found = verdict(catalog, "board2", Feature.MULTI_VM)
    assert (found.status, found.apps) == (Status.BROKEN, ("app1",))
    assert found.reason == "only `app1` has it here: it does not link"
    assert found.span is not None
    assert found.span.key == "platforms[1].broken"


def test_an_option_that_allows_other_platforms_only_is_the_reason(catalog: Catalog) -> None:
    found = verdict(catalog, "board3", Feature.VIRTIO_PCI)
    assert found.status is Status.NO
    assert found.reason == (
        "upstream's `VirtPci` allows only `board1`, `board2` (acme CMakeLists.txt)"
    )
    assert str(found.span).startswith("apps/Arm/family.toml:3:1")


def test_an_option_that_would_allow_it_is_told_beside_the_lack_of_an_app(catalog: Catalog) -> None:
    allowed = replace(
        catalog,
        apps=tuple(
            replace(app, options=tuple(replace(each, platforms=()) for each in app.options))
            for app in catalog.apps
        ),
    )
    assert verdict(allowed, "board3", Feature.VIRTIO_PCI).reason == (
        "no app for this platform has it: `app1` is for `board1`, `board2`;"
        " upstream's `VirtPci` would allow it"
    )


def test_where_the_app_is_for_other_platforms_they_are_named(catalog: Catalog) -> None:
    found = verdict(catalog, "board3", Feature.MULTI_VM)
    assert found.reason == "no app for this platform has it: `app1` is for `board1`, `board2`"
    assert str(found.span).startswith("apps/Arm/app1/app.toml:")


def test_where_no_app_has_a_feature_there_is_nothing_to_name(catalog: Catalog) -> None:
    found = verdict(catalog, "board3", Feature.CROSS_VM)
    assert found.reason == "no app for this platform has it"
    assert str(found.span) == "platforms/board3.toml"


def test_a_platform_without_apps_has_no_features(catalog: Catalog) -> None:
    for feature in TITLES:
        found = verdict(catalog, "board4", feature)
        assert found.reason == "no app with guests is for this platform"


def test_more_than_one_node_takes_a_guest_with_more_than_one_cpu(catalog: Catalog) -> None:
    assert verdict(catalog, "board1", Feature.SMP).reason == "1 node: it has 2 cores"
    assert verdict(catalog, "board2", Feature.SMP).status is Status.BROKEN
    assert (
        verdict(catalog, "board3", Feature.SMP).reason == "the guests of `app2` have 1 virtual CPU"
    )


def test_every_no_of_the_shipped_catalogue_has_a_reason_and_a_place() -> None:
    for row in feature_matrix(load_catalog()):
        for each in row.verdicts:
            assert bool(each.reason) is (each.status is not Status.YES), (row.platform, each)
            assert (each.span is not None) is (each.status is not Status.YES)
            assert bool(each.apps) is (each.status is not Status.NO)


@pytest.mark.parametrize(
    ("platform", "feature", "status"),
    [
        ("tx2", Feature.MULTI_VM, Status.NO),
        ("tx2", Feature.VIRTIO_CONSOLE, Status.NO),
        ("zcu102", Feature.MULTI_VM, Status.NO),
        ("zcu102", Feature.VIRTIO_CONSOLE, Status.NO),
        ("zcu102", Feature.VIRTIO_NET, Status.YES),
        ("qemu-arm-virt", Feature.MULTI_VM, Status.BROKEN),
        ("qemu-arm-virt", Feature.CROSS_VM, Status.YES),
        ("odroidc2", Feature.SMP, Status.NO),
        ("exynos5422", Feature.VIRTIO_CONSOLE, Status.YES),
        ("x86_64", Feature.CROSS_VM, Status.YES),
    ],
)
def test_the_matrix_says_what_the_sources_do(
    platform: str, feature: Feature, status: Status
) -> None:
    assert verdict(load_catalog(), platform, feature).status is status


def test_guest_modes_are_those_of_the_guests() -> None:
    modes = {row.platform: row.word_sizes for row in feature_matrix(load_catalog())}
    assert modes["x86_64"] == (32, 64)
    assert modes["tk1"] == (32,)
    assert modes["ultra96v2"] == ()


def test_an_app_needs_what_its_sources_switch_on_where_they_do() -> None:
    app = load_catalog().app("vm_minimal")
    assert app is not None
    on = {each.platform: features_of(app, each) for each in app.platforms}
    assert on["tx2"] == {Feature.SMP, Feature.VIRTIO_PCI}
    assert on["odroidc2"] == frozenset()
