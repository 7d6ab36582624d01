# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Files of guests in miniature: headers that are right, and nothing behind them."""

import gzip
import struct

CPIO = b"070701" + b"0" * 104 + b"TRAILER!!!\0"
CPIO_GZ = gzip.compress(CPIO, mtime=0)
LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
ANNEX_POINTER = b"/annex/objects/SHA256E-s12--00\n"


def an_arm64_image(size: int = 4096, *, image_size: int = 0) -> bytes:
    """Return a 64-bit Arm `Image` of `size` bytes that says it takes `image_size`."""
    head = struct.pack("<QQQ", 0, 0, image_size).ljust(56, b"\0") + b"ARM\x64"
    return head.ljust(size, b"\0")


def a_zimage(size: int = 4096, *, start: int = 0, end: int | None = None) -> bytes:
    """Return a 32-bit Arm `zImage`."""
    head = b"\0" * 36 + struct.pack("<III", 0x016F2818, start, size if end is None else end)
    return head.ljust(size, b"\0")


def a_bzimage(
    size: int = 4096, *, word_size: int = 64, init_size: int = 0, payload: bytes = b""
) -> bytes:
    """Return an x86 `bzImage` of boot protocol 2.15."""
    head = bytearray(b"\0" * 0x264)
    head[0x202:0x208] = b"HdrS" + struct.pack("<H", 0x020F)
    struct.pack_into("<H", head, 0x236, 1 if word_size == 64 else 0)
    struct.pack_into("<I", head, 0x260, init_size)
    head[0x1F1] = 1
    struct.pack_into("<I", head, 0x248, 0x10)
    return (bytes(head).ljust(1024 + 0x10, b"\0") + payload).ljust(size, b"\0")


def an_elf(machine: int) -> bytes:
    """Return the first bytes of a little-endian ELF file for `machine`."""
    return b"\x7fELF\x02\x01".ljust(18, b"\0") + struct.pack("<H", machine) + b"\0" * 40


def an_fdt(*, total: int | None = None) -> bytes:
    """Return a device tree blob with a reserved range, a node, a flag and a value."""
    strings = b"compatible\0ranges\0"
    structure = struct.pack(">I4s", 1, b"")
    structure += struct.pack(">III", 3, 5, 0) + b"acme\0\0\0\0"
    structure += struct.pack(">I8s", 1, b"soc@0") + struct.pack(">I", 4)
    structure += struct.pack(">III", 3, 0, 11)
    structure += struct.pack(">III", 2, 2, 9)
    reserved = struct.pack(">QQQQ", 0x1000, 0x2000, 0, 0)
    header_size = 40
    off_struct = header_size + len(reserved)
    off_strings = off_struct + len(structure)
    size = off_strings + len(strings)
    header = struct.pack(
        ">10I",
        *(0xD00DFEED, size if total is None else total, off_struct, off_strings, header_size),
        *(17, 16, 0, len(strings), len(structure)),
    )
    return header + reserved + structure + strings
