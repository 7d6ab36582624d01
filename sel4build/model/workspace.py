# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A workspace on disk: its layout and what its user wants of it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from sel4build.model.guest import NO_GUEST_FILES, GuestFiles
from sel4build.model.lock import ManifestOrigin
from sel4build.model.paths import RelPath
from sel4build.model.signatures import SignaturePolicy
from sel4build.model.target_id import TargetId

_LONGEST_NAME = 255  # bytes; NAME_MAX of Linux
# Names of targets are names of folders; which of them exist is the catalogue's matter.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def flat_name(path: str, *, suffix: str = "") -> str:
    """Return a name of one component that stands for `path` alone, however long that is."""
    name = quote(path, safe="")
    if len(name) + len(suffix) > _LONGEST_NAME:
        digest = hashlib.sha256(path.encode()).hexdigest()
        name = f"{name[: _LONGEST_NAME - len(suffix) - len(digest) - 1]}@{digest}"
    return f"{name}{suffix}"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace by its root. Every path in it is named here and nowhere else."""

    root: Path

    @property
    def spec_file(self) -> Path:
        """`sel4build.toml`: what is wanted."""
        return self.root / "sel4build.toml"

    @property
    def lock_file(self) -> Path:
        """`sel4build.lock`: what it resolves to."""
        return self.root / "sel4build.lock"

    @property
    def state_dir(self) -> Path:
        """Our own state; safe to delete."""
        return self.root / ".sel4build"

    @property
    def manifest_dir(self) -> Path:
        """The checkout of the manifest repository."""
        return self.state_dir / "manifest"

    def submanifest_dir(self, path: RelPath) -> Path:
        """Return the checkout of the manifest repository of the submanifest at `path`."""
        return self.state_dir / "submanifests" / flat_name(path.text)

    @property
    def local_manifests_dir(self) -> Path:
        """The user's own manifests, which come after that of the workspace."""
        return self.root / "local_manifests"

    @property
    def sync_state_file(self) -> Path:
        """What the last sync left: projects and links."""
        return self.state_dir / "sync.json"

    @property
    def submodules_file(self) -> Path:
        """Which submodules the commits of projects have."""
        return self.state_dir / "submodules.json"

    @property
    def log_dir(self) -> Path:
        """Full output of every tool."""
        return self.state_dir / "log"

    @property
    def plan_dir(self) -> Path:
        """One planned configuration a target, the input of the outer graph."""
        return self.state_dir / "plan"

    @property
    def ninja_file(self) -> Path:
        """The outer graph."""
        return self.state_dir / "build.ninja"

    @property
    def guests_dir(self) -> Path:
        """Files of the user's that take the place of guests, as the builds see them."""
        return self.state_dir / "guests"

    @property
    def machines_dir(self) -> Path:
        """Device trees of machines that QEMU plays."""
        return self.state_dir / "machines"

    def git_home(self, path: RelPath) -> Path:
        """Return where the git directory of the project at `path` lies (decision 1).

        One flat name a project, so that the home of one is never inside that of another.
        """
        return self.root / ".gitdirs" / flat_name(path.text, suffix=".git")

    def build_dir(self, target: TargetId) -> Path:
        """Return the CMake build tree of a target."""
        return self.root / "build" / target.text

    def out_dir(self, target: TargetId) -> Path:
        """Return the folder of the package of a target."""
        return self.root / "out" / target.text


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTarget:
    """A target as `sel4build.toml` records it."""

    app: str
    platform: str
    num_nodes: int = 1
    options: Mapping[str, str] = field(default_factory=dict)
    """By the keys of `--option`."""
    defines: Mapping[str, str] = field(default_factory=dict)
    guest: GuestFiles = NO_GUEST_FILES
    toolchain: str | None = None
    """The toolchain that the user asked for by name."""
    allow_broken: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for what no target can have."""
        for key, name in (("app", self.app), ("platform", self.platform)):
            if not _NAME.fullmatch(name):
                message = f"`{key}` ({name!r}) is not a name of letters, digits, `_`, `-` and `.`"
                raise ValueError(message)
        if self.num_nodes < 1:
            message = f"`num-nodes` ({self.num_nodes}) is not at least 1"
            raise ValueError(message)

    @property
    def id(self) -> TargetId:
        """The id of the target."""
        defines = {**self.defines, **self.guest.wishes()}
        return TargetId.of(self.app, self.platform, self.num_nodes, defines, self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSpec:
    """What `sel4build.toml` says: the manifest and the targets; the first is the default."""

    manifest: ManifestOrigin
    data_dirs: tuple[str, ...] = ()
    """Folders of the user's own data; relative ones are relative to the workspace."""
    targets: tuple[WantedTarget, ...] = ()
    signatures: SignaturePolicy | None = None
    """What has to be signed; None when nobody asks."""
