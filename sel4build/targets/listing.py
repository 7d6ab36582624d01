# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""All that can be selected, as targets and as rows to show."""

from dataclasses import dataclass

from sel4build.model.catalog import App, Catalog
from sel4build.model.target import Selection, Target
from sel4build.targets.select import select


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRow:
    """An app in one line."""

    name: str
    summary: str
    num_vms: int
    num_nodes: int | None
    platforms: tuple[str, ...]
    broken: tuple[str, ...]
    """The platforms where the sources cannot build it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRow:
    """A platform in one line."""

    name: str
    title: str
    aliases: tuple[str, ...]
    sel4_arch: str
    word_size: int
    max_num_nodes: int
    num_nodes_reason: str
    image_format: str
    has_qemu: bool
    apps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """A target at its default number of nodes in one line."""

    id: str
    app: str
    platform: str
    num_nodes: int
    image_format: str
    image_name: str
    broken: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRow:
    """An option of an app in one line."""

    name: str
    summary: str
    kind: str
    choices: tuple[str, ...]
    default: str | None
    platforms: tuple[str, ...]
    """The platforms of the app where it has an effect."""


def expand_all(catalog: Catalog, *, allow_broken: bool = True) -> tuple[Target, ...]:
    """Return every app on every platform that it is for, with default nodes, sorted by id."""
    targets = (
        target
        for app in catalog.apps
        for each in app.platforms
        for target in select(
            catalog,
            Selection(app=app.name, platform=each.platform, allow_broken=allow_broken),
        ).targets
    )
    return tuple(sorted(targets, key=lambda target: target.id))


def app_rows(catalog: Catalog) -> tuple[AppRow, ...]:
    """Return a row for each app, by name."""
    return tuple(
        AppRow(
            name=app.name,
            summary=app.summary,
            num_vms=app.num_vms,
            num_nodes=app.num_nodes,
            platforms=tuple(sorted(each.platform for each in app.platforms)),
            broken=tuple(sorted(each.platform for each in app.platforms if each.broken)),
        )
        for app in catalog.apps
    )


def platform_rows(catalog: Catalog) -> tuple[PlatformRow, ...]:
    """Return a row for each platform, by name."""
    return tuple(
        PlatformRow(
            name=platform.name,
            title=platform.title,
            aliases=platform.aliases,
            sel4_arch=platform.sel4_arch.value,
            word_size=platform.word_size,
            max_num_nodes=platform.max_num_nodes,
            num_nodes_reason=platform.num_nodes_reason,
            image_format=platform.image.format.value,
            has_qemu=platform.qemu is not None,
            apps=tuple(each.name for each in catalog.apps if each.on(platform.name)),
        )
        for platform in catalog.platforms
    )


def target_rows(catalog: Catalog) -> tuple[TargetRow, ...]:
    """Return a row for each target of `expand_all`."""
    return tuple(describe_target(target) for target in expand_all(catalog))


def describe_target(target: Target) -> TargetRow:
    """Return the row of `target`."""
    return TargetRow(
        id=str(target.id),
        app=target.app.name,
        platform=target.platform.name,
        num_nodes=target.num_nodes,
        image_format=target.image_format.value,
        image_name=target.image_name,
        broken=target.app_platform.broken,
    )


def option_rows(catalog: Catalog, app: App) -> tuple[OptionRow, ...]:
    """Return a row for each option that has an effect on some platform of `app`, by name."""
    rows = []
    for option in app.options:
        platforms = tuple(
            platform.name
            for platform in catalog.platforms
            if app.on(platform.name)
            and (not option.platforms or platform.name in option.platforms)
            and (not option.archs or platform.arch in option.archs)
        )
        if platforms:
            rows.append(
                OptionRow(
                    name=option.name,
                    summary=option.summary,
                    kind=option.kind.value,
                    choices=option.choices,
                    default=option.default,
                    platforms=platforms,
                )
            )
    return tuple(rows)
