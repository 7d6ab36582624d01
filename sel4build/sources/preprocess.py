# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The C preprocessor as far as `devices.camkes` needs it: comments, conditions, numbers by name.

Lines keep their numbers. Included files are not read: what they define is what `defines` says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sel4build.errors import Span
from sel4build.model.sources import Fact
from sel4build.sources.expressions import evaluate_integer

_SKIPPED = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_DIRECTIVE = re.compile(r"\s*#\s*([a-z]+)\b\s*(.*)", re.DOTALL)
_DEFINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\([^)]*\))?\s*(.*)", re.DOTALL)
_DEFINED = re.compile(r"\bdefined\s*(?:\(\s*([A-Za-z_]\w*)\s*\)|([A-Za-z_]\w*))", re.ASCII)
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Macro:
    """`#define NAME BODY` with its place."""

    body: str
    span: Span | None = None


@dataclass(slots=True)
class Preprocessed:
    """The lines that are left, empty where one is not, and the macros in force at the end."""

    file: str
    lines: list[str] = field(default_factory=list)
    macros: dict[str, Macro] = field(default_factory=dict)
    faults: list[Span] = field(default_factory=list)

    def number(self, name: str, depth: int = 0) -> int | None:
        """Return the value of a macro that is a number, or None."""
        macro = self.macros.get(name)
        if macro is None or depth > _DEEPEST:
            return None
        return self.work_out(macro.body, depth + 1)

    def work_out(self, text: str, depth: int = 0) -> int | None:
        """Return the value of an expression over macros, or None."""
        return evaluate_integer(text, lambda name: self.number(name, depth))

    def facts(self) -> dict[str, Fact[int]]:
        """Return the macros of the file, with their values as numbers where they are."""
        return {
            name: Fact(value=self.number(name), span=macro.span)
            for name, macro in self.macros.items()
            if macro.span is not None
        }


@dataclass(slots=True)
class _Level:
    """One `#if` that is open."""

    span: Span
    is_active: bool
    is_taken: bool
    """Whether this arm or one before it is active."""
    is_outer_active: bool


def preprocess(text: str, file: str, defines: Mapping[str, str] | None = None) -> Preprocessed:
    """Return the active lines of `text`; names in `defines` have those values at the start."""
    done = Preprocessed(file, macros={key: Macro(body) for key, body in (defines or {}).items()})
    levels: list[_Level] = []
    lines = _without_comments(text).split("\n")
    position = 0
    while position < len(lines):
        start = position
        line = lines[position]
        while line.rstrip("\r").endswith("\\") and position + 1 < len(lines):
            position += 1
            line = line.rstrip("\r")[:-1] + " " + lines[position]
        position += 1
        span = Span(file=file, line=start + 1)
        directive = _DIRECTIVE.match(line)
        is_active = not levels or levels[-1].is_active
        if directive is None:
            done.lines.extend(lines[start:position] if is_active else [""] * (position - start))
            continue
        done.lines.extend([""] * (position - start))
        _direct(done, levels, (directive[1], directive[2].strip()), span)
    done.faults.extend(each.span for each in levels)
    return done


def _without_comments(text: str) -> str:
    def replaced(match: re.Match[str]) -> str:
        found = match[0]
        return found if found.startswith('"') else " " + "\n" * found.count("\n")

    return _SKIPPED.sub(replaced, text)


def _direct(
    done: Preprocessed, levels: list[_Level], directive: tuple[str, str], span: Span
) -> None:
    name, rest = directive
    is_active = not levels or levels[-1].is_active
    match name:
        case "if" | "ifdef" | "ifndef":
            holds = is_active and _holds(done, name, rest, span)
            levels.append(_Level(span, holds, holds, is_active))
        case "elif" | "else" if levels:
            level = levels[-1]
            is_open = level.is_outer_active and not level.is_taken
            level.is_active = is_open and (name == "else" or _holds(done, "if", rest, span))
            level.is_taken = level.is_taken or level.is_active
        case "endif" if levels:
            levels.pop()
        case "elif" | "else" | "endif":
            done.faults.append(span)
        case "define" if is_active:
            found = _DEFINE.match(rest)
            if found is not None and found[2] is None:
                done.macros[found[1]] = Macro(found[3].strip(), span)
        case "undef" if is_active:
            done.macros.pop(rest, None)
        case _:
            return


def _holds(done: Preprocessed, name: str, rest: str, span: Span) -> bool:
    """Whether a condition holds; names that are not defined are 0, as C has it."""
    if name != "if":
        return (rest in done.macros) is (name == "ifdef")
    text = _DEFINED.sub(lambda match: str(int((match[1] or match[2]) in done.macros)), rest)

    def resolve(macro: str) -> int | None:
        return done.number(macro) if macro in done.macros else 0

    value = evaluate_integer(text, resolve)
    if value is None:
        done.faults.append(span)
    return bool(value)
