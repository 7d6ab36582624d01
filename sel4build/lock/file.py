# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The lockfile: TOML, `version = 1`, one canonical spelling for one lock."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sel4build.errors import ProblemsError, Span
from sel4build.git.remotes import ORIGIN, why_bad_remote_name
from sel4build.git.safety import why_bad_revision, why_bad_url, without_credentials
from sel4build.manifest.groups import split_groups
from sel4build.model.lock import Lock, LockedProject, LockedSubmanifest, ManifestOrigin
from sel4build.model.manifest import (
    Annotation,
    CommitId,
    CopyFile,
    LinkFile,
    is_commit_id,
    why_reserved,
)
from sel4build.model.paths import RelPath
from sel4build.reading import parse_toml, read_text
from sel4build.writing import render_toml_string, write_if_changed

_HEADER = """\
# What the manifest resolves to. Written by `sel4build lock`; meant to be committed.
version = 1
"""
_DIGEST = re.compile(r"[0-9a-f]{64}")

Problem = tuple[Span | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _LinkTable:
    src: str
    dest: RelPath


@dataclass(frozen=True, slots=True, kw_only=True)
class _ProjectTable:
    name: str
    path: RelPath
    url: str
    commit: CommitId
    upstream: str | None = None
    links: tuple[_LinkTable, ...] = ()
    copies: tuple[CopyFile, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    groups: tuple[str, ...] = ()
    revision: str | None = None
    dest_branch: str | None = None
    clone_depth: int | None = None
    remote: str = ORIGIN
    push_url: str | None = None
    sync_c: bool = False
    sync_s: bool = False
    sync_tags: bool = True
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class _LockTable:
    manifest_digest: str
    manifest_commit: CommitId | None = None
    sync_j: int | None = None
    sync_j_max: int | None = None
    manifest: ManifestOrigin
    submanifest: tuple[LockedSubmanifest, ...] = ()
    project: tuple[_ProjectTable, ...] = ()


def read_lock(path: Path) -> Lock:
    """Return the lock in the file `path`; raise as `parse_lock` and `reading.read_text` do."""
    return parse_lock(read_text(path), str(path))


def parse_lock(text: str, file: str) -> Lock:
    """Return the lock that `text` spells; raise ProblemsError with all that is wrong."""
    table = parse_toml(text, file, _LockTable)
    problems = [*_check_head(table, file), *_check_projects(table.project)]
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise ProblemsError(f"`{file}` has {count}", tuple(problems))
    return Lock(
        origin=table.manifest,
        manifest_digest=table.manifest_digest,
        manifest_commit=table.manifest_commit,
        submanifests=tuple(sorted(table.submanifest, key=lambda each: each.path)),
        sync_j=table.sync_j,
        sync_j_max=table.sync_j_max,
        projects=tuple(sorted(map(_project, table.project), key=lambda project: project.path)),
    )


def render_lock(lock: Lock) -> str:
    """Return the text of the lockfile; reading it gives the same lock."""
    blocks = ["\n".join(_head_lines(lock))]
    blocks += ["\n".join(_submanifest_lines(each)) for each in lock.submanifests]
    blocks += ["\n".join(_project_lines(each)) for each in lock.projects]
    return "\n\n".join(blocks) + "\n"


def write_lock(lock: Lock, path: Path) -> bool:
    """Write `lock` to `path` and return whether the file changed."""
    return write_if_changed(path, render_lock(lock))


def render_origin(origin: ManifestOrigin) -> list[str]:
    """Return the lines of the table `[manifest]`; credentials in its URL are left out."""
    lines = ["[manifest]"]
    url = without_credentials(origin.url) if origin.url is not None else None
    for key, value in (("name", origin.name), ("url", url), ("path", origin.path)):
        if value is not None:
            lines.append(_pair(key, value))
    if origin.url is not None:
        if origin.revision is not None:
            lines.append(_pair("revision", origin.revision))
        lines.append(_pair("file", origin.file))
    if origin.groups:
        lines.append(_array("groups", origin.groups))
    return lines


def _head_lines(lock: Lock) -> Iterator[str]:
    yield _HEADER.rstrip("\n")
    yield _pair("manifest-digest", lock.manifest_digest)
    if lock.manifest_commit is not None:
        yield _pair("manifest-commit", lock.manifest_commit)
    for key, count in (("sync-j", lock.sync_j), ("sync-j-max", lock.sync_j_max)):
        if count is not None:
            yield f"{key} = {count}"
    yield ""
    yield from render_origin(lock.origin)


def _submanifest_lines(part: LockedSubmanifest) -> Iterator[str]:
    yield "[[submanifest]]"
    yield _pair("name", part.name)
    yield _pair("path", part.path.text)
    yield _pair("url", without_credentials(part.url))
    yield _pair("commit", part.commit)
    yield _pair("revision", part.revision)
    yield _pair("file", part.file)
    yield _pair("digest", part.digest)


def _project_lines(project: LockedProject) -> Iterator[str]:
    yield "[[project]]"
    yield _pair("name", project.name)
    yield _pair("path", project.path.text)
    yield _pair("url", without_credentials(project.url))
    yield _pair("commit", project.commit)
    if project.upstream is not None:
        yield _pair("upstream", project.upstream)
    if project.revision is not None:
        yield _pair("revision", project.revision)
    if project.dest_branch is not None:
        yield _pair("dest-branch", project.dest_branch)
    if project.groups:
        yield _array("groups", project.groups)
    yield from _fetch_lines(project)
    for key, files in (("links", project.links), ("copies", project.copies)):
        if files:
            yield f"{key} = ["
            for each in files:
                yield f"  {{ {_pair('src', each.src.text)}, {_pair('dest', each.dest.text)} }},"
            yield "]"
    if project.annotations:
        yield "annotations = ["
        for note in project.annotations:
            keep = "" if note.keep else ", keep = false"
            yield f"  {{ {_pair('name', note.name)}, {_pair('value', note.value)}{keep} }},"
        yield "]"


def _fetch_lines(project: LockedProject) -> Iterator[str]:
    if project.clone_depth is not None:
        yield f"clone-depth = {project.clone_depth}"
    if project.remote != ORIGIN:
        yield _pair("remote", project.remote)
    if project.push_url is not None:
        yield _pair("push-url", without_credentials(project.push_url))
    for key, is_set, usual in (
        ("sync-c", project.sync_c, False),
        ("sync-s", project.sync_s, False),
        ("sync-tags", project.sync_tags, True),
    ):
        if is_set is not usual:
            yield f"{key} = {str(is_set).lower()}"


def _array(key: str, values: Iterable[str]) -> str:
    return f"{key} = [{', '.join(map(render_toml_string, values))}]"


def _pair(key: str, value: str) -> str:
    return f"{key} = {render_toml_string(value)}"


def _project(table: _ProjectTable) -> LockedProject:
    return LockedProject(
        name=table.name,
        path=table.path,
        url=table.url,
        commit=table.commit,
        upstream=table.upstream,
        links=tuple(
            LinkFile(src=RelPath.parse(each.src, allow_dot=True), dest=each.dest)
            for each in table.links
        ),
        copies=table.copies,
        annotations=table.annotations,
        groups=tuple(sorted(table.groups)),
        revision=table.revision,
        dest_branch=table.dest_branch,
        clone_depth=table.clone_depth,
        remote=table.remote,
        push_url=table.push_url,
        sync_c=table.sync_c,
        sync_s=table.sync_s,
        sync_tags=table.sync_tags,
    )


def _check_head(table: _LockTable, file: str) -> Iterator[Problem]:
    if not _DIGEST.fullmatch(table.manifest_digest):
        yield Span(file=file, key="manifest-digest"), "is not a sha256 in hexadecimal"
    if table.manifest_commit is not None and not is_commit_id(table.manifest_commit):
        yield Span(file=file, key="manifest-commit"), "is not a full commit id"
    for key, count in (("sync-j", table.sync_j), ("sync-j-max", table.sync_j_max)):
        if count is not None and count < 1:
            yield Span(file=file, key=key), f"{count} is not at least 1"
    if not table.project:
        yield Span(file=file), "the lock names no project"
    yield from check_origin(table.manifest, Span(file=file, key="manifest"))
    for index, each in enumerate(table.submanifest):
        yield from _check_submanifest(each, Span(file=file, key=f"submanifest[{index}]"))


def _check_submanifest(part: LockedSubmanifest, span: Span) -> Iterator[Problem]:
    try:
        origin = ManifestOrigin(url=part.url, revision=part.revision, file=part.file)
    except ValueError as error:
        yield span, str(error)
    else:
        yield from check_origin(origin, span)
    if not is_commit_id(part.commit):
        yield span, "`commit` is not a full commit id"
    if not _DIGEST.fullmatch(part.digest):
        yield span, "`digest` is not a sha256 in hexadecimal"


def check_origin(origin: ManifestOrigin, span: Span) -> Iterator[Problem]:
    """Yield what makes `origin` unsafe to use."""
    if origin.url is not None and (reason := why_bad_url(origin.url)):
        yield span, f"`url` {reason}"
    if origin.revision is not None and (reason := why_bad_revision(origin.revision)):
        yield span, f"`revision` {reason}"
    try:
        RelPath.parse(origin.file)
    except ValueError as error:
        yield span, f"`file`: {error}"
    for group in origin.groups:
        if split_groups(group) != (group,):
            yield span, f"`groups`: {group!r} is not one group"


def _check_projects(tables: tuple[_ProjectTable, ...]) -> Iterator[Problem]:
    paths: set[RelPath] = set()
    for table in tables:
        for reason in _reasons(table):
            yield table.span, f"project `{table.name}`: {reason}"
        if table.path in paths:
            yield table.span, f"path `{table.path}` is that of another project too"
        paths.add(table.path)


def _remote_reasons(table: _ProjectTable) -> Iterator[str]:
    if table.push_url is not None and (reason := why_bad_url(table.push_url)):
        yield f"`push-url` {reason}"
    if reason := why_bad_remote_name(table.remote):
        yield f"`remote` {reason}"
    if table.clone_depth is not None and table.clone_depth < 1:
        yield f"`clone-depth` ({table.clone_depth}) is not at least 1"


def _reasons(table: _ProjectTable) -> Iterator[str]:
    if reason := why_bad_url(table.url):
        yield f"`url` {reason}"
    if not is_commit_id(table.commit):
        yield "`commit` is not a full commit id of forty lower-case hexadecimal digits"
    named = {
        "upstream": table.upstream,
        "revision": table.revision,
        "dest-branch": table.dest_branch,
    }
    for key, name in named.items():
        if name is not None and (reason := why_bad_revision(name)):
            yield f"`{key}` {reason}"
    yield from _remote_reasons(table)
    dests = [*(each.dest for each in table.links), *(each.dest for each in table.copies)]
    for path in (table.path, *dests):
        if reason := why_reserved(path):
            yield f"path `{path}` {reason}"
    for each in table.links:
        try:
            RelPath.parse(each.src, allow_dot=True)
        except ValueError as error:
            yield f"`src`: {error}"
