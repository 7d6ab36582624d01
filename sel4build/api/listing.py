# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the catalogue and a workspace hold, as rows of one kind."""

from dataclasses import dataclass
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.finding import find_workspace
from sel4build.catalog import load_catalog
from sel4build.errors import InputError
from sel4build.model.catalog import Catalog
from sel4build.targets import (
    AppRow,
    CiBuildRow,
    OptionRow,
    PlatformFeatures,
    PlatformRow,
    TargetRow,
    app_rows,
    ci_build_rows,
    feature_matrix,
    option_rows,
    platform_rows,
    target_rows,
)
from sel4build.targets.choosing import check_platform_name, choose_app
from sel4build.targets.listing import describe_target
from sel4build.targets.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolchainRow:
    """A toolchain in one line."""

    name: str
    summary: str
    rank: int
    archs: tuple[str, ...]
    install: str


def list_apps(context: Context) -> tuple[AppRow, ...]:
    """Return every app of the catalogue, and in a workspace of its sources, by name."""
    return app_rows(_catalog_here(context))


def list_platforms(context: Context) -> tuple[PlatformRow, ...]:
    """Return every platform of the catalogue, and in a workspace of its sources, by name."""
    return platform_rows(_catalog_here(context))


def list_options(
    context: Context, *, app: str | None = None, platform: str | None = None
) -> tuple[OptionRow, ...]:
    """Return the options that have an effect on `app` and on `platform`, by name.

    Raises InputError for one that the catalogue does not know.
    """
    catalog = _catalog_here(context)
    _require_known(catalog, app, platform)
    return option_rows(catalog, app=app, platform=platform)


def list_features(context: Context) -> tuple[PlatformFeatures, ...]:
    """Return what each platform has, and why it lacks the rest, by name of the platform."""
    return feature_matrix(_catalog_here(context))


def list_ci_builds(context: Context) -> tuple[CiBuildRow, ...]:
    """Return every build of upstream's CI, by name."""
    return ci_build_rows(load_catalog(context.overlays))


def list_toolchains(context: Context) -> tuple[ToolchainRow, ...]:
    """Return every toolchain of the catalogue, in the order in which they are tried."""
    return tuple(
        ToolchainRow(
            name=each.name,
            summary=each.summary,
            rank=each.rank,
            archs=tuple(str(arch.sel4_arch) for arch in each.archs),
            install=each.install,
        )
        for each in load_catalog(context.overlays).toolchains
    )


def list_targets(context: Context, directory: Path | None) -> tuple[TargetRow, ...]:
    """Return the targets of the workspace, or outside of one all that the catalogue allows."""
    workspace = find_workspace(context, directory)
    if workspace is None:
        return target_rows(load_catalog(context.overlays))
    from sel4build.api.knowing import known_catalog  # noqa: PLC0415  only in a workspace
    from sel4build.api.selecting import select_wanted  # noqa: PLC0415  as above
    from sel4build.workspace.spec import read_spec  # noqa: PLC0415  as above

    spec = read_spec(workspace)
    catalog = known_catalog(context, workspace, spec)
    return tuple(describe_target(select_wanted(catalog, wanted)) for wanted in spec.targets)


def _catalog_here(context: Context) -> Catalog:
    """Return the catalogue, corrected by the sources around the current folder."""
    workspace = find_workspace(context)
    if workspace is None:
        return load_catalog(context.overlays)
    from sel4build.api.knowing import correct_catalog  # noqa: PLC0415  only in a workspace
    from sel4build.workspace.spec import read_spec  # noqa: PLC0415  as above

    catalog = load_catalog(context.overlays_of(workspace, read_spec(workspace)))
    return correct_catalog(context, workspace, catalog, None)


def _require_known(catalog: Catalog, app: str | None, platform: str | None) -> None:
    chosen = choose_app(catalog, app) if app is not None else None
    refusal = chosen if isinstance(chosen, Refusal) else check_platform_name(catalog, platform)
    if refusal is not None:
        raise InputError(refusal.reason, hint=refusal.hint)
