# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Rules about the app and the platform: do they exist, what is meant, do they go together."""

from dataclasses import dataclass

from sel4build.catalog.check import why_bad_name
from sel4build.model.app import App
from sel4build.model.catalog import Catalog
from sel4build.model.platform import Platform
from sel4build.reading import suggest
from sel4build.targets.refusal import Refusal, show, show_all


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenPlatform:
    """The platform that is meant, and a note where it was written in another way."""

    platform: Platform
    note: str | None = None


def choose_app(catalog: Catalog, name: str) -> App | Refusal:
    """Return the app called `name`, or why there is none."""
    known = "apps: " + show_all(each.name for each in catalog.apps)
    if not name.strip():
        hint = f"name one with `--app`; {known}"
        return Refusal(rule="empty-app", reason="the name of the app is empty", hint=hint)
    app = catalog.app(name)
    if app is not None:
        return app
    if why_bad_name(name) is not None:
        reason = f"{show(name)} cannot be the name of an app"
        return Refusal(rule="bad-app-name", reason=reason, hint=known)
    hint = _did_you_mean(name, [each.name for each in catalog.apps], known)
    return Refusal(rule="unknown-app", reason=f"unknown app {show(name)}", hint=hint)


def check_platform_name(catalog: Catalog, name: str | None) -> Refusal | None:
    """Say why `name` means no platform at all, whatever the app; None when it may mean one."""
    if name is None or _meant_by_alias(catalog, name) or catalog.platform(name) is not None:
        return None
    if _family(catalog, name):
        return None
    known = "platforms: " + show_all(each.name for each in catalog.platforms)
    if not name.strip():
        hint = f"name one with `--platform`; {known}"
        return Refusal(rule="empty-platform", reason="the name of the platform is empty", hint=hint)
    if why_bad_name(name) is not None:
        reason = f"{show(name)} cannot be the name of a platform"
        return Refusal(rule="bad-platform-name", reason=reason, hint=known)
    names = [each.name for each in catalog.platforms]
    aliases = [alias for each in catalog.platforms for alias in each.aliases]
    hint = _did_you_mean(name, [*names, *aliases], known)
    return Refusal(rule="unknown-platform", reason=f"unknown platform {show(name)}", hint=hint)


def choose_platform(catalog: Catalog, app: App, name: str | None) -> ChosenPlatform | Refusal:
    """Return the platform that `name` means for `app`, or why it means none."""
    if name is None:
        return _only_platform(catalog, app)
    unknown = check_platform_name(catalog, name)
    if unknown is not None:
        return unknown
    platform = catalog.platform(name)
    if platform is not None:
        return ChosenPlatform(platform=platform)
    meant = _meant_by_alias(catalog, name)
    return _by_alias(catalog, app, name, meant) if meant else _no_board(catalog, app, name)


def boards_meant(catalog: Catalog, name: str | None) -> tuple[str, ...]:
    """Return the names of the boards that `name` may mean: itself, else those it is an alias of."""
    if name is None:
        return ()
    if catalog.platform(name) is not None:
        return (name,)
    meant = (*_meant_by_alias(catalog, name), *_family(catalog, name))
    return (name, *(each.name for each in meant))


def refuse_port(catalog: Catalog, app: App, platform: Platform) -> Refusal:
    """Say why `app` cannot be built for `platform`, which it is not for."""
    ported = show_all(each.platform for each in app.platforms)
    if any("{platform}" in template for template in app.variables.values()):
        rule = "app-not-on-platform"
        reason = f"app `{app.name}` is not for platform `{platform.name}`, but for {ported}"
    else:
        rule = "platform-ignored"
        reason = (
            f"app `{app.name}` is built for {ported} whatever the platform: upstream would ignore"
            f" `{platform.name}`"
        )
    span = app.spans.get("platforms", app.span)
    hint = _what_would_do(catalog, app, (platform,))
    return Refusal(rule=rule, reason=reason, hint=hint, span=span)


def _only_platform(catalog: Catalog, app: App) -> ChosenPlatform | Refusal:
    names = tuple(each.platform for each in app.platforms)
    platform = catalog.platform(names[0]) if len(names) == 1 else None
    if platform is not None:
        return ChosenPlatform(platform=platform)
    return Refusal(
        rule="platform-needed",
        reason=f"app `{app.name}` is for more than one platform, and none is named",
        hint=f"name one with `--platform`: {show_all(names)}",
        span=app.spans.get("platforms", app.span),
    )


def _meant_by_alias(catalog: Catalog, name: str) -> tuple[Platform, ...]:
    return tuple(each for each in catalog.platforms if name in each.aliases)


def _family(catalog: Catalog, name: str) -> tuple[Platform, ...]:
    return tuple(each for each in catalog.platforms if each.kernel_platform == name)


def _by_alias(
    catalog: Catalog, app: App, name: str, meant: tuple[Platform, ...]
) -> ChosenPlatform | Refusal:
    fitting = tuple(each for each in meant if app.on(each.name) is not None) or meant
    if len(fitting) == 1:
        note = f"platform `{name}` is taken to mean `{fitting[0].name}`"
        return ChosenPlatform(platform=fitting[0], note=note)
    names = show_all(each.name for each in fitting)
    if any(app.on(each.name) is not None for each in fitting):
        reason = f"platform `{name}` may mean {names}"
        hint = f"name one of them with `--platform`: {names}"
        return Refusal(rule="ambiguous-platform", reason=reason, hint=hint)
    ported = show_all(each.platform for each in app.platforms)
    return Refusal(
        rule="app-not-on-platform",
        reason=f"app `{app.name}` is not for `{name}` ({names}), but for {ported}",
        hint=_what_would_do(catalog, app, meant),
        span=app.spans.get("platforms", app.span),
    )


def _no_board(catalog: Catalog, app: App, name: str) -> Refusal:
    family = _family(catalog, name)
    boards = tuple(each.name for each in family if app.on(each.name) is not None)
    names = show_all(boards or (each.name for each in family))
    if boards:
        hint = f"name the board with `--platform`: {names}"
    else:
        ported = show_all(each.platform for each in app.platforms)
        hint = f"its boards are {names}, but app `{app.name}` is for {ported}"
    span = family[0].spans.get("kernel-platform", family[0].span)
    reason = f"`{name}` is seL4's name of a family of boards, not of a board"
    return Refusal(rule="no-board", reason=reason, hint=hint, span=span)


def _what_would_do(catalog: Catalog, app: App, platforms: tuple[Platform, ...]) -> str:
    names = show_all(each.name for each in platforms)
    there = tuple(each.name for each in catalog.apps if any(each.on(on.name) for on in platforms))
    listed = f"apps for {names}: {show_all(there)}" if there else ""
    nearest = next((name for name in app.related if name in there), None)
    if nearest is None:
        return listed or f"no app is for {names}"
    return f"choose `--app {nearest}`, which does much the same; {listed}"


def _did_you_mean(name: str, choices: list[str], known: str) -> str:
    meant = suggest(name, choices)
    return f"did you mean `{meant}`? {known}" if meant else known
