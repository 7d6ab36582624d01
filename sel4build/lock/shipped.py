# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Locks that come with shipped manifests, and whether a lock still fits."""

from collections.abc import Sequence
from pathlib import Path

from sel4build.lock.file import read_lock
from sel4build.lock.resolve import without_secret
from sel4build.manifest import find_shipped_lock
from sel4build.model.lock import Lock, ManifestOrigin


def load_shipped_lock(origin: ManifestOrigin, overlays: Sequence[Path] = ()) -> Lock | None:
    """Return the lock that comes with the manifest of `origin`, or None when there is none.

    It is one of git-repo's default groups, and there is none for others.
    """
    if origin.name is None or origin.groups:
        return None
    lock_file = find_shipped_lock(origin.name, overlays)
    return read_lock(lock_file) if lock_file is not None else None


def why_outdated(lock: Lock, *, origin: ManifestOrigin, digest: str | None = None) -> str | None:
    """Say why `lock` is not one of the manifest of `origin`, or None when it is.

    `digest` is that of the manifest's files, where they are at hand.
    """
    wanted = without_secret(origin)
    if lock.origin != wanted:
        return (
            f"it belongs to the manifest `{without_secret(lock.origin)}`, but `{wanted}` is wanted"
        )
    if digest is not None and digest != lock.manifest_digest:
        return "the manifest has changed since"
    return None
