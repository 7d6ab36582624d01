# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Paths of the nodes of a device tree blob: Devicetree Specification 0.4, chapter 5."""

import struct

from sel4build.errors import Span
from sel4build.model.sources import DeviceTree, DtNode

_MAGIC = 0xD00DFEED
_BEGIN_NODE, _END_NODE, _PROP, _NOP, _END = 1, 2, 3, 4, 9
_HEADER = struct.Struct(">10I")
_CELL = struct.Struct(">I")
_PROPERTY = struct.Struct(">2I")
_DEEPEST = 64


def parse_blob(content: bytes, file: str) -> DeviceTree | None:
    """Return the nodes of a blob, without their properties; None where it is none."""
    if len(content) < _HEADER.size:
        return None
    magic, size, struct_at, *_ = _HEADER.unpack_from(content)
    if magic != _MAGIC or size > len(content):
        return None
    try:
        paths = _paths(content, struct_at)
    except (struct.error, ValueError):
        return None
    span = Span(file=file)
    nodes = {
        path: DtNode(path=path, properties={}, children=children, span=span)
        for path, children in paths.items()
    }
    return DeviceTree(files=(file,), nodes=nodes)


def _paths(content: bytes, place: int) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    stack: list[str] = []
    while True:
        (token,) = _CELL.unpack_from(content, place)
        place += _CELL.size
        if token == _BEGIN_NODE:
            end = content.index(b"\0", place)
            name = content[place:end].decode("ascii", errors="replace")
            place = _aligned(end + 1)
            path = f"{stack[-1].rstrip('/')}/{name}" if stack else "/"
            if stack:
                found[stack[-1]] = (*found[stack[-1]], path)
            found.setdefault(path, ())
            stack.append(path)
            if len(stack) > _DEEPEST:
                raise ValueError
        elif token == _END_NODE and stack:
            stack.pop()
        elif token == _PROP:
            length, _ = _PROPERTY.unpack_from(content, place)
            place = _aligned(place + _PROPERTY.size + length)
        elif token == _END and not stack and found:
            return found
        elif token != _NOP:
            raise ValueError


def _aligned(place: int) -> int:
    return (place + 3) & ~3
