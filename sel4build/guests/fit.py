# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Hold the files of a guest against what the VMM loads, and against the guest's memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from sel4build.guests.formats import GuestFacts, GuestForm
from sel4build.model.guest import GuestImages, GuestRole
from sel4build.model.platform import Arch
from sel4build.model.target import Target

# camkes-vm templates/seL4VMParameters.template.c: where a kernel without an address is put.
_ENTRY_OFFSETS = {32: 0x8000, 64: 0x80000}
# camkes-vm components/VM_Arm/src/main.c, DTB_BUFFER_SIZE: of a device tree that the VMM makes.
_DTB_BUFFER_BYTES = 320 * 1024
_ON = "ON"
_MIB = 1 << 20
# libsel4vmmplatsupport guest_image.c: the VMM looks at the first bytes, and takes no other module.
_ARM_KERNELS = {64: GuestForm.ARM64_IMAGE, 32: GuestForm.ZIMAGE}
_ARM_HINTS = {64: "give it `arch/arm64/boot/Image`", 32: "give it `arch/arm/boot/zImage`"}
# camkes-vm tools/elf/extract-vmlinux: it knows the others, and ends well without any kernel.
_NOT_EXTRACTED = {GuestForm.LZ4, GuestForm.ZSTD}
_PACKED = {
    GuestForm.GZIP,
    GuestForm.XZ,
    GuestForm.LZMA,
    GuestForm.BZIP2,
    GuestForm.LZ4,
    GuestForm.ZSTD,
    GuestForm.LZO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestProblem:
    """Why a guest cannot be made of its files."""

    text: str
    hint: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """A part of the guest's memory: addresses as the guest sees them, `end` behind the last."""

    start: int
    end: int
    name: str

    def __str__(self) -> str:
        """Return it with its addresses."""
        return f"{self.name} at {self.start:#x}..{self.end:#x}"


def check_form(role: GuestRole, facts: GuestFacts, target: Target) -> GuestProblem | None:
    """Say why a file that is `facts` cannot be the `role` of the guest of `target`."""
    if facts.size_bytes == 0:
        return GuestProblem(text="it is empty")
    match role:
        case GuestRole.KERNEL:
            return _check_kernel(facts, target)
        case GuestRole.INITRD:
            return _check_whole(facts) or _check_initrd(facts, target)
        case GuestRole.DTB:
            return _check_dtb(facts, target)


def guest_word_size(target: Target) -> int:
    """Return the word size of the guest: the kernel's own unless the app says another."""
    return target.guest.word_size or target.platform.word_size


def check_start(facts: GuestFacts, target: Target) -> GuestProblem | None:
    """Say why a kernel of the right form, that is `facts`, would not start nevertheless."""
    return _check_payload(facts) if target.platform.arch is Arch.X86 else _check_end(facts)


def check_fit(files: Mapping[GuestRole, GuestFacts], target: Target) -> tuple[GuestProblem, ...]:
    """Say what of `files` does not fit the guest's memory, or lies on top of another."""
    guest = target.guest
    if target.platform.arch is Arch.X86:
        return tuple(_check_sum(files, guest))
    if guest.ram_base is None or guest.ram_size is None:
        return ()
    ram = Region(guest.ram_base, guest.ram_base + guest.ram_size, "memory")
    regions = sorted(_regions(files, target, ram))
    return (*_check_inside(regions, ram), *_check_apart(regions))


def _check_kernel(facts: GuestFacts, target: Target) -> GuestProblem | None:
    word_size = guest_word_size(target)
    if target.platform.arch is Arch.X86:
        if facts.form in {GuestForm.BZIMAGE, GuestForm.ELF} and facts.machine == "x86":
            if facts.word_size != word_size:
                return _wrong_word_size(facts, word_size)
            return _check_payload(facts)
        return GuestProblem(
            text=f"it is {_called(facts)}, but the guest needs an x86 kernel",
            hint="give it `arch/x86/boot/bzImage`",
        )
    wanted = _ARM_KERNELS[word_size]
    if facts.form is wanted:
        return _check_end(facts)
    hint = _ARM_HINTS[word_size]
    if facts.form in _PACKED:
        hint = f"the VMM does not unpack it; {hint}"
    elif facts.form is GuestForm.UIMAGE:
        hint = f"the VMM takes no header of U-Boot; {hint}"
    return GuestProblem(text=f"it is {_called(facts)}, but the guest needs {wanted}", hint=hint)


def _check_payload(facts: GuestFacts) -> GuestProblem | None:
    if facts.payload not in _NOT_EXTRACTED:
        return None
    text = f"its payload is {facts.payload}: the build would take an empty file for the kernel"
    return GuestProblem(
        text=text, hint="build Linux with `CONFIG_KERNEL_GZIP=y`, or give it `vmlinux`"
    )


def _check_end(facts: GuestFacts) -> GuestProblem | None:
    if facts.form is not GuestForm.ZIMAGE or not facts.cut_off:
        return None
    text = f"it is cut off: it has {facts.size_bytes} of {facts.memory_bytes} bytes"
    return GuestProblem(text=text, hint="make or fetch it again")


def _wrong_word_size(facts: GuestFacts, word_size: int) -> GuestProblem:
    text = f"it is a {facts.word_size}-bit kernel, but the guest is {word_size}-bit"
    return GuestProblem(text=text, hint=f"build Linux for {word_size}-bit x86")


def _called(facts: GuestFacts) -> str:
    if facts.form is GuestForm.ELF and facts.word_size is not None:
        return f"{facts.form} for {facts.word_size}-bit {facts.machine}"
    return str(facts.form)


def _check_whole(facts: GuestFacts) -> GuestProblem | None:
    if not facts.cut_off:
        return None
    text = "it is a gzip file that is cut off or damaged: it cannot be unpacked to its end"
    return GuestProblem(text=text, hint="make or fetch it again")


def _check_initrd(facts: GuestFacts, target: Target) -> GuestProblem | None:
    stock = target.guest.initrd or ""
    is_arm = target.platform.arch is Arch.ARM
    if is_arm or (target.guest.initrd_overlaid and stock.endswith(".gz")):
        if facts.packed_cpio:
            return None
        is_overlaid = target.guest.initrd_overlaid
        why = "the build adds files to it" if is_overlaid else "the VMM takes no other"
        text = f"it is {facts.form}, but has to be a cpio archive packed by gzip: {why}"
        return GuestProblem(text=text, hint="in Buildroot: `BR2_TARGET_ROOTFS_CPIO_GZIP=y`")
    if target.guest.initrd_overlaid:
        if facts.form is GuestForm.CPIO:
            return None
        text = f"it is {facts.form}, but has to be a plain cpio archive: the build adds files to it"
        return GuestProblem(text=text, hint="in Buildroot: `BR2_TARGET_ROOTFS_CPIO=y`")
    if facts.form is GuestForm.CPIO or facts.form in _PACKED:
        return None
    return GuestProblem(
        text=f"it is {facts.form}, but an initrd is a cpio archive, packed or not",
        hint="in Buildroot: `BR2_TARGET_ROOTFS_CPIO=y`",
    )


def _check_dtb(facts: GuestFacts, target: Target) -> GuestProblem | None:
    takes_source = (target.guest.dtb or "").endswith(".dts")
    if facts.form is GuestForm.FDT:
        if facts.memory_bytes > facts.size_bytes:
            text = f"it is cut off: it has {facts.size_bytes} of {facts.memory_bytes} bytes"
            return GuestProblem(text=text, hint="compile it again")
        return None
    if facts.form is GuestForm.DTS and takes_source:
        return None
    hint = "compile it: `dtc -I dts -O dtb`" if facts.form is GuestForm.DTS else None
    return GuestProblem(text=f"it is {facts.form}, but has to be a device tree blob", hint=hint)


def _regions(
    files: Mapping[GuestRole, GuestFacts], target: Target, ram: Region
) -> Iterator[Region]:
    guest = target.guest
    kernel = files.get(GuestRole.KERNEL)
    if kernel is not None:
        start = kernel.load_address or ram.start + _ENTRY_OFFSETS[guest_word_size(target)]
        yield Region(start, start + kernel.memory_bytes, "the kernel")
    initrd = files.get(GuestRole.INITRD)
    if initrd is not None and guest.initrd_addr is not None:
        yield Region(guest.initrd_addr, guest.initrd_addr + initrd.memory_bytes, "the initrd")
    if guest.dtb_addr is not None:
        size = _dtb_size(files.get(GuestRole.DTB), target)
        yield Region(guest.dtb_addr, guest.dtb_addr + size, "the device tree")


def _dtb_size(facts: GuestFacts | None, target: Target) -> int:
    """Return the size of a blob that is given to the guest, or of what the VMM makes instead."""
    option = target.guest.dtb_needs or "VmDtbFile"
    forced = {**target.app.forced, **target.app_platform.forced}
    is_given = {**forced, **target.defines}.get(option) == _ON
    if is_given and facts is not None and facts.form is GuestForm.FDT:
        return facts.memory_bytes
    return _DTB_BUFFER_BYTES


def _check_inside(regions: list[Region], ram: Region) -> Iterator[GuestProblem]:
    for region in regions:
        if region.start < ram.start or region.end > ram.end:
            over = max(region.end - ram.end, ram.start - region.start)
            yield GuestProblem(
                text=f"{region} is {over} bytes outside of the guest's {ram}",
                hint="make it smaller, or give the guest more memory in `devices.camkes`",
            )


def _check_apart(regions: list[Region]) -> Iterator[GuestProblem]:
    for one, other in pairwise(regions):
        if one.end > other.start:
            yield GuestProblem(
                text=f"{one} overlaps {other} by {one.end - other.start} bytes",
                hint=f"make {one.name} smaller: there is room for {other.start - one.start} bytes",
            )


def _check_sum(files: Mapping[GuestRole, GuestFacts], guest: GuestImages) -> Iterator[GuestProblem]:
    """On x86 the VMM finds places by itself: all has to fit together."""
    needed = sum(facts.memory_bytes for facts in files.values())
    if guest.ram_size is not None and needed > guest.ram_size:
        yield GuestProblem(
            text=f"the files need {needed} bytes, but the guest has {guest.ram_size // _MIB} MiB",
            hint="make them smaller, or raise `guest_ram_mb` of the app",
        )
