# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Compare options of the catalogue with those that the sources declare."""

from collections.abc import Iterable, Iterator, Mapping

from sel4build.errors import Span
from sel4build.model.app import App, OptionKind, OptionSpec
from sel4build.model.facts import BoardFacts, Difference, SourceFacts
from sel4build.model.platform import Arch
from sel4build.model.sources import ConfigFact, ConfigKind
from sel4build.sources.conditions import all_hold, parse_words

_KINDS: Mapping[ConfigKind, tuple[OptionKind, ...]] = {
    ConfigKind.OPTION: (OptionKind.BOOL,),
    ConfigKind.CHOICE: (OptionKind.CHOICE,),
    ConfigKind.STRING: (OptionKind.TEXT, OptionKind.NUMBER),
}


def compare_options(apps: Iterable[App], facts: SourceFacts) -> Iterator[Difference]:
    """Yield what the sources say otherwise of options, each option once."""
    seen: set[tuple[str, Span | None]] = set()
    names: set[str] = set()
    for app in apps:
        for option in app.options:
            names.add(option.name)
            fact = facts.option(option.name)
            if fact is None or (option.name, option.span) in seen:
                continue
            seen.add((option.name, option.span))
            yield from _compare(option, fact, facts)
    for fact in facts.options:
        if names and fact.name not in names and fact.kind is not ConfigKind.SET:
            yield Difference(
                subject="options",
                key="options",
                ours=None,
                theirs=fact.name,
                our_span=None,
                their_span=fact.span,
            )


def allowed_boards(fact: ConfigFact, facts: SourceFacts) -> tuple[str, ...] | None:
    """Return the boards where an option may be on; None where they do not matter to it."""
    if not _depends_on_board(fact, facts):
        return None
    boards = (each for each in facts.boards if each.arch is Arch.ARM and each.sel4_arch is not None)
    return tuple(each.name for each in boards if is_allowed(fact, each, facts) is not False)


def is_allowed(fact: ConfigFact, board: BoardFacts, facts: SourceFacts) -> bool | None:
    """Whether an option may be on on a board, once the options that it needs are."""
    scope = _Board(board, {each.name for each in facts.options})
    if fact.kind is not ConfigKind.CHOICE:
        return all_hold(fact.depends, scope)
    verdicts = [all_hold(each.depends, scope) for each in fact.choices]
    return True if True in verdicts else (None if None in verdicts else False)


def needed_options(fact: ConfigFact, facts: SourceFacts) -> tuple[str, ...]:
    """Return the options that must be on for this one: the conditions that are nothing else."""
    names = {each.name for each in facts.options}
    return tuple(each for each in fact.depends if each in names)


def _compare(option: OptionSpec, fact: ConfigFact, facts: SourceFacts) -> Iterator[Difference]:
    if fact.kind in _KINDS and option.kind not in _KINDS[fact.kind]:
        theirs = str(_KINDS[fact.kind][0])
        yield _difference(option, "kind", str(option.kind), theirs, fact.span)
    if fact.default is not None and option.default != fact.default:
        place = fact.default_span or fact.span
        yield _difference(option, "default", option.default, fact.default, place)
    theirs_choices = tuple(each.value for each in fact.choices)
    if theirs_choices and option.choices != theirs_choices:
        new = next((each for each in fact.choices if each.value not in option.choices), None)
        place = new.span if new else fact.choices[0].span
        shown = ", ".join(option.choices), ", ".join(theirs_choices)
        yield _difference(option, "choices", *shown, place)
    needs = needed_options(fact, facts)
    if option.needs != needs:
        place = fact.depends_span or fact.span
        lists = ", ".join(option.needs) or None, ", ".join(needs) or None
        yield _difference(option, "needs", *lists, place)
    yield from _platforms(option, fact, facts)


def _platforms(option: OptionSpec, fact: ConfigFact, facts: SourceFacts) -> Iterator[Difference]:
    """Compare where an option may be on. Where it matters to nobody else, we may know better."""
    allowed = allowed_boards(fact, facts)
    if allowed is None:
        return
    place = fact.depends_span or _choice_place(fact) or fact.span
    known = {each.name for each in facts.boards if each.arch is Arch.ARM and each.sel4_arch}
    ours = tuple(each for each in option.platforms if each in known)
    if not option.platforms:
        ours = tuple(sorted(known))
    for name in sorted(set(allowed) - set(ours)):
        yield _difference(option, "platforms", None, name, place)
    for name in sorted(set(ours) - set(allowed)):
        yield _difference(option, "platforms", name, None, place)


def _choice_place(fact: ConfigFact) -> Span | None:
    return next((each.span for each in fact.choices if each.depends), None)


def _depends_on_board(fact: ConfigFact, facts: SourceFacts) -> bool:
    names = {each.name for each in facts.options}
    texts = (*fact.depends, *(each for choice in fact.choices for each in choice.depends))
    words = {word.text for text in texts for word in parse_words(text)}
    return bool(words - names - {"AND", "OR", "NOT", "(", ")"})


class _Board:
    """What a condition sees on a board: the kernel's variables, and every option switched on."""

    def __init__(self, board: BoardFacts, options: set[str]) -> None:
        self._board = board
        self._options = options

    def lookup(self, name: str) -> str | None:
        if name in self._options:
            return "ON"
        return self._board.variables.get(name, "")

    def is_defined(self, name: str) -> bool | None:
        return name in self._options or name in self._board.variables

    def exists(self, path: str) -> bool | None:  # noqa: ARG002  no `DEPENDS` looks for files
        return None

    def note_match(self, groups: tuple[str, ...] | None) -> None:
        """Forget it: no `DEPENDS` uses what matched."""


def _difference(
    option: OptionSpec, key: str, ours: str | None, theirs: str | None, place: Span
) -> Difference:
    return Difference(
        subject=f"option {option.name}",
        key=key,
        ours=ours,
        theirs=theirs,
        our_span=option.span,
        their_span=place,
    )
