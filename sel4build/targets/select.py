# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Select: one request to a target, or to every reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sel4build.catalog.templates import fill_fields, render_variables
from sel4build.model.app import App, AppPlatform
from sel4build.model.catalog import Catalog
from sel4build.model.platform import Platform
from sel4build.model.target import Rejection, Selected, Selection, Target
from sel4build.targets.choosing import (
    check_platform_name,
    choose_app,
    choose_platform,
    refuse_port,
)
from sel4build.targets.defines import (
    CheckedDefines,
    Setting,
    check_defines,
    options_elsewhere,
    parse_defines,
)
from sel4build.targets.naming import name_options
from sel4build.targets.nodes import check_num_nodes, parse_num_nodes
from sel4build.targets.refusal import Refusal
from sel4build.targets.replacing import check_guest_files, needed_defines
from sel4build.targets.spelling import SpeltOut, spell_out


def select(catalog: Catalog, selection: Selection) -> Selected:
    """Return the target that `selection` asks for, or the rejections with their reasons.

    There is either one target or at least one rejection. The first rejection is the decisive one;
    the others are wrong independently of it.
    """
    spelt = spell_out(catalog, selection)
    selected = _select(catalog, spelt.selection, spelt.refusals)
    rejections = tuple(replace(each, selection=selection) for each in selected.rejections)
    if rejections:
        return Selected(rejections=rejections)
    notes = (*spelt.notes, *_added(spelt, selected.targets[0]), *selected.notes)
    return replace(selected, toolchain=spelt.selection.toolchain, notes=notes)


def _select(catalog: Catalog, selection: Selection, refusals: tuple[Refusal, ...]) -> Selected:
    """Return the target of a selection in our own words; `refusals` go before all others."""
    app = choose_app(catalog, selection.app)
    if isinstance(app, Refusal):
        if refusals and not selection.app:  # they say why there is no app
            return _rejected(selection, refusals)
        unknown = check_platform_name(catalog, selection.platform)
        return _rejected(selection, (*refusals, app, unknown, *_misspelt(selection)))
    platform = choose_platform(catalog, app, selection.platform)
    if isinstance(platform, Refusal):
        return _rejected(selection, (*refusals, platform, *_misspelt(selection)))
    app_platform = app.on(platform.platform.name)
    if app_platform is None:
        refusal = refuse_port(catalog, app, platform.platform)
        return _rejected(selection, (*refusals, refusal, *_misspelt(selection)))
    place = _Place(app=app, platform=platform.platform, app_platform=app_platform)
    selected = _on_platform(catalog, selection, place, refusals)
    notes = (platform.note,) if platform.note is not None else ()
    return replace(selected, notes=(*notes, *selected.notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    app: App
    platform: Platform
    app_platform: AppPlatform


def _on_platform(
    catalog: Catalog, selection: Selection, place: _Place, before: tuple[Refusal, ...]
) -> Selected:
    app, platform, app_platform = place.app, place.platform, place.app_platform
    num_nodes = _num_nodes(catalog, selection, app, platform)
    fields = fill_fields(app.name, platform, num_nodes if isinstance(num_nodes, int) else 1)
    setting = Setting(
        app=app,
        platform=platform,
        app_platform=app_platform,
        forced=render_variables({**app.forced, **app_platform.forced}, fields),
        implied=render_variables(app.implied, fields),
        elsewhere=options_elsewhere(catalog, app),
    )
    named, unknown = name_options(selection.options, app, platform)
    defines, misspelt = parse_defines(selection.defines)
    asked = (*named, *defines)
    needed, added = needed_defines(selection.guest, asked, setting)
    checked = check_defines((*asked, *needed), setting, recorded=selection.recorded)
    refused_nodes = () if isinstance(num_nodes, int) else (num_nodes,)
    broken = _check_broken(selection, app, app_platform)
    refusals = (*before, *broken, *refused_nodes, *unknown, *misspelt, *checked.refusals)
    if refusals or not isinstance(num_nodes, int):
        return _rejected(selection, refusals)
    target = Target(
        app=app,
        platform=platform,
        app_platform=app_platform,
        num_nodes=num_nodes,
        options=checked.options,
        defines=checked.values,
        replaced=selection.guest,
        variables=_variables(app, platform, checked, fields=fields),
        expected=render_variables(app.expected, fields),
    )
    unfit = tuple(check_guest_files(target))
    if unfit:
        return _rejected(selection, unfit)
    notes = (*added, *checked.notes)
    if app_platform.broken is not None:
        notes = (*notes, f"`{target.id}` is known to be broken: {app_platform.broken}")
    return Selected(targets=(target,), notes=notes)


def _added(spelt: SpeltOut, target: Target) -> tuple[str, ...]:
    """Say what a line for upstream lacks and is added: it would fail there."""
    if not spelt.in_their_words:
        return ()
    if "PLATFORM" not in {*target.app.variables, *target.platform.variables}:
        app, platform = target.app.name, target.platform.name
        return (f"`-D PLATFORM` is left out: `{app}` is for `{platform}` whatever it says",)
    given = {name.partition(":")[0] for name, _ in spelt.selection.defines}
    return tuple(
        f"`-D {name}={value}` is added: platform `{target.platform.name}` needs it"
        for name, value in sorted(target.platform.variables.items())
        if name not in given
    )


def _variables(
    app: App, platform: Platform, checked: CheckedDefines, *, fields: Mapping[str, str]
) -> dict[str, str]:
    """Return the contract, filled in, without what the user sets instead."""
    contract = {**platform.variables, **render_variables(app.variables, fields)}
    return {name: value for name, value in contract.items() if name not in checked.values}


def _num_nodes(
    catalog: Catalog, selection: Selection, app: App, platform: Platform
) -> int | Refusal:
    if selection.num_nodes is None:
        return app.num_nodes or 1
    num_nodes = parse_num_nodes(selection.num_nodes)
    if isinstance(num_nodes, Refusal):
        return num_nodes
    return check_num_nodes(catalog, app, platform, num_nodes) or num_nodes


def _check_broken(selection: Selection, app: App, app_platform: AppPlatform) -> tuple[Refusal, ...]:
    if app_platform.broken is None or selection.allow_broken:
        return ()
    refusal = Refusal(
        rule="broken-app",
        reason=(
            f"app `{app.name}` is known to be broken on platform `{app_platform.platform}`:"
            f" {app_platform.broken}"
        ),
        hint="pass `--allow-broken` to try it all the same",
        span=app_platform.spans.get("broken", app_platform.span),
    )
    return (refusal,)


def _misspelt(selection: Selection) -> tuple[Refusal, ...]:
    """Return what is wrong whatever the app and the platform."""
    refusals = parse_defines(selection.defines)[1]
    if selection.num_nodes is None:
        return refusals
    num_nodes = parse_num_nodes(selection.num_nodes)
    return (num_nodes, *refusals) if isinstance(num_nodes, Refusal) else refusals


def _rejected(selection: Selection, refusals: tuple[Refusal | None, ...]) -> Selected:
    return Selected(
        rejections=tuple(
            Rejection(
                selection=selection,
                rule=each.rule,
                reason=each.reason,
                hint=each.hint,
                span=each.span,
            )
            for each in refusals
            if each is not None
        )
    )
