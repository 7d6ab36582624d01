# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Who has the word on each setting of a target.

A configured tree tells what is in force; before that it follows from the catalogue and, where they
are synced, from the sources.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sel4build.api.facts import given_of
from sel4build.catalog.templates import fill_fields, render_variables
from sel4build.configure.search import Declarations
from sel4build.configure.tree_record import TreeRecord
from sel4build.errors import Span
from sel4build.model.configuration import Configuration
from sel4build.model.facts import SourceFacts
from sel4build.model.setting import Setting, Write, WriteKind
from sel4build.model.sources import Force
from sel4build.model.target import Target
from sel4build.targets.defines import has_effect


class Who(StrEnum):
    """Who has the word, in the order in which it is told."""

    USER = "user"
    APP = "app"
    PLATFORM = "platform"
    TOOLCHAIN = "toolchain"
    DRIVER = "sel4build"
    FORCED = "forced"
    """The sources, whatever is asked for."""
    SET = "set"
    """The sources, where nobody says otherwise."""
    DEFAULT = "default"
    """The declaration of an option."""
    UNKNOWN = "unknown"


_GIVERS = frozenset({Who.USER, Who.APP, Who.PLATFORM, Who.TOOLCHAIN, Who.DRIVER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A CMake variable with its value, and who says so."""

    name: str
    value: str
    who: Who
    source: str
    """The same in words: `-D`, `app vm_minimal`, `the sources, whatever is asked`."""
    place: str | None = None
    """`file:line` of who has the word."""
    overridden: tuple[str, ...] = ()
    """What others asked for in vain, each with its place."""
    hidden_by: tuple[str, ...] = ()
    """Ordinary variables of other values, which hide it in some folders."""
    is_internal: bool = False
    """CMake shows it to nobody, or keeps it for itself."""

    @property
    def is_given(self) -> bool:
        """Whether the user or we have the word."""
        return self.who in _GIVERS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What was found so far, by name; the first to tell of a name has the word."""

    found: dict[str, Attribution] = field(default_factory=dict)

    def add(
        self, who: Who, source: str, settings: Mapping[str, str], *, place: str | None = None
    ) -> None:
        for name, value in settings.items():
            self.found.setdefault(
                name, Attribution(name=name, value=value, who=who, source=source, place=place)
            )


def attribute_tree(
    target: Target, configuration: Configuration, record: TreeRecord, search: Declarations
) -> tuple[Attribution, ...]:
    """Return the settings of a configured tree; `search` finds what the trace did not show."""
    unplaced = frozenset(each.name for each in record.settings if each.source is None)
    declared = search.find(unplaced)
    found = (
        _from_tree(each, target, configuration, declared.get(each.name))
        for each in record.settings
        if not each.name.endswith("-ADVANCED")
    )
    return _ordered(_with_ours({each.name: each for each in found}, target))


def attribute_plan(
    target: Target, configuration: Configuration | None, facts: SourceFacts | None
) -> tuple[Attribution, ...]:
    """Return the settings as they will be, from the catalogue and the sources."""
    known = _Known()
    known.add(Who.USER, "-D", target.cmake_defines)
    given = {**target.variables, **(configuration.given if configuration else {})}
    fields = fill_fields(target.app.name, target.platform, target.num_nodes)
    forced = render_variables({**target.app.forced, **target.app_platform.forced}, fields)
    sources = _source_settings(target, facts)
    for name in sorted({*forced, *(name for name, each in sources.items() if each.is_forced)}):
        told = sources.get(name)
        value = told.value if told is not None and told.value is not None else forced.get(name)
        span = told.span if told else _catalog_span(target, name)
        if value is not None:
            _force(known, name, value, span, given)
            if told is not None and told.is_internal:
                known.found[name] = replace(known.found[name], is_internal=True)
    for name, value in given.items():
        who, source = _giver(name, target, configuration)
        known.add(who, source, {name: value})
    for name, each in sources.items():
        if each.value is not None:
            known.add(Who.SET, _WORDS[Who.SET], {name: each.value}, place=str(each.span))
    _add_options(known, target, facts)
    return _ordered(_with_ours(known.found, target))


def _with_ours(found: dict[str, Attribution], target: Target) -> Iterable[Attribution]:
    """Put what the user asked of this program over what CMake has by that name."""
    for option in target.app.options:
        value = target.defines.get(option.name)
        if not option.ours or value is None:
            continue
        theirs = found.get(option.name)
        over = (f"`{theirs.value}` of {theirs.place or theirs.source}",) if theirs else ()
        found[option.name] = Attribution(
            name=option.name, value=value, who=Who.USER, source=_BY_US, overridden=over
        )
    return found.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    value: str | None
    is_forced: bool
    is_internal: bool
    span: Span


_BY_US = "--option, which sel4build sees to in QEMU's device tree and when it boots"
_WORDS = {
    Who.FORCED: "the sources, whatever is asked",
    Who.SET: "the sources",
    Who.DEFAULT: "default of the option",
    Who.UNKNOWN: "CMake, or a file that was not traced",
}


def _source_settings(target: Target, facts: SourceFacts | None) -> dict[str, _Said]:
    """Return what scripts set for sure in the cache of this target."""
    app = facts.app(target.app.name) if facts else None
    on = app.on(target.platform.name, given_of(target)) if app else None
    if on is None and app is not None and not target.cmake_defines:
        on = app.on(target.platform.name)
    settings = on.settings if on else {}
    return {
        name: _Said(
            value=each.value,
            is_forced=each.force is Force.FORCED,
            is_internal=each.kind == "INTERNAL",
            span=each.span,
        )
        for name, each in settings.items()
        if each.force is not Force.PLAIN
    }


def _catalog_span(target: Target, name: str) -> Span | None:
    key = f"forced.{name}"
    return target.app_platform.spans.get(key) or target.app.spans.get(key)


def _force(
    known: _Known, name: str, value: str, span: Span | None, given: Mapping[str, str]
) -> None:
    """Let the sources have the word, over the user's and ours."""
    asked = known.found.pop(name, None)
    over = []
    if asked is not None and asked.value != value:
        over.append(f"`{asked.value}` of {asked.source}")
    elif name in given and given[name] != value:
        over.append(f"`{given[name]}` of sel4build")
    known.found[name] = Attribution(
        name=name,
        value=value,
        who=Who.FORCED,
        source=_WORDS[Who.FORCED],
        place=str(span) if span else None,
        overridden=tuple(over),
    )


def _add_options(known: _Known, target: Target, facts: SourceFacts | None) -> None:
    for option in target.app.options:
        if option.default is None or not has_effect(option, target.platform):
            continue
        declared = facts.option(option.name) if facts else None
        span = declared.default_span or declared.span if declared else option.span
        place = str(span) if span else option.source
        known.add(Who.DEFAULT, _WORDS[Who.DEFAULT], {option.name: option.default}, place=place)


def _giver(name: str, target: Target, configuration: Configuration | None) -> tuple[Who, str]:
    """Tell on whose behalf we give CMake a variable."""
    if name in target.cmake_defines:
        return Who.USER, "-D"
    if name in target.platform.variables:
        return Who.PLATFORM, f"platform {target.platform.name}"
    if name in target.variables:
        return Who.APP, f"app {target.app.name}"
    if configuration is not None and name in configuration.toolchain_variables:
        return Who.TOOLCHAIN, f"toolchain {configuration.toolchain['name']}"
    return _on_behalf(name, target)


def _on_behalf(name: str, target: Target) -> tuple[Who, str]:
    """Tell why this program gives CMake a variable by itself."""
    replaced = target.replaced.by_role()
    if replaced and any(name in root.variables for root in target.app.guest_roots):
        options = ", ".join(f"--guest-{role} {file.path}" for role, file in replaced.items())
        return Who.USER, options
    qemu = target.platform.qemu
    if qemu is not None and name == qemu.dtb_variable:
        return Who.DRIVER, "sel4build, for the machine that the options ask of QEMU"
    return Who.DRIVER, "sel4build"


def _from_tree(
    setting: Setting, target: Target, configuration: Configuration, declared: str | None
) -> Attribution:
    who, source = _who_wrote(setting, target, configuration)
    write = setting.source
    in_sources = who in {Who.FORCED, Who.SET, Who.DEFAULT}
    place = write.place if write is not None and in_sources else declared
    if setting.disabled and who is Who.DEFAULT:
        source = "the option's conditions, which do not hold"
    return Attribution(
        name=setting.name,
        value=setting.value,
        who=who,
        source=source,
        place=place if in_sources or who is Who.UNKNOWN else None,
        overridden=tuple(map(_told, setting.overwritten)),
        hidden_by=tuple(f"`{each.value}` of {each.place}" for each in setting.hidden_by),
        is_internal=setting.type == "INTERNAL" or (who is Who.UNKNOWN and declared is None),
    )


def _who_wrote(setting: Setting, target: Target, configuration: Configuration) -> tuple[Who, str]:
    write = setting.source
    if write is None:
        return Who.UNKNOWN, _WORDS[Who.UNKNOWN]
    match write.kind:
        case WriteKind.USER | WriteKind.INITIAL:
            return _giver(setting.name, target, configuration)
        case WriteKind.FORCE:
            return Who.FORCED, _WORDS[Who.FORCED]
        case WriteKind.SET:
            return Who.SET, _WORDS[Who.SET]
        case WriteKind.DEFAULT | WriteKind.ORDINARY:
            return Who.DEFAULT, _WORDS[Who.DEFAULT]


def _told(write: Write) -> str:
    if write.kind is WriteKind.USER:
        return f"`{write.value}` of -D"
    if write.kind is WriteKind.INITIAL:
        return f"`{write.value}` of sel4build"
    return f"`{write.value}` of {write.place}"


def _ordered(found: Iterable[Attribution]) -> tuple[Attribution, ...]:
    order = list(Who)
    return tuple(sorted(found, key=lambda each: (order.index(each.who), each.source, each.name)))


def matching(
    settings: Iterable[Attribution], wanted: tuple[str, ...], *, everything: bool
) -> Iterator[Attribution]:
    """Yield the settings whose names hold one of `wanted`, without regard to case.

    Without any that is all that CMake shows, and all there is with `everything`.
    """
    folded = tuple(each.casefold() for each in wanted)
    for each in settings:
        if folded:
            if any(word in each.name.casefold() for word in folded):
                yield each
        elif everything or not each.is_internal:
            yield each
