# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""CMake text to statements: commands with their arguments, conditionals, loops, functions.

A file with a fault in it keeps the statements before and after.
"""

from collections.abc import Iterator

from sel4build.errors import Span
from sel4build.model.sources import (
    Branch,
    Conditional,
    Definition,
    Invocation,
    Loop,
    Script,
    Statement,
)
from sel4build.sources.cmake_commands import read_commands

_BLOCKS = {"foreach": "endforeach", "while": "endwhile", "function": "endfunction"}
_BLOCKS |= {"macro": "endmacro", "block": "endblock"}
_DEFINITIONS = ("function", "macro")
_ENDS = frozenset(_BLOCKS.values())
_DEEPEST = 100


def parse_cmake(text: str, file: str) -> Script:
    """Return the statements of `text`; what is no CMake is left out and told in `faults`."""
    commands, faults = read_commands(text, file)
    reader = _Blocks(commands)
    statements = reader.statements()
    faults = tuple(sorted({*faults, *reader.faults}, key=lambda each: each.line or 0))
    return Script(file=file, statements=statements, faults=faults)


def walk(statements: tuple[Statement, ...]) -> Iterator[Invocation]:
    """Yield every command in the order written, whatever block it is in."""
    for each in statements:
        match each:
            case Invocation():
                yield each
            case Conditional(branches=branches):
                for branch in branches:
                    yield branch.head
                    yield from walk(branch.body)
            case Loop(head=head, body=body) | Definition(head=head, body=body):
                yield head
                yield from walk(body)


class _Blocks:
    """Puts commands into blocks; one that is never ended ends with what encloses it."""

    def __init__(self, invocations: tuple[Invocation, ...]) -> None:
        self.faults: list[Span] = []
        self._rest = list(reversed(invocations))
        self._depth = 0

    def statements(self) -> tuple[Statement, ...]:
        found: list[Statement] = []
        while self._rest:
            found.extend(self._until(frozenset()))
            if self._rest:  # an end without a beginning
                self.faults.append(self._rest.pop().span)
        return tuple(found)

    def _until(self, ends: frozenset[str]) -> tuple[Statement, ...]:
        """Read statements up to one of `ends`, which is left, or one that closes a block."""
        found: list[Statement] = []
        closing = ends | _ENDS | {"endif", "else", "elseif"}
        while self._rest and self._rest[-1].command not in closing:
            head = self._rest.pop()
            if self._depth < _DEEPEST and head.command == "if":
                found.append(self._conditional(head))
            elif self._depth < _DEEPEST and head.command in _BLOCKS:
                found.extend(self._block(head))
            else:
                found.append(head)
        return tuple(found)

    def _conditional(self, head: Invocation) -> Conditional:
        self._depth += 1
        branches = [Branch(head=head, body=self._until(frozenset({"endif"})))]
        while self._rest and self._rest[-1].command in {"else", "elseif"}:
            arm = self._rest.pop()
            branches.append(Branch(head=arm, body=self._until(frozenset({"endif"}))))
        self._close(head, "endif")
        self._depth -= 1
        return Conditional(branches=tuple(branches))

    def _block(self, head: Invocation) -> Iterator[Statement]:
        self._depth += 1
        end = _BLOCKS[head.command]
        body = self._until(frozenset({end}))
        self._close(head, end)
        self._depth -= 1
        if head.command == "block":
            yield from body
        elif head.command in _DEFINITIONS:
            yield Definition(head=head, body=body)
        else:
            yield Loop(head=head, body=body)

    def _close(self, head: Invocation, end: str) -> None:
        if self._rest and self._rest[-1].command == end:
            self._rest.pop()
        else:
            self.faults.append(head.span)
