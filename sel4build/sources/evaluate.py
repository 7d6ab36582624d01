# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Follow CMake scripts without running them: which commands run, with which values, and when.

Variables are known, unknown or not set. A branch whose condition is unknown is followed too, what
it does is marked as uncertain, and a variable that then has several values is unknown.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sel4build.errors import Span
from sel4build.model.sources import (
    Argument,
    Branch,
    Conditional,
    Definition,
    Event,
    Guard,
    Invocation,
    Loop,
    Quoting,
    Script,
    Statement,
    Trace,
    Variable,
)
from sel4build.sources.commands import BUILT_IN, Effect, Writes
from sel4build.sources.conditions import Word, holds

_INNERMOST = re.compile(r"\$(CACHE)?\{([A-Za-z0-9_./+-]*)\}")
_ESCAPE = re.compile(r"\\(\r?\n|.)", re.DOTALL)
_MOST_STEPS = 50_000
_DEEPEST = 30
_MOST_TURNS = 64
_MOST_GROUPS = 10

Values = dict[str, str | None]
"""Values of variables by name; None for one whose value is unknown."""

Loader = Callable[[str], Script | None]
"""Returns the script that `include()` names by a path, or None to leave it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run starts from."""

    variables: Mapping[str, str | None] = field(default_factory=dict)
    """Values by name; None for a variable whose value is unknown."""
    is_closed: bool = True
    """Whether a variable that is not there is not set; otherwise its value is unknown."""
    effects: Mapping[str, Effect] = field(default_factory=dict)
    """What commands of the project set, by their name in lower case."""
    load: Loader | None = None
    exists: Callable[[str], bool] | None = None
    """Whether there is a file or folder; None where nobody may look."""


def evaluate(scripts: tuple[Script, ...], settings: Settings | None = None) -> Trace:
    """Follow `scripts`, one after the other, with the same variables."""
    run = _Run(settings or Settings())
    for script in scripts:
        run.script(script)
    return Trace(events=tuple(run.events), variables=dict(run.variables), faults=tuple(run.faults))


class _Leave(Exception):  # noqa: N818  no error: it ends a loop, a function or a file
    def __init__(self, command: str) -> None:
        super().__init__(command)
        self.command = command


