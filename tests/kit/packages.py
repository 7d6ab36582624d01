# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Build trees that are done, and the packages made of them."""

from collections.abc import Callable
from pathlib import Path

from sel4build.model.image import Package, PackageRequest
from sel4build.model.platform import ImageFormat
from sel4build.model.target import Target
from sel4build.package.plan import apply_checksums, apply_package, plan_package
from tests.kit.images import a_multiboot_kernel, a_uimage, an_efi_application, an_elf

LOCK_DIGEST = "5e14b1d0" * 8


def fitting_images(target: Target) -> dict[str, bytes]:
    """Return images that `target` may leave, by name."""
    machine = {"aarch64": "aarch64", "arm_hyp": "arm", "ia32": "i386", "x86_64": "x86_64"}[
        target.platform.sel4_arch.value
    ]
    load = target.platform.image.load_address or 0x10_0000
    made: dict[ImageFormat, Callable[[], bytes]] = {
        ImageFormat.ELF: lambda: an_elf(machine, load=load),
        ImageFormat.EFI: lambda: an_efi_application(machine),
        ImageFormat.UIMAGE: lambda: a_uimage(machine, load=load),
        ImageFormat.BINARY: lambda: b"raw code",
        ImageFormat.MULTIBOOT: lambda: an_elf(machine, load=0x100_0000),
    }
    images = {target.image_name: made[target.image_format]()}
    if target.kernel_name is not None:
        images[target.kernel_name] = a_multiboot_kernel()
    return images


def a_request(
    target: Target, tmp_path: Path, *, images: dict[str, bytes] | None = None
) -> PackageRequest:
    """Return the request for a build tree in `tmp_path` that holds `images`."""
    images_dir = tmp_path / "build" / "images"
    images_dir.mkdir(parents=True, exist_ok=True)
    for name, content in (fitting_images(target) if images is None else images).items():
        (images_dir / name).write_bytes(content)
    is_pc = target.kernel_name is not None
    return PackageRequest(
        target=target,
        images_dir=images_dir,
        out_dir=tmp_path / "out" / target.id.text,
        elfloader_image=None if is_pc else target.image_format.value,
        lock_digest=LOCK_DIGEST,
        toolchain={"name": "gcc", "version": "12.2.0"},
    )


def a_package(target: Target, tmp_path: Path, *, images: dict[str, bytes] | None = None) -> Package:
    """Return a whole package of `target`, laid out below `tmp_path`."""
    plan = plan_package(a_request(target, tmp_path, images=images))
    apply_package(plan)
    apply_checksums(plan.package.out_dir)
    return plan.package
