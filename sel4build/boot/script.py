# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""U-Boot scripts in the form that U-Boot runs by itself when it finds one on a drive.

A script is a uImage of type 6 (include/image.h, `struct legacy_img_hdr`) around a list of sizes
that ends with zero, as in an image of several files, and the text.
"""

import struct
import zlib

_MAGIC = 0x27051956
_LAYOUT = ">7I4B32s"
_LINUX = 5
_SCRIPT = 6
_UNCOMPRESSED = 0
_NO_TIME = 0


def render_script(lines: tuple[str, ...], *, arch: int = 0) -> bytes:
    """Return the script file; `arch` is an IH_ARCH_* that U-Boot ignores for scripts."""
    text = "".join(f"{line}\n" for line in lines).encode()
    payload = struct.pack(">II", len(text), 0) + text
    header = _header(0, payload, arch)
    return _header(zlib.crc32(header), payload, arch) + payload


def _header(checksum: int, payload: bytes, arch: int) -> bytes:
    """Return the header; its checksum is taken over itself with zero in place of it."""
    sizes = (len(payload), 0, 0, zlib.crc32(payload))
    kinds = (_LINUX, arch, _SCRIPT, _UNCOMPRESSED)
    return struct.pack(_LAYOUT, _MAGIC, checksum, _NO_TIME, *sizes, *kinds, b"boot")
