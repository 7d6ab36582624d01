# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The statements of a manifest file, each a value that was checked by itself."""

from dataclasses import dataclass

from sel4build.errors import Span
from sel4build.model.manifest import (
    Annotation,
    CopyFile,
    Default,
    LinkFile,
    ManifestServer,
    Remote,
    RepoHooks,
    Submanifest,
)
from sel4build.model.paths import RelPath


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStatement:
    """`<project>`. `inherited_revision` comes from the `<include>` that brought the file.

    An attribute `revision` that is empty is no revision, and yet keeps that of the include away.
    """

    name: str
    path: RelPath | None = None
    remote: str | None = None
    revision: str | None = None
    has_revision: bool = False
    inherited_revision: str | None = None
    upstream: str | None = None
    dest_branch: str | None = None
    groups: frozenset[str] = frozenset()
    links: tuple[LinkFile, ...] = ()
    copies: tuple[CopyFile, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    clone_depth: int | None = None
    sync_c: bool | None = None
    sync_s: bool | None = None
    sync_tags: bool | None = None
    sync_strategy: str | None = None
    rebase: bool = True
    force_path: bool = False
    children: tuple["ProjectStatement", ...] = ()
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendStatement:
    """`<extend-project>`: change a project that was named before."""

    name: str
    path: RelPath | None = None
    dest_path: RelPath | None = None
    remote: str | None = None
    revision: str | None = None
    upstream: str | None = None
    dest_branch: str | None = None
    base_rev: str | None = None
    groups: frozenset[str] = frozenset()
    links: tuple[LinkFile, ...] = ()
    copies: tuple[CopyFile, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveStatement:
    """`<remove-project>`: drop projects that were named before, by name, by path or by both."""

    name: str | None = None
    path: RelPath | None = None
    is_optional: bool = False
    base_rev: str | None = None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludeStatement:
    """`<include>`: another file of the same manifest, read in place."""

    name: RelPath
    revision: str | None = None
    has_revision: bool = False
    groups: frozenset[str] = frozenset()
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeStatement:
    """`<notice>`: text for whoever syncs."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatement:
    """`<manifest-server>`."""

    server: ManifestServer
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class HooksStatement:
    """`<repo-hooks>`."""

    hooks: RepoHooks
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperprojectStatement:
    """`<superproject>`."""

    name: str
    remote: str | None = None
    revision: str | None = None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactStatement:
    """`<contactinfo>`."""

    url: str
    span: Span


Statement = (
    Remote
    | Default
    | ProjectStatement
    | ExtendStatement
    | RemoveStatement
    | IncludeStatement
    | NoticeStatement
    | ServerStatement
    | HooksStatement
    | SuperprojectStatement
    | ContactStatement
    | Submanifest
)
