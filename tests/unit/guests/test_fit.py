# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Files of a guest against what its VMM takes and against its memory."""

from dataclasses import replace

import pytest

from sel4build.catalog import load_catalog
from sel4build.guests.fit import check_fit, check_form
from sel4build.guests.formats import inspect_guest
from sel4build.model.catalog import Catalog
from sel4build.model.guest import GuestImages, GuestRole
from sel4build.model.target import Selection, Target
from sel4build.targets import select
from tests.kit.guests import (
    CPIO,
    CPIO_GZ,
    a_bzimage,
    a_zimage,
    an_arm64_image,
    an_elf,
    an_fdt,
)

_MIB = 1 << 20
KERNEL, INITRD, DTB = GuestRole.KERNEL, GuestRole.INITRD, GuestRole.DTB


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def _target(catalog: Catalog, app: str, platform: str, *options: str) -> Target:
    pairs = tuple((name, None) for name in options)
    (target,) = select(catalog, Selection(app=app, platform=platform, options=pairs)).targets
    return target


_XZ = b"\xfd7zXZ\x00..."


@pytest.mark.parametrize(
    ("app", "platform", "role", "content", "wrong"),
    [
        ("vm_minimal", "qemu-arm-virt", KERNEL, an_arm64_image(), None),
        ("vm_minimal", "qemu-arm-virt", KERNEL, a_zimage(), "32-bit Arm kernel"),
        ("vm_minimal", "qemu-arm-virt", KERNEL, a_bzimage(), "x86 kernel"),
        ("vm_minimal", "qemu-arm-virt", KERNEL, an_elf(183), "an ELF file for 64-bit arm"),
        ("vm_minimal", "qemu-arm-virt", KERNEL, CPIO_GZ, "a gzip file"),
        ("vm_minimal", "qemu-arm-virt", KERNEL, b"\x27\x05\x19\x56", "a uImage"),
        ("vm_minimal", "qemu-arm-virt", KERNEL, b"?", "of no known form"),
        ("vm_minimal", "qemu-arm-virt", KERNEL, b"", "empty"),
        ("vm_minimal", "tk1", KERNEL, a_zimage(), None),
        ("vm_minimal", "tk1", KERNEL, a_zimage() + b"device tree", None),
        ("vm_minimal", "tk1", KERNEL, a_zimage()[:-1], "cut off: it has 4095 of 4096 bytes"),
        ("vm_minimal", "tk1", KERNEL, a_zimage(start=0x8000, end=0x9000), None),
        ("vm_minimal", "tk1", KERNEL, an_arm64_image(), "64-bit Arm kernel"),
        ("minimal_64", "x86_64", KERNEL, a_bzimage(), None),
        ("minimal_64", "x86_64", KERNEL, an_elf(62), None),
        ("minimal_64", "x86_64", KERNEL, a_bzimage(payload=b"\x1f\x8b\x08"), None),
        ("minimal_64", "x86_64", KERNEL, a_bzimage(payload=b"\x7fELF"), None),
        ("minimal_64", "x86_64", KERNEL, a_bzimage(payload=b"\x02\x21\x4c\x18"), "an lz4 file"),
        ("minimal_64", "x86_64", KERNEL, a_bzimage(payload=b"\x28\xb5\x2f\xfd"), "a zstd file"),
        ("minimal_64", "x86_64", KERNEL, a_bzimage(word_size=32), "a 32-bit kernel"),
        ("minimal_64", "x86_64", KERNEL, an_arm64_image(), "needs an x86 kernel"),
        # A 32-bit guest on a 64-bit kernel.
        ("optiplex9020", "x86_64", KERNEL, a_bzimage(word_size=32), None),
        ("optiplex9020", "x86_64", KERNEL, a_bzimage(), "a 64-bit kernel"),
        ("vm_minimal", "tx2", INITRD, CPIO_GZ, None),
        ("vm_minimal", "tx2", INITRD, CPIO_GZ[:-4], "cut off or damaged"),
        ("vm_minimal", "tx2", INITRD, CPIO, "the VMM takes no other"),
        ("vm_multi", "exynos5422", INITRD, _XZ, "the build adds files to it"),
        ("minimal_64", "x86_64", INITRD, CPIO, None),
        ("minimal_64", "x86_64", INITRD, _XZ, None),
        ("minimal_64", "x86_64", INITRD, b"ext4", "a cpio archive, packed or not"),
        ("zmq_samples", "x86_64", INITRD, CPIO, None),
        ("zmq_samples", "x86_64", INITRD, CPIO_GZ, "a plain cpio archive"),
        ("vm_minimal", "tx2", DTB, an_fdt(), None),
        ("vm_minimal", "tx2", DTB, an_fdt(total=10_000), "it is cut off"),
        ("vm_minimal", "tx2", DTB, b"/dts-v1/;", "has to be a device tree blob"),
        ("vm_minimal", "zcu102", DTB, b"/dts-v1/;", None),
        ("vm_minimal", "zcu102", DTB, b"?", "has to be a device tree blob"),
    ],
)
def test_a_file_is_what_the_guest_needs_or_is_refused(
    catalog: Catalog, app: str, platform: str, role: GuestRole, content: bytes, wrong: str | None
) -> None:
    problem = check_form(role, inspect_guest(content), _target(catalog, app, platform))
    if wrong is None:
        assert problem is None
    else:
        assert problem is not None
        assert wrong in problem.text


