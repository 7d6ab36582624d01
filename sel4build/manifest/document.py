# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""One manifest file as typed statements, in document order, each value checked by itself.

What needs more than one statement (remotes, defaults, includes) is done by `resolve`.
"""

from collections.abc import Callable

from sel4build.git.remotes import why_bad_remote_name
from sel4build.manifest.grammar import ROOT, check_child, check_root, is_known
from sel4build.manifest.groups import split_groups
from sel4build.manifest.notice import clean_notice
from sel4build.manifest.statements import (
    ContactStatement,
    ExtendStatement,
    HooksStatement,
    IncludeStatement,
    NoticeStatement,
    ProjectStatement,
    RemoveStatement,
    ServerStatement,
    Statement,
    SuperprojectStatement,
)
from sel4build.manifest.values import Values
from sel4build.manifest.xml import Findings, Problem, parse_xml
from sel4build.model.manifest import (
    Default,
    ManifestServer,
    Remote,
    RepoHooks,
    Submanifest,
)


def parse_document(content: bytes, file: str, findings: Findings) -> tuple[Statement, ...]:
    """Return the statements of one manifest file; what there is to say of it goes to `findings`.

    A file with a problem has no statements. Raises ProblemsError for what is no XML of ours.
    """
    root = parse_xml(content, file)
    found = check_root(root)
    statements: list[Statement] = []
    for child in root.children if root.tag == ROOT else ():
        of_child = check_child(child, root)
        if not of_child.problems and is_known(child, root):
            statement = _PARSERS[child.tag](Values(child, of_child))
            statements += [] if statement is None else [statement]
        found.take(of_child)
    found.warnings.sort(key=_place)
    findings.take(found)
    return () if found.problems else tuple(statements)


def _place(warning: Problem) -> tuple[int, int]:
    span = warning[0]
    return (span.line or 0, span.column or 0) if span else (0, 0)


def _remote(values: Values) -> Remote:
    for key in ("name", "alias"):
        if reason := why_bad_remote_name(values.text(key) or "x"):
            values.note(f"attribute `{key}` ({values.text(key)!r}) {reason}")
    for key in ("fetch", "pushurl"):
        if (values.text(key) or "").startswith("-"):
            values.note(f"attribute `{key}` begins with `-`")
    return Remote(
        name=values.required("name"),
        fetch=values.required("fetch"),
        alias=values.text("alias"),
        push_url=values.text("pushurl"),
        review=values.text("review"),
        revision=values.revision("revision"),
        annotations=values.annotations(),
        span=values.span,
    )


def _default(values: Values) -> Default:
    return Default(
        remote=values.text("remote"),
        revision=values.revision("revision"),
        upstream=values.revision("upstream"),
        dest_branch=values.revision("dest-branch"),
        sync_j=values.count("sync-j"),
        sync_j_max=values.count("sync-j-max"),
        sync_c=values.boolean("sync-c", default=False),
        sync_s=values.boolean("sync-s", default=False),
        sync_tags=values.boolean("sync-tags", default=True),
        span=values.span,
    )


def _project(values: Values) -> ProjectStatement | None:
    # The name is part of the URL, yet git-repo holds it to the rules of a path.
    name = values.path("name", may_be_folder=True)
    path = values.project_place("path")
    children = tuple(_project(inner) for inner in values.inner("project"))
    if name is not None and path is None and not values.is_nested:
        values.check_place("name", name)
    statement = ProjectStatement(
        name=values.required("name"),
        path=path,
        remote=values.text("remote"),
        revision=values.revision("revision"),
        has_revision=values.has("revision"),
        upstream=values.revision("upstream"),
        dest_branch=values.revision("dest-branch"),
        groups=values.groups("groups"),
        links=values.links(),
        copies=values.copies(),
        annotations=values.annotations(),
        clone_depth=values.count("clone-depth"),
        sync_c=values.choice("sync-c"),
        sync_s=values.choice("sync-s"),
        sync_tags=values.choice("sync-tags"),
        sync_strategy=values.text("sync-strategy"),
        rebase=values.boolean("rebase", default=True),
        force_path=values.boolean("force-path", default=False),
        children=tuple(each for each in children if each is not None),
        span=values.span,
    )
    return None if name is None else statement


def _extend(values: Values) -> ExtendStatement:
    return ExtendStatement(
        name=values.required("name"),
        path=values.wanted_path("path"),
        dest_path=values.project_place("dest-path"),
        remote=values.text("remote"),
        revision=values.revision("revision"),
        upstream=values.revision("upstream"),
        dest_branch=values.revision("dest-branch"),
        base_rev=values.revision("base-rev"),
        groups=values.groups("groups"),
        links=values.links(),
        copies=values.copies(),
        annotations=values.annotations(),
        span=values.span,
    )


def _remove(values: Values) -> RemoveStatement:
    name = values.text("name")
    if name is None and values.text("path") is None:
        values.note("element `remove-project` needs the attribute `name` or `path`")
    return RemoveStatement(
        name=name,
        path=values.wanted_path("path"),
        is_optional=values.boolean("optional", default=False),
        base_rev=values.revision("base-rev"),
        span=values.span,
    )


def _include(values: Values) -> IncludeStatement | None:
    name = values.path("name")
    revision = values.revision("revision")
    groups = values.groups("groups")
    if name is None:
        return None
    return IncludeStatement(
        name=name,
        revision=revision,
        has_revision=values.has("revision"),
        groups=groups,
        span=values.span,
    )


def _notice(values: Values) -> NoticeStatement:
    return NoticeStatement(text=clean_notice(values.raw_text), span=values.span)


def _server(values: Values) -> ServerStatement:
    server = ManifestServer(url=values.required("url"), helper=values.text("helper"))
    return ServerStatement(server=server, span=values.span)


def _hooks(values: Values) -> HooksStatement:
    hooks = RepoHooks(
        project=values.required("in-project"),
        enabled=split_groups(values.required("enabled-list")),
    )
    return HooksStatement(hooks=hooks, span=values.span)


def _superproject(values: Values) -> SuperprojectStatement:
    return SuperprojectStatement(
        name=values.required("name"),
        remote=values.text("remote"),
        revision=values.revision("revision"),
        span=values.span,
    )


def _contact(values: Values) -> ContactStatement:
    return ContactStatement(url=values.required("bugurl"), span=values.span)


def _submanifest(values: Values) -> Submanifest:
    path = values.place("path")
    if path is None and values.text("path") is None:
        values.check_last_segment("revision" if values.text("revision") else "name")
    if values.text("remote") is not None and values.text("project") is None:
        values.note("element `submanifest` with a `remote` needs the attribute `project`")
    return Submanifest(
        name=values.required("name"),
        remote=values.text("remote"),
        project=values.text("project"),
        manifest_name=values.path("manifest-name"),
        revision=values.revision("revision"),
        path=path,
        groups=values.groups("groups"),
        default_groups=split_groups(values.text("default-groups") or ""),
        annotations=values.annotations(),
        span=values.span,
    )


_PARSERS: dict[str, Callable[[Values], Statement | None]] = {
    "remote": _remote,
    "default": _default,
    "project": _project,
    "extend-project": _extend,
    "remove-project": _remove,
    "include": _include,
    "notice": _notice,
    "manifest-server": _server,
    "repo-hooks": _hooks,
    "superproject": _superproject,
    "contactinfo": _contact,
    "submanifest": _submanifest,
}
