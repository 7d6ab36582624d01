# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Whether what was asked for arrived in CMake's cache, and who set something else."""

import os
from collections.abc import Iterable
from pathlib import Path

from sel4build.errors import WorkError
from sel4build.model.configuration import BuildTree, CacheEntry, Configuration
from sel4build.model.setting import Setting, Write, WriteKind

_TRUE = frozenset({"1", "ON", "YES", "TRUE", "Y"})
_FALSE = frozenset({"0", "OFF", "NO", "FALSE", "N", "IGNORE", "NOTFOUND", ""})
_PATH_TYPES = frozenset({"PATH", "FILEPATH"})


def check_arrival(
    configuration: Configuration,
    tree: BuildTree,
    settings: Iterable[Setting] = (),
    *,
    log_file: Path,
) -> None:
    """Compare what was asked for with what the cache says; a difference is a WorkError.

    Both the user's `-D` values and the values that the catalogue expects are compared. The
    `settings` tell who has the word instead.
    """
    sources = {each.name: each.source for each in settings}
    wrong = {
        name: (value, tree.cache[name].value)
        for name, value in sorted(configuration.wanted.items())
        if name in tree.cache and not has_arrived(value, tree.cache[name], tree.build_dir)
    }
    if wrong:
        names = ", ".join(f"`{name}`" for name in wrong)
        message = f"CMake did not keep what was asked for: {names}"
        raise WorkError(
            message,
            details=tuple(
                f"`{name}`: asked for `{value}`, CMake has `{got}`{_by_whom(sources.get(name))}"
                for name, (value, got) in wrong.items()
            ),
            log_file=log_file,
            hint="the project's settings overwrite it; leave it out, or change the sources",
        )


def has_arrived(wanted: str, entry: CacheEntry, build_dir: Path) -> bool:
    """Tell whether `entry` holds what was `wanted`, in these or in other words."""
    if entry.type in _PATH_TYPES and wanted:
        # set(... CACHE): a path given without a type is made absolute, from where CMake runs.
        return entry.value in {wanted, os.path.normpath(build_dir / wanted)}
    return is_same_value(wanted, entry.value)


def is_same_value(wanted: str, arrived: str) -> bool:
    """Tell whether two values mean the same to CMake."""
    if wanted == arrived:
        return True
    if wanted.upper() in _TRUE:
        return arrived.upper() in _TRUE
    if wanted.upper() in _FALSE:
        return arrived.upper() in _FALSE
    return False


def place_of(source: Write | None) -> str | None:
    """Return where CMake files set a value; None where we or the user did."""
    if source is None or source.kind in {WriteKind.INITIAL, WriteKind.USER}:
        return None
    return source.place


def _by_whom(source: Write | None) -> str:
    place = place_of(source)
    return f", set at {place}" if place is not None else ""
