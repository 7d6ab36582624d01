# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Which tools of the host a target needs: those of its app, on its platform, with its options."""

from sel4build.model.host import Need
from sel4build.model.target import Target


def needs_of(target: Target) -> tuple[Need, ...]:
    """Return what `target` needs beside cmake, ninja and the compiler."""
    return tuple(need for need in target.app.needs if _applies(need, target))


def _applies(need: Need, target: Target) -> bool:
    return (
        _covers(need.platforms, target.platform.name)
        and _covers(need.sel4_archs, target.platform.sel4_arch)
        and _covers(need.formats, target.image_format)
        and all(_value(target, name) == value for name, value in need.when.items())
        and not any(target.defines.get(name) for name in need.unless_set)
    )


def _covers(only: tuple[str, ...], name: str) -> bool:
    return not only or name in only


def _value(target: Target, name: str) -> str | None:
    option = target.app.option(name)
    return target.defines.get(name, option.default if option is not None else None)