class _Run:
    def __init__(self, settings: Settings) -> None:
        self.variables = {name: Variable(value=value) for name, value in settings.variables.items()}
        self.events: list[Event] = []
        self.faults: list[Span] = []
        self._settings = settings
        self._effects = {**BUILT_IN, **settings.effects}
        self._functions: dict[str, Definition] = {}
        self._guards: tuple[Guard, ...] = ()
        self._steps = 0
        self._depth = 0

    # --- variables, as conditions see them

    def lookup(self, name: str) -> str | None:
        found = self.variables.get(name)
        if found is None:
            return "" if self._settings.is_closed else None
        return found.value

    def is_defined(self, name: str) -> bool | None:
        found = self.variables.get(name)
        if found is None:
            return False if self._settings.is_closed else None
        return None if found.value is None else True

    def exists(self, path: str) -> bool | None:
        return self._settings.exists(path) if self._settings.exists else None

    def note_match(self, groups: tuple[str, ...] | None) -> None:
        for position in range(_MOST_GROUPS):
            name = f"CMAKE_MATCH_{position}"
            if groups is None:
                self.variables[name] = Variable(value=None)
            elif position < len(groups):
                self.variables[name] = Variable(value=groups[position])
            else:
                self.variables.pop(name, None)

    # --- statements

    def script(self, script: Script) -> None:
        self.faults.extend(script.faults)
        try:
            self._body(script.statements)
        except _Leave:
            return

    def _body(self, statements: tuple[Statement, ...]) -> None:
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                return
            for each in statements:
                self._steps += 1
                if self._steps > _MOST_STEPS:
                    return
                self._statement(each)
        finally:
            self._depth -= 1

    def _statement(self, statement: Statement) -> None:
        match statement:
            case Invocation():
                self._invocation(statement)
            case Conditional():
                self._conditional(statement)
            case Loop():
                self._loop(statement)
            case Definition(head=head):
                name = self._expand(head.args[0]) if head.args else None
                if name is not None:
                    self._functions[name.lower()] = statement

    def _conditional(self, statement: Conditional) -> None:
        before = dict(self.variables)
        guards = self._guards
        outcomes: list[dict[str, Variable]] = []
        earlier: list[str] = []
        is_decided = False
        left: _Leave | None = None
        for branch in statement.branches:
            self.variables = dict(before)
            verdict = True if branch.is_else else self._verdict(branch)
            before = dict(self.variables)  # a condition may set CMAKE_MATCH_1 and its like
            text = f"NOT ({' OR '.join(earlier)})" if branch.is_else else _written(branch.head)
            earlier.append(text)
            if verdict is False:
                continue
            is_certain = verdict is True and not outcomes
            guard = Guard(
                condition=text, verdict=True if is_certain else None, span=branch.head.span
            )
            self._guards = (*guards, guard)
            try:
                self._body(branch.body)
            except _Leave as leave:
                left = leave if is_certain else None
            outcomes.append(self.variables)
            if verdict is True:
                is_decided = True
                break
        self._guards = guards
        self.variables = _merge(outcomes if is_decided else [*outcomes, before])
        if left is not None:
            raise left

    def _verdict(self, branch: Branch) -> bool | None:
        return holds(tuple(self._words(branch.head.args)), self)

    def _words(self, args: tuple[Argument, ...]) -> Iterator[Word]:
        for each in args:
            value = self._expand(each)
            if value is None or each.quoting is not Quoting.BARE:
                yield Word(value, each.quoting)
            else:
                yield from (Word(part) for part in _split(value))

    def _loop(self, statement: Loop) -> None:
        values = self._turns(statement.head)
        if values is not None and len(values) <= _MOST_TURNS:
            name = self._expand(statement.head.args[0]) or ""
            for value in values:
                self._set(name, value, statement.head.span)
                if not self._turn(statement.body):
                    break
            self.variables.pop(name, None)
            return
        before = dict(self.variables)
        guards = self._guards
        guard = Guard(condition=_written(statement.head), verdict=None, span=statement.head.span)
        self._guards = (*guards, guard)
        if statement.head.command == "foreach" and statement.head.args:
            name = self._expand(statement.head.args[0]) or ""
            self.variables[name] = Variable(value=None, span=statement.head.span)
        self._turn(statement.body)
        self._guards = guards
        self.variables = _merge([self.variables, before])

    def _turn(self, body: tuple[Statement, ...]) -> bool:
        """Follow the body of a loop once; return whether the loop goes on."""
        try:
            self._body(body)
        except _Leave as leave:
            if leave.command == "return":
                raise
            return leave.command != "break"
        return True

    def _turns(self, head: Invocation) -> list[str] | None:
        """Return the values that a `foreach` goes through; None where they are unknown."""
        if head.command != "foreach" or not head.args:
            return None
        args = head.args[1:]
        if args and args[0].is_word("RANGE"):
            return _range(tuple(self._values(args[1:])))
        if not (args and args[0].is_word("IN")):
            values = tuple(self._values(args))
            return None if None in values else [each for each in values if each is not None]
        items: list[str] = []
        mode = "ITEMS"
        for each in args[1:]:
            if each.is_word("LISTS", "ITEMS", "ZIP_LISTS"):
                mode = each.text
                continue
            value = self._expand(each)
            if value is not None and mode == "LISTS":
                value = self.lookup(value)
            if value is None or mode == "ZIP_LISTS":
                return None
            items.extend(_split(value) if each.quoting is Quoting.BARE else [value])
        return items

    # --- commands

    def _invocation(self, written: Invocation) -> None:
        command = written.command
        args = tuple(self._values(written.args))
        event = Event(command=command, args=args, written=written, guards=self._guards)
        self.events.append(event)
        if command in {"return", "break", "continue"}:
            raise _Leave(command)
        if command == "include" and self._settings.load and args and args[0] is not None:
            script = self._settings.load(args[0])
            if script is not None:
                self._include(script)
            return
        definition = self._functions.get(command)
        if definition is not None and command not in self._settings.effects:
            self._call(definition, args)
            return
        effect = self._effects.get(command)
        if effect is not None:
            self._write(effect(args, self.lookup), written)

    def _include(self, script: Script) -> None:
        if self._depth >= _DEEPEST:
            return
        names = ("CMAKE_CURRENT_LIST_DIR", "CMAKE_CURRENT_LIST_FILE")
        before = {name: self.variables.get(name) for name in names}
        folder = Variable(value=script.file.rpartition("/")[0] or ".")
        self.variables |= {names[0]: folder, names[1]: Variable(value=script.file)}
        self.script(script)
        for name, found in before.items():
            if found is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = found

    def _write(self, writes: Writes, written: Invocation) -> None:
        for name, value in writes.values.items():
            self._set(name, value, written.span)
        for name in writes.removed:
            self.variables.pop(name, None)
            if not self._settings.is_closed:
                self.variables[name] = Variable(value="", span=written.span)

    def _set(self, name: str, value: str | None, span: Span) -> None:
        self.variables[name] = Variable(value=value, span=span)

    def _call(self, definition: Definition, args: tuple[str | None, ...]) -> None:
        """Follow a function or a macro. What a function sets is its own but for the cache."""
        names = [each.text for each in definition.head.args[1:]]
        before = dict(self.variables)
        rest = args[len(names) :]
        bound: dict[str, str | None] = dict(zip(names, args, strict=False))
        bound["ARGN"] = None if None in rest else ";".join(each or "" for each in rest)
        bound["ARGC"] = str(len(args))
        bound["ARGV"] = None if None in args else ";".join(each or "" for each in args)
        bound |= {f"ARGV{position}": value for position, value in enumerate(args)}
        for name, value in bound.items():
            self._set(name, value, definition.head.span)
        first = len(self.events)
        try:
            self._body(definition.body)
        except _Leave as leave:
            if leave.command != "return":
                raise
        if definition.head.command == "macro":
            for name in bound:
                self.variables.pop(name, None)
                if name in before:
                    self.variables[name] = before[name]
            return
        outer = {
            each.args[0]: self.variables.get(each.args[0], Variable(value=None, span=each.span))
            for each in self.events[first:]
            if each.args and each.args[0] is not None and _reaches_out(each)
        }
        self.variables = {**before, **outer}

    # --- text

    def _values(self, args: tuple[Argument, ...]) -> Iterator[str | None]:
        """Yield the arguments that a command is given; lists in bare ones are taken apart."""
        for each in args:
            value = self._expand(each)
            if value is None or each.quoting is not Quoting.BARE:
                yield value
            else:
                yield from _split(value)

    def _expand(self, argument: Argument) -> str | None:
        if argument.quoting is Quoting.BRACKET:
            return argument.text
        text = argument.text.replace("\\${", "\0{")
        for _ in range(_DEEPEST):
            match = _INNERMOST.search(text)
            if match is None:
                break
            value = self.lookup(match[2])
            if value is None:
                return None
            text = text[: match.start()] + value.replace("${", "\0{") + text[match.end() :]
        if "$ENV{" in text or "${" in text:
            return None
        text = _ESCAPE.sub(_unescaped, text) if argument.quoting is Quoting.QUOTED else text
        return text.replace("\0{", "${")


