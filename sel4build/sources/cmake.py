# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""CMake text to statements: commands with their arguments, conditionals, loops, functions.

The blocks are matched here by the names of commands and not taken from the grammar, so that a file
with a fault in it keeps the statements before and after.
"""

import re
from collections.abc import Iterator

from sel4build.errors import Span
from sel4build.model.sources import (
    Argument,
    Branch,
    Conditional,
    Definition,
    Invocation,
    Loop,
    Quoting,
    Script,
    Statement,
)
from sel4build.sources.syntax import Grammar, Node, Tree, parse_tree

_BRACKET = re.compile(r"\[(=*)\[\r?\n?(.*?)\]\1\]", re.DOTALL)
_BLOCKS = {"foreach": "endforeach", "while": "endwhile", "function": "endfunction"}
_BLOCKS |= {"macro": "endmacro", "block": "endblock"}
_DEFINITIONS = ("function", "macro")
_ENDS = frozenset(_BLOCKS.values())
_DEEPEST = 100


def parse_cmake(text: str, file: str) -> Script:
    """Return the statements of `text`; what is no CMake is left out and told in `faults`."""
    tree = parse_tree(text, file, Grammar.CMAKE)
    reader = _Blocks(tuple(_invocations(tree)))
    statements = reader.statements()
    faults = sorted({*tree.faults, *reader.faults}, key=lambda each: each.line or 0)
    return Script(file=file, statements=statements, faults=tuple(faults))


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


def _invocations(tree: Tree) -> Iterator[Invocation]:
    """Yield the commands of a tree in the order written."""
    waiting = [tree.root]
    while waiting:
        node = waiting.pop()
        if node.type.endswith("_command"):
            yield _invocation(tree, node)
        else:
            waiting.extend(reversed(node.children))


def _invocation(tree: Tree, node: Node) -> Invocation:
    args: list[Argument] = []
    for each in node.children[1:]:
        if each.type == "argument_list":
            args.extend(_arguments(tree, each))
    name = tree.text(node.children[0]) if node.children else ""
    return Invocation(name=name, args=tuple(args), span=tree.span(node))


def _arguments(tree: Tree, node: Node) -> Iterator[Argument]:
    """Yield arguments and parentheses; an old-style `-DX="a b"` is one argument, as CMake has it.

    https://cmake.org/cmake/help/latest/manual/cmake-language.7.html#unquoted-argument
    """
    start: int | None = None
    end = -1
    span = tree.span(node)
    for each in node.children:
        if each.type not in {"argument", "(", ")"}:
            continue
        kind = each.children[0].type if each.children else each.type
        if start is not None and each.start_byte == end and each.type == "argument":
            end = each.end_byte
            continue
        if start is not None:
            yield _bare(tree, start, end, span)
            start = None
        if kind == "unquoted_argument":
            start, end, span = each.start_byte, each.end_byte, tree.span(each)
        else:
            yield _other(tree, each, kind)
    if start is not None:
        yield _bare(tree, start, end, span)


def _bare(tree: Tree, start: int, end: int, span: Span) -> Argument:
    return Argument(text=tree.slice(start, end), quoting=Quoting.BARE, span=span)


def _other(tree: Tree, node: Node, kind: str) -> Argument:
    text, span = tree.text(node), tree.span(node)
    if kind == "quoted_argument":
        return Argument(text=text[1:-1], quoting=Quoting.QUOTED, span=span)
    bracket = _BRACKET.fullmatch(text)
    if bracket is not None:
        return Argument(text=bracket[2], quoting=Quoting.BRACKET, span=span)
    return Argument(text=text, quoting=Quoting.BARE, span=span)


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
