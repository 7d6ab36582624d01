# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A manifest as XML that git-repo reads: one spelling for one manifest.

Includes, extensions and removals are done, and projects in others stand for themselves, so that
the text needs no other file. Reading it gives the same manifest.
"""

from collections.abc import Iterable, Iterator, Mapping

from sel4build.manifest.notice import indent_notice
from sel4build.model.manifest import (
    Annotation,
    Default,
    Manifest,
    Project,
    Remote,
    Submanifest,
)

_Attributes = Mapping[str, str | None]


def render_manifest(manifest: Manifest) -> str:
    """Return the XML of `manifest`; a relative `fetch` stays relative to where it came from.

    A submanifest stays one, and its projects are its own.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<manifest>"]
    if manifest.notice:
        lines.append(f"  <notice>{_escape(indent_notice(manifest.notice))}</notice>")
    for remote in manifest.remotes:
        lines += _element("remote", _remote(remote), _annotations(remote.annotations))
    if manifest.default != Default():
        lines += _element("default", _default(manifest.default))
    if manifest.manifest_server is not None:
        server = manifest.manifest_server
        lines += _element("manifest-server", {"url": server.url, "helper": server.helper})
    for submanifest in manifest.submanifests:
        inner = _annotations(submanifest.annotations)
        lines += _element("submanifest", _submanifest(submanifest), inner)
    revisions = {each.name: each.revision for each in manifest.remotes}
    for project in manifest.projects:
        if project.submanifest is not None:
            continue
        inherited = revisions.get(project.remote) or manifest.default.revision
        attributes = _project(project, manifest.default, inherited)
        lines += _element("project", attributes, _inner(project))
    lines += _rest(manifest)
    return "\n".join([*lines, "</manifest>", ""])


def _rest(manifest: Manifest) -> Iterator[str]:
    if manifest.repo_hooks is not None:
        hooks = manifest.repo_hooks
        enabled = " ".join(hooks.enabled)
        yield from _element("repo-hooks", {"in-project": hooks.project, "enabled-list": enabled})
    if manifest.superproject is not None:
        found = manifest.superproject
        attributes = {"name": found.name, "remote": found.remote, "revision": found.revision}
        yield from _element("superproject", attributes)
    if manifest.contact_url is not None:
        yield from _element("contactinfo", {"bugurl": manifest.contact_url})


def _remote(remote: Remote) -> _Attributes:
    return {
        "name": remote.name,
        "alias": remote.alias,
        "fetch": remote.fetch,
        "pushurl": remote.push_url,
        "review": remote.review,
        "revision": remote.revision,
    }


def _default(default: Default) -> _Attributes:
    return {
        "remote": default.remote,
        "revision": default.revision,
        "upstream": default.upstream,
        "dest-branch": default.dest_branch,
        "sync-j": None if default.sync_j is None else str(default.sync_j),
        "sync-j-max": None if default.sync_j_max is None else str(default.sync_j_max),
        "sync-c": _unless(default.sync_c, usual=False),
        "sync-s": _unless(default.sync_s, usual=False),
        "sync-tags": _unless(default.sync_tags, usual=True),
    }


def _submanifest(submanifest: Submanifest) -> _Attributes:
    return {
        "name": submanifest.name,
        "remote": submanifest.remote,
        "project": submanifest.project,
        "manifest-name": str(submanifest.manifest_name) if submanifest.manifest_name else None,
        "revision": submanifest.revision,
        "path": str(submanifest.path) if submanifest.path else None,
        "groups": ",".join(sorted(submanifest.groups)),
        "default-groups": ",".join(submanifest.default_groups),
    }


def _project(project: Project, default: Default, inherited: str | None) -> _Attributes:
    return {
        "name": project.name,
        "path": None if project.path.text == project.name else project.path.text,
        "remote": None if project.remote == default.remote else project.remote,
        "revision": None if project.revision == inherited else project.revision,
        "upstream": None if project.upstream == default.upstream else project.upstream,
        "dest-branch": None if project.dest_branch == default.dest_branch else project.dest_branch,
        "groups": ",".join(sorted(project.groups)),
        "rebase": _unless(project.rebase, usual=True),
        "sync-c": _unless(project.sync_c, usual=default.sync_c),
        "sync-s": _unless(project.sync_s, usual=default.sync_s),
        "sync-tags": _unless(project.sync_tags, usual=default.sync_tags),
        "clone-depth": None if project.clone_depth is None else str(project.clone_depth),
        "force-path": _unless(project.force_path, usual=False),
        "sync-strategy": project.sync_strategy,
    }


def _inner(project: Project) -> Iterator[str]:
    for tag, files in (("copyfile", project.copies), ("linkfile", project.links)):
        for each in files:
            yield from _element(tag, {"src": each.src.text, "dest": each.dest.text})
    yield from _annotations(project.annotations)


def _annotations(annotations: Iterable[Annotation]) -> Iterator[str]:
    for each in annotations:
        keep = _unless(each.keep, usual=True)
        yield from _element("annotation", {"name": each.name, "value": each.value, "keep": keep})


def _unless(value: bool, *, usual: bool) -> str | None:  # noqa: FBT001  the value itself
    return None if value is usual else str(value).lower()


def _element(tag: str, attributes: _Attributes, inner: Iterable[str] = ()) -> Iterator[str]:
    """Yield the lines of an element; an attribute without a value is left out."""
    pairs = "".join(f" {key}={_quote(value)}" for key, value in attributes.items() if value)
    lines = [f"  {line}" for line in inner]
    if not lines:
        yield f"  <{tag}{pairs}/>"
        return
    yield f"  <{tag}{pairs}>"
    yield from lines
    yield f"  </{tag}>"


def _escape(text: str) -> str:
    from xml.sax import saxutils  # noqa: PLC0415  loads urllib, for the few commands that write XML

    return saxutils.escape(text)


def _quote(text: str) -> str:
    from xml.sax import saxutils  # noqa: PLC0415  as above

    return saxutils.quoteattr(text)
