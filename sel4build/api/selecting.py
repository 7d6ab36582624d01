# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""From a wish to a target, or to an error that says why not."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.errors import InputError
from sel4build.model.catalog import Catalog
from sel4build.model.target import Rejection, Selection, Target
from sel4build.model.workspace import WantedTarget
from sel4build.targets import select


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
    )


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
