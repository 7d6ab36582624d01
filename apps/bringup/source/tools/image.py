# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Turn a linked ELF file into the form a boot loader takes.

Does with the standard library what objcopy and mkimage would do, so that a
compiler is all a user needs. Output depends on nothing but the input and
SOURCE_DATE_EPOCH.
"""

from __future__ import annotations

import argparse
import os
import struct
import sys
import zlib
from pathlib import Path
from typing import NamedTuple

PT_LOAD = 1
CLASS_32, CLASS_64, LITTLE_ENDIAN = 1, 2, 1
PAGE = 4096


class Segment(NamedTuple):
    """A PT_LOAD entry; `content` is the part that is in the file."""

    flags: int
    address: int
    content: bytes
    size: int


class Elf(NamedTuple):
    """What an image needs of a little-endian ELF file."""

    entry: int
    segments: tuple[Segment, ...]


def parse_elf(raw: bytes) -> Elf:
    """Read the ELF and program headers (System V gABI, chapters 4 and 5)."""
    if raw[:4] != b"\x7fELF" or raw[4] not in (CLASS_32, CLASS_64) or raw[5] != LITTLE_ENDIAN:
        raise ValueError("not a little-endian ELF file")
    wide = raw[4] == CLASS_64
    entry, table = struct.unpack_from("<QQ" if wide else "<II", raw, 24)
    step, count = struct.unpack_from("<HH", raw, 54 if wide else 42)
    segments = []
    for at in range(table, table + step * count, step):
        if wide:
            kind, flags, offset, _, address, stored, size, _ = struct.unpack_from("<2I6Q", raw, at)
        else:
            kind, offset, _, address, stored, size, flags, _ = struct.unpack_from("<8I", raw, at)
        if kind == PT_LOAD and size:
            segments.append(Segment(flags, address, raw[offset : offset + stored], size))
    if not segments:
        raise ValueError("no segment to load")
    return Elf(entry, tuple(sorted(segments, key=lambda segment: segment.address)))


def flat(elf: Elf) -> bytes:
    """Lay the segments out as in memory; the entry must be the first byte."""
    start = elf.segments[0].address
    if elf.entry != start:
        raise ValueError(f"entry {elf.entry:#x} is not the first byte, {start:#x}")
    memory = bytearray(max(s.address + s.size for s in elf.segments) - start)
    for segment in elf.segments:
        at = segment.address - start
        memory[at : at + len(segment.content)] = segment.content
    return bytes(memory)


def uimage(elf: Elf, *, arch: str, name: str, time: int) -> bytes:
    """Put U-Boot's legacy header before the flat image (U-Boot include/image.h)."""
    linux, kernel, uncompressed = 5, 2, 0
    body = flat(elf)
    fields = (time, len(body), elf.entry, elf.entry, zlib.crc32(body))
    kinds = (linux, {"arm": 2, "arm64": 22}[arch], kernel, uncompressed)
    layout = ">7I4B32s"
    rest = (*fields, *kinds, name.encode()[:31])
    # The header's checksum is taken with its own field zero.
    checksum = zlib.crc32(struct.pack(layout, 0x27051956, 0, *rest))
    return struct.pack(layout, 0x27051956, checksum, *rest) + body


def elf32(elf: Elf) -> bytes:
    """Write the segments as an ELF32 file for the i386: Multiboot knows no other."""
    header_size, entry_size, i386 = 52, 32, 3
    count = len(elf.segments)
    headers, contents = b"", b""
    for segment in elf.segments:
        if segment.address + segment.size > 1 << 32:
            raise ValueError(f"segment at {segment.address:#x} is above 4 GiB")
        # Offset and address agree modulo the page size.
        contents += bytes((segment.address - PAGE - len(contents)) % PAGE)
        place = (PAGE + len(contents), segment.address, segment.address)
        sizes = (len(segment.content), segment.size)
        headers += struct.pack("<8I", PT_LOAD, *place, *sizes, segment.flags, PAGE)
        contents += segment.content
    ident = b"\x7fELF\x01\x01\x01".ljust(16, b"\0")
    tail = (header_size, entry_size, count, 0, 0, 0)
    header = ident + struct.pack("<HHIIIII6H", 2, i386, 1, elf.entry, header_size, 0, 0, *tail)
    return (header + headers).ljust(PAGE, b"\0") + contents


def main(arguments: list[str]) -> int:
    """Make one image; the exit code is 1 when the ELF file does not fit the form."""
    parser = argparse.ArgumentParser(description="Make a boot loader's image of an ELF file.")
    parser.add_argument("form", choices=("flat", "uimage", "elf32"))
    parser.add_argument("elf", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--arch", choices=("arm", "arm64"), default="arm64", help="of a uimage")
    parser.add_argument("--name", default="", help="of a uimage")
    options = parser.parse_args(arguments)
    try:
        elf = parse_elf(options.elf.read_bytes())
        if options.form == "flat":
            image = flat(elf)
        elif options.form == "elf32":
            image = elf32(elf)
        else:
            time = int(os.environ.get("SOURCE_DATE_EPOCH") or 0)  # noqa: TID251 - a program of its own
            image = uimage(elf, arch=options.arch, name=options.name, time=time)
    except (ValueError, struct.error) as error:
        print(f"image.py: {options.elf}: {error}", file=sys.stderr)
        return 1
    options.output.write_bytes(image)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
