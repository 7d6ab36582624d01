# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`manifest check`, `manifest show` and `manifest diff`."""

import dataclasses
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from sel4build.cli.options import Groups, ManifestBranch, ManifestFile, WorkspaceDir
from sel4build.cli.session import Invocation

if TYPE_CHECKING:
    from sel4build.api.manifests import Commits, Difference, Shown
    from sel4build.manifest.compare import ProjectChange
    from sel4build.model.manifest import Manifest, Project

app = typer.Typer(
    help="Check, show and compare manifests.", no_args_is_help=True, rich_markup_mode=None
)


class Form(StrEnum):
    """How a manifest is shown."""

    TEXT = "text"
    JSON = "json"
    XML = "xml"


_WORD = "A shipped manifest, an XML file or a git repository."


@app.command()
def check(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE|URL", help=_WORD)],
    *,
    manifest_branch: ManifestBranch = None,
    manifest_file: ManifestFile = None,
    groups: Groups = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse what is only warned of otherwise.")
    ] = False,
) -> None:
    """Look for mistakes in a manifest.

    All of them are told, each with its place. What repo passes over, such as an element that it
    does not know, is a warning.
    """
    from sel4build.api.manifests import Source, show_manifest
    from sel4build.manifest.groups import split_groups

    session = context.ensure_object(Invocation).session()
    wanted = Source(word=source, revision=manifest_branch, file=manifest_file)
    chosen = split_groups(groups or "")
    shown = show_manifest(session.context, wanted, groups=chosen, is_strict=strict)
    pinned = sum(each.is_pinned for each in shown.selected)
    counts = {
        "projects": len(shown.manifest.projects),
        "selected": len(shown.selected),
        "pinned": pinned,
        "remotes": len(shown.manifest.remotes),
        "links": sum(len(each.links) for each in shown.selected),
        "copies": sum(len(each.copies) for each in shown.selected),
    }
    session.report(
        "manifest-check",
        {"manifest": shown.manifest.origin, "digest": shown.manifest.digest, **counts},
        lambda: ", ".join(f"{count} {name}" for name, count in counts.items()) + "\n",
    )


@app.command()
def show(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(metavar="[FILE|URL]", help=_WORD, show_default="the workspace's"),
    ] = None,
    *,
    resolved: Annotated[
        bool,
        typer.Option("--resolved", help="Only the projects of the groups, with absolute URLs."),
    ] = False,
    form: Annotated[
        Form, typer.Option("--format", help="How to write it; xml is what repo reads.")
    ] = Form.TEXT,
    manifest_branch: ManifestBranch = None,
    manifest_file: ManifestFile = None,
    groups: Groups = None,
    workspace: WorkspaceDir = None,
) -> None:
    """Show a manifest with all that it includes in its place."""
    from sel4build.api.manifests import Source, show_manifest
    from sel4build.manifest.groups import split_groups
    from sel4build.manifest.render import render_manifest

    session = context.ensure_object(Invocation).session()
    wanted = None
    if source is not None:
        wanted = Source(word=source, revision=manifest_branch, file=manifest_file)
    shown = show_manifest(
        session.context,
        wanted,
        workspace=workspace,
        groups=None if groups is None else split_groups(groups),
        is_resolved=resolved,
    )
    match form:
        case Form.JSON:
            options = dataclasses.replace(session.options, json=True)
            session = dataclasses.replace(session, options=options)
            text = ""
        case Form.XML:
            text = render_manifest(shown.manifest)
        case Form.TEXT:
            text = _table(shown)
        case _:
            assert_never(form)
    session.show("manifest", _manifest_record(shown), lambda: text)


@app.command()
def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="A manifest or a lockfile.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A manifest or a lockfile.")],
    *,
    groups: Groups = None,
    workspace: WorkspaceDir = None,
) -> None:
    """Show the projects that differ.

    The commits between are shown where the workspace has them.
    """
    from sel4build.api.manifests import Source, diff_manifests
    from sel4build.manifest.groups import split_groups

    session = context.ensure_object(Invocation).session()
    found = diff_manifests(
        session.context,
        Source(word=old),
        Source(word=new),
        workspace=workspace,
        groups=None if groups is None else split_groups(groups),
    )
    changes = found.changes
    session.show(
        "manifest-diff",
        {
            "added": [_project_record(each) for each in changes.added],
            "removed": [_project_record(each) for each in changes.removed],
            "moved": [_change_record(each, found) for each in changes.moved],
            "changed": [_change_record(each, found) for each in changes.changed],
        },
        lambda: "".join(_lines(found)) or "no difference\n",
    )


