# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Lay the copies that a manifest asks for, as git-repo lays them: read-only files."""

import hashlib
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from sel4build.errors import InputError
from sel4build.model.lock import LockedProject
from sel4build.model.manifest import CopyFile
from sel4build.model.paths import RelPath
from sel4build.workspace.obstruction import why_obstructed
from sel4build.workspace.state import LaidCopy
from sel4build.writing import explaining_os_errors

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedCopy:
    """What is at the place of a copy."""

    digest: str | None = None
    """That of a file; None when there is nothing."""
    reason: str = ""
    """What is in the way."""


def observe_copy(root: Path, dest: RelPath) -> ObservedCopy:
    """Look at the place of a copy."""
    if len(dest.parts) > 1:
        reason = why_obstructed(root, RelPath("/".join(dest.parts[:-1])))
        if reason is not None:
            return ObservedCopy(reason=reason)
    place = dest.below(root)
    if place.is_symlink():
        return ObservedCopy(reason="is a symbolic link")
    if place.is_dir():
        return ObservedCopy(reason="is a folder that does not come from a sync")
    return ObservedCopy(digest=digest_of(place))


def digest_of(file: Path) -> str | None:
    """Return the sha256 (hex) of a regular file, or None when it cannot be read as one."""
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return None
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def lay_copy(root: Path, project: LockedProject, copy: CopyFile) -> LaidCopy:
    """Make or replace a copy, which is read-only; the caller knows that its place is ours.

    Raises InputError when its source is no file of the project (git-repo, project.py, refuses
    folders and symbolic links too), EnvironmentLacksError when it cannot be written.
    """
    source = _find_source(root, project, copy)
    dest = copy.dest.below(root)
    beside = dest.with_name(f".{dest.name}.new")
    with explaining_os_errors(dest):
        dest.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        shutil.copyfile(source, beside)
        beside.chmod(stat.S_IMODE(source.stat().st_mode) & ~_WRITABLE)
        digest = digest_of(beside) or ""
        beside.replace(dest)
    return LaidCopy(dest=copy.dest, digest=digest)


def remove_copy(root: Path, laid: LaidCopy) -> bool:
    """Remove a copy of an earlier sync; return false when something else is there by now."""
    if observe_copy(root, laid.dest).digest != laid.digest:
        return False
    place = laid.dest.below(root)
    with explaining_os_errors(place):
        place.unlink()
    return True


def _find_source(root: Path, project: LockedProject, copy: CopyFile) -> Path:
    place = project.path.below(root)
    what = f"copyfile `{copy.dest}` of project `{project.name}`"
    for part in copy.src.parts:
        place /= part
        if place.is_symlink():
            message = f"{what}: its source lies behind the symbolic link `{place}`"
            raise InputError(message)
    if not place.is_file():
        message = f"{what}: its source `{copy.src}` is no file of the project"
        raise InputError(message, hint="check `src` of the copyfile in the manifest")
    return place
