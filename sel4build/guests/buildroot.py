# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Find a guest's files in what Buildroot has made."""

from dataclasses import dataclass, field
from pathlib import Path

from sel4build.errors import InputError
from sel4build.guests.fit import guest_word_size
from sel4build.model.guest import GuestRole
from sel4build.model.platform import Arch
from sel4build.model.target import Target

_KERNELS = {(Arch.ARM, 64): "Image", (Arch.ARM, 32): "zImage"}
_X86_KERNEL = "bzImage"
_GZIPPED = ("rootfs.cpio.gz",)
_PLAIN = ("rootfs.cpio",)
_ANY = (
    *_PLAIN,
    *_GZIPPED,
    "rootfs.cpio.xz",
    "rootfs.cpio.zst",
    "rootfs.cpio.lz4",
    "rootfs.cpio.lzma",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildrootImages:
    """What was found for a target."""

    files: dict[GuestRole, Path] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def find_images(folder: Path, target: Target) -> BuildrootImages:
    """Return the files of `folder`, Buildroot's own or its `output` or `images`, for `target`.

    Raises InputError when there is no such folder, no kernel for the guest, or a choice to make.
    """
    images = _images_dir(folder)
    files = {GuestRole.KERNEL: _kernel(images, target)}
    notes: list[str] = []
    initrd = _initrd(images, target, notes)
    if initrd is not None:
        files[GuestRole.INITRD] = initrd
    dtb = _dtb(images, target, notes)
    if dtb is not None:
        files[GuestRole.DTB] = dtb
    return BuildrootImages(files=files, notes=tuple(notes))


def _images_dir(folder: Path) -> Path:
    for inner in ("output/images", "images", "."):
        found = folder / inner
        if found.is_dir() and (inner != "." or any(found.glob("*Image"))):
            return found
    reason = "has no `output/images`" if folder.is_dir() else "does not exist"
    message = f"`--guest-buildroot`: folder `{folder}` {reason}"
    raise InputError(message, hint="name the folder of Buildroot, after its `make`")


def _kernel(images: Path, target: Target) -> Path:
    arch = target.platform.arch
    name = _KERNELS.get((arch, guest_word_size(target)), _X86_KERNEL)
    if (images / name).is_file():
        return images / name
    others = sorted(each.name for each in images.glob("*Image"))
    there = f"; it has {', '.join(f'`{each}`' for each in others)}" if others else ""
    message = f"`{images}` has no `{name}`, which the guest of `{target.app.name}` needs{there}"
    option = {"Image": "IMAGE", "zImage": "ZIMAGE", "bzImage": "BZIMAGE"}[name]
    raise InputError(message, hint=f"in Buildroot: `BR2_LINUX_KERNEL_{option}=y`")


def _initrd(images: Path, target: Target, notes: list[str]) -> Path | None:
    there = [images / name for name in _ANY if (images / name).is_file()]
    if target.guest.initrd is None:
        if there:
            notes.append(f"`{there[0].name}` is left alone: the guest takes no initrd of its own")
        return None
    if target.platform.arch is Arch.ARM:
        names: tuple[str, ...] = _GZIPPED
    else:
        names = _PLAIN if target.guest.initrd_overlaid else _ANY
    fitting = next((images / name for name in names if (images / name).is_file()), None)
    if fitting is None and there:
        option = "_GZIP" if names is _GZIPPED else ""
        message = f"`{images}` has `{there[0].name}`, but the guest needs `{names[0]}`"
        raise InputError(message, hint=f"in Buildroot: `BR2_TARGET_ROOTFS_CPIO{option}=y`")
    if fitting is None:
        notes.append(f"`{images}` has no `{names[0]}`: the app's own root file system is taken")
    return fitting


def _dtb(images: Path, target: Target, notes: list[str]) -> Path | None:
    found = sorted(images.glob("*.dtb"))
    if not found:
        return None
    names = ", ".join(f"`{each.name}`" for each in found)
    if target.guest.dtb is None or target.guest.dtb_needs is not None:
        option = "" if target.guest.dtb is None else "; `--guest-dtb` gives one to the guest"
        notes.append(f"{names} left alone: the VMM makes the device tree itself{option}")
        return None
    if len(found) > 1:
        message = f"`{images}` has more than one device tree: {names}"
        raise InputError(message, hint="choose one with `--guest-dtb FILE`")
    return found[0]
