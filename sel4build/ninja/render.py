# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Check a graph, then write it in ninja's syntax (ninja manual, "Ninja file reference")."""

import re
from collections.abc import Iterator, Mapping

from sel4build.model.graph import Edge, Graph, Rule

_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_BUILT_IN = frozenset({"phony"})
_UNWRITABLE = re.compile(r"[\n\r\0]")
# Ninja's lexer has no escape for it (lexer.in.cc, ReadEvalString), but expands variables in paths.
_PIPE = "pipe"


class GraphError(AssertionError):
    """A graph that ninja would misread: a mistake of ours."""


def validate_graph(graph: Graph) -> None:
    """Raise GraphError unless rules are unique and defined, outputs unique, and no cycle exists."""
    names = [rule.name for rule in graph.rules]
    for name in (*names, *graph.variables):
        if _NAME.fullmatch(name) is None:
            raise GraphError(f"`{name}` is not a name in ninja's syntax")
        if name in {*_BUILT_IN, _PIPE}:
            raise GraphError(f"`{name}` has a meaning of its own")
    if len(set(names)) != len(names):
        raise GraphError("a rule is defined twice")
    for edge in graph.edges:
        if edge.rule not in {*names, *_BUILT_IN}:
            raise GraphError(f"edge of {edge.outputs} uses the unknown rule `{edge.rule}`")
    producers = _producers(graph)
    for default in graph.defaults:
        if default not in producers:
            raise GraphError(f"default `{default}` is made by no edge")
    _refuse_cycle(producers)


def render_graph(graph: Graph) -> str:
    """Return the text of build.ninja for a graph that is valid."""
    validate_graph(graph)
    return "\n".join(_lines(graph)) + "\n"


def escape_path(path: str) -> str:
    """Escape `path` for a build line; ninja has no way to write a line break."""
    if _UNWRITABLE.search(path):
        raise GraphError(f"path {path!r} contains a line break")
    return re.sub(r"([$ :])", r"$\1", path).replace("|", f"${{{_PIPE}}}")


def escape_value(value: str) -> str:
    """Escape `value` for the right-hand side of a variable."""
    if _UNWRITABLE.search(value):
        raise GraphError(f"value {value!r} contains a line break")
    escaped = value.replace("$", "$$")
    # Leading blanks would be dropped.
    return "$" + escaped if escaped.startswith(" ") else escaped


def _producers(graph: Graph) -> Mapping[str, Edge]:
    producers: dict[str, Edge] = {}
    for edge in graph.edges:
        if not edge.outputs:
            raise GraphError(f"an edge of rule `{edge.rule}` makes nothing")
        for output in edge.outputs:
            if output in producers:
                raise GraphError(f"`{output}` is made by two edges")
            producers[output] = edge
    return producers


def _refuse_cycle(producers: Mapping[str, Edge]) -> None:
    done: set[str] = set()
    for start in producers:
        trail: list[tuple[str, Iterator[str]]] = [(start, iter(_sources(producers, start)))]
        on_trail = {start}
        while trail:
            node, sources = trail[-1]
            source = next((each for each in sources if each not in done), None)
            if source is None:
                trail.pop()
                on_trail.discard(node)
                done.add(node)
            elif source in on_trail:
                cycle = " <- ".join([*(each for each, _ in trail), source])
                raise GraphError(f"the graph has a cycle: {cycle}")
            else:
                trail.append((source, iter(_sources(producers, source))))
                on_trail.add(source)


def _sources(producers: Mapping[str, Edge], output: str) -> tuple[str, ...]:
    edge = producers.get(output)
    return () if edge is None else (*edge.inputs, *edge.implicit)


def _lines(graph: Graph) -> Iterator[str]:
    yield "# Written by sel4build; changes are lost."
    yield "ninja_required_version = 1.10"
    yield f"{_PIPE} = |"
    for name, value in graph.variables.items():
        yield f"{name} = {escape_value(value)}"
    for rule in graph.rules:
        yield ""
        yield from _rule_lines(rule)
    for edge in graph.edges:
        yield ""
        yield from _edge_lines(edge)
    if graph.defaults:
        yield ""
        yield "default " + " ".join(map(escape_path, graph.defaults))


def _rule_lines(rule: Rule) -> Iterator[str]:
    yield f"rule {rule.name}"
    yield f"  command = {rule.command}"
    yield f"  description = {rule.description}"
    if rule.restat:
        yield "  restat = 1"
    if rule.generator:
        yield "  generator = 1"


def _edge_lines(edge: Edge) -> Iterator[str]:
    line = f"build {' '.join(map(escape_path, edge.outputs))}: {edge.rule}"
    if edge.inputs:
        line += " " + " ".join(map(escape_path, edge.inputs))
    if edge.implicit:
        line += " | " + " ".join(map(escape_path, edge.implicit))
    yield line
    for name, value in edge.variables.items():
        yield f"  {name} = {escape_value(value)}"
