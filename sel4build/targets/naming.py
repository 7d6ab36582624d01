# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`--option NAME[=VALUE]`: from the names of the catalogue to variables of CMake."""

from sel4build.model.app import App, OptionKind, OptionSpec
from sel4build.model.platform import Platform
from sel4build.reading import suggest
from sel4build.targets.defines import Define, has_effect
from sel4build.targets.refusal import Refusal, show, show_all


def name_options(
    pairs: tuple[tuple[str, str | None], ...], app: App, platform: Platform
) -> tuple[tuple[Define, ...], tuple[Refusal, ...]]:
    """Return what `pairs` mean for `app` on `platform`, and why some mean nothing.

    One key may mean another variable on another platform. An option that is on or off may be
    named alone, to switch it on.
    """
    defines: list[Define] = []
    refusals: list[Refusal] = []
    for key, value in pairs:
        found = _define(key, value, app, platform)
        if isinstance(found, Refusal):
            refusals.append(found)
        else:
            defines.append(found)
    return tuple(defines), tuple(refusals)


def find_option(app: App, platform: Platform, key: str) -> OptionSpec | None:
    """Return the option that `key`, or the variable of that name, means on `platform`.

    The one that has an effect there comes first.
    """
    found = app.keyed(key) or tuple(each for each in app.options if each.name == key)
    effective = (each for each in found if has_effect(each, platform))
    return next(effective, next(iter(found), None))


def _define(key: str, value: str | None, app: App, platform: Platform) -> Define | Refusal:
    option = find_option(app, platform, key)
    if option is None:
        return _unknown(key, app, platform)
    if len(app.keyed(key)) > 1 and not has_effect(option, platform):
        return _elsewhere(key, app, platform)
    if value is None:
        if option.kind is not OptionKind.BOOL:
            return _no_value(key, option)
        value = "ON"
    if not (value.isprintable() or value == ""):
        reason = f"the value of option {show(key)} holds a character that cannot be seen"
        hint = f"write it without: {value!r}"
        return Refusal(rule="bad-define-value", reason=reason, hint=hint)
    return Define(option.name, value, key=key)


def _unknown(key: str, app: App, platform: Platform) -> Refusal:
    keys = {each.key for each in app.options if each.key and has_effect(each, platform)}
    listed = f"options of `{app.name}` on `{platform.name}`: {show_all(keys)}"
    if not keys:
        listed = f"`{app.name}` has no named options on `{platform.name}`"
    meant = suggest(key, {*keys, *(each.key for each in app.options if each.key)})
    return Refusal(
        rule="unknown-option",
        reason=f"app `{app.name}` has no option {show(key)}",
        hint=f"did you mean `{meant}`? {listed}" if meant else listed,
    )


def _elsewhere(key: str, app: App, platform: Platform) -> Refusal:
    options = app.keyed(key)
    where = show_all({name for option in options for name in option.platforms})
    return Refusal(
        rule="option-not-on-platform",
        reason=f"option `{key}` has no effect on platform `{platform.name}`, only on {where}",
        hint=f"leave `--option {key}=...` out",
        span=options[0].span,
    )


def _no_value(key: str, option: OptionSpec) -> Refusal:
    values = f": one of {show_all(option.choices)}" if option.choices else ""
    return Refusal(
        rule="bad-option-value",
        reason=f"option `{key}` takes a value{values}",
        hint=f"write `--option {key}={option.default or 'VALUE'}`",
        span=option.span,
    )
