# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""EFI applications: the PE format (Microsoft, revision 11) as UEFI 2.10, 2.1.1 restricts it.

Images made by hand keep to the letter of the format and to nothing else: data directories may be
fewer than 16, and the section `.reloc` may be empty. Only what a loader reads is checked.
"""

from dataclasses import dataclass

from sel4build.model.image import ImageFacts
from sel4build.model.platform import ImageFormat
from sel4build.package.fields import ImageBytes

MAGIC = b"MZ"
_NEW_HEADER_FIELD = 0x3C
_SIGNATURE = b"PE\0\0"
# IMAGE_FILE_MACHINE_*: ARM and its Thumb and mixed kinds count as one.
_MACHINES = {
    0x14C: "i386",
    0x1C0: "arm",
    0x1C2: "arm",
    0x1C4: "arm",
    0x8664: "x86_64",
    0xAA64: "aarch64",
}
_EFI_APPLICATION = 10
_COFF_SIZE = 20
_SECTION_SIZE = 40
_DIRECTORY_SIZE = 8
# gnu-efi's linker scripts round the size of the last section up to this many bytes, which
# `objcopy -O binary` does not write out.
_SLACK = 512
# Linux, Documentation/arch/arm64/booting.rst: the magic of an image that may be jumped to.
_ARM64_MAGIC = b"ARM\x64"
_ARM64_MAGIC_OFFSET = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """PE32 or PE32+: where its optional header has its fields."""

    word_size: int
    base_layout: str
    base_offset: int
    fixed_size: int
    """Bytes before the data directories, whose number is the last field."""


_KINDS = {
    0x10B: _Kind(word_size=32, base_layout="<I", base_offset=28, fixed_size=96),
    0x20B: _Kind(word_size=64, base_layout="<Q", base_offset=24, fixed_size=112),
}


def inspect_pe(image: ImageBytes) -> ImageFacts:
    """Return what an EFI application says of itself; its entry is relative to where it is loaded.

    Raises MalformedImageError.
    """
    (new_header,) = image.unpack("<I", _NEW_HEADER_FIELD, what="the MZ header")
    image.need(new_header, len(_SIGNATURE) + _COFF_SIZE, what="the PE header")
    if image.content[new_header : new_header + 4] != _SIGNATURE:
        raise image.malformed("it starts with MZ, but has no PE signature")
    coff = new_header + len(_SIGNATURE)
    machine, num_sections, optional_size = image.unpack("<HH12xH", coff, what="the COFF header")
    optional = coff + _COFF_SIZE
    kind, entry = _read_optional_header(image, optional, optional_size)
    _check_sections(image, optional + optional_size, num_sections, entry=entry)
    (base,) = image.unpack(kind.base_layout, optional + kind.base_offset, what="the image base")
    return ImageFacts(
        format=ImageFormat.EFI,
        machine=_MACHINES.get(machine, f"PE machine {machine:#x}"),
        word_size=kind.word_size,
        entry=entry,
        load_address=base or None,
        can_be_jumped_to=image.content[_ARM64_MAGIC_OFFSET:].startswith(_ARM64_MAGIC),
    )


def _read_optional_header(image: ImageBytes, offset: int, size: int) -> tuple[_Kind, int]:
    """Return the kind of the image and its entry, relative to its base."""
    image.need(offset, size, what="the optional header")
    (magic,) = image.unpack("<H", offset, what="the optional header")
    kind = _KINDS.get(magic)
    if kind is None:
        raise image.malformed(f"{magic:#x} is neither PE32 nor PE32+")
    if size < kind.fixed_size:
        raise image.malformed(f"an optional header of {size} bytes is too short")
    (entry,) = image.unpack("<I", offset + 16, what="the entry")
    (subsystem,) = image.unpack("<H", offset + 68, what="the subsystem")
    if subsystem != _EFI_APPLICATION:
        raise image.malformed(f"its PE subsystem is {subsystem}, but an EFI application has 10")
    (directories,) = image.unpack("<I", offset + kind.fixed_size - 4, what="the directories")
    if size < kind.fixed_size + directories * _DIRECTORY_SIZE:
        raise image.malformed(f"its {directories} data directories exceed the optional header")
    return kind, entry


def _check_sections(image: ImageBytes, offset: int, number: int, *, entry: int) -> None:
    if number == 0:
        raise image.malformed("it has no sections")
    image.need(offset, number * _SECTION_SIZE, what="the section table")
    holds_entry = False
    for index in range(number):
        at = offset + index * _SECTION_SIZE
        virtual_size, address, raw_size, raw = image.unpack("<8x4I", at, what="a section")
        if raw_size:
            image.need(raw, max(0, raw_size - _SLACK + 1), what=f"section {index}")
        holds_entry |= address <= entry < address + max(virtual_size, raw_size)
    if not holds_entry:
        raise image.malformed(f"the entry {entry:#x} lies in no section")
