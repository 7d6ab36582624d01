# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Multiboot headers, which tell an x86 boot loader that an executable is a kernel."""

import struct

# Multiboot Specification 0.6.96, 3.1.1: "The Multiboot header must be contained completely within
# the first 8192 bytes of the OS image, and must be longword (32-bit) aligned."; magic, flags, and
# the checksum that makes their sum zero.
_MAGIC_1 = 0x1BADB002
_WITHIN_1 = 8192
# Multiboot2 Specification 2.0, 3.1.1: "... within the first 32768 bytes of the OS image, and must
# be 64-bit aligned."; magic, architecture, header length, checksum.
_MAGIC_2 = 0xE85250D6
_WITHIN_2 = 32768


def find_multiboot_versions(content: bytes) -> tuple[int, ...]:
    """Return the multiboot versions that `content` has a valid header for, rising."""
    found = (
        _has_header(content[:_WITHIN_1], magic=_MAGIC_1, align=4, fields=3),
        _has_header(content[:_WITHIN_2], magic=_MAGIC_2, align=8, fields=4),
    )
    return tuple(version for version, is_there in enumerate(found, start=1) if is_there)


def _has_header(content: bytes, *, magic: int, align: int, fields: int) -> bool:
    """Tell whether `fields` words that begin with `magic` and sum to zero are in `content`."""
    layout = f"<{fields}I"
    needle = struct.pack("<I", magic)
    offset = content.find(needle)
    while 0 <= offset <= len(content) - struct.calcsize(layout):
        words = struct.unpack_from(layout, content, offset)
        if offset % align == 0 and sum(words) % (1 << 32) == 0:
            return True
        offset = content.find(needle, offset + 1)
    return False
