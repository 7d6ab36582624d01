# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import struct
import zlib

from sel4build.boot.script import render_script


def test_a_script_is_a_uimage_of_type_script_around_its_sized_text() -> None:
    content = render_script(("echo hello", "bootm"))
    fields = struct.unpack(">7I4B32s", content[:64])
    magic, checksum, time, size, load, entry, payload_sum, _, _, kind, packing, name = fields
    assert (magic, time, load, entry, kind, packing) == (0x27051956, 0, 0, 0, 6, 0)
    assert name.rstrip(b"\0") == b"boot"
    assert checksum == zlib.crc32(content[:4] + bytes(4) + content[8:64])
    assert (size, payload_sum) == (len(content) - 64, zlib.crc32(content[64:]))
    text = b"echo hello\nbootm\n"
    assert content[64:] == struct.pack(">II", len(text), 0) + text
