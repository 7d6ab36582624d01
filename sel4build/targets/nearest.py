# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What works that is nearest to a request which does not.

Everything that is proposed has been selected, so that it is accepted when it is asked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain

from sel4build.model.app import App
from sel4build.model.catalog import Catalog
from sel4build.model.platform import Platform
from sel4build.model.target import Selection, Target
from sel4build.reading import suggest
from sel4build.targets.features import features_of
from sel4build.targets.select import select
from sel4build.targets.spelling import spell_out


class Change(StrEnum):
    """What a proposal changes of a request."""

    LESS = "less"
    """The same app and platform, with fewer nodes or options."""
    PLATFORM = "platform"
    APP = "app"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A request that is accepted."""

    change: Change
    selection: Selection
    target: Target


def propose(catalog: Catalog, selection: Selection) -> tuple[Proposal, ...]:
    """Return what is nearest to `selection`, one proposal a kind of change, the nearest first."""
    wanted = replace(spell_out(catalog, selection).selection, allow_broken=False)
    app = _meant_app(catalog, wanted.app)
    platform = _meant_platform(catalog, app, wanted.platform)
    here = () if platform is None else (platform.name,)
    found = (
        _first(catalog, wanted, Change.LESS, _these(app), here),
        _first(
            catalog, wanted, Change.PLATFORM, _these(app), _by_likeness(catalog, platform, wanted)
        ),
        _first(catalog, wanted, Change.APP, _kin(catalog, app), here),
    )
    proposals = tuple(each for each in found if each is not None)
    return proposals or _anything(catalog, wanted)


def _these(app: App | None) -> tuple[App, ...]:
    return () if app is None else (app,)


def _meant_app(catalog: Catalog, name: str) -> App | None:
    known = [each.name for each in catalog.apps]
    return catalog.app(name) or catalog.app(suggest(name, known) or "")


def _meant_platform(catalog: Catalog, app: App | None, name: str | None) -> Platform | None:
    """Return the platform that `name` is, is called, is a family of, or was meant to be."""
    if name is None:
        return None
    exact = catalog.platform(name)
    if exact is not None:
        return exact
    known = [
        each
        for each in catalog.platforms
        if name in each.aliases or name in {each.kernel_platform, each.sel4_arch}
    ]
    ported = [each for each in known if app is not None and app.on(each.name)]
    if known:
        return (ported or known)[0]
    return catalog.platform(suggest(name, [each.name for each in catalog.platforms]) or "")


def _by_likeness(catalog: Catalog, platform: Platform | None, wanted: Selection) -> tuple[str, ...]:
    """Return the other platforms, those that are most like `platform` first.

    Where it is none that is known, those come first that anybody can try out.
    """
    if platform is None:
        return tuple(each.name for each in _by_ease(catalog.platforms, wanted.platform))

    def unlikeness(other: Platform) -> tuple[bool, ...]:
        return (
            other.arch is not platform.arch,
            other.kernel_platform != platform.kernel_platform,
            other.sel4_arch is not platform.sel4_arch,
            other.image.format is not platform.image.format,
        )

    others = (each for each in catalog.platforms if each is not platform)
    return tuple(each.name for each in sorted(others, key=unlikeness))


def _by_ease(platforms: Iterable[Platform], name: str | None) -> list[Platform]:
    """Sort platforms: those that QEMU plays, by itself at best, then those called most alike."""

    def unease(platform: Platform) -> tuple[int, float]:
        needs_kvm = platform.qemu is not None and platform.qemu.virtualization is not None
        rank = 2 if platform.qemu is None else int(needs_kvm)
        likeness = SequenceMatcher(a=name or "", b=platform.name).ratio()
        return rank, -likeness

    return sorted(platforms, key=unease)


def _kin(catalog: Catalog, app: App | None) -> tuple[App, ...]:
    """Return other apps with guests, those that do much the same as `app` first."""
    others = tuple(each for each in catalog.apps if each.num_vms and each is not app)
    if app is None:
        return others
    wanted = _all_features(app)

    def unlikeness(other: App) -> tuple[int, int, int]:
        named = app.related.index(other.name) if other.name in app.related else len(app.related)
        return named, -len(wanted & _all_features(other)), abs(app.num_vms - other.num_vms)

    return tuple(sorted(others, key=unlikeness))


def _all_features(app: App) -> frozenset[str]:
    return frozenset(feature for on in app.platforms for feature in features_of(app, on))


def _first(
    catalog: Catalog,
    wanted: Selection,
    change: Change,
    apps: tuple[App, ...],
    platforms: Iterable[str],
) -> Proposal | None:
    """Return the first of `apps` that is accepted on one of `platforms`, with the most of it."""
    wishes = [
        replace(wanted, app=app.name, platform=board) for board in tuple(platforms) for app in apps
    ]
    whole = (attempt for attempt in wishes if change is not Change.LESS)
    less = (attempt for wish in wishes for attempt in _attempts(catalog, wish))
    for attempt in chain(whole, less):
        selected = select(catalog, attempt)
        if selected.targets:
            return Proposal(change=change, selection=attempt, target=selected.targets[0])
    return None


def _attempts(catalog: Catalog, wanted: Selection) -> Iterator[Selection]:
    """Yield `wanted` with ever less of it: without what is refused, then with fewer nodes."""
    fitting = _without_refused(catalog, wanted)
    yield fitting
    platform = catalog.platform(wanted.platform or "")
    if platform is not None and wanted.num_nodes is not None:
        yield replace(fitting, num_nodes=str(platform.max_num_nodes))
    yield replace(fitting, num_nodes=None)


def _without_refused(catalog: Catalog, wanted: Selection) -> Selection:
    """Add options one by one to a request without any, and leave out those that are refused."""
    kept = replace(wanted, num_nodes=None, options=(), defines=())
    for option in wanted.options:
        attempt = replace(kept, options=(*kept.options, option))
        kept = attempt if select(catalog, attempt).targets else kept
    for define in wanted.defines:
        attempt = replace(kept, defines=(*kept.defines, define))
        kept = attempt if select(catalog, attempt).targets else kept
    return replace(kept, num_nodes=wanted.num_nodes)


def _anything(catalog: Catalog, wanted: Selection) -> tuple[Proposal, ...]:
    """Return the first app with guests that is accepted at all."""
    bare = replace(wanted, num_nodes=None, options=(), defines=())
    for app in _kin(catalog, None):
        ported = (each for each in catalog.platforms if app.on(each.name))
        boards = (each.name for each in _by_ease(ported, wanted.platform))
        found = _first(catalog, bare, Change.BOTH, (app,), boards)
        if found is not None:
            return (found,)
    return ()
