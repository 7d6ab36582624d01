# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a manifest says beside its projects: kept, and said once, but of no effect here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sel4build.errors import Span
from sel4build.manifest.remotes import Remotes
from sel4build.manifest.statements import (
    ContactStatement,
    HooksStatement,
    NoticeStatement,
    ServerStatement,
    Statement,
    SuperprojectStatement,
)
from sel4build.manifest.xml import Problem
from sel4build.model.manifest import (
    Manifest,
    ManifestServer,
    RepoHooks,
    Submanifest,
    Superproject,
)
from sel4build.model.paths import find_colliding
from sel4build.model.reporter import Reporter


@dataclass(slots=True)
class Extras:
    """What was found so far."""

    notice: str | None = None
    manifest_server: ManifestServer | None = None
    repo_hooks: RepoHooks | None = None
    superproject: Superproject | None = None
    contact_url: str | None = None
    submanifests: tuple[Submanifest, ...] = ()
    hooks_span: Span | None = None


def gather_extras(
    statements: Iterable[Statement], remotes: Remotes, problems: list[Problem]
) -> Extras:
    """Return what `statements` say beside projects; what may come once and comes twice is noted."""
    extras = Extras()
    first: dict[type[Statement], Span] = {}
    submanifests: dict[str, Submanifest] = {}
    for each in statements:
        if isinstance(each, Submanifest):
            known = submanifests.setdefault(each.name, each)
            if known != each:
                problem = (
                    f"submanifest `{each.name}` differs from that of the same name at {known.span}"
                )
                problems.append((each.span, problem))
        elif isinstance(each, ContactStatement):
            extras.contact_url = each.url
        elif isinstance(
            each, NoticeStatement | ServerStatement | HooksStatement | SuperprojectStatement
        ):
            before = first.setdefault(type(each), each.span)
            if before is not each.span:
                problem = f"`{_TAGS[type(each)]}` comes twice; the first is at {before}"
                problems.append((each.span, problem))
            else:
                _take(each, extras, remotes)
    extras.submanifests = tuple(submanifests[name] for name in sorted(submanifests))
    return extras


_TAGS: dict[type[Statement], str] = {
    NoticeStatement: "notice",
    ServerStatement: "manifest-server",
    HooksStatement: "repo-hooks",
    SuperprojectStatement: "superproject",
}


def _take(
    statement: NoticeStatement | ServerStatement | HooksStatement | SuperprojectStatement,
    extras: Extras,
    remotes: Remotes,
) -> None:
    match statement:
        case NoticeStatement():
            extras.notice = statement.text
        case ServerStatement():
            extras.manifest_server = statement.server
        case HooksStatement():
            extras.repo_hooks, extras.hooks_span = statement.hooks, statement.span
        case SuperprojectStatement():
            extras.superproject = _superproject(statement, remotes)


def _superproject(statement: SuperprojectStatement, remotes: Remotes) -> Superproject | None:
    subject, span = f"superproject `{statement.name}`", statement.span
    remote = remotes.of(statement.remote, subject=subject, span=span)
    if remote is None:
        return None
    revision = remotes.revision(remote, statement.revision, subject=subject, span=span)
    if revision is None:
        return None
    return Superproject(name=statement.name, remote=remote.name, revision=revision)


def warn_of_manifest(manifest: Manifest, reporter: Reporter) -> None:
    """Say what was passed over in `manifest`, each with its place."""
    for span, text in manifest.warnings:
        reporter.warn(f"{span}: {text}" if span else text)


def explain_unused(manifest: Manifest) -> Iterator[str]:
    """Yield a line for each thing that `manifest` asks for and that has no effect here."""
    for each in manifest.notice.split("\n") if manifest.notice else ():
        yield f"the manifest says: {each}"
    if manifest.repo_hooks is not None:
        yield f"hooks of project `{manifest.repo_hooks.project}` (`repo-hooks`) are never run"
    if manifest.manifest_server is not None:
        yield f"the server `{manifest.manifest_server.url}` (`manifest-server`) is not asked"
    if manifest.superproject is not None:
        yield f"the superproject `{manifest.superproject.name}` is not used"
    for one, other in find_colliding(each.path for each in manifest.projects):
        yield f"paths `{one}` and `{other}` are one where case or spelling does not count"
    reviewed = [each.name for each in manifest.remotes if each.review is not None]
    if reviewed:
        names = ", ".join(f"`{name}`" for name in reviewed)
        yield f"`review` of remote {names} is not used"
