# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read the folder `host`: tools and packages, hints, and the locks of Python packages.

An entry of a later folder takes the place of one of the same name, so that a user's folder may add
to ours and correct it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sel4build.errors import EnvironmentLacksError, ProblemsError
from sel4build.model.host import Hint, HostData, HostTool, PackageManager, PackageNames, Trap
from sel4build.reading import parse_toml, read_text
from sel4build.resources import data_roots

TOOLS_FILE = "tools.toml"
PACKAGES_FILE = "packages.toml"
HINTS_FILE = "hints.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolsFile:
    """`tools.toml`."""

    tools: tuple[HostTool, ...] = ()
    traps: tuple[Trap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagesFile:
    """`packages.toml`."""

    managers: tuple[PackageManager, ...] = ()
    names: tuple[PackageNames, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HintsFile:
    """`hints.toml`."""

    hints: tuple[Hint, ...] = ()


def load_host_data(overlays: Iterable[Path] = ()) -> HostData:
    """Load tools and packages; raises ProblemsError for what a file has wrong.

    Hints of the user's are looked at too: a mistake is to be told before the failure that they are
    to explain, not instead of it.
    """
    tools: dict[str, HostTool] = {}
    traps: dict[str, Trap] = {}
    managers: dict[str, PackageManager] = {}
    names: dict[str, PackageNames] = {}
    digest = hashlib.sha256()
    overlays = tuple(overlays)
    if overlays:
        load_hints(overlays)
    for label, text in _texts(TOOLS_FILE, overlays):
        digest.update(text.encode())
        read = parse_toml(text, label, ToolsFile)
        tools |= {each.name: each for each in read.tools}
        traps |= {each.name: each for each in read.traps}
    for label, text in _texts(PACKAGES_FILE, overlays):
        digest.update(text.encode())
        file = parse_toml(text, label, PackagesFile)
        managers |= {each.name: each for each in file.managers}
        names |= {each.debian: each for each in file.names}
    return HostData(
        tools=tools,
        traps=tuple(traps.values()),
        managers=tuple(managers.values()),
        names=names,
        digest=digest.hexdigest(),
    )


def load_hints(overlays: Iterable[Path] = ()) -> tuple[Hint, ...]:
    """Load the hints, those of later folders first; raises ProblemsError for a bad pattern."""
    chosen: dict[str, Hint] = {}
    for label, text in _texts(HINTS_FILE, tuple(overlays)):
        hints = parse_toml(text, label, HintsFile).hints
        for hint in hints:
            try:
                re.compile(hint.pattern)
            except (re.error, OverflowError, RecursionError) as error:
                problem = f"pattern of hint `{hint.name}` is no regular expression: {error}"
                message = f"`{label}` has 1 problem"
                raise ProblemsError(message, ((hint.spans["pattern"], problem),)) from error
        chosen = {**{each.name: each for each in hints}, **_without(chosen, hints)}
    return tuple(chosen.values())


def find_host_file(name: str, overlays: Iterable[Path] = ()) -> Path:
    """Return the file of that name in the last folder that has it."""
    found = [root / name for root in data_roots("host", overlays) if (root / name).is_file()]
    if not found:
        message = f"the data file `host/{name}` is missing from this installation"
        raise EnvironmentLacksError(message, hint="install sel4build again")
    return found[-1]


def _without(chosen: dict[str, Hint], hints: tuple[Hint, ...]) -> dict[str, Hint]:
    taken = {each.name for each in hints}
    return {name: each for name, each in chosen.items() if name not in taken}


def _texts(name: str, overlays: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    for position, root in enumerate(data_roots("host", overlays)):
        path = root / name
        if path.is_file():
            label = f"host/{name}" if position == 0 else str(path)
            yield label, read_text(path, file=label)
