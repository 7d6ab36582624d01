# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Rules about `-D NAME=VALUE`: what upstream would swallow, overwrite or misread is refused."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from sel4build.model.app import App, AppPlatform, OptionKind, OptionSpec
from sel4build.model.catalog import Catalog
from sel4build.model.platform import Platform
from sel4build.reading import suggest
from sel4build.targets.refusal import Refusal, show, show_all

_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*)(:(?:BOOL|FILEPATH|PATH|STRING))?", re.ASCII)
_TYPES = "`BOOL`, `FILEPATH`, `PATH`, `STRING`"
_WHOLE_NUMBER = re.compile(r"-?[0-9]+|0[xX][0-9a-fA-F]+", re.ASCII)
# CMake's constants, less those that nobody writes on purpose (IGNORE, NOTFOUND, empty).
_TRUE = frozenset({"1", "ON", "YES", "TRUE", "Y"})
_FALSE = frozenset({"0", "OFF", "NO", "FALSE", "N"})
_MOST_DIGITS = 20  # of a number
_ON = "ON"
_OFF = "OFF"
_SLIP = 0.9  # likeness from which an unknown name is taken for a slip of the finger


@dataclass(frozen=True, slots=True)
class Define:
    """One `-D` or `--option`; `is_insisted` when a type was given, as in `NAME:STRING=VALUE`."""

    name: str
    value: str
    is_insisted: bool = False
    key: str | None = None
    """What it was called, when it was asked for by `--option`."""

    def __str__(self) -> str:
        """Return it as the user writes it, without the type."""
        return self.with_value(self.value)

    def with_value(self, value: str) -> str:
        """Return how the user would write it with `value`."""
        return f"{self.spelling}={value}"

    @property
    def spelling(self) -> str:
        """Return what stands before the value."""
        return f"-D {self.name}" if self.key is None else f"--option {self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where the defines are to have an effect."""

    app: App
    platform: Platform
    app_platform: AppPlatform
    forced: Mapping[str, str]
    """What upstream sets whatever the user says, filled in."""
    implied: Mapping[str, str]
    """What managed variables have to be, filled in."""
    elsewhere: Mapping[str, tuple[str, ...]]
    """Options that this app does not look at, with the apps that do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDefines:
    """What is left of the defines; values of boolean options are `ON` or `OFF`."""

    values: Mapping[str, str]
    options: Mapping[str, str]
    """Those of `values` that have a key, by key."""
    notes: tuple[str, ...]
    refusals: tuple[Refusal, ...]


def parse_defines(
    pairs: tuple[tuple[str, str], ...],
) -> tuple[tuple[Define, ...], tuple[Refusal, ...]]:
    """Return what the pairs spell, and what no CMake variable can be spelt like."""
    defines: list[Define] = []
    refusals: list[Refusal] = []
    for name, value in pairs:
        match = _NAME.fullmatch(name)
        if match is None:
            reason = f"{show(name)} is no name of a CMake variable"
            hint = f"write `-D NAME=VALUE` or `-D NAME:TYPE=VALUE`, with one of {_TYPES}"
            refusals.append(Refusal(rule="bad-define-name", reason=reason, hint=hint))
        elif not (value.isprintable() or value == ""):
            reason = f"the value of `-D {match[1]}` holds a character that cannot be seen"
            hint = f"write it without: {value!r}"
            refusals.append(Refusal(rule="bad-define-value", reason=reason, hint=hint))
        else:
            defines.append(Define(match[1], value, is_insisted=match[2] is not None))
    return tuple(defines), tuple(refusals)


def check_defines(
    defines: tuple[Define, ...], setting: Setting, *, recorded: bool = False
) -> CheckedDefines:
    """Return the defines that have an effect, notes on those that have none, and the refusals.

    With `recorded`, names that look like a slip have been insisted on before.
    """
    meant, notes = _translate(defines, setting.app)
    once, refusals = _merge_repeated(meant, setting.app)
    values: dict[str, str] = {}
    options: dict[str, str] = {}
    for define in once:
        verdict = _verdict(define, setting, recorded=recorded)
        if isinstance(verdict, Refusal):
            refusals.append(verdict)
        elif verdict is not None:
            notes.append(verdict)
        else:
            values[define.name] = define.value
            key = define.key if recorded else _key_of(define, setting)
            if key is not None:
                options[key] = define.value
    refusals.extend(_check_needs(values, setting))
    return CheckedDefines(
        values=values, options=options, notes=tuple(notes), refusals=tuple(refusals)
    )


def _key_of(define: Define, setting: Setting) -> str | None:
    """Return the key of an option that has an effect; others are recorded by their variable."""
    option = setting.app.option(define.name)
    return option.key if option is not None else None


def _translate(defines: tuple[Define, ...], app: App) -> tuple[tuple[Define, ...], list[str]]:
    """Replace what upstream overwrites by what was meant with it."""
    meant: list[Define] = []
    notes: list[str] = []
    for define in defines:
        said = f"{define.name}={define.value}"
        instead = app.translated.get(said)
        if instead is None:
            meant.append(define)
            continue
        name, _, value = instead.partition("=")
        notes.append(f"`-D {said}` is taken to mean `-D {instead}`, which decides it upstream")
        meant.append(Define(name, value))
    return tuple(meant), notes


def _merge_repeated(
    defines: tuple[Define, ...], app: App
) -> tuple[tuple[Define, ...], list[Refusal]]:
    """Keep each name once, with its value in normal form."""
    once: dict[str, Define] = {}
    refusals: list[Refusal] = []
    for each in defines:
        define = replace(each, value=_normal(each.value, app.option(each.name)))
        first = once.setdefault(define.name, define)
        if first.value != define.value:
            reason = f"`{first}` and `{define}` contradict each other"
            hint = f"leave one `{define.spelling}=...` out"
            refusals.append(Refusal(rule="repeated-define", reason=reason, hint=hint))
    return tuple(once.values()), refusals


def _verdict(define: Define, setting: Setting, *, recorded: bool) -> Refusal | str | None:
    """Refuse `define`, or say in a note why it is left out, or return None to keep it."""
    app = setting.app
    option = app.option(define.name)
    if define.name in app.managed:
        return _implied(define, setting) or _managed(define, app, app.managed[define.name])
    if define.name in setting.forced and not (option is not None and option.ours):
        return _forced(define, setting.forced[define.name], setting)
    if option is not None:
        return _check_option(define, option, setting)
    if define.name in app.variables or define.name in setting.platform.variables:
        return _managed(define, app, "leave it out: sel4build sets it")
    if define.is_insisted or recorded:
        return None
    return _of_other_apps(define, setting) or _check_slip(define, setting)


def _implied(define: Define, setting: Setting) -> Refusal | str | None:
    """Say that a managed variable has the value it has in any case, or that it contradicts it."""
    implied = setting.implied.get(define.name)
    if implied is None:
        return None
    where = f"platform `{setting.platform.name}`"
    same = define.value == implied or _truth(define.value) is _truth(implied) is not None
    if same:
        more = setting.app.managed[define.name].partition("leave it out; ")[2]
        return f"`{define}` is left out: {where} implies it{'; ' if more else ''}{more}"
    key = f"implied.{define.name}"
    return Refusal(
        rule="contradicts-platform",
        reason=f"`{define}` contradicts `{setting.app.name}` on {where}: there it is `{implied}`",
        hint=setting.app.managed[define.name],
        span=setting.app.spans.get(key, setting.app.span),
    )


def _managed(define: Define, app: App, hint: str) -> Refusal:
    span = app.spans.get(f"managed.{define.name}") or app.spans.get(f"variables.{define.name}")
    reason = f"`{define.name}` may not be set with `-D`"
    return Refusal(rule="managed-variable", reason=reason, hint=hint, span=span or app.span)


def _forced(define: Define, forced: str, setting: Setting) -> Refusal | str:
    where = f"app `{setting.app.name}` on platform `{setting.platform.name}`"
    if define.value == forced or _truth(define.value) is _truth(forced) is not None:
        return f"`{define}` is left out: it is so for {where} in any case"
    key = f"forced.{define.name}"
    span = setting.app_platform.spans.get(key) or setting.app.spans.get(key)
    by = setting.app.forced_by.get(define.name)
    told = f"upstream sets it to `{forced}` for {where}{f' ({by})' if by else ''}"
    return Refusal(
        rule="forced-variable",
        reason=f"`{define}` would have no effect: {told}",
        hint=f"leave `{define.spelling}=...` out",
        span=span or setting.app.span,
    )


def _check_option(define: Define, option: OptionSpec, setting: Setting) -> Refusal | str | None:
    if not has_effect(option, setting.platform):
        return _without_effect(define, option, setting)
    wrong = _why_bad_value(define.value, option)
    if wrong is None:
        return None
    name = define.key or option.name
    reason = f"option `{name}` {wrong}, not {show(define.value)}"
    hint = None
    if option.kind is OptionKind.CHOICE:
        meant = suggest(define.value, option.choices)
        hint = f"did you mean `{define.with_value(meant)}`?" if meant else None
    elif option.kind is OptionKind.BOOL:
        hint = f"pass `{define.with_value(_ON)}` or `{define.with_value(_OFF)}`"
    return Refusal(rule="bad-option-value", reason=reason, hint=hint, span=option.span)


def has_effect(option: OptionSpec, platform: Platform) -> bool:
    """Tell whether the sources look at `option` on `platform`."""
    in_platforms = not option.platforms or platform.name in option.platforms
    return in_platforms and (not option.archs or platform.arch in option.archs)


def _without_effect(define: Define, option: OptionSpec, setting: Setting) -> Refusal | str:
    platform = setting.platform.name
    if define.value == option.default:
        return f"`{define}` is left out: the option has no effect on platform `{platform}`"
    where = show_all(option.platforms or option.archs)
    ported = tuple(name for name in option.platforms if setting.app.on(name) is not None)
    hint = f"leave `{define.spelling}=...` out"
    if ported:
        hint += f", or choose platform {show_all(ported)}"
    return Refusal(
        rule="option-not-on-platform",
        reason=(
            f"option `{define.key or option.name}` has no effect on platform `{platform}`,"
            f" only on {where}"
        ),
        hint=hint,
        span=option.span,
    )


def _why_bad_value(value: str, option: OptionSpec) -> str | None:
    match option.kind:
        case OptionKind.BOOL:
            return None if _truth(value) is not None else "is `ON` or `OFF`"
        case OptionKind.CHOICE:
            return None if value in option.choices else _one_of(option.choices)
        case OptionKind.NUMBER:
            return _why_bad_number(value, option)
        case OptionKind.TEXT:
            return None if value else "takes a value"
        case _:
            assert_never(option.kind)


def _why_bad_number(value: str, option: OptionSpec) -> str | None:
    if _WHOLE_NUMBER.fullmatch(value) is None or len(value) > _MOST_DIGITS:
        return "is a whole number"
    number = int(value, 16 if "x" in value.lower() else 10)
    if option.least is not None and number < option.least:
        return f"is at least `{option.least}`"
    if option.most is not None and number > option.most:
        return f"is at most `{option.most}`"
    return None


def _one_of(choices: tuple[str, ...]) -> str:
    return f"is {'one of ' if len(choices) > 1 else ''}{show_all(choices)}"


def _check_needs(values: Mapping[str, str], setting: Setting) -> Iterator[Refusal]:
    """Refuse an option that is switched on while one that it needs is off."""
    for name, value in values.items():
        option = setting.app.option(name)
        if option is None or value != _ON:
            continue
        for need in option.needs:
            lack = _lack(need, values, setting)
            if lack is not None:
                yield Refusal(
                    rule="option-needs",
                    reason=f"option `{name}` needs `{need}`, which {lack}",
                    hint=f"add {_switch_on(need, setting)}, or leave `{name}` off",
                    span=option.span,
                )


def _lack(need: str, values: Mapping[str, str], setting: Setting) -> str | None:
    """Say what is amiss with an option that another needs: a switch is on, others have a value."""
    value = _effective(need, values, setting)
    if _is_valued(setting.app.option(need)):
        return None if value else "has no value"
    return None if _truth(value) is True else "is off"


def _switch_on(name: str, setting: Setting) -> str:
    option = setting.app.option(name)
    value = ""
    if option is not None and _is_valued(option):
        value = "=PATH" if option.is_path else "=VALUE"
    if option is not None and option.key is not None:
        return f"`--option {option.key}{value}`"
    return f"`-D {name}{value or '=ON'}`"


def _is_valued(option: OptionSpec | None) -> bool:
    return option is not None and option.kind is not OptionKind.BOOL


def _effective(name: str, values: Mapping[str, str], setting: Setting) -> str:
    option = setting.app.option(name)
    default = option.default if option is not None else None
    return setting.forced.get(name, values.get(name, default or ""))


def options_elsewhere(catalog: Catalog, app: App) -> Mapping[str, tuple[str, ...]]:
    """Return the options that other apps of `catalog` have and `app` has not, with those apps."""
    found: dict[str, tuple[str, ...]] = {}
    for other in catalog.apps:
        theirs = (each for each in other.options if app.option(each.name) is None)
        for name in dict.fromkeys(each.name for each in theirs if _is_looked_at(each, other)):
            found[name] = (*found.get(name, ()), other.name)
    return found


def _is_looked_at(option: OptionSpec, app: App) -> bool:
    return not option.platforms or any(app.on(each) is not None for each in option.platforms)


def _of_other_apps(define: Define, setting: Setting) -> Refusal | None:
    """Refuse an option that only other apps look at: CMake would not read it."""
    others = setting.elsewhere.get(define.name)
    if others is None:
        return None
    name = setting.app.name
    return Refusal(
        rule="option-of-other-app",
        reason=f"option `{define.name}` has no effect on app `{name}`, only on {show_all(others)}",
        hint=(
            f"leave `{define.spelling}=...` out. To pass it as it is, give it a type:"
            f" `-D {define.name}:STRING={define.value}`"
        ),
        span=setting.app.spans.get("name", setting.app.span),
    )


def _check_slip(define: Define, setting: Setting) -> Refusal | None:
    app = setting.app
    known = {each.name for each in app.options} | {*app.managed, *setting.forced, *app.variables}
    meant = suggest(define.name, known, cutoff=_SLIP)
    if meant is None:
        return None
    return Refusal(
        rule="similar-option",
        reason=f"app `{app.name}` has no option `{define.name}`",
        hint=(
            f"did you mean `{meant}`? To pass it as it is, give it a type:"
            f" `-D {define.name}:STRING={define.value}`"
        ),
    )


def _normal(value: str, option: OptionSpec | None) -> str:
    truth = _truth(value) if option is not None and option.kind is OptionKind.BOOL else None
    return value if truth is None else {True: _ON, False: _OFF}[truth]


def _truth(value: str) -> bool | None:
    folded = value.upper()
    if folded in _TRUE:
        return True
    return False if folded in _FALSE else None
