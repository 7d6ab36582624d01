# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The builds of upstream's own continuous integration (seL4/ci-actions, camkes-vm/builds.yml)."""

import pytest

from sel4build.catalog import load_catalog
from sel4build.model.catalog import Catalog
from sel4build.model.platform import Arch
from sel4build.model.target import Selection, Target
from sel4build.targets import select
from sel4build.targets.listing import ci_build_rows
from sel4build.targets.spelling import ci_defines

_LOGIN = ("buildroot login:",)
_ZCU102 = ("@xilinx-zcu102",)
_TWO_MODES = "PLATFORM=zcu102"

# Name; every `-D` that camkes-vm/build.py passes, beside the app's, in any order; what the console
# shows; machines.
_BUILDS: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "optiplex9020": ("optiplex9020", "", _LOGIN, "haswell3"),
    "minimal": ("minimal", "", _LOGIN, "haswell3"),
    "minimal_64": ("minimal_64", "", _LOGIN, "haswell3"),
    "zmq_samples": ("zmq_samples", "", ("Finished running all scenarios",), "haswell3"),
    "vm_minimal_TK1": ("vm_minimal", "AARCH32=TRUE PLATFORM=tk1", _LOGIN, "jetson1"),
    "odroid_vm_ODROID_XU": (
        "odroid_vm",
        "AARCH32=TRUE PLATFORM=exynos5410",
        ("root@NICTAcopter:",),
        "",
    ),
    "vm_minimal_TX1": ("vm_minimal", "AARCH64=TRUE PLATFORM=tx1", _LOGIN, "tx1a"),
    "vm_minimal_smp_TX1": ("vm_minimal", "AARCH64=TRUE PLATFORM=tx1 NUM_NODES=4", _LOGIN, "tx1a"),
    "vm_minimal_TX2": ("vm_minimal", "AARCH64=TRUE PLATFORM=tx2", _LOGIN, "tx2a tx2b"),
    "vm_minimal_smp_TX2": (
        "vm_minimal",
        "AARCH64=TRUE PLATFORM=tx2 NUM_NODES=4",
        _LOGIN,
        "tx2a tx2b",
    ),
    "vm_minimal_ZCU102": ("vm_minimal", _TWO_MODES, _ZCU102, "zcu102 zcu102_2"),
    "vm_minimal_ZCU102_2021_1": (
        "vm_minimal",
        f"{_TWO_MODES} VmZynqmpPetalinuxVersion=2021_1",
        _ZCU102,
        "zcu102 zcu102_2",
    ),
    "vm_minimal_ZCU102_2022_1": (
        "vm_minimal",
        f"{_TWO_MODES} VmZynqmpPetalinuxVersion=2022_1",
        _ZCU102,
        "zcu102 zcu102_2",
    ),
    "vm_minimal_smp_ZCU102_2022_1": (
        "vm_minimal",
        f"{_TWO_MODES} VmZynqmpPetalinuxVersion=2022_1 NUM_NODES=4",
        _ZCU102,
        "zcu102 zcu102_2",
    ),
    "vm_minimal_ARMVIRT64": ("vm_minimal", "AARCH64=TRUE PLATFORM=qemu-arm-virt", _LOGIN, ""),
    "vm_minimal_ODROID_XU4": (
        "vm_minimal",
        "AARCH32=TRUE PLATFORM=exynos5422",
        _LOGIN,
        "odroidxu4_2",
    ),
    "vm_minimal_ODROID_C2": ("vm_minimal", "AARCH64=TRUE PLATFORM=odroidc2", _LOGIN, "odroidc2"),
    "vm_serial_server_ODROID_XU4": (
        "vm_serial_server",
        "AARCH32=TRUE PLATFORM=exynos5422",
        _LOGIN,
        "odroidxu4_2",
    ),
    **{
        f"vm_virtio_net_{kind}_{board}": ("vm_virtio_net", f"{where}{more}", (success,), machines)
        for board, where, machines in (
            ("ODROID_XU4", "AARCH32=TRUE PLATFORM=exynos5422", "odroidxu4_2"),
            ("TX2", "AARCH64=TRUE PLATFORM=tx2", "tx2a tx2b"),
            ("ZCU102", _TWO_MODES, "zcu102 zcu102_2"),
        )
        for kind, more, success in (
            ("arping", "", "arping test was successful"),
            ("ping", " VIRTIO_NET_PING=1", "Ping test was successful"),
        )
    },
    "vm_multi_ODROID_XU4": (
        "vm_multi",
        "AARCH32=TRUE PLATFORM=exynos5422",
        _LOGIN * 3,
        "odroidxu4_2",
    ),
    "vm_cross_connector_ODROID_XU4": (
        "vm_cross_connector",
        "AARCH32=TRUE PLATFORM=exynos5422",
        ("Finished crossvm test script",),
        "odroidxu4_2",
    ),
    "vm_introspect_ODROID_XU4": (
        "vm_introspect",
        "AARCH32=TRUE PLATFORM=exynos5422",
        _LOGIN,
        "odroidxu4_2",
    ),
    "vm_introspect_ARMVIRT64": ("vm_introspect", "AARCH64=TRUE PLATFORM=qemu-arm-virt", _LOGIN, ""),
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_all_builds_are_here_and_no_other(catalog: Catalog) -> None:
    assert len(_BUILDS) == 28
    names = [build.name for app in catalog.apps for build in app.ci_builds]
    assert sorted(names) == sorted(_BUILDS)


