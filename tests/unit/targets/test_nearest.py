# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What is proposed in place of a request that is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.catalog import load_catalog
from sel4build.model.catalog import Catalog
from sel4build.model.target import Selection
from sel4build.targets.nearest import Change, Proposal, propose
from sel4build.targets.select import select
from tests.kit.sel4_catalog import a_sel4_catalog


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return load_catalog()


@pytest.fixture
def invented(tmp_path: Path) -> Catalog:
    return a_sel4_catalog(tmp_path)


def ids(proposals: tuple[Proposal, ...]) -> dict[str, str]:
    return {str(each.change): str(each.target.id) for each in proposals}


def test_the_same_app_elsewhere_and_another_app_here_are_proposed(shipped: Catalog) -> None:
    found = propose(shipped, Selection(app="vm_serial_server", platform="tx2"))
    assert ids(found) == {"platform": "vm_serial_server@exynos5422", "app": "vm_minimal@tx2"}


def test_fewer_nodes_come_first(shipped: Catalog) -> None:
    found = propose(shipped, Selection(app="vm_minimal", platform="tx1", num_nodes="64"))
    assert found[0].change is Change.LESS
    assert str(found[0].target.id) == "vm_minimal@tx1+n4"


def test_a_board_of_as_many_nodes_comes_before_one_that_is_more_alike(invented: Catalog) -> None:
    found = propose(invented, Selection(app="vm_solo", platform="zeta1", num_nodes="3"))
    assert ids(found)["less"] == "vm_solo@zeta1"
    assert ids(found)["platform"] == "vm_solo@acme+n3"


def test_options_that_are_accepted_are_kept(shipped: Catalog) -> None:
    wanted = Selection(
        app="vm_minimal",
        platform="tx2",
        defines=(("VmVirtioConsole", "ON"), ("RELEASE", "ON")),
    )
    (first, elsewhere, *_) = propose(shipped, wanted)
    assert first.selection.defines == (("RELEASE", "ON"),)
    assert str(elsewhere.target.platform.name) == "exynos5422"
    assert elsewhere.selection.defines == wanted.defines


def test_named_options_are_kept_and_left_out_too(shipped: Catalog) -> None:
    wanted = Selection(
        app="vm_minimal", platform="tx2", options=(("release", None), ("rootfs", "mmcblk0p2"))
    )
    first = propose(shipped, wanted)[0]
    assert first.selection.options == (("release", None),)


def test_names_that_are_slips_are_taken_as_meant(shipped: Catalog) -> None:
    found = propose(shipped, Selection(app="vm_minimun", platform="tx3"))
    assert ids(found)["less"].startswith("vm_minimal@tx")


def test_a_family_of_boards_is_one_of_its_boards(invented: Catalog) -> None:
    found = propose(invented, Selection(app="vm_solo", platform="zeta"))
    assert ids(found)["less"] == "vm_solo@zeta1"


def test_what_is_broken_is_not_proposed(shipped: Catalog) -> None:
    wanted = Selection(app="vm_multi", platform="qemu-arm-virt", allow_broken=True, num_nodes="99")
    found = propose(shipped, wanted)
    assert ids(found)["platform"] == "vm_multi@exynos5422"
    assert "less" not in ids(found)


def test_without_anything_near_there_is_something(shipped: Catalog) -> None:
    (found,) = propose(shipped, Selection(app="nonsense"))
    assert found.change is Change.BOTH
    assert found.target.app.num_vms > 0


def test_a_catalogue_of_nothing_proposes_nothing(shipped: Catalog) -> None:
    empty = Catalog(platforms=(), apps=(), toolchains=(), digest="")
    assert propose(empty, Selection(app="vm_minimal", platform="tx2")) == ()
    del shipped


@pytest.mark.parametrize("app", [each.name for each in load_catalog().apps])
def test_all_that_is_proposed_is_accepted(app: str, shipped: Catalog) -> None:
    for platform in shipped.platforms:
        for num_nodes in (None, "3", "x"):
            wanted = Selection(app=app, platform=platform.name, num_nodes=num_nodes)
            if select(shipped, wanted).targets:
                continue
            found = propose(shipped, wanted)
            assert found
            assert len({each.change for each in found}) == len(found)
            for each in found:
                assert select(shipped, each.selection).targets == (each.target,)
                assert each.target.app_platform.broken is None


def test_for_a_board_that_nobody_knows_one_is_proposed_that_can_be_tried_out(
    shipped: Catalog,
) -> None:
    found = propose(shipped, Selection(app="vm_minimal", platform="rpi4"))
    assert ids(found) == {"platform": "vm_minimal@qemu-arm-virt"}


def test_where_qemu_plays_none_the_board_is_proposed_that_is_called_most_alike(
    shipped: Catalog,
) -> None:
    tx = replace(shipped, platforms=tuple(replace(each, qemu=None) for each in shipped.platforms))
    found = propose(tx, Selection(app="vm_minimal", platform="jetson-tx"))
    assert ids(found) == {"platform": "vm_minimal@tx1"}
