# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""From a wish to a target, or to an error that says why not."""

from dataclasses import dataclass

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
