# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Why a target is built the way it is, and how to do the same by hand."""

import shlex
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.api.attributing import Attribution, attribute_plan, attribute_tree
from sel4build.api.building import Goal
from sel4build.api.context import Context
from sel4build.api.facts import given_of, read_facts
from sel4build.api.finding import find_workspace
from sel4build.api.knowing import Asked, correct_catalog
from sel4build.api.preparing import Prepared, pick_targets, prepare, prepare_only
from sel4build.api.selecting import RejectedError, select_one, wanted_target
from sel4build.catalog import load_catalog
from sel4build.configure.apply import is_configured
from sel4build.configure.inputs import tree_inputs
from sel4build.configure.plan import INITIAL_CACHE
from sel4build.configure.search import Declarations
from sel4build.configure.second_pass import SecondPass, read_second_pass
from sel4build.configure.tree_record import read_tree_record
from sel4build.model.configuration import Configuration
from sel4build.model.setting import Deviation
from sel4build.model.target import Selection, Target
from sel4build.model.workspace import Workspace
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.spec import read_spec

_END = "INITIAL-CACHE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A target with all that follows from it."""

    target: Target
    settings: tuple[Attribution, ...]
    is_configured: bool
    """The settings are those of the configured tree; before that they are foretold."""
    commands: tuple[str, ...] = ()
    """Ready to paste, in order; none outside of a workspace."""
    configuration: Configuration | None = None
    deviations: tuple[Deviation, ...] = ()
    second_pass: SecondPass | None = None


def explain_targets(
    context: Context, workspace: Workspace, wanted: tuple[str, ...]
) -> tuple[Explanation, ...]:
    """Explain the `wanted` targets (by default the first) of `workspace`."""
    with workspace_lock(workspace, context.reporter):
        prepared = prepare(context, workspace)
    ids = pick_targets(prepared.targets, wanted)
    return tuple(_explain(prepared, id_) for id_ in ids)


def explain_selection(
    context: Context, selection: Selection, directory: Path | None
) -> Explanation:
    """Explain a target that need not be in the workspace, or outside of one.

    Raises RejectedError when there is no such target.
    """
    workspace = find_workspace(context, directory)
    if workspace is None:
        target = select_one(load_catalog(context.overlays), selection).target
        return Explanation(
            target=target, settings=attribute_plan(target, None, None), is_configured=False
        )
    spec = read_spec(workspace)
    catalog = load_catalog(context.overlays_of(workspace, spec))
    asked = (Asked(app=selection.app, platform=selection.platform),)
    corrected = correct_catalog(context, workspace, catalog, asked, is_quiet=True)
    try:
        chosen = select_one(corrected, selection)
    except RejectedError:
        correct_catalog(context, workspace, catalog, asked)  # tells why
        raise
    wanted = wanted_target(
        chosen.target, toolchain=chosen.toolchain, allow_broken=selection.allow_broken
    )
    with workspace_lock(workspace, context.reporter):
        prepared = prepare_only(context, workspace, replace(spec, targets=(wanted,)))
    return _explain(prepared, str(chosen.target.id))


def _explain(prepared: Prepared, id_: str) -> Explanation:
    target = prepared.targets[id_]
    configuration = prepared.configurations[id_]
    record = read_tree_record(configuration.build_dir) if is_configured(configuration) else None
    if record is None:
        names = (target.app.name, target.platform.name)
        facts = read_facts(prepared.workspace, *names, given_of(target))
        settings = attribute_plan(target, configuration, facts)
    else:
        search = Declarations(files=tuple(tree_inputs(configuration)), root=prepared.workspace.root)
        settings = attribute_tree(target, configuration, record, search)
    return Explanation(
        target=target,
        settings=settings,
        is_configured=record is not None,
        commands=_commands(prepared, configuration, id_),
        configuration=configuration,
        deviations=record.deviations if record else (),
        second_pass=read_second_pass(configuration.build_dir) if record else None,
    )


def python_of(configuration: Configuration) -> tuple[str, str]:
    """Return the Python that a build runs with, and whose it is."""
    if configuration.python_dir is None:
        return "python3", "the user's PATH"
    return str(configuration.python_dir / "python3"), "our locked packages"


def _commands(prepared: Prepared, configuration: Configuration, id_: str) -> tuple[str, ...]:
    environ = shlex.join(f"{name}={value}" for name, value in configuration.environ.items())
    if configuration.python_dir is not None:
        environ = f'PATH={shlex.quote(str(configuration.python_dir))}:"$PATH" {environ}'
    ninja = shlex.quote(str(configuration.ninja))
    build_dir = shlex.quote(str(configuration.build_dir))
    root = shlex.quote(str(prepared.workspace.root))
    outer = prepared.workspace.ninja_file.relative_to(prepared.workspace.root)
    goal = shlex.quote(f"{id_}/{Goal.PACKAGE}")
    cache_file = shlex.quote(str(configuration.build_dir / INITIAL_CACHE))
    return (
        f"mkdir -p {build_dir}\ncat > {cache_file} <<'{_END}'\n{configuration.initial_cache}{_END}",
        f"env {environ} {shlex.join(configuration.argv)} < /dev/null | cat",
        f"env {environ} {ninja} -C {build_dir}",
        f"# both, and the package: cd {root} && {ninja} -f {outer} {goal}",
    )
