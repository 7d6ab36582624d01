# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The repositories of a benchmark of syncs: those that were made for it, or those of a manifest."""

import subprocess
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Project:
    """A repository, where it goes, and what of it is wanted."""

    path: str
    url: str
    commit: str
    upstream: str
    is_floating: bool = False
    """True where manifests name the branch, not the commit."""

    @property
    def revision(self) -> str:
        """Return what a manifest names."""
        return self.upstream if self.is_floating else self.commit

    @property
    def base(self) -> str:
        """Return the URL without the last part of its path."""
        return self.url.rpartition("/")[0]

    @property
    def name(self) -> str:
        """Return the last part of the URL's path."""
        return self.url.rpartition("/")[2]


class Remotes(Protocol):
    """What every tool syncs."""

    @property
    def projects(self) -> tuple[Project, ...]:
        """All of them, with their commits as they are now."""

    def change_one(self) -> str | None:
        """Add a commit to one; return the path that it brings to a workspace, None if it can't."""

    def go_back(self) -> None:
        """Take the change back."""


@dataclass(frozen=True, slots=True)
class ManifestRemotes:
    """The repositories of a manifest somewhere: they are read only."""

    projects: tuple[Project, ...]

    def change_one(self) -> str | None:
        """Change nothing: they are not ours."""
        return None

    def go_back(self) -> None:
        """Do nothing."""


def read_remotes(
    program: Sequence[str], url: str, file: str | None, folder: Path, *, is_floating: bool
) -> ManifestRemotes:
    """Return what a manifest names, resolved by this program's own lock."""
    folder.mkdir(parents=True)
    more = "" if file is None else f'file = "{file}"\n'
    (folder / "sel4build.toml").write_text(f'version = 1\n\n[manifest]\nurl = "{url}"\n{more}')
    subprocess.run((*program, "lock"), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    lock = tomllib.loads((folder / "sel4build.lock").read_text())
    return ManifestRemotes(
        tuple(
            Project(each["path"], each["url"], each["commit"], each["upstream"], is_floating)
            for each in lock["project"]
        )
    )
