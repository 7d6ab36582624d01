# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Submanifests: which repository each means, and their projects among those of the whole.

The rules are git-repo's (manifest_xml.py, `_XmlSubmanifest`): a submanifest has remotes and a
default of its own, its paths and the places of its links are relative to its folder.
"""

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Sequence

from sel4build.errors import Span
from sel4build.git.safety import why_bad_revision, why_bad_url, without_credentials
from sel4build.manifest.groups import select_projects, why_nothing_selected
from sel4build.manifest.resolve import find_clashes
from sel4build.manifest.urls import resolve_url
from sel4build.manifest.xml import Problem, problems_error
from sel4build.model.manifest import (
    CommitId,
    CopyFile,
    LinkFile,
    Manifest,
    ManifestPart,
    Project,
    Submanifest,
)
from sel4build.model.paths import RelPath

MOST_DEPTH = 8
"""How deep submanifests may be nested (git-repo, MAX_SUBMANIFEST_DEPTH)."""

MOST_PARTS = 200
"""How many submanifests there may be in all."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SubmanifestSource:
    """Where a submanifest comes from, and what its projects get of it."""

    name: str
    path: RelPath
    """Seen from the workspace."""
    url: str
    revision: str
    file: str
    groups: frozenset[str]
    default_groups: tuple[str, ...]
    span: Span | None

    @property
    def subject(self) -> str:
        """What messages call it."""
        return f"submanifest `{self.name}` ({self.path})"


def locate_submanifests(
    manifest: Manifest, *, base: str | None, above: RelPath | None
) -> tuple[SubmanifestSource, ...]:
    """Return where the submanifests of `manifest` come from, which lies at `above`.

    `base` is the URL of its repository. Raises ProblemsError with each that leads nowhere.
    """
    problems: list[Problem] = []
    found: dict[RelPath, SubmanifestSource] = {}
    for each in manifest.submanifests:
        revision = each.revision or each.name
        path = _below(above, each.path or RelPath.parse(revision.rpartition("/")[2]))
        try:
            url = _url_of(each, manifest, base)
        except ValueError as error:
            problems.append((each.span, f"submanifest `{each.name}` {error}"))
            continue
        source = SubmanifestSource(
            name=each.name,
            path=path,
            url=url,
            revision=revision,
            file=each.manifest_name.text if each.manifest_name else "default.xml",
            groups=each.groups | {f"submanifest::path:{path}"},
            default_groups=each.default_groups,
            span=each.span,
        )
        first = found.setdefault(path, source)
        if first is not source:
            problem = f"path `{path}` is that of submanifest `{first.name}` too"
            problems.append((each.span, problem))
    if problems:
        raise problems_error(manifest.origin, problems)
    return tuple(found[path] for path in sorted(found))


def _url_of(each: Submanifest, manifest: Manifest, base: str | None) -> str:
    """Return the URL of its repository; raise ValueError with the reason when there is none."""
    if each.project is None:
        if base is None:
            raise ValueError("names no `project`, and this manifest has no repository of its own")
        url: str | None = base
    else:
        name = each.remote or manifest.default.remote
        remote = next((one for one in manifest.remotes if one.name == name), None)
        if remote is None:
            raise ValueError(f"has the unknown remote `{name}`" if name else "has no remote")
        url = resolve_url(remote.fetch, each.project, base=base)
        if url is None:
            raise ValueError(f"has the relative URL `{remote.fetch}`, and nothing to join it to")
    if reason := why_bad_url(url or ""):
        raise ValueError(f"has the URL {without_credentials(url or '')!r}, which {reason}")
    if reason := why_bad_revision(each.revision or each.name):
        raise ValueError(f"has the revision {each.revision or each.name!r}, which {reason}")
    return url or ""


def part_of(source: SubmanifestSource, manifest: Manifest, commit: CommitId) -> ManifestPart:
    """Return what a submanifest that was read is part of the whole with."""
    return ManifestPart(
        name=source.name,
        path=source.path,
        url=without_credentials(source.url),
        revision=source.revision,
        file=source.file,
        commit=commit,
        digest=manifest.digest,
        remotes=manifest.remotes,
        default=manifest.default,
        warnings=manifest.warnings,
    )


def place_projects(source: SubmanifestSource, projects: Iterable[Project]) -> Iterator[Project]:
    """Yield the projects of a submanifest as they are in the workspace."""
    for each in projects:
        yield dataclasses.replace(
            each,
            path=_below(source.path, each.path),
            groups=each.groups | {f"path:{each.first_path or each.path}"},
            first_path=each.first_path or each.path,
            default_groups=source.default_groups,
            submanifest=source.path,
            links=tuple(
                LinkFile(src=link.src, dest=_below(source.path, link.dest)) for link in each.links
            ),
            copies=tuple(
                CopyFile(src=copy.src, dest=_below(source.path, copy.dest)) for copy in each.copies
            ),
        )


def join_parts(
    manifest: Manifest,
    parts: Sequence[ManifestPart],
    projects: Iterable[Project],
    *,
    groups: Sequence[str],
) -> Manifest:
    """Return `manifest` with the projects of its parts. Raises ProblemsError for what clashes."""
    problems: list[Problem] = []
    placed: dict[RelPath, Project] = {}
    for each in (*manifest.projects, *projects):
        first = placed.setdefault(each.path, each)
        if first is not each:
            problem = f"path `{each.path}` of project `{each.name}` is that of `{first.name}` too"
            problems.append((each.span, problem))
    every = tuple(placed[path] for path in sorted(placed))
    selected = select_projects(every, groups)
    problems += find_clashes(selected).problems
    warnings = [each for part in parts for each in part.warnings]
    if problems:
        raise problems_error(manifest.origin, problems, (*manifest.warnings, *warnings))
    reason = why_nothing_selected(every, groups)
    digest = hashlib.sha256(manifest.digest.encode())
    for part in sorted(parts, key=lambda part: part.path):
        digest.update(f"\n{part.path}\0{part.digest}".encode())
    return dataclasses.replace(
        manifest,
        projects=every,
        parts=tuple(sorted(parts, key=lambda part: part.path)),
        digest=digest.hexdigest(),
        warnings=tuple(dict.fromkeys((*manifest.warnings, *warnings))),
        lack=(Span(file=manifest.origin), reason) if reason else None,
    )


def _below(above: RelPath | None, path: RelPath) -> RelPath:
    return path if above is None else RelPath(f"{above}/{path}")
