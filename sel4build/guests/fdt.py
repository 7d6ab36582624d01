# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Device tree blobs to source text (devicetree specification, chapter 5)."""

import struct
from collections.abc import Iterator

from sel4build.errors import InputError

_BEGIN_NODE, _END_NODE, _PROP, _NOP, _END = 1, 2, 3, 4, 9
_HEADER = struct.Struct(">10I")


def decompile_fdt(blob: bytes, *, file: str) -> str:
    """Return a source that dtc compiles to the same tree; values are written as bytes.

    Raises InputError naming `file` when the blob is damaged.
    """
    try:
        header = _HEADER.unpack_from(blob)
        reserved = "".join(_reserved(blob, header[4]))
        body = "\n".join(_lines(blob, structure=header[2], strings=header[3]))
    except (struct.error, ValueError, IndexError) as error:
        message = f"device tree `{file}` is damaged"
        raise InputError(message, hint="compile it again") from error
    return f"/dts-v1/;\n{reserved}\n{body}\n"


def _reserved(blob: bytes, offset: int) -> Iterator[str]:
    while True:
        address, size = struct.unpack_from(">QQ", blob, offset)
        if not address and not size:
            return
        yield f"/memreserve/ {address:#x} {size:#x};\n"
        offset += 16


def _lines(blob: bytes, *, structure: int, strings: int) -> Iterator[str]:
    depth, offset = 0, structure
    while True:
        (token,) = struct.unpack_from(">I", blob, offset)
        offset += 4
        if token == _BEGIN_NODE:
            name, offset = _text(blob, offset)
            yield "\t" * depth + (name or "/") + " {"
            depth += 1
            offset = _aligned(offset, structure)
        elif token == _PROP:
            length, name_at = struct.unpack_from(">II", blob, offset)
            value = blob[offset + 8 : offset + 8 + length]
            if len(value) < length:
                raise ValueError(length)
            name, _ = _text(blob, strings + name_at)
            yield "\t" * depth + name + (f" = [{value.hex(' ')}];" if length else ";")
            offset = _aligned(offset + 8 + length, structure)
        elif token == _END_NODE:
            depth -= 1
            yield "\t" * depth + "};"
        elif token == _END and not depth:
            return
        elif token != _NOP:
            raise ValueError(token)


def _text(blob: bytes, offset: int) -> tuple[str, int]:
    end = blob.index(b"\0", offset)
    return blob[offset:end].decode("ascii"), end + 1


def _aligned(offset: int, base: int) -> int:
    return base + (offset - base + 3) // 4 * 4