@pytest.mark.parametrize("name", _BUILDS)
def test_each_build_says_what_upstreams_script_passes(catalog: Catalog, name: str) -> None:
    app_name, words, _, _ = _BUILDS[name]
    app = catalog.app(app_name)
    assert app is not None
    build = next(each for each in app.ci_builds if each.name == name)
    platform = catalog.platform(build.platform)
    assert platform is not None
    said = ci_defines(app, build, arch=platform.arch)
    assert dict(said) == {"CAMKES_VM_APP": app_name} | _pairs(words)


@pytest.mark.parametrize("name", _BUILDS)
def test_each_build_is_a_target_that_sets_or_implies_the_same(catalog: Catalog, name: str) -> None:
    app_name, words, success, _ = _BUILDS[name]
    selected = select(catalog, Selection(ci_build=name))
    assert selected.rejections == ()
    (target,) = selected.targets
    assert target.app.name == app_name
    assert target.console.success == success
    ours = {**target.variables, **target.defines}
    for variable, value in _pairs(words).items():
        if variable.startswith("AARCH"):
            assert _word_size(target) == variable.removeprefix("AARCH")
        else:
            assert _truth(ours[variable]) == _truth(value)
    # What CI does not say is upstream's own need or its default.
    assert set(ours) - set(_pairs(words)) <= {"CAMKES_VM_APP", "NUM_NODES", "AARCH64"}
    if "NUM_NODES" not in words:
        assert target.num_nodes == 1
    needs_aarch64 = target.platform.name in {"tx1", "tx2", "odroidc2", "qemu-arm-virt"}
    assert ("AARCH64" in target.variables) == needs_aarch64


@pytest.mark.parametrize("name", _BUILDS)
def test_the_line_of_each_build_may_be_given_as_it_is(catalog: Catalog, name: str) -> None:
    app_name, words, _, _ = _BUILDS[name]
    line = (f"-DCAMKES_VM_APP={app_name}", *(f"-D{each}" for each in words.split()))
    by_line = select(catalog, Selection(cmake_words=line))
    by_name = select(catalog, Selection(ci_build=name))
    assert by_line.targets == by_name.targets


def test_each_row_tells_success_and_machines(catalog: Catalog) -> None:
    rows = {row.name: row for row in ci_build_rows(catalog)}
    for name, (app, _, success, machines) in _BUILDS.items():
        assert rows[name].app == app
        assert rows[name].success == ".*".join(success)
        assert rows[name].machines == tuple(machines.split())
    assert rows["zmq_samples"].errors[-1] == "Exited with error"
    assert rows["vm_minimal_ARMVIRT64"].tested == "simulated"
    assert "not to be tested" in rows["odroid_vm_ODROID_XU"].tested


def _pairs(words: str) -> dict[str, str]:
    return {name: value for name, _, value in (each.partition("=") for each in words.split())}


def _word_size(target: Target) -> str:
    assert target.platform.arch is Arch.ARM
    return str(target.platform.word_size)


def _truth(value: str) -> str:
    return "ON" if value in {"1", "TRUE", "ON"} else value
