# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Which features a platform has, by which app, and the reason for every no.

Nothing here is said twice: what an app has follows from its guests, from the options that its
sources switch on and from its own list; what a platform has follows from the apps that are for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sel4build.errors import Span
from sel4build.model.app import App, AppPlatform, Feature, OptionSpec
from sel4build.model.catalog import Catalog
from sel4build.model.platform import Platform
from sel4build.targets.refusal import show_all

TITLES: Mapping[Feature, str] = {
    Feature.SMP: "SMP",
    Feature.MULTI_VM: "multi-VM",
    Feature.VIRTIO_PCI: "virtio PCI",
    Feature.VIRTIO_CONSOLE: "virtio console",
    Feature.VIRTIO_NET: "virtio net",
    Feature.CROSS_VM: "cross-VM",
}
"""The features of the matrix, in its order, with the heads of its columns."""


class Status(StrEnum):
    """Whether a platform has a feature."""

    YES = "yes"
    NO = "no"
    BROKEN = "broken"
    """An app has it on this platform, but the sources cannot build that app there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureVerdict:
    """Whether a platform has a feature, and why."""

    feature: Feature
    status: Status
    apps: tuple[str, ...]
    """The apps that have it there; with `BROKEN`, those that cannot be built."""
    reason: str
    """Why not; empty where it has it."""
    span: Span | None = None
    """Where the catalogue says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformFeatures:
    """A platform in a row of the matrix."""

    platform: str
    word_sizes: tuple[int, ...]
    """The guest modes, bits."""
    max_num_nodes: int
    verdicts: tuple[FeatureVerdict, ...]
    """One for each of TITLES, in that order."""


def feature_matrix(catalog: Catalog) -> tuple[PlatformFeatures, ...]:
    """Return a row for each platform, by name."""
    return tuple(platform_features(catalog, platform) for platform in catalog.platforms)


def platform_features(catalog: Catalog, platform: Platform) -> PlatformFeatures:
    """Return the row of `platform`."""
    guests = [
        on.guest.word_size or platform.word_size for _, on in _vm_apps(catalog, platform.name)
    ]
    return PlatformFeatures(
        platform=platform.name,
        word_sizes=tuple(sorted(set(guests))),
        max_num_nodes=platform.max_num_nodes,
        verdicts=tuple(_verdict(catalog, platform, feature) for feature in TITLES),
    )


def features_of(app: App, on: AppPlatform) -> frozenset[Feature]:
    """Return what `app` has on a platform that it is for."""
    forced = {**app.forced, **on.forced}
    by_option = {
        option.feature
        for option in app.options
        if option.feature is not None and forced.get(option.name) == "ON"
    }
    found = {*app.features, *on.features, *by_option}
    if app.num_vms > 1:
        found.add(Feature.MULTI_VM)
    if (on.guest.num_vcpus or 1) > 1:
        found.add(Feature.SMP)
    return frozenset(found)


def needs_of(app: App) -> tuple[Feature, ...]:
    """Return what `app` cannot do without: what it has on every platform that it is for.

    A guest with several virtual CPUs runs on one node too, so that no app needs SMP.
    """
    having = [features_of(app, on) for on in app.platforms]
    return tuple(
        feature
        for feature in Feature
        if feature is not Feature.SMP and having and all(feature in each for each in having)
    )


def uses_of(catalog: Catalog, app: App) -> Mapping[Feature, tuple[str, ...]]:
    """Return what `app` uses where a platform has it, each with these platforms, by name."""
    needed = needs_of(app)
    found: dict[Feature, tuple[str, ...]] = {}
    for feature in Feature:
        boards = tuple(
            sorted(
                on.platform
                for on in app.platforms
                if feature in features_of(app, on)
                and (platform := catalog.platform(on.platform)) is not None
                and not _is_single(platform, feature)
            )
        )
        if boards and feature not in needed:
            found[feature] = boards
    return found


def _vm_apps(catalog: Catalog, platform: str) -> Iterator[tuple[App, AppPlatform]]:
    """Yield the apps with guests that are for `platform`."""
    for app in catalog.apps:
        on = app.on(platform)
        if on is not None and app.num_vms:
            yield app, on


