# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""ELF executables: System V ABI, edition 4.1, chapters 4 "Object Files" and 5 "Program Loading"."""

from dataclasses import dataclass

from sel4build.model.image import ImageFacts
from sel4build.model.platform import ImageFormat
from sel4build.package.fields import ImageBytes
from sel4build.package.multiboot import find_multiboot_versions

MAGIC = b"\x7fELF"
_MACHINES = {3: "i386", 40: "arm", 62: "x86_64", 183: "aarch64"}
_WORD_SIZES = {1: 32, 2: 64}
_LITTLE_ENDIAN = 1
_EXECUTABLE_TYPES = (2, 3)  # ET_EXEC, and ET_DYN for position independent ones
_PT_LOAD = 1
_HEADER_SIZE = {32: 52, 64: 64}
_SEGMENT_SIZE = {32: 32, 64: 56}
_SECTION_SIZE = {32: 40, 64: 64}
_X86 = ("i386", "x86_64")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """The fields of Elf32_Ehdr or Elf64_Ehdr that matter, under their names in the ABI."""

    word_size: int
    machine: int
    entry: int
    phoff: int
    shoff: int
    phentsize: int
    phnum: int
    shentsize: int
    shnum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    """A PT_LOAD program header."""

    offset: int
    vaddr: int
    paddr: int
    filesz: int
    memsz: int


def inspect_elf(image: ImageBytes) -> ImageFacts:
    """Return what an ELF executable says of itself.

    The load address is the lowest physical address of its segments. An x86 executable with a
    multiboot header is of the multiboot form. Raises MalformedImageError.
    """
    header = _read_header(image)
    segments = _read_segments(image, header)
    if not any(_holds(segment, header.entry) for segment in segments):
        raise image.malformed(f"the entry {header.entry:#x} lies in no segment")
    machine = _MACHINES.get(header.machine, f"ELF machine {header.machine}")
    versions = find_multiboot_versions(image.content) if machine in _X86 else ()
    return ImageFacts(
        format=ImageFormat.MULTIBOOT if versions else ImageFormat.ELF,
        machine=machine,
        word_size=header.word_size,
        entry=header.entry,
        load_address=min(segment.paddr for segment in segments),
        multiboot_versions=versions,
    )


def _read_header(image: ImageBytes) -> _Header:
    elf_class, byte_order, ident_version = image.unpack("3B", 4, what="the ELF identification")
    word_size = _WORD_SIZES.get(elf_class)
    if word_size is None:
        raise image.malformed(f"{elf_class} is no ELF class")
    if byte_order != _LITTLE_ENDIAN:
        raise image.malformed("it is not little-endian")
    layout = "<HHIIIIIHHHHH" if word_size == 32 else "<HHIQQQIHHHHH"  # noqa: PLR2004  (bits)
    fields = image.unpack(layout, 16, what="the ELF header")
    kind, machine, version, entry, phoff, shoff, _, ehsize, phentsize, phnum, shentsize, shnum = (
        fields
    )
    if (ident_version, version) != (1, 1):
        raise image.malformed("its ELF version is not 1")
    if kind not in _EXECUTABLE_TYPES:
        raise image.malformed(f"ELF type {kind} is no executable")
    if ehsize != _HEADER_SIZE[word_size]:
        raise image.malformed(f"{ehsize} bytes is no size of a {word_size}-bit ELF header")
    header = _Header(
        word_size=word_size,
        machine=machine,
        entry=entry,
        phoff=phoff,
        shoff=shoff,
        phentsize=phentsize,
        phnum=phnum,
        shentsize=shentsize,
        shnum=shnum,
    )
    _check_tables(image, header)
    return header


def _check_tables(image: ImageBytes, header: _Header) -> None:
    if header.phnum == 0:
        raise image.malformed("it has no program headers")
    if header.phentsize != _SEGMENT_SIZE[header.word_size]:
        raise image.malformed(f"{header.phentsize} bytes is no size of a program header")
    image.need(header.phoff, header.phnum * header.phentsize, what="the program header table")
    # A file cut short most often loses the section headers, which linkers put last.
    if header.shnum:
        if header.shentsize != _SECTION_SIZE[header.word_size]:
            raise image.malformed(f"{header.shentsize} bytes is no size of a section header")
        image.need(header.shoff, header.shnum * header.shentsize, what="the section header table")


def _read_segments(image: ImageBytes, header: _Header) -> tuple[_Segment, ...]:
    segments = []
    for index in range(header.phnum):
        offset = header.phoff + index * header.phentsize
        kind, segment = _read_segment(image, offset, header.word_size)
        # A segment without memory is left by linkers and loads nothing.
        if kind == _PT_LOAD and segment.memsz:
            _check_segment(image, segment, index=index, word_size=header.word_size)
            segments.append(segment)
    if not segments:
        raise image.malformed("it has no segment to load")
    return tuple(segments)


def _read_segment(image: ImageBytes, offset: int, word_size: int) -> tuple[int, _Segment]:
    # Elf32_Phdr has the flags behind the sizes, Elf64_Phdr behind the type.
    if word_size == 32:  # noqa: PLR2004  (bits)
        kind, start, vaddr, paddr, filesz, memsz = image.unpack("<6I", offset, what="a segment")
    else:
        layout = "<I4xQQQQQ"
        kind, start, vaddr, paddr, filesz, memsz = image.unpack(layout, offset, what="a segment")
    segment = _Segment(offset=start, vaddr=vaddr, paddr=paddr, filesz=filesz, memsz=memsz)
    return kind, segment


def _check_segment(image: ImageBytes, segment: _Segment, *, index: int, word_size: int) -> None:
    if segment.filesz > segment.memsz:
        raise image.malformed(f"segment {index} is larger in the file than in memory")
    if max(segment.paddr, segment.vaddr) + segment.memsz > 1 << word_size:
        raise image.malformed(f"segment {index} ends beyond {word_size}-bit memory")
    image.need(segment.offset, segment.filesz, what=f"segment {index}")


def _holds(segment: _Segment, address: int) -> bool:
    """Tell whether `address` is in the segment, by either of its addresses.

    A kernel that starts before paging names its entry by physical address.
    """
    return any(start <= address < start + segment.memsz for start in (segment.vaddr, segment.paddr))