def _unescaped(match: re.Match[str]) -> str:
    escaped = match[1]
    return {"n": "\n", "t": "\t", "r": "\r", "\n": "", "\r\n": "", ";": "\\;"}.get(escaped, escaped)


def _split(value: str) -> list[str]:
    return [each for each in value.split(";") if each]


def _written(head: Invocation) -> str:
    text = ""
    for each in head.args:
        word = f'"{each.text}"' if each.quoting is Quoting.QUOTED else each.text
        text += word if not text or text.endswith("(") or word == ")" else f" {word}"
    return text


def _range(values: tuple[str | None, ...]) -> list[str] | None:
    """Return the numbers of `RANGE`, whose end belongs to it."""
    numbers = [int(each) for each in values if each and re.fullmatch(r"-?[0-9]{1,6}", each)]
    if len(numbers) != len(values) or not 1 <= len(numbers) <= 3:  # noqa: PLR2004  start stop step
        return None
    start, stop = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    step = numbers[2] if len(numbers) > 2 else 1  # noqa: PLR2004  start stop step
    if step < 1 or (stop - start) // step > _MOST_TURNS:
        return None
    return [str(each) for each in range(start, stop + 1, step)]


def _merge(outcomes: list[dict[str, Variable]]) -> dict[str, Variable]:
    """Keep what all outcomes agree on; the rest is unknown."""
    first, *others = outcomes
    if not others:
        return first
    merged: dict[str, Variable] = {}
    for name in dict.fromkeys(name for each in outcomes for name in each):
        found = [each.get(name) for each in outcomes]
        known = next(each for each in found if each is not None)
        is_same = all(each is not None and each.value == known.value for each in found)
        merged[name] = known if is_same else replace(known, value=None)
    return merged


def _reaches_out(event: Event) -> bool:
    return event.command == "set" and ("PARENT_SCOPE" in event.args or "CACHE" in event.args)