def _verdict(catalog: Catalog, platform: Platform, feature: Feature) -> FeatureVerdict:
    having = [
        (app, on)
        for app, on in _vm_apps(catalog, platform.name)
        if feature in features_of(app, on) and not (_is_single(platform, feature))
    ]
    whole = tuple(app.name for app, on in having if on.broken is None)
    if whole:
        return FeatureVerdict(feature=feature, status=Status.YES, apps=whole, reason="")
    if having:
        app, on = having[0]
        return FeatureVerdict(
            feature=feature,
            status=Status.BROKEN,
            apps=tuple(each.name for each, _ in having),
            reason=f"only {show_all(each.name for each, _ in having)} has it here: {on.broken}",
            span=on.spans.get("broken", on.span) or app.span,
        )
    reason, span = _why_not(catalog, platform, feature)
    return FeatureVerdict(feature=feature, status=Status.NO, apps=(), reason=reason, span=span)


def _is_single(platform: Platform, feature: Feature) -> bool:
    return feature is Feature.SMP and platform.max_num_nodes == 1


def _why_not(catalog: Catalog, platform: Platform, feature: Feature) -> tuple[str, Span | None]:
    if _is_single(platform, feature):
        return (
            f"1 node: {platform.num_nodes_reason}",
            platform.spans.get("max-num-nodes", platform.span),
        )
    here = tuple(_vm_apps(catalog, platform.name))
    if not here:
        return "no app with guests is for this platform", platform.span
    switches = _switches((app for app, _ in here), feature)
    allowing = tuple(each for each in switches if _allows(each, platform))
    if switches and not allowing:
        return _not_allowed(switches)
    return _no_app(catalog, platform, feature, allowing)


def _switches(apps: Iterable[App], feature: Feature) -> tuple[OptionSpec, ...]:
    found = {each.name: each for app in apps for each in app.options if each.feature is feature}
    return tuple(found[name] for name in sorted(found))


def _allows(option: OptionSpec, platform: Platform) -> bool:
    in_platforms = not option.platforms or platform.name in option.platforms
    return in_platforms and (not option.archs or platform.arch in option.archs)


def _not_allowed(switches: tuple[OptionSpec, ...]) -> tuple[str, Span | None]:
    names = show_all(each.name for each in switches)
    allowed = show_all({name for each in switches for name in each.platforms})
    sources = {each.source for each in switches if each.source}
    cited = f" ({', '.join(sorted(sources))})" if sources else ""
    verb = "allows" if len(switches) == 1 else "allow"
    return f"upstream's {names} {verb} only {allowed}{cited}", switches[0].span


def _no_app(
    catalog: Catalog, platform: Platform, feature: Feature, allowing: tuple[OptionSpec, ...]
) -> tuple[str, Span | None]:
    if feature is Feature.SMP:
        names = show_all(app.name for app, _ in _vm_apps(catalog, platform.name))
        return f"the guests of {names} have 1 virtual CPU", platform.span
    names = show_all(each.name for each in allowing)
    though = f"; upstream's {names} would allow it" if allowing else ""
    elsewhere = _elsewhere(catalog, platform, feature)
    listed = "; ".join(
        f"{show_all(apps)} {'is' if len(apps) == 1 else 'are'} for {show_all(boards)}"
        for boards, apps in elsewhere.items()
    )
    first = next((app for apps in elsewhere.values() for app in apps), None)
    app = catalog.app(first) if first is not None else None
    span = app.spans.get("platforms", app.span) if app is not None else platform.span
    return f"no app for this platform has it{': ' if listed else ''}{listed}{though}", span


def _elsewhere(
    catalog: Catalog, platform: Platform, feature: Feature
) -> dict[tuple[str, ...], list[str]]:
    """Return the apps that have `feature`, by the platforms where they do, of this kind at best."""
    kin: dict[tuple[str, ...], list[str]] = {}
    others: dict[tuple[str, ...], list[str]] = {}
    for app in catalog.apps:
        boards = tuple(
            sorted(on.platform for on in app.platforms if feature in features_of(app, on))
        )
        archs = {each.arch for each in map(catalog.platform, boards) if each is not None}
        if app.num_vms and boards:
            (kin if platform.arch in archs else others).setdefault(boards, []).append(app.name)
    return kin or others
