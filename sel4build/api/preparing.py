# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Turn what a workspace wants into plans on disk: configurations and the outer graph."""

import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.equipping import (
    examined_host,
    give_ready_tools,
    python_dir_of,
    recollection_of,
)
from sel4build.api.guests import lay_guest
from sel4build.api.knowing import known_catalog
from sel4build.api.machines import lay_machine
from sel4build.api.selecting import select_wanted
from sel4build.catalog.host import load_host_data
from sel4build.configure.memo import known_memo_dirs, memo_dir_of, take_over_host_tools
from sel4build.configure.plan import find_source_tree, plan_configuration
from sel4build.configure.programs import find_cmake, find_ninja
from sel4build.configure.record import write_configuration
from sel4build.configure.toolchains import ToolchainHost, choose_toolchain
from sel4build.errors import InputError
from sel4build.model.catalog import Catalog
from sel4build.model.configuration import ChosenToolchain, Configuration
from sel4build.model.platform import Sel4Arch
from sel4build.model.target import Target
from sel4build.model.workspace import WantedTarget, Workspace, WorkspaceSpec
from sel4build.ninja.plan import plan_graph
from sel4build.ninja.render import render_graph
from sel4build.workspace.spec import read_spec
from sel4build.writing import write_if_changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A workspace whose plans are on disk, ready for the outer ninja."""

    workspace: Workspace
    spec: WorkspaceSpec
    catalog: Catalog
    targets: Mapping[str, Target]
    """By id, in the order of `sel4build.toml`."""
    configurations: Mapping[str, Configuration]
    ninja: Path


def prepare(context: Context, workspace: Workspace) -> Prepared:
    """Plan every target of `workspace` and write the plans; nothing is built.

    Raises what selection, toolchain choice and the search for cmake and ninja raise.
    """
    prepared = prepare_only(context, workspace, read_spec(workspace))
    for id_, configuration in prepared.configurations.items():
        write_configuration(configuration, workspace.plan_dir / f"{id_}.json")
    graph = plan_graph(
        prepared.targets.values(),
        workspace=workspace,
        program=_step_program(context),
    )
    write_if_changed(workspace.ninja_file, render_graph(graph))
    return prepared


def prepare_only(context: Context, workspace: Workspace, spec: WorkspaceSpec) -> Prepared:
    """Plan every target of `spec` as one of `workspace`, and write no plan."""
    catalog = known_catalog(context, workspace, spec)
    targets = {
        str(target.id): target
        for target in (select_wanted(catalog, wanted) for wanted in spec.targets)
    }
    return Prepared(
        workspace=workspace,
        spec=spec,
        catalog=catalog,
        targets=targets,
        configurations=_configurations(context, workspace, spec, catalog, targets),
        ninja=find_ninja(context.environ, context.runner).path,
    )


def pick_targets(known: Iterable[str], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids that `wanted` names, or the first known one where it names none.

    A name is an id, or the start of exactly one id. Raises InputError otherwise.
    """
    ids = tuple(known)
    if not ids:
        message = "the workspace has no target"
        raise InputError(message, hint="add one: `sel4build init --app APP --platform PLATFORM`")
    if not wanted:
        return ids[:1]
    return tuple(dict.fromkeys(_pick(ids, name) for name in wanted))


def _pick(ids: tuple[str, ...], name: str) -> str:
    if name in ids:
        return name
    matching = [id_ for id_ in ids if id_.startswith(name)]
    if len(matching) == 1:
        return matching[0]
    listed = ", ".join(f"`{id_}`" for id_ in (matching or ids))
    if matching:
        message = f"`{name}` is the start of several targets: {listed}"
        raise InputError(message, hint="write one of them in full")
    message = f"the workspace has no target `{name}`"
    raise InputError(message, hint=f"it has {listed}")


def _step_program(context: Context) -> tuple[str, ...]:
    # -P: a folder of the workspace is never taken for a module.
    overlays = tuple(word for folder in context.overlays for word in ("--data-dir", str(folder)))
    return (sys.executable, "-P", "-m", "sel4build", "step", *overlays)


def _configurations(
    context: Context,
    workspace: Workspace,
    spec: WorkspaceSpec,
    catalog: Catalog,
    targets: Mapping[str, Target],
) -> Mapping[str, Configuration]:
    source = find_source_tree(workspace.root)
    cmake = find_cmake(context.environ, context.runner)
    ninja = find_ninja(context.environ, context.runner)
    memos = known_memo_dirs(context.cache_dir, workspace.root, context.environ)
    data = load_host_data(context.overlays_of(workspace, spec))
    host = examined_host(context, data, remembers=True)
    choices: dict[tuple[Sel4Arch, str, str | None], ChosenToolchain] = {}
    planned: dict[str, Configuration] = {}
    for wanted, (id_, target) in zip(spec.targets, targets.items(), strict=True):
        key = (target.platform.sel4_arch, target.app.name, wanted.toolchain)
        if key not in choices:
            choices[key] = toolchain_for(context, catalog, target, wanted)
        memo_dir = memo_dir_of(choices[key], context.cache_dir)
        take_over_host_tools(memo_dir, memos)
        planned[id_] = plan_configuration(
            target,
            source=source,
            build_dir=workspace.build_dir(target.id),
            toolchain=choices[key],
            cmake=cmake,
            ninja=ninja,
            memo_dir=memo_dir,
            environ=context.environ,
            python_dir=python_dir_of(context, data, target, host),
            extra_variables={
                **_own_python(target),
                **lay_guest(target, workspace),
                **lay_machine(context, target, workspace),
            },
        )
    memo_dirs = (memo_dir_of(each, context.cache_dir) for each in choices.values())
    give_ready_tools(context, data, workspace.root, dict.fromkeys(memo_dirs))
    return planned


def toolchain_for(
    context: Context, catalog: Catalog, target: Target, wanted: WantedTarget
) -> ChosenToolchain:
    """Choose the toolchain of `target` on this host."""
    host = ToolchainHost(
        environ=context.environ,
        cache_dir=context.cache_dir,
        runner=context.runner,
        recollection=recollection_of(context),
    )
    return choose_toolchain(
        catalog.toolchains,
        target.platform.sel4_arch,
        app=target.app.name,
        wanted=wanted.toolchain,
        host=host,
    )


def lock_digest(workspace: Workspace) -> str:
    """Return the sha256 (hex) of the lockfile as it lies there."""
    return hashlib.sha256(workspace.lock_file.read_bytes()).hexdigest()


def _own_python(target: Target) -> Mapping[str, str]:
    """Return what leads a build of our own sources to the Python that is there for sure."""
    return {"Python3_EXECUTABLE": sys.executable} if target.app.bundled else {}
