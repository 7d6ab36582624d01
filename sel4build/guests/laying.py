# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Lay a folder of the shape that CMake expects, in which files of the user's stand for the app's.

The projects are not touched: all that is not replaced is a link into them.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sel4build.guests.fdt import decompile_fdt
from sel4build.guests.files import ReadGuest
from sel4build.guests.formats import GuestForm
from sel4build.model.guest import GuestRoot
from sel4build.writing import explaining_os_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A file, and the place of the app's file that it stands for."""

    root: GuestRoot
    stock: PurePosixPath
    """Relative to the root."""
    file: ReadGuest

    @property
    def content(self) -> bytes:
        """What the build is given: the file, or its source where the build compiles one."""
        if self.stock.suffix == ".dts" and self.file.facts.form is GuestForm.FDT:
            return decompile_fdt(self.file.content, file=str(self.file.path)).encode()
        return self.file.content


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLayout:
    """What is to be laid: contents and links by path below `folder`."""

    folder: Path
    """Named by a digest of all of it, so that another content is another folder."""
    contents: Mapping[PurePosixPath, bytes]
    links: Mapping[PurePosixPath, Path]
    variables: Mapping[str, str]
    """CMake variables that point there."""


def plan_layout(
    replacements: tuple[Replacement, ...], *, workspace_root: Path, place: Path
) -> GuestLayout:
    """Return what has to be laid below `place` for `replacements`."""
    contents: dict[PurePosixPath, bytes] = {}
    for each in replacements:
        contents[PurePosixPath(_name(each.root), each.stock)] = each.content
    links = {
        path: target
        for each in replacements
        for path, target in _links(each, workspace_root)
        if not any(path == held or path in held.parents for held in contents)
    }
    folder = place / _digest(contents, links)
    variables = {
        name: template.format(root=folder / _name(each.root))
        for each in replacements
        for name, template in each.root.variables.items()
    }
    return GuestLayout(folder=folder, contents=contents, links=links, variables=variables)


def apply_layout(layout: GuestLayout) -> bool:
    """Lay it whole or not at all, and tell whether it had to be laid; older ones are removed."""
    place = layout.folder.parent
    with explaining_os_errors(place):
        changed = not layout.folder.is_dir()
        if changed:
            beside = place / f".{layout.folder.name}.{os.getpid()}.new"
            _fill(beside, layout)
            beside.replace(layout.folder)
        for other in sorted(place.iterdir()):
            if other != layout.folder:
                shutil.rmtree(other, ignore_errors=True)
    return changed


def _name(root: GuestRoot) -> str:
    return PurePosixPath(root.path).name


def _links(each: Replacement, workspace_root: Path) -> Iterator[tuple[PurePosixPath, Path]]:
    """Yield a link for all that lies beside the file or beside a folder that it is in."""
    real = workspace_root / each.root.path
    for inner in each.stock.parents:
        folder = real / inner
        if folder.is_dir():
            for entry in sorted(folder.iterdir()):
                yield PurePosixPath(_name(each.root), inner, entry.name), entry


def _digest(contents: Mapping[PurePosixPath, bytes], links: Mapping[PurePosixPath, Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(contents):
        digest.update(f"{path}\0{hashlib.sha256(contents[path]).hexdigest()}\n".encode())
    for path in sorted(links):
        digest.update(f"{path}\0{links[path]}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]


def _fill(folder: Path, layout: GuestLayout) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in layout.contents.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    for path, target in layout.links.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
