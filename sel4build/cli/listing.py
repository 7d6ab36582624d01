# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`list`: what there is, as tables that fit the terminal."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias, assert_never

import typer

from sel4build.cli.options import WorkspaceDir
from sel4build.cli.session import Invocation

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from sel4build.targets import (
        AppRow,
        CiBuildRow,
        OptionRow,
        PlatformFeatures,
        PlatformRow,
        TargetRow,
    )

_Shown: TypeAlias = tuple[list[dict[str, object]], Callable[[int], str]]
"""The rows as `--json` has them, and what makes the text of a width."""


class Listable(StrEnum):
    """What `list` can show."""

    APPS = "apps"
    PLATFORMS = "platforms"
    OPTIONS = "options"
    FEATURES = "features"
    TARGETS = "targets"
    TOOLCHAINS = "toolchains"
    CI_BUILDS = "ci-builds"


def list_(
    context: typer.Context,
    what: Annotated[Listable, typer.Argument(help="What to list.")],
    *,
    app: Annotated[
        str | None,
        typer.Option(metavar="APP", help="Only the options of this app.", show_default=False),
    ] = None,
    platform: Annotated[
        str | None,
        typer.Option(
            metavar="PLATFORM",
            help="Only the options with an effect on this platform.",
            show_default=False,
        ),
    ] = None,
    workspace: WorkspaceDir = None,
) -> None:
    """List apps, platforms, options, features, targets, toolchains, builds of upstream's CI.

    Features are those of the platforms, with the reason for every no. Targets are those of the
    workspace, or outside of one all that the catalogue allows. Tables fit the terminal, or 80
    columns; `COLUMNS` says otherwise.
    """
    from sel4build.api import listing
    from sel4build.errors import UsageError

    session = context.ensure_object(Invocation).session()
    if what is not Listable.OPTIONS and (app is not None or platform is not None):
        message = f"`list {what}` takes neither `--app` nor `--platform`"
        raise UsageError(message, hint="they choose among `list options`")
    match what:
        case Listable.APPS:
            shown = _apps(listing.list_apps(session.context))
        case Listable.PLATFORMS:
            shown = _platforms(listing.list_platforms(session.context))
        case Listable.OPTIONS:
            rows = listing.list_options(session.context, app=app, platform=platform)
            shown = _options(rows)
        case Listable.FEATURES:
            shown = _features(listing.list_features(session.context))
        case Listable.TARGETS:
            shown = _targets(listing.list_targets(session.context, workspace))
        case Listable.TOOLCHAINS:
            shown = _rows(listing.list_toolchains(session.context))
        case Listable.CI_BUILDS:
            shown = _ci_builds(listing.list_ci_builds(session.context))
        case _:
            assert_never(what)
    records, text = shown
    session.show(f"list-{what}", {str(what): records}, lambda: text(session.width))


def _rows(rows: "Sequence[DataclassInstance]") -> _Shown:
    from sel4build.console.render import render_rows, row_record

    return (
        [row_record(row) for row in rows],
        lambda width: render_rows(rows, last="summary", width=width),
    )


def _apps(rows: "tuple[AppRow, ...]") -> _Shown:
    from sel4build.cli.tables import render_apps
    from sel4build.console.render import row_record

    return [row_record(row) for row in rows], lambda width: render_apps(rows, width=width)


def _platforms(rows: "tuple[PlatformRow, ...]") -> _Shown:
    from sel4build.cli.tables import render_platforms, verdict_records
    from sel4build.console.render import row_record

    records = [row_record(row) | {"features": verdict_records(row.features)} for row in rows]
    return records, lambda width: render_platforms(rows, width=width)


def _ci_builds(rows: "tuple[CiBuildRow, ...]") -> _Shown:
    from sel4build.cli.tables import render_ci_builds
    from sel4build.console.render import row_record

    return [row_record(row) for row in rows], lambda width: render_ci_builds(rows, width=width)


def _targets(rows: "tuple[TargetRow, ...]") -> _Shown:
    from sel4build.cli.tables import render_targets
    from sel4build.console.render import row_record

    return [row_record(row) for row in rows], lambda width: render_targets(rows, width=width)


def _options(rows: "tuple[OptionRow, ...]") -> _Shown:
    from sel4build.cli.tables import render_options
    from sel4build.console.render import row_record

    return [row_record(row) for row in rows], lambda width: render_options(rows, width=width)


def _features(rows: "tuple[PlatformFeatures, ...]") -> _Shown:
    from sel4build.cli.tables import matrix_record, render_matrix

    return [matrix_record(row) for row in rows], lambda width: render_matrix(rows, width=width)
