# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of composing the outer graph."""

from pathlib import Path

from sel4build.model.graph import Edge, Graph
from sel4build.model.target import Target
from sel4build.model.workspace import Workspace
from sel4build.ninja.plan import plan_graph, target_files
from tests.kit.targets import a_board, a_pc, a_target

WORKSPACE = Workspace(Path("/w"))
PROGRAM = ("/my python", "-m", "sel4build", "step")


def plan(*targets: Target, catalog_files: tuple[str, ...] = ()) -> Graph:
    return plan_graph(targets, workspace=WORKSPACE, program=PROGRAM, catalog_files=catalog_files)


def edge_of(graph: Graph, output: str) -> Edge:
    (edge,) = (each for each in graph.edges if output in each.outputs)
    return edge


def test_every_file_of_a_target_is_named_relative_to_the_workspace() -> None:
    files = target_files(a_target(), WORKSPACE)

    assert files.plan == ".sel4build/plan/demo@acme1.json"
    assert files.tree == "build/demo@acme1/build.ninja"
    assert files.images == ("build/demo@acme1/images/demo-loader-image-arm-acme1",)
    assert files.packaged == (
        "out/demo@acme1/demo-loader-image-arm-acme1",
        "out/demo@acme1/target.json",
        "out/demo@acme1/BOOT.md",
    )
    assert files.checksums == "out/demo@acme1/SHA256SUMS"


def test_what_another_run_of_cmake_would_change_is_asked_beside_the_build() -> None:
    graph = plan(a_target())
    recheck = edge_of(graph, "build/demo@acme1/.sel4build-second-pass.json")

    assert recheck.inputs == (target_files(a_target(), WORKSPACE).tree,)
    assert edge_of(graph, "demo@acme1/recheck").inputs == recheck.outputs
    waiting = [each for each in graph.edges if set(recheck.outputs) & set(each.inputs)]
    assert [each.outputs for each in waiting] == [("demo@acme1/recheck",)]


def test_a_multiboot_kernel_is_an_image_too() -> None:
    files = target_files(a_target(a_pc()), WORKSPACE)

    assert files.images == (
        "build/demo@acmepc/images/kernel-pc",
        "build/demo@acmepc/images/demo-loader-image-pc",
    )


def test_each_goal_depends_on_what_comes_before_it() -> None:
    graph = plan(a_target())
    files = target_files(a_target(), WORKSPACE)

    assert edge_of(graph, "demo@acme1/configure").inputs == (files.tree,)
    assert edge_of(graph, files.tree).inputs == (files.plan,)
    assert edge_of(graph, "demo@acme1/build").inputs == files.images
    assert edge_of(graph, files.images[0]).inputs == (files.tree,)
    assert edge_of(graph, "demo@acme1/package").inputs == (files.checksums,)
    assert edge_of(graph, files.checksums).inputs == files.packaged
    assert edge_of(graph, files.packaged[0]).inputs == files.images


def test_the_inner_build_is_asked_each_time() -> None:
    graph = plan(a_target())

    (image,) = target_files(a_target(), WORKSPACE).images
    assert edge_of(graph, image).implicit == (".sel4build/always",)
    assert edge_of(graph, ".sel4build/always").inputs == ()


def test_a_package_follows_its_plan_the_lockfile_and_the_catalogue() -> None:
    graph = plan(a_target(), catalog_files=("/c/a.toml",))

    assert edge_of(graph, "out/demo@acme1/target.json").implicit == (
        ".sel4build/plan/demo@acme1.json",
        "sel4build.lock",
        "/c/a.toml",
    )


def test_every_step_stops_where_nothing_changed() -> None:
    assert all(rule.restat for rule in plan(a_target()).rules)


def test_the_graph_is_written_again_when_what_is_wanted_changes() -> None:
    graph = plan(a_target())

    edge = edge_of(graph, ".sel4build/build.ninja")
    assert edge.implicit == ("sel4build.toml", "sel4build.lock")
    (rule,) = (each for each in graph.rules if each.name == edge.rule)
    assert rule.generator


def test_the_program_is_quoted_for_the_shell() -> None:
    assert plan().variables["step"] == "'/my python' -m sel4build step"


def test_targets_come_in_the_order_of_their_ids_whatever_was_written() -> None:
    one, two = a_target(), a_target(a_board("acme0"), num_nodes=2)

    assert plan(one, two) == plan(two, one)


def test_a_graph_without_targets_can_be_written() -> None:
    assert [edge.rule for edge in plan().edges] == ["phony", "generate"]
