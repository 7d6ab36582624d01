# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Laws of generated graphs, and of the syntax they are written in as ninja itself reads it."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sel4build.model.command import Command
from sel4build.model.graph import Edge, Graph, Rule
from sel4build.model.target import Target
from sel4build.model.workspace import Workspace
from sel4build.ninja.plan import plan_graph
from sel4build.ninja.render import render_graph
from sel4build.process import SubprocessRunner
from tests.kit.host import ninja
from tests.kit.targets import a_board, a_pc, a_target

LETTERS = st.one_of(
    st.sampled_from("$ :|#={}\\\"'&;.^\t%@"),
    st.characters(codec="utf-8", exclude_characters="\n\r\0/"),
)
NAMES = st.text(LETTERS, min_size=1, max_size=12).filter(lambda name: name not in {".", ".."})
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
VALUES = st.text(st.one_of(LETTERS, st.just("/")), max_size=30)
TARGETS = st.builds(
    a_target,
    st.one_of(st.sampled_from(["acme1", "acme2", "odd-name_3"]).map(a_board), st.just(a_pc())),
    num_nodes=st.integers(1, 4),
    defines=st.dictionaries(st.sampled_from("AB"), st.text(max_size=3), max_size=2),
)


def say(folder: Path, graph: Graph, *tool: str) -> list[str]:
    """Return the lines that a tool of ninja says of `graph`."""
    (folder / "build.ninja").write_text(render_graph(graph), newline="\n")
    argv = (str(ninja().path), "-t", *tool)
    outcome = SubprocessRunner().run(Command(argv=argv, cwd=folder, env=os.environ))
    assert outcome.succeeded, outcome.output
    return outcome.output.split("\n")[:-1]


@given(targets=st.lists(TARGETS, max_size=6, unique_by=lambda target: str(target.id)))
def test_a_planned_graph_is_acyclic_with_unique_outputs_and_defined_rules(
    targets: list[Target],
) -> None:
    graph = plan_graph(targets, workspace=Workspace(Path("/w x")), program=("p q", "$r"))

    outputs = [output for edge in graph.edges for output in edge.outputs]
    assert len(set(outputs)) == len(outputs)
    assert {edge.rule for edge in graph.edges} <= {rule.name for rule in graph.rules} | {"phony"}
    made: set[str] = set()
    waiting = list(graph.edges)
    while waiting:
        ready = [
            edge
            for edge in waiting
            if not any(
                source in outputs and source not in made
                for source in (*edge.inputs, *edge.implicit)
            )
        ]
        assert ready, "a cycle"
        made.update(output for edge in ready for output in edge.outputs)
        waiting = [edge for edge in waiting if edge not in ready]
    assert render_graph(graph)


@pytest.mark.tools
@given(targets=st.lists(TARGETS, max_size=4, unique_by=lambda target: str(target.id)))
@settings(max_examples=10)
def test_ninja_reads_a_planned_graph(
    tmp_path_factory: pytest.TempPathFactory, targets: list[Target]
) -> None:
    folder = tmp_path_factory.mktemp("graph")
    graph = plan_graph(targets, workspace=Workspace(folder), program=("p q", "$r"))

    lines = say(folder, graph, "targets", "all")

    expected = {f"{output}: {edge.rule}" for edge in graph.edges for output in edge.outputs}
    assert set(lines) == expected


@pytest.mark.tools
@given(paths=st.lists(PATHS, min_size=1, max_size=30, unique=True))
@example(
    paths=["a|b", "a b", "a:b", "$in", "${in}", "$$", "|", "||", "|@", " a ", "a\\", "#x", "é"]
)
@settings(max_examples=20)
def test_any_path_is_the_same_to_ninja(
    tmp_path_factory: pytest.TempPathFactory, paths: list[str]
) -> None:
    rule = Rule(name="make", command="make", description="made")
    edges = tuple(Edge(rule="make", outputs=(path,)) for path in paths)
    graph = Graph(rules=(rule,), edges=edges, defaults=(paths[0],))

    lines = say(tmp_path_factory.mktemp("paths"), graph, "targets", "all")

    assert sorted(lines) == sorted(f"{path}: make" for path in paths)


@pytest.mark.tools
@given(values=st.lists(VALUES, min_size=1, max_size=30))
@example(values=["", " ", "  x ", "$x", "a$", "$$", "a:b|c", "#", "\tx", "\\", "$\\", "x = y"])
@settings(max_examples=20)
def test_any_value_is_the_same_to_ninja(
    tmp_path_factory: pytest.TempPathFactory, values: list[str]
) -> None:
    rule = Rule(name="make", command="<$value>$shared", description="made")
    graph = Graph(
        variables={"shared": values[0]},
        rules=(rule,),
        edges=tuple(
            Edge(rule="make", outputs=(str(number),), variables={"value": value})
            for number, value in enumerate(values)
        ),
    )

    lines = say(tmp_path_factory.mktemp("values"), graph, "commands")

    assert sorted(lines) == sorted(f"<{value}>{values[0]}" for value in values)
