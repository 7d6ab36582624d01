# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tell what a file of a guest is from its bytes."""

import gzip
import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum

_FDT_MAGIC = 0xD00DFEED
_LFS = b"version https://git-lfs.github.com/spec/"
_ANNEX = b"/annex/objects/"
_MOST_POINTER_BYTES = 1024
_PIECE = 1 << 16  # bytes taken at once
_CPIO = (b"070701", b"070702", b"070707", b"\xc7\x71")


class GuestForm(StrEnum):
    """What a file is, in words for the user."""

    ARM64_IMAGE = "a 64-bit Arm kernel (`Image`)"
    ZIMAGE = "a 32-bit Arm kernel (`zImage`)"
    BZIMAGE = "an x86 kernel (`bzImage`)"
    ELF = "an ELF file"
    UIMAGE = "a uImage"
    FDT = "a device tree blob"
    DTS = "a device tree source"
    CPIO = "a cpio archive"
    GZIP = "a gzip file"
    XZ = "an xz file"
    LZMA = "an lzma file"
    BZIP2 = "a bzip2 file"
    LZ4 = "an lz4 file"
    ZSTD = "a zstd file"
    LZO = "an lzo file"
    UNKNOWN = "of no known form"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestFacts:
    """What is known of a file. Sizes are bytes."""

    form: GuestForm
    size_bytes: int
    memory_bytes: int
    """What it takes in the guest's memory, where the file tells; else its size."""
    word_size: int | None = None
    """32 or 64 bits, of a kernel."""
    machine: str = ""
    """For whom the code is: `arm` or `x86`; empty where it does not say."""
    load_address: int | None = None
    """Where the file wants to be, when it does."""
    payload: "GuestForm | None" = None
    """How the kernel inside a `bzImage` is packed, where that is known."""
    packed_cpio: bool = False
    """It is a gzip file with a cpio archive in it."""
    cut_off: bool = False
    """It ends too early: a gzip file (or it is damaged), or a `zImage` by its header."""


_MAGICS: tuple[tuple[bytes, GuestForm], ...] = (
    (b"\x1f\x8b", GuestForm.GZIP),
    (b"\xfd7zXZ\x00", GuestForm.XZ),
    (b"BZh", GuestForm.BZIP2),
    (b"\x5d\x00\x00", GuestForm.LZMA),
    (b"\x28\xb5\x2f\xfd", GuestForm.ZSTD),
    (b"\x02\x21\x4c\x18", GuestForm.LZ4),
    (b"\x04\x22\x4d\x18", GuestForm.LZ4),
    (b"\x89LZO", GuestForm.LZO),
    (b"\x27\x05\x19\x56", GuestForm.UIMAGE),
    *((magic, GuestForm.CPIO) for magic in _CPIO),
)


def why_pointer(content: bytes) -> str | None:
    """Say which pointer `content` is instead of the file itself, or None."""
    if len(content) > _MOST_POINTER_BYTES:
        return None
    if content.startswith(_LFS):
        return "a Git LFS pointer, not the file itself: run `git lfs pull` in its project"
    if _ANNEX in content:
        return "a git-annex pointer, not the file itself: run `git annex get` in its project"
    return None


def inspect_guest(content: bytes) -> GuestFacts:
    """Return what `content` is; never raises."""
    size = len(content)
    for known in (_arm64_image, _zimage, _bzimage, _elf, _fdt):
        facts = known(content)
        if facts is not None:
            return facts
    for magic, form in _MAGICS:
        if content.startswith(magic):
            packed = form is GuestForm.GZIP and _gzip_holds_cpio(content)
            return GuestFacts(
                form=form,
                size_bytes=size,
                memory_bytes=size,
                packed_cpio=packed,
                cut_off=packed and not _gzip_is_whole(content),
            )
    form = GuestForm.DTS if b"/dts-v1/" in content[:4096] else GuestForm.UNKNOWN
    return GuestFacts(form=form, size_bytes=size, memory_bytes=size)


