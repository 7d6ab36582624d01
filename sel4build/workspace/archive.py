# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The file of `bundle`: an uncompressed tar whose first member is an index of all others.

Only the plainest form is written and read (POSIX ustar, regular files): a header of any other kind
is refused before a byte of it is used, and no name leads anywhere, since a reader knows the names.
"""

import hashlib
import json
import re
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sel4build.errors import InputError
from sel4build.reading import parse_json
from sel4build.writing import explaining_os_errors, is_device

INDEX = "index.json"
_BLOCK = 512
_PIECE = 1024 * 1024
_MOST_INDEX_BYTES = 16 * 1024 * 1024
_MOST_MEMBER_BYTES = 8 * 1024**3 - 1  # what a header of ustar can say
_NAME = re.compile(r"(?:objects/[0-9a-f]{16}\.(?:bundle|shallow)|files/\d{5}|[a-z0-9.]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What an archive holds, in this order."""

    members: tuple[Member, ...] = ()


def write_archive(files: Mapping[str, Path], dest: Path) -> Index:
    """Write `files`, by their names in the archive; equal files give equal bytes."""
    members = []
    for name in sorted(files):
        with files[name].open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = files[name].stat().st_size
        if size > _MOST_MEMBER_BYTES or not _NAME.fullmatch(name):
            message = f"`{name}` ({size} bytes) cannot be put into a bundle"
            raise InputError(message)
        members.append(Member(name=name, size=size, sha256=digest))
    table = {
        "version": 1,
        "members": [
            {"name": each.name, "size": each.size, "sha256": each.sha256} for each in members
        ],
    }
    index = (json.dumps(table, indent=1) + "\n").encode()
    with explaining_os_errors(dest):
        if is_device(dest):
            _write(dest, index, members, files)
            return Index(members=tuple(members))
        beside = dest.with_name(f".{dest.name}.new")
        try:
            _write(beside, index, members, files)
            beside.replace(dest)
        finally:
            beside.unlink(missing_ok=True)
    return Index(members=tuple(members))


def _write(dest: Path, index: bytes, members: Sequence[Member], files: Mapping[str, Path]) -> None:
    with dest.open("wb") as out:
        out.write(_header(INDEX, len(index)) + index + _padding(len(index)))
        for each in members:
            out.write(_header(each.name, each.size))
            with files[each.name].open("rb") as stream:
                while piece := stream.read(_PIECE):
                    out.write(piece)
            out.write(_padding(each.size))
        out.write(bytes(2 * _BLOCK))


def unpack_archive(file: Path, folder: Path) -> dict[str, Path]:
    """Write every member into `folder` and return their places; all digests were right.

    Raises InputError for anything that `write_archive` does not write.
    """
    try:
        stream = file.open("rb")
    except OSError as error:
        message = f"bundle `{file}` cannot be read: {error.strerror}"
        raise InputError(message) from error
    with stream:
        name, size = _read_header(stream, file)
        if name != INDEX or size > _MOST_INDEX_BYTES:
            raise _refusal(file, "it does not begin with an index")
        text = _read(stream, size, file)
        _read(stream, len(_padding(size)), file)
        index = parse_json(text.decode("utf-8", "replace"), f"{file}: {INDEX}", Index)
        places: dict[str, Path] = {}
        for number, member in enumerate(index.members):
            if not _NAME.fullmatch(member.name) or member.name in places or member.name == INDEX:
                raise _refusal(file, f"its index names {member.name!r}")
            if _read_header(stream, file) != (member.name, member.size):
                raise _refusal(file, f"`{member.name}` is not where the index says")
            places[member.name] = folder / str(number)
            _copy(stream, member, places[member.name], file)
            _read(stream, len(_padding(member.size)), file)
        if stream.read(2 * _BLOCK + 1) != bytes(2 * _BLOCK):
            raise _refusal(file, "it does not end where its index says")
    return places


def _copy(stream: BinaryIO, member: Member, dest: Path, file: Path) -> None:
    digest = hashlib.sha256()
    left = member.size
    with explaining_os_errors(dest), dest.open("xb") as out:
        while left:
            piece = _read(stream, min(left, _PIECE), file)
            digest.update(piece)
            out.write(piece)
            left -= len(piece)
    if digest.hexdigest() != member.sha256:
        raise _refusal(file, f"`{member.name}` is damaged: its sha256 is not that of the index")


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o644
    return info.tobuf(tarfile.USTAR_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _read_header(stream: BinaryIO, file: Path) -> tuple[str, int]:
    block = _read(stream, _BLOCK, file)
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.HeaderError, ValueError) as error:
        raise _refusal(file, "it is cut off or no bundle") from error
    if info.size > _MOST_MEMBER_BYTES or block != _header(info.name, max(info.size, 0)):
        raise _refusal(file, f"{info.name!r} is not a plain file")
    return info.name, info.size


def _read(stream: BinaryIO, size: int, file: Path) -> bytes:
    content = stream.read(size)
    if len(content) != size:
        raise _refusal(file, "it is cut off")
    return content


def _refusal(file: Path, reason: str) -> InputError:
    return InputError(f"bundle `{file}` cannot be used: {reason}", hint="have it sent again")
