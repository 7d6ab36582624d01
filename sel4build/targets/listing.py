# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""All that can be selected, as targets and as rows to show."""

from dataclasses import dataclass

from sel4build.model.app import App, OptionSpec
from sel4build.model.catalog import Catalog
from sel4build.model.ci_build import CiBuild
from sel4build.model.platform import Platform
from sel4build.model.target import Selection, Target
from sel4build.targets.features import FeatureVerdict, needs_of, platform_features, uses_of
from sel4build.targets.select import select
from sel4build.targets.spelling import ci_defines


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureUse:
    """A feature that an app uses on some of its platforms, and does without elsewhere."""

    feature: str
    platforms: tuple[str, ...]

    def __str__(self) -> str:
        """Return it with the platforms in brackets."""
        return f"{self.feature} ({', '.join(self.platforms)})"


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
    needs: tuple[str, ...]
    """Features that it cannot do without."""
    can_use: tuple[FeatureUse, ...]
    """Other features that it uses on some platform of its own."""
    own_options: tuple[str, ...]
    """Options that its own file has."""
    options: tuple[str, ...]
    """All of its options that have an effect somewhere."""


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
    word_sizes: tuple[int, ...]
    """The guest modes, bits."""
    features: tuple[FeatureVerdict, ...]


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
    """An option in one line."""

    key: str | None
    """What `--option` calls it."""
    name: str
    """The variable of CMake."""
    summary: str
    kind: str
    choices: tuple[str, ...]
    default: str | None
    needs: tuple[str, ...]
    apps: tuple[str, ...]
    """The apps that have it."""
    platforms: tuple[str, ...]
    """The platforms of these apps where it has an effect."""
    everywhere: bool
    """These are all platforms of these apps."""
    source: str | None
    """Project and file of upstream that declare it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CiBuildRow:
    """A build of upstream's CI in one line."""

    name: str
    app: str
    platform: str
    defines: tuple[str, ...]
    """All that CI passes, as `NAME=VALUE`."""
    success: str
    """Regular expression over the console: the markers in their order."""
    errors: tuple[str, ...]
    machines: tuple[str, ...]
    tested: str
    """`on a board`, `simulated`, or why not."""
    target: str
    """Id of the target that it is here."""


def ci_build_rows(catalog: Catalog) -> tuple[CiBuildRow, ...]:
    """Return a row for each build of upstream's CI, by name."""
    rows = (_ci_build_row(catalog, app, build) for app in catalog.apps for build in app.ci_builds)
    return tuple(sorted(rows, key=lambda row: row.name))


def _ci_build_row(catalog: Catalog, app: App, build: CiBuild) -> CiBuildRow:
    selection = Selection(ci_build=build.name, allow_broken=True)
    (target,) = select(catalog, selection).targets
    on_boards = "on a board" if build.machines else "simulated"
    return CiBuildRow(
        name=build.name,
        app=app.name,
        platform=build.platform,
        defines=tuple(
            f"{name}={value}" for name, value in ci_defines(app, build, arch=target.platform.arch)
        ),
        success=".*".join(target.console.success),
        errors=target.console.errors,
        machines=build.machines,
        tested=build.no_test or on_boards,
        target=str(target.id),
    )


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
    return tuple(_app_row(catalog, app) for app in catalog.apps)


def _app_row(catalog: Catalog, app: App) -> AppRow:
    file = app.span.file if app.span is not None else None
    return AppRow(
        name=app.name,
        summary=app.summary,
        num_vms=app.num_vms,
        num_nodes=app.num_nodes,
        platforms=tuple(sorted(each.platform for each in app.platforms)),
        broken=tuple(sorted(each.platform for each in app.platforms if each.broken)),
        needs=tuple(str(each) for each in needs_of(app)),
        can_use=tuple(
            FeatureUse(feature=str(feature), platforms=boards)
            for feature, boards in uses_of(catalog, app).items()
        ),
        own_options=tuple(
            each.name for each in app.options if each.span is not None and each.span.file == file
        ),
        options=tuple(each.name for each in app.options if _platforms_of(each, app, catalog)),
    )


def platform_rows(catalog: Catalog) -> tuple[PlatformRow, ...]:
    """Return a row for each platform, by name."""
    return tuple(_platform_row(catalog, platform) for platform in catalog.platforms)


def _platform_row(catalog: Catalog, platform: Platform) -> PlatformRow:
    found = platform_features(catalog, platform)
    return PlatformRow(
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
        word_sizes=found.word_sizes,
        features=found.verdicts,
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


def option_rows(
    catalog: Catalog, *, app: str | None = None, platform: str | None = None
) -> tuple[OptionRow, ...]:
    """Return a row for each option that has an effect on `app` and on `platform`, by name.

    Apps whose options of one name differ have a row each.
    """
    having: dict[OptionSpec, list[App]] = {}
    for each in catalog.apps:
        for option in each.options if app in {None, each.name} else ():
            boards = _platforms_of(option, each, catalog)
            if boards and (platform is None or platform in boards):
                having.setdefault(option, []).append(each)
    rows = (_option_row(option, apps, catalog) for option, apps in having.items())
    return tuple(sorted(rows, key=lambda row: (row.name, row.apps)))


def _option_row(option: OptionSpec, apps: list[App], catalog: Catalog) -> OptionRow:
    boards = {name for app in apps for name in _platforms_of(option, app, catalog)}
    all_boards = {on.platform for app in apps for on in app.platforms}
    return OptionRow(
        key=option.key,
        name=option.name,
        summary=option.summary,
        kind=option.kind.value,
        choices=option.choices,
        default=option.default,
        needs=option.needs,
        apps=tuple(app.name for app in apps),
        platforms=tuple(sorted(boards)),
        everywhere=boards == all_boards,
        source=option.source,
    )


def _platforms_of(option: OptionSpec, app: App, catalog: Catalog) -> tuple[str, ...]:
    """Return the platforms of `app` where `option` has an effect."""
    return tuple(
        platform.name
        for platform in catalog.platforms
        if app.on(platform.name)
        and (not option.platforms or platform.name in option.platforms)
        and (not option.archs or platform.arch in option.archs)
    )
