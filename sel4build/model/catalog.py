# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the catalogue knows: platforms, apps and toolchains. One file each."""

from dataclasses import dataclass

from sel4build.model.app import App
from sel4build.model.platform import Platform
from sel4build.model.toolchain import Toolchain


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """All known platforms, apps and toolchains, each sorted by name (toolchains by rank)."""

    platforms: tuple[Platform, ...]
    apps: tuple[App, ...]
    toolchains: tuple[Toolchain, ...]
    digest: str
    """sha256 (hex) over the bytes of all files that were read."""
    notes: tuple[str, ...] = ()
    """Which entries of the user's take the place of ours."""

    def platform(self, name: str) -> Platform | None:
        """Return the platform called `name`, aliases not considered."""
        return next((each for each in self.platforms if each.name == name), None)

    def app(self, name: str) -> App | None:
        """Return the app called `name`."""
        return next((each for each in self.apps if each.name == name), None)
