# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The builds of upstream's own continuous integration (seL4/ci-actions, camkes-vm/builds.yml)."""

import pytest

from sel4build.catalog import load_catalog
from sel4build.model.catalog import Catalog
from sel4build.model.target import Selection
from sel4build.targets import select

_LOGIN = "buildroot login:"
_ZCU102 = "@xilinx-zcu102"
_PETALINUX = "VmZynqmpPetalinuxVersion"
_PING = (("VIRTIO_NET_PING", "1"),)

# Name, app, platform, nodes, defines, last success marker.
_BUILDS: tuple[tuple[str, str, str | None, int, tuple[tuple[str, str], ...], str], ...] = (
    ("optiplex9020", "optiplex9020", None, 1, (), _LOGIN),
    ("minimal", "minimal", None, 1, (), _LOGIN),
    ("minimal_64", "minimal_64", None, 1, (), _LOGIN),
    ("zmq_samples", "zmq_samples", None, 1, (), "Finished running all scenarios"),
    ("vm_minimal_TK1", "vm_minimal", "tk1", 1, (), _LOGIN),
    ("odroid_vm_ODROID_XU", "odroid_vm", "exynos5410", 1, (), "root@NICTAcopter:"),
    ("vm_minimal_TX1", "vm_minimal", "tx1", 1, (), _LOGIN),
    ("vm_minimal_smp_TX1", "vm_minimal", "tx1", 4, (), _LOGIN),
    ("vm_minimal_TX2", "vm_minimal", "tx2", 1, (), _LOGIN),
    ("vm_minimal_smp_TX2", "vm_minimal", "tx2", 4, (), _LOGIN),
    ("vm_minimal_ZCU102", "vm_minimal", "zcu102", 1, (), _ZCU102),
    ("vm_minimal_ZCU102_2021_1", "vm_minimal", "zcu102", 1, ((_PETALINUX, "2021_1"),), _ZCU102),
    ("vm_minimal_ZCU102_2022_1", "vm_minimal", "zcu102", 1, ((_PETALINUX, "2022_1"),), _ZCU102),
    ("vm_minimal_smp_ZCU102_2022_1", "vm_minimal", "zcu102", 4, ((_PETALINUX, "2022_1"),), _ZCU102),
    ("vm_minimal_ARMVIRT64", "vm_minimal", "qemu-arm-virt", 1, (), _LOGIN),
    ("vm_minimal_ODROID_XU4", "vm_minimal", "exynos5422", 1, (), _LOGIN),
    ("vm_minimal_ODROID_C2", "vm_minimal", "odroidc2", 1, (), _LOGIN),
    ("vm_serial_server_ODROID_XU4", "vm_serial_server", "exynos5422", 1, (), _LOGIN),
    *(
        (f"vm_virtio_net_{kind}_{board}", "vm_virtio_net", platform, 1, defines, success)
        for board, platform in (
            ("ODROID_XU4", "exynos5422"),
            ("TX2", "tx2"),
            ("ZCU102", "zcu102"),
        )
        for kind, defines, success in (
            ("arping", (), "arping test was successful"),
            ("ping", _PING, "Ping test was successful"),
        )
    ),
    ("vm_multi_ODROID_XU4", "vm_multi", "exynos5422", 1, (), _LOGIN),
    (
        "vm_cross_connector_ODROID_XU4",
        "vm_cross_connector",
        "exynos5422",
        1,
        (),
        "Finished crossvm test script",
    ),
    ("vm_introspect_ODROID_XU4", "vm_introspect", "exynos5422", 1, (), _LOGIN),
    ("vm_introspect_ARMVIRT64", "vm_introspect", "qemu-arm-virt", 1, (), _LOGIN),
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_all_builds_are_here() -> None:
    assert len({name for name, *_ in _BUILDS}) == 28


@pytest.mark.parametrize(
    ("app", "platform", "num_nodes", "defines", "success"),
    [each[1:] for each in _BUILDS],
    ids=[each[0] for each in _BUILDS],
)
def test_each_build_is_a_target_with_upstreams_variables(
    catalog: Catalog,
    app: str,
    platform: str | None,
    num_nodes: int,
    defines: tuple[tuple[str, str], ...],
    success: str,
) -> None:
    selection = Selection(app=app, platform=platform, num_nodes=str(num_nodes), defines=defines)
    selected = select(catalog, selection)
    assert selected.rejections == ()
    (target,) = selected.targets
    assert set(target.defines) == {name for name, _ in defines}
    assert target.variables["CAMKES_VM_APP"] == app
    assert target.variables.get("PLATFORM") == platform
    assert target.variables.get("NUM_NODES") == (None if platform is None else str(num_nodes))
    assert ("AARCH64" in target.variables) == (
        platform in {"tx1", "tx2", "odroidc2", "qemu-arm-virt"}
    )
    assert target.console.success[-1] == success
