# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Compare the catalogue with the sources of a workspace: every difference with both places."""

from collections.abc import Iterator
from dataclasses import replace

from sel4build.errors import Span
from sel4build.model.app import App
from sel4build.model.catalog import Catalog
from sel4build.model.facts import AppFacts, Difference, SourceFacts
from sel4build.targets.audit_apps import compare_app
from sel4build.targets.audit_options import compare_options
from sel4build.targets.audit_platforms import compare_platform, missing_boards


def audit_catalog(
    catalog: Catalog, facts: SourceFacts, *, manifest: str | None = None
) -> tuple[Difference, ...]:
    """Return where `catalog` and `facts` differ, platforms first, then options, then apps.

    Apps of another manifest than `manifest` are not looked for; None stands for any. What is
    bundled with this program has its sources there and is left out.
    """
    apps = tuple(_wanted(catalog, manifest))
    return tuple(_joined(_differences(catalog, facts, apps)))


def _joined(differences: Iterator[Difference]) -> Iterator[Difference]:
    """Make one of what one place of ours and one of theirs say differently of several targets."""
    alike: dict[Difference, list[str]] = {}
    for each in differences:
        subjects = alike.setdefault(replace(each, subject=""), [])
        if each.subject not in subjects:
            subjects.append(each.subject)
    for each, (first, *others) in alike.items():
        more = f" and {len(others)} more" if others else ""
        yield replace(each, subject=f"{first}{more}")


def _wanted(catalog: Catalog, manifest: str | None) -> Iterator[App]:
    for app in catalog.apps:
        if not app.bundled and (manifest is None or app.manifest == manifest):
            yield app


def _differences(
    catalog: Catalog, facts: SourceFacts, apps: tuple[App, ...]
) -> Iterator[Difference]:
    for platform in catalog.platforms:
        board = facts.board(platform.name)
        if board is not None:
            yield from compare_platform(platform, board)
    yield from missing_boards(facts, catalog.platforms)
    yield from compare_options(apps, facts)
    for app in apps:
        theirs = facts.app(app.name)
        if theirs is not None:
            yield from compare_app(app, theirs, catalog)
        elif facts.apps:
            yield _gone(app, facts)
    known = {app.name for app in catalog.apps}
    for theirs in facts.apps:
        if theirs.name not in known:
            yield _unknown(theirs)


def _gone(app: App, facts: SourceFacts) -> Difference:
    folder = facts.apps[0].folder.rpartition("/")[0]
    return Difference(
        subject=f"app {app.name}",
        key="name",
        ours=app.name,
        theirs=None,
        our_span=app.spans.get("name", app.span),
        their_span=Span(file=folder),
    )


def _unknown(theirs: AppFacts) -> Difference:
    return Difference(
        subject=f"app {theirs.name}",
        key="apps",
        ours=None,
        theirs=theirs.name,
        our_span=None,
        their_span=theirs.span,
    )
