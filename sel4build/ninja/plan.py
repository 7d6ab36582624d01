# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The outer graph of a workspace: configure, build, package and checksum edges of its targets.

Every step is one call of this program. The inner build of a target runs each time (its input
`always` is never made), but `restat` stops there when no image changed.
"""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from sel4build.configure.second_pass import SECOND_PASS
from sel4build.model.graph import Edge, Graph, Rule
from sel4build.model.target import Target
from sel4build.model.workspace import Workspace

_STEP = "$step {name} $target"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFiles:
    """The files of one target that the outer graph knows, relative to the workspace."""

    plan: str
    tree: str
    images: tuple[str, ...]
    packaged: tuple[str, ...]
    checksums: str
    recheck: str


def target_files(target: Target, workspace: Workspace) -> TargetFiles:
    """Name the files of `target`."""
    names = tuple(name for name in (target.kernel_name, target.image_name) if name)
    build = workspace.build_dir(target.id).relative_to(workspace.root).as_posix()
    out = workspace.out_dir(target.id).relative_to(workspace.root).as_posix()
    plan = workspace.plan_dir.relative_to(workspace.root).as_posix()
    return TargetFiles(
        plan=f"{plan}/{target.id}.json",
        tree=f"{build}/build.ninja",
        images=tuple(f"{build}/images/{name}" for name in names),
        packaged=(
            *(f"{out}/{name}" for name in names),
            f"{out}/target.json",
            f"{out}/BOOT.md",
        ),
        checksums=f"{out}/SHA256SUMS",
        recheck=f"{build}/{SECOND_PASS}",
    )


def plan_graph(
    targets: Iterable[Target],
    *,
    workspace: Workspace,
    program: tuple[str, ...],
    catalog_files: tuple[str, ...] = (),
) -> Graph:
    """Return the outer graph; `program` is the argv that starts a step of ours.

    Each target has the phony outputs `ID/configure`, `ID/build` and `ID/package`. Packages are
    made again when one of `catalog_files` (their boot lines come from there) is newer.
    """
    state = workspace.state_dir.relative_to(workspace.root).as_posix()
    always = f"{state}/always"
    edges = [Edge(rule="phony", outputs=(always,))]
    for target in sorted(targets, key=lambda each: each.id):
        edges.extend(_target_edges(target, workspace, always, catalog_files))
    ninja_file = workspace.ninja_file.relative_to(workspace.root).as_posix()
    inputs = (workspace.spec_file.name, workspace.lock_file.name)
    edges.append(Edge(rule="generate", outputs=(ninja_file,), implicit=inputs))
    return Graph(
        variables={"builddir": state, "step": shlex.join(program)},
        rules=(
            *(_rule(name) for name in ("configure", "build", "package", "checksum", "recheck")),
            Rule(
                name="generate",
                command="$step generate",
                description="write the outer graph",
                restat=True,
                generator=True,
            ),
        ),
        edges=tuple(edges),
    )


def _rule(name: str) -> Rule:
    return Rule(
        name=name,
        command=_STEP.format(name=name),
        description=f"{name} $target",
        restat=True,
    )


def _target_edges(
    target: Target, workspace: Workspace, always: str, catalog_files: tuple[str, ...]
) -> Iterable[Edge]:
    files = target_files(target, workspace)
    # The shell reads the command line: the id is quoted once, here.
    variables = {"target": shlex.quote(target.id.text)}
    yield Edge(rule="configure", outputs=(files.tree,), inputs=(files.plan,), variables=variables)
    yield Edge(
        rule="build",
        outputs=files.images,
        inputs=(files.tree,),
        implicit=(always,),
        variables=variables,
    )
    yield Edge(
        rule="package",
        outputs=files.packaged,
        inputs=files.images,
        implicit=(files.plan, workspace.lock_file.name, *catalog_files),
        variables=variables,
    )
    yield Edge(
        rule="checksum", outputs=(files.checksums,), inputs=files.packaged, variables=variables
    )
    # Nothing waits for it but the goal of that name, so that it fills what a build leaves idle.
    yield Edge(rule="recheck", outputs=(files.recheck,), inputs=(files.tree,), variables=variables)
    for goal, made in (
        ("recheck", (files.recheck,)),
        ("configure", (files.tree,)),
        ("build", files.images),
        ("package", (files.checksums,)),
    ):
        yield Edge(rule="phony", outputs=(f"{target.id}/{goal}",), inputs=made)