def _arm64_image(content: bytes) -> GuestFacts | None:
    """Linux Documentation/arch/arm64/booting.rst: magic at 56, image_size at 16."""
    if content[56:60] != b"ARM\x64":
        return None
    (image_size,) = struct.unpack_from("<Q", content, 16)
    return GuestFacts(
        form=GuestForm.ARM64_IMAGE,
        size_bytes=len(content),
        memory_bytes=max(len(content), image_size),
        word_size=64,
        machine="arm",
    )


def _zimage(content: bytes) -> GuestFacts | None:
    """Linux arch/arm/boot/compressed/head.S: magic, start and end at 36."""
    if len(content) < 48:  # noqa: PLR2004 - the header
        return None
    magic, start, end = struct.unpack_from("<III", content, 36)
    if magic != 0x016F2818:  # noqa: PLR2004 - the magic number
        return None
    return GuestFacts(
        form=GuestForm.ZIMAGE,
        size_bytes=len(content),
        memory_bytes=max(len(content), end - start),
        word_size=32,
        machine="arm",
        load_address=start or None,
        cut_off=len(content) < end - start,
    )


def _bzimage(content: bytes) -> GuestFacts | None:
    """Linux Documentation/arch/x86/boot.rst: HdrS at 0x202, xloadflags and init_size behind it."""
    if content[0x202:0x206] != b"HdrS" or len(content) < 0x264:  # noqa: PLR2004 - the header
        return None
    (protocol,) = struct.unpack_from("<H", content, 0x206)
    (flags,) = struct.unpack_from("<H", content, 0x236) if protocol >= 0x020C else (0,)  # noqa: PLR2004
    (init_size,) = struct.unpack_from("<I", content, 0x260) if protocol >= 0x020A else (0,)  # noqa: PLR2004
    return GuestFacts(
        form=GuestForm.BZIMAGE,
        size_bytes=len(content),
        memory_bytes=max(len(content), init_size),
        word_size=64 if flags & 1 else 32,
        machine="x86",
        payload=_payload(content) if protocol >= 0x0208 else None,  # noqa: PLR2004
    )


def _payload(content: bytes) -> GuestForm | None:
    """boot.rst: payload_offset counts from the code behind the sectors of the setup."""
    num_sectors = content[0x1F1] or 4
    (offset,) = struct.unpack_from("<I", content, 0x248)
    start = (num_sectors + 1) * 512 + offset
    inside = content[start : start + 8]
    if inside.startswith(b"\x7fELF"):
        return GuestForm.ELF
    return next((form for magic, form in _MAGICS if inside.startswith(magic)), None)


_ELF_MACHINES = {3: ("x86", 32), 62: ("x86", 64), 40: ("arm", 32), 183: ("arm", 64)}


def _elf(content: bytes) -> GuestFacts | None:
    if not content.startswith(b"\x7fELF") or len(content) < 20:  # noqa: PLR2004 - up to e_machine
        return None
    (number,) = struct.unpack_from("<H" if content[5] == 1 else ">H", content, 18)
    machine, word_size = _ELF_MACHINES.get(number, (f"machine {number}", None))
    return GuestFacts(
        form=GuestForm.ELF,
        size_bytes=len(content),
        memory_bytes=len(content),
        word_size=word_size,
        machine=machine,
    )


def _fdt(content: bytes) -> GuestFacts | None:
    if len(content) < 8:  # noqa: PLR2004 - magic and size
        return None
    magic, total = struct.unpack_from(">II", content)
    if magic != _FDT_MAGIC:
        return None
    return GuestFacts(form=GuestForm.FDT, size_bytes=len(content), memory_bytes=total)


def _gzip_holds_cpio(content: bytes) -> bool:
    try:
        head = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS).decompress(content, 8)
    except (zlib.error, gzip.BadGzipFile):
        return False
    return head.startswith(_CPIO)


def _gzip_is_whole(content: bytes) -> bool:
    """Unpack all of it, piece by piece: length and checksum stand at its end."""
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    pieces = memoryview(content)
    try:
        for start in range(0, len(content), _PIECE):
            unpacker.decompress(pieces[start : start + _PIECE])
            if unpacker.eof:
                break
    except zlib.error:
        return False
    return unpacker.eof
