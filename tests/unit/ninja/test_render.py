# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of checking a graph and writing it; that ninja reads it so is tested with ninja."""

import pytest

from sel4build.model.graph import Edge, Graph, Rule
from sel4build.ninja.render import GraphError, escape_path, escape_value, render_graph

COPY = Rule(name="copy", command="cp $in $out", description="copy $out")


def test_a_graph_is_written_in_ninjas_syntax() -> None:
    graph = Graph(
        variables={"builddir": "state dir"},
        rules=(
            COPY,
            Rule(name="make", command="make", description="m", restat=True, generator=True),
        ),
        edges=(
            Edge(rule="copy", outputs=("a b", "c"), inputs=("d$",), implicit=("e:f",)),
            Edge(rule="phony", outputs=("all",), inputs=("c",), variables={"v": " $x"}),
            Edge(rule="phony", outputs=("none",), implicit=("p|q",)),
        ),
        defaults=("all", "a b"),
    )

    assert render_graph(graph) == (
        "# Written by sel4build; changes are lost.\n"
        "ninja_required_version = 1.10\n"
        "pipe = |\n"
        "builddir = state dir\n"
        "\n"
        "rule copy\n"
        "  command = cp $in $out\n"
        "  description = copy $out\n"
        "\n"
        "rule make\n"
        "  command = make\n"
        "  description = m\n"
        "  restat = 1\n"
        "  generator = 1\n"
        "\n"
        "build a$ b c: copy d$$ | e$:f\n"
        "\n"
        "build all: phony c\n"
        "  v = $ $$x\n"
        "\n"
        "build none: phony | p${pipe}q\n"
        "\n"
        "default all a$ b\n"
    )


def test_a_leading_blank_of_a_value_is_kept() -> None:
    assert escape_value(" x $y") == "$ x $$y"
    assert escape_value("x y") == "x y"


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\0b"])
def test_what_ninja_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(GraphError, match="contains a line break"):
        escape_path(text)
    with pytest.raises(GraphError, match="contains a line break"):
        escape_value(text)


@pytest.mark.parametrize(
    ("graph", "reason"),
    [
        (Graph(rules=(COPY, COPY)), "a rule is defined twice"),
        (Graph(variables={"a b": "1"}), "`a b` is not a name in ninja's syntax"),
        (Graph(rules=(Rule(name="phony", command="", description=""),)), "meaning of its own"),
        (Graph(variables={"pipe": "1"}), "meaning of its own"),
        (Graph(edges=(Edge(rule="copy", outputs=("a",)),)), "the unknown rule `copy`"),
        (Graph(edges=(Edge(rule="copy", outputs=()),)), "the unknown rule `copy`"),
        (Graph(edges=(Edge(rule="phony", outputs=()),)), "an edge of rule `phony` makes nothing"),
        (
            Graph(edges=(Edge(rule="phony", outputs=("a",)), Edge(rule="phony", outputs=("a",)))),
            "`a` is made by two edges",
        ),
        (Graph(edges=(Edge(rule="phony", outputs=("a", "a")),)), "`a` is made by two edges"),
        (Graph(defaults=("a",)), "default `a` is made by no edge"),
        (
            Graph(edges=(Edge(rule="phony", outputs=("a",), inputs=("a",)),)),
            "the graph has a cycle: a <- a",
        ),
        (
            Graph(
                edges=(
                    Edge(rule="phony", outputs=("a",), inputs=("x", "b")),
                    Edge(rule="phony", outputs=("b",), implicit=("c",)),
                    Edge(rule="phony", outputs=("c",), inputs=("b",)),
                )
            ),
            "the graph has a cycle: a <- b <- c <- b",
        ),
    ],
)
def test_a_graph_that_ninja_would_misread_is_a_mistake_of_ours(graph: Graph, reason: str) -> None:
    with pytest.raises(GraphError) as raised:
        render_graph(graph)

    assert reason in str(raised.value)


def test_a_diamond_is_no_cycle() -> None:
    edges = (
        Edge(rule="phony", outputs=("top",), inputs=("left", "right")),
        Edge(rule="phony", outputs=("left",), inputs=("bottom",)),
        Edge(rule="phony", outputs=("right",), inputs=("bottom",)),
        Edge(rule="phony", outputs=("bottom",)),
    )

    assert "build top: phony left right" in render_graph(Graph(edges=edges))


def test_a_chain_longer_than_pythons_stack_is_checked() -> None:
    edges = tuple(
        Edge(rule="phony", outputs=(str(each),), inputs=(str(each + 1),)) for each in range(5000)
    )

    assert render_graph(Graph(edges=edges)).count("phony") == 5000
