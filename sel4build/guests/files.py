# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read a file of a guest, and refuse what only stands for one."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sel4build.errors import InputError
from sel4build.guests.formats import GuestFacts, inspect_guest, why_pointer
from sel4build.model.guest import GuestRole
from sel4build.writing import explaining_os_errors

_ANNEX = ".git/annex/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadGuest:
    """A file that was read."""

    path: Path
    facts: GuestFacts
    sha256: str
    content: bytes


def read_guest(role: GuestRole, path: Path) -> ReadGuest:
    """Return what `path` holds; raises InputError when it is missing, empty or a pointer."""
    what = f"guest {role} `{path}`"
    if path.is_symlink() and not path.exists():
        target = str(path.readlink())
        why = "points into git-annex" if _ANNEX in target else "is a dead link"
        hint = "run `git annex get` in its project" if _ANNEX in target else None
        raise InputError(f"{what} {why}: `{target}`", hint=hint)
    if not path.is_file():
        reason = "is no regular file" if path.exists() else "does not exist"
        raise InputError(f"{what} {'is a folder' if path.is_dir() else reason}")
    with explaining_os_errors(path):
        content = path.read_bytes()
    pointer = why_pointer(content)
    if pointer is not None:
        why, _, hint = pointer.partition(": ")
        raise InputError(f"{what} is {why}", hint=hint)
    if not content:
        raise InputError(f"{what} is empty")
    return ReadGuest(
        path=path,
        facts=inspect_guest(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )
