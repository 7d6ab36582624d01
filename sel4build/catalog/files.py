# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The shapes of the files that apps are described in, before they are put together.

An app takes what it does not say itself from layers below it: `family.toml` at the top of the apps
folder, what the family of its own folder extends, and that family.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sel4build.errors import Span
from sel4build.model.app import Feature, OptionSpec, Variant
from sel4build.model.ci_build import CiBuild
from sel4build.model.guest import GuestImages, GuestRoot
from sel4build.model.host import Need, Resources
from sel4build.model.platform import Sel4Arch


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleFile:
    """Parts of a Console; None means that a layer below says it."""

    success: tuple[str, ...] | None = None
    errors: tuple[str, ...] | None = None
    timeout_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchFile:
    """What differs for platforms of one kernel architecture."""

    sel4_arch: Sel4Arch
    forced: Mapping[str, str] = field(default_factory=dict)
    spans: Mapping[str, Span] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyFile:
    """`family.toml` or `NAME.family.toml`: what several apps have in common."""

    extends: str | None = None
    """NAME of the `NAME.family.toml` below this one."""
    manifest: str | None = None
    rootserver: str | None = None
    plain_path: bool | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)
    forced: Mapping[str, str] = field(default_factory=dict)
    forced_by: Mapping[str, str] = field(default_factory=dict)
    managed: Mapping[str, str] = field(default_factory=dict)
    implied: Mapping[str, str] = field(default_factory=dict)
    translated: Mapping[str, str] = field(default_factory=dict)
    console: ConsoleFile = field(default_factory=ConsoleFile)
    archs: tuple[ArchFile, ...] = ()
    options: tuple[OptionSpec, ...] = ()
    guest_roots: tuple[GuestRoot, ...] = ()
    needs: tuple[Need, ...] = ()
    resources: Resources = field(default_factory=Resources)
    span: Span | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPlatformFile:
    """An app on one platform, or on every other one when `platform` is `*`."""

    platform: str
    guest: GuestImages = field(default_factory=GuestImages)
    forced: Mapping[str, str] = field(default_factory=dict)
    features: tuple[Feature, ...] = ()
    success: tuple[str, ...] | None = None
    variants: tuple[Variant, ...] = ()
    boot_first: tuple[str, ...] = ()
    broken: str | None = None
    span: Span | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppFile:
    """`app.toml`."""

    name: str
    summary: str
    manifest: str | None = None
    rootserver: str | None = None
    num_vms: int
    num_nodes: int | None = None
    plain_path: bool | None = None
    bundled: bool = False
    features: tuple[Feature, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)
    forced: Mapping[str, str] = field(default_factory=dict)
    forced_by: Mapping[str, str] = field(default_factory=dict)
    managed: Mapping[str, str] = field(default_factory=dict)
    implied: Mapping[str, str] = field(default_factory=dict)
    translated: Mapping[str, str] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    console: ConsoleFile = field(default_factory=ConsoleFile)
    options: tuple[OptionSpec, ...] = ()
    guest_roots: tuple[GuestRoot, ...] = ()
    platforms: tuple[AppPlatformFile, ...]
    ci_builds: tuple[CiBuild, ...] = ()
    needs: tuple[Need, ...] = ()
    resources: Resources = field(default_factory=Resources)
    span: Span | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)
