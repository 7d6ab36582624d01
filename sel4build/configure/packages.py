# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Say how the distribution of this host installs what Debian has in some package."""

import re
import shlex
from collections.abc import Iterable, Mapping

from sel4build.model.host import HostData, PackageManager, PackageNames
from sel4build.process import find_program

_DEBIAN = "apt"
# `lib32gcc-12-dev`: the version in the name is Debian's way.
_VERSION = re.compile(r"-\d+(?=-|$)")


def find_manager(data: HostData, environ: Mapping[str, str]) -> PackageManager | None:
    """Return the package manager of this host, None where it has none that is known."""
    for manager in data.managers:
        if find_program(manager.program, environ) is not None:
            return manager
    return None


def spell_package(package: str, manager: PackageManager, data: HostData) -> tuple[str, ...]:
    """Return what `manager` calls a package of Debian; empty when it is not known to have it."""
    if manager.name == _DEBIAN:
        spelt: tuple[str, ...] = (package,)
    else:
        names = data.names.get(package) or data.names.get(_VERSION.sub("", package))
        spelt = _names_of(manager, names) if names is not None else ()
    return tuple(manager.attribute.replace("{package}", each) for each in spelt)


def _names_of(manager: PackageManager, names: PackageNames) -> tuple[str, ...]:
    by_manager = {
        "dnf": names.dnf,
        "pacman": names.pacman,
        "brew": names.brew,
        "nix": names.nix,
    }
    return by_manager.get(manager.name, ())


def install_argv(
    packages: Iterable[str], manager: PackageManager, data: HostData
) -> tuple[str, ...] | None:
    """Return the command that installs packages of Debian's names; None when one is unknown."""
    spelt: dict[str, None] = {}
    for package in packages:
        names = spell_package(package, manager, data)
        if not names:
            return None
        spelt |= dict.fromkeys(names)
    return _filled(manager.install, tuple(spelt))


def unattended_argv(argv: tuple[str, ...], manager: PackageManager) -> tuple[str, ...]:
    """Return `argv` of the manager as it runs without a user; sudo clears the environment."""
    program, *words = argv
    environ = [f"{name}={value}" for name, value in manager.environ.items()]
    return (*(("env", *environ) if environ else ()), program, *manager.unattended, *words)


def _filled(template: tuple[str, ...], packages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        word for part in template for word in (packages if part == "{packages}" else (part,))
    )


def install_line(
    packages: tuple[str, ...], manager: PackageManager | None, data: HostData, *, is_root: bool
) -> str | None:
    """Return the command to type, or None when there is none.

    Where the host has no manager that is known, Debian's command says what the packages are.
    """
    taken = manager or next((each for each in data.managers if each.name == _DEBIAN), None)
    if not packages or taken is None:
        return None
    argv = install_argv(packages, taken, data)
    if argv is None:
        return None
    return shlex.join((*(("sudo",) if taken.needs_root and not is_root else ()), *argv))


def every_spelling(packages: tuple[str, ...], data: HostData) -> dict[str, list[str]]:
    """Return the names of `packages` by package manager; a manager that lacks one is left out."""
    spellings = {}
    for manager in data.managers:
        spelt = [spell_package(package, manager, data) for package in packages]
        if packages and all(spelt):
            spellings[manager.name] = list(dict.fromkeys(name for each in spelt for name in each))
    return spellings