def _table(shown: "Shown") -> str:
    from sel4build.console.render import render_table
    from sel4build.git.safety import without_credentials

    chosen = {each.path for each in shown.selected}
    return render_table(
        ("path", "revision", "upstream", "groups", "selected", "url"),
        [
            (
                each.path.text,
                each.revision,
                each.upstream or "-",
                ",".join(sorted(each.groups)) or "-",
                "yes" if each.path in chosen else "no",
                without_credentials(each.url),
            )
            for each in shown.manifest.projects
        ],
    )


def _manifest_record(shown: "Shown") -> dict[str, object]:
    manifest = shown.manifest
    chosen = {each.path for each in shown.selected}
    return {
        "manifest": manifest.origin,
        "digest": manifest.digest,
        "commit": shown.commit,
        "groups": list(shown.groups),
        "remotes": [{"name": each.name, "fetch": _shown(each.fetch)} for each in manifest.remotes],
        "projects": [
            {**_project_record(each), "selected": each.path in chosen} for each in manifest.projects
        ],
        **_extras_record(manifest),
    }


def _extras_record(manifest: "Manifest") -> dict[str, object]:
    hooks, server = manifest.repo_hooks, manifest.manifest_server
    superproject = manifest.superproject
    return {
        "notice": manifest.notice,
        "manifest-server": _shown(server.url) if server else None,
        "repo-hooks": hooks.project if hooks else None,
        "superproject": superproject.name if superproject else None,
        "contact": manifest.contact_url,
        "submanifests": [
            {
                "name": each.name,
                "path": each.path.text,
                "url": each.url,
                "revision": each.revision,
                "file": each.file,
                "commit": each.commit,
            }
            for each in manifest.parts
        ],
    }


def _project_record(project: "Project") -> dict[str, object]:
    return {
        "path": project.path.text,
        "name": project.name,
        "url": _shown(project.url),
        "revision": project.revision,
        "upstream": project.upstream,
        "dest-branch": project.dest_branch,
        "groups": sorted(project.groups),
        "links": [{"src": each.src.text, "dest": each.dest.text} for each in project.links],
        "copies": [{"src": each.src.text, "dest": each.dest.text} for each in project.copies],
        "annotations": [
            {"name": each.name, "value": each.value, "keep": each.keep}
            for each in project.annotations
        ],
        "clone-depth": project.clone_depth,
    }


def _change_record(change: "ProjectChange", found: "Difference") -> dict[str, object]:
    commits = found.commits.get(change.new.path.text)
    return {
        "old": _project_record(change.old),
        "new": _project_record(change.new),
        "fields": list(change.fields),
        "commits": None
        if commits is None
        else {
            "added": list(commits.added),
            "num-added": commits.num_added,
            "num-removed": commits.num_removed,
        },
    }


def _lines(found: "Difference") -> Iterable[str]:
    for sign, projects in (("+", found.changes.added), ("-", found.changes.removed)):
        for project in projects:
            yield f"{sign} {project.path} {_shown(project.url)} {project.revision}\n"
    for change in found.changes.moved:
        yield f"> {change.old.path} -> {change.new.path}\n"
        yield from _fields(change, found.commits.get(change.new.path.text))
    for change in found.changes.changed:
        yield f"~ {change.new.path}\n"
        yield from _fields(change, found.commits.get(change.new.path.text))


def _fields(change: "ProjectChange", commits: "Commits | None") -> Iterable[str]:
    for name in change.fields:
        if name in {"name", "url", "revision", "upstream"}:
            old, new = getattr(change.old, name), getattr(change.new, name)
            yield f"    {name}: {_shown(old or 'none')} -> {_shown(new or 'none')}\n"
        else:
            yield f"    {name} changed\n"
    if commits is None:
        return
    yield f"    {commits.num_added} commits more, {commits.num_removed} less\n"
    for line in commits.added:
        yield f"      {line}\n"
    if commits.num_added > len(commits.added):
        yield f"      and {commits.num_added - len(commits.added)} more\n"


def _shown(url: str) -> str:
    from sel4build.git.safety import without_credentials

    return without_credentials(url)
