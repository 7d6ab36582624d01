# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What scripts set and declare: `set(... CACHE ... FORCE)` and the kernel's `config_*`.

What the commands mean: seL4 tools/helpers.cmake.
"""

from collections.abc import Iterator
from itertools import pairwise

from sel4build.errors import Span
from sel4build.model.sources import (
    Argument,
    ChoiceFact,
    ConfigFact,
    ConfigKind,
    Event,
    Fact,
    Force,
    SettingFact,
    Trace,
)

_KEYWORDS = ("DEFAULT", "DEFAULT_DISABLED", "DEPENDS", "UNDEF_DISABLED", "UNQUOTE", "QUOTE")
_KINDS = {each.value: each for each in ConfigKind}
_DECLARING = 3
"""An option has a name, a name in C and a text, then keywords or choices."""


def settings_of(trace: Trace) -> tuple[SettingFact, ...]:
    """Return what `set` sets, in order; the same name may come several times."""
    return tuple(fact for event in trace.called("set") if (fact := _setting(event)) is not None)


def forced_by(trace: Trace) -> tuple[SettingFact, ...]:
    """Return what is set whatever the user says, in order."""
    return tuple(each for each in settings_of(trace) if each.force is Force.FORCED)


def is_forcing(event: Event) -> bool:
    """Tell whether a command sets a variable of the cache for sure, whatever the user says."""
    fact = _setting(event) if event.command == "set" else None
    return fact is not None and fact.is_certain and fact.force is Force.FORCED


def configs_of(trace: Trace) -> tuple[ConfigFact, ...]:
    """Return the options that `config_option`, `config_choice`, `config_string` declare."""
    events = trace.called(*_KINDS)
    return tuple(fact for event in events if (fact := _config(event)) is not None)


def supported_of(trace: Trace) -> Fact[tuple[str, ...]] | None:
    """Return the list `supported` of an app's settings; None where there is none."""
    last = next((each for each in reversed(settings_of(trace)) if each.name == "supported"), None)
    if last is None:
        return None
    if last.value is None or not last.is_certain:
        return Fact(value=None, span=last.value_span)
    names = tuple(each for each in last.value.split(";") if each)
    return Fact(value=names, span=last.value_span)


def _setting(event: Event) -> SettingFact | None:
    name = event.args[0] if event.args else None
    if name is None:
        return None
    rest = event.args[1:]
    kind: str | None = None
    force = Force.PLAIN
    for place, word in enumerate(rest):
        if word == "CACHE":
            force = Force.FORCED if "FORCE" in rest[place:] else Force.DEFAULT
            kind = rest[place + 1] if len(rest) > place + 1 else None
            # CMake's rule for INTERNAL: it implies FORCE.
            force = Force.FORCED if kind == "INTERNAL" else force
            rest = rest[:place]
            break
        if word == "PARENT_SCOPE":
            rest = rest[:place]
            break
    value = None if None in rest else ";".join(each or "" for each in rest)
    return SettingFact(
        name=name,
        value=value,
        force=force,
        kind=kind,
        guards=event.guards,
        span=event.span,
        value_span=(event.written.args[1:2] or event.written.args[:1])[0].span,
    )


def _config(event: Event) -> ConfigFact | None:
    kind = _KINDS[event.command]
    name = event.args[0] if event.args else None
    if name is None:
        return None
    if kind is ConfigKind.SET:
        value = event.args[2] if len(event.args) >= _DECLARING else None
        return ConfigFact(name=name, kind=kind, default=value, guards=event.guards, span=event.span)
    summary = event.args[2] if len(event.args) >= _DECLARING else None
    texts = event.args[_DECLARING:]
    if kind is ConfigKind.CHOICE:
        places = event.written.args[_DECLARING:]
        choices = tuple(_choices(texts, places, event.span))
        return ConfigFact(
            name=name,
            kind=kind,
            summary=" ".join((summary or "").split()),
            default=choices[0].value if choices else None,
            choices=choices,
            guards=event.guards,
            span=event.span,
        )
    said = _keywords(texts)
    depends = said.get("DEPENDS", ())
    return ConfigFact(
        name=name,
        kind=kind,
        summary=" ".join((summary or "").split()),
        default=_joined(said.get("DEFAULT")),
        default_disabled=_joined(said.get("DEFAULT_DISABLED")),
        depends=tuple(part for each in depends if each for part in each.split(";") if part),
        undef_disabled="UNDEF_DISABLED" in said,
        guards=event.guards,
        span=event.span,
        depends_span=_place_after(event, "DEPENDS"),
        default_span=_place_after(event, "DEFAULT"),
    )


def _keywords(texts: tuple[str | None, ...]) -> dict[str, tuple[str | None, ...]]:
    said: dict[str, tuple[str | None, ...]] = {}
    current = ""
    for each in texts:
        if each in _KEYWORDS:
            current = each or ""
            said.setdefault(current, ())
        else:
            said[current] = (*said.get(current, ()), each)
    return said


def _joined(values: tuple[str | None, ...] | None) -> str | None:
    if values is None or None in values:
        return None
    return ";".join(each or "" for each in values)


def _place_after(event: Event, keyword: str) -> Span | None:
    args = event.written.args
    pairs = pairwise(args)
    return next((after.span for each, after in pairs if each.is_word(keyword)), None)


def _choices(
    texts: tuple[str | None, ...], places: tuple[Argument, ...], span: Span
) -> Iterator[ChoiceFact]:
    for position, each in enumerate(texts):
        parts = each.split(";") if each else []
        if len(parts) < _DECLARING:
            continue
        place = places[position].span if position < len(places) else span
        yield ChoiceFact(
            value=parts[0],
            variable=parts[1],
            depends=tuple(part for part in parts[3:] if part),
            span=place,
        )
