# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""From a wish to a target, or to an error that says why not."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.errors import InputError
from sel4build.model.catalog import Catalog
from sel4build.model.target import Rejection, Selection, Target
from sel4build.model.workspace import WantedTarget
from sel4build.targets import select
from sel4build.targets.cmake_words import read_cmake_words


class RejectedError(InputError):
    """A selection that cannot work; `rejections` hold every rule that refuses it."""

    def __init__(self, rejections: tuple[Rejection, ...]) -> None:
        """Speak with the first rejection, and list the others below it."""
        first, *others = rejections
        super().__init__(
            first.reason,
            span=first.span,
            hint=first.hint,
            details=tuple(
                f"also: {each.reason}" + (f" ({each.hint})" if each.hint else "") for each in others
            ),
        )
        self.rejections = rejections


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The one target of a selection."""

    target: Target
    toolchain: str | None
    """The toolchain that was asked for."""
    notes: tuple[str, ...]
    """What was understood differently than written."""


def select_one(catalog: Catalog, selection: Selection) -> Chosen:
    """Return the target of `selection`; raises RejectedError with every reason."""
    selected = select(catalog, selection)
    if selected.rejections:
        raise RejectedError(selected.rejections)
    return Chosen(target=selected.targets[0], toolchain=selected.toolchain, notes=selected.notes)


def resolve_paths(catalog: Catalog, selection: Selection, cwd: Path) -> Selection:
    """Return `selection` with options that name files by their absolute paths.

    CMake takes a relative one from its own folders, not from the user's. Raises InputError for a
    file that is not there.
    """
    specs = [each for app in catalog.apps for each in app.options if each.is_path]
    names = {name for each in specs for name in (each.key, each.name) if name}

    def absolute(name: str, value: str) -> str:
        if name.partition(":")[0] not in names or not value:
            return value
        path = Path(os.path.normpath(cwd / value))
        if path.exists():
            return str(path)
        message = f"`{name}={value}`: `{path}` does not exist"
        raise InputError(message)

    return replace(
        selection,
        options=tuple(
            (name, value if value is None else absolute(name, value))
            for name, value in selection.options
        ),
        defines=tuple((name, absolute(name, value)) for name, value in selection.defines),
        cmake_words=_resolved_words(selection.cmake_words, names, absolute),
    )


def _resolved_words(
    words: tuple[str, ...], names: set[str], absolute: Callable[[str, str], str]
) -> tuple[str, ...]:
    """Return words of CMake that take files from where the user is.

    Words can be written in many ways, so that they stay, and what they say of files is taken back
    and said again behind them.
    """
    said = [
        (name, value)
        for name, value in read_cmake_words(words).defines
        if name.partition(":")[0] in names
    ]
    again = [(name, value, absolute(name, value)) for name, value in said]
    if all(value == place for _, value, place in again):
        return words
    taken_back = dict.fromkeys(f"-U{name.partition(':')[0]}" for name, _ in said)
    return (*words, *taken_back, *(f"-D{name}={place}" for name, _, place in again))


def select_wanted(catalog: Catalog, wanted: WantedTarget) -> Target:
    """Return the target that a workspace's `sel4build.toml` records."""
    selection = Selection(
        app=wanted.app,
        platform=wanted.platform,
        num_nodes=str(wanted.num_nodes),
        options=tuple(wanted.options.items()),
        defines=tuple(wanted.defines.items()),
        guest=wanted.guest,
        allow_broken=wanted.allow_broken,
        recorded=True,
    )
    return select_one(catalog, selection).target


def wanted_target(target: Target, *, toolchain: str | None, allow_broken: bool) -> WantedTarget:
    """Return how `sel4build.toml` records `target`."""
    return WantedTarget(
        app=target.app.name,
        platform=target.platform.name,
        num_nodes=target.num_nodes,
        options=target.options,
        defines=target.plain_defines,
        guest=target.replaced,
        toolchain=toolchain,
        allow_broken=allow_broken,
    )