def _fit(target: Target, **files: bytes) -> list[str]:
    facts = {GuestRole(role): inspect_guest(content) for role, content in files.items()}
    return [each.text for each in check_fit(facts, target)]


def test_what_fits_is_not_complained_of(catalog: Catalog) -> None:
    target = _target(catalog, "vm_minimal", "qemu-arm-virt")
    kernel = an_arm64_image(image_size=0xD70_0000 - 0x8_0000)  # up to the initrd
    assert _fit(target, kernel=kernel, initrd=CPIO_GZ, dtb=an_fdt()) == []


def test_a_kernel_that_reaches_into_the_initrd_is_told_with_both_places(catalog: Catalog) -> None:
    target = _target(catalog, "vm_minimal", "qemu-arm-virt")
    kernel = an_arm64_image(image_size=0xD70_0000 - 0x8_0000 + 1)
    (text,) = _fit(target, kernel=kernel, initrd=CPIO_GZ)
    assert text.startswith("the kernel at 0x40080000..0x4d700001 overlaps the initrd at 0x4d700000")
    assert text.endswith("by 1 bytes")


def test_a_kernel_alone_still_meets_the_device_tree(catalog: Catalog) -> None:
    target = _target(catalog, "vm_minimal", "qemu-arm-virt")
    (text,) = _fit(target, kernel=an_arm64_image(image_size=256 * _MIB))
    assert "overlaps the device tree at 0x4f000000..0x4f050000" in text


def test_an_initrd_has_the_room_up_to_the_device_tree(catalog: Catalog) -> None:
    target = _target(catalog, "vm_minimal", "qemu-arm-virt")
    room = 0x4F00_0000 - 0x4D70_0000
    assert _fit(target, initrd=CPIO_GZ.ljust(room, b"\0")) == []
    (text,) = _fit(target, initrd=CPIO_GZ.ljust(room + 1, b"\0"))
    assert text.startswith("the initrd at 0x4d700000")


def test_what_is_beyond_the_memory_is_told(catalog: Catalog) -> None:
    target = _target(catalog, "vm_minimal", "tx2")
    (text,) = _fit(target, initrd=CPIO_GZ.ljust(33 * _MIB, b"\0"))
    assert "is 1048576 bytes outside of the guest's memory at 0xf1000000..0xf9000000" in text


def test_a_zimage_is_where_it_wants_to_be(catalog: Catalog) -> None:
    target = _target(catalog, "vm_minimal", "tk1")
    assert _fit(target, kernel=a_zimage()) == []
    (text,) = _fit(target, kernel=a_zimage(start=0x1000))
    assert "outside of the guest's memory" in text


def test_a_blob_that_is_given_has_its_own_size(catalog: Catalog) -> None:
    made = _target(catalog, "vm_minimal", "qemu-arm-virt")
    given = _target(catalog, "vm_minimal", "qemu-arm-virt", "dtb-file")
    large = an_fdt(total=400 * 1024).ljust(400 * 1024, b"\0")
    kernel = an_arm64_image(image_size=0x4F05_0001 - 0x4008_0000)
    assert "0x4f050000" in _fit(made, kernel=kernel, dtb=large)[0]
    assert "0x4f064000" in _fit(given, kernel=kernel, dtb=large)[0]


def test_on_x86_the_sum_counts(catalog: Catalog) -> None:
    target = _target(catalog, "minimal_64", "x86_64")
    assert _fit(target, kernel=a_bzimage(init_size=64 * _MIB), initrd=CPIO) == []
    (text,) = _fit(target, kernel=a_bzimage(init_size=128 * _MIB), initrd=CPIO)
    assert "the guest has 128 MiB" in text


def test_a_guest_whose_memory_is_not_known_fits(catalog: Catalog) -> None:
    known = _target(catalog, "odroid_vm", "exynos5410")
    target = replace(known, app_platform=replace(known.app_platform, guest=GuestImages()))
    assert _fit(known, kernel=a_zimage(4096, end=1 << 31)) != []
    assert _fit(target, kernel=a_zimage(4096, end=1 << 31)) == []
