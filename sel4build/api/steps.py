# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The steps of the outer graph: what ninja calls this program for.

A step reads its plan from disk, works, and tells the driver of its progress and of the error that
ends it. Started by hand it does the same, and prints the error.
"""

from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.guests import check_stock_guest
from sel4build.api.knowing import known_catalog
from sel4build.api.preparing import lock_digest, prepare
from sel4build.api.selecting import select_wanted
from sel4build.catalog.host import load_hints
from sel4build.configure.apply import apply_configuration, read_build_tree
from sel4build.configure.failure import explain_tool_failure
from sel4build.configure.record import read_configuration
from sel4build.configure.second_pass import SecondPass, second_pass
from sel4build.configure.tree_record import TreeRecord, read_tree_record
from sel4build.errors import InputError
from sel4build.model.command import Command
from sel4build.model.configuration import Configuration
from sel4build.model.host import Hint
from sel4build.model.image import PackageRequest
from sel4build.model.reporter import TaskEnd
from sel4build.model.target import Target
from sel4build.model.workspace import Workspace
from sel4build.ninja.run import STATUS, NinjaStatus, first_failure, status_listener
from sel4build.package.plan import apply_checksums, apply_package, plan_package
from sel4build.workspace.spec import read_spec


def run_step(context: Context, name: str, target: str | None) -> None:
    """Run step `name` of `target` in the workspace at the current directory."""
    workspace = Workspace(context.cwd)
    if name == "generate":
        prepare(context, workspace)
        return
    if target is None:
        message = f"step `{name}` needs a target"
        raise InputError(message)
    match name:
        case "configure":
            _configure(context, workspace, target)
        case "build":
            _build(context, workspace, target)
        case "package":
            _package(workspace, context, target)
        case "recheck":
            _recheck(context, workspace, target)
        case "checksum":
            apply_checksums(workspace.root / "out" / target)
        case _:
            message = f"there is no step `{name}`"
            raise InputError(message)


def _plan_of(workspace: Workspace, target: str) -> Configuration:
    return read_configuration(workspace.plan_dir / f"{target}.json")


def _fresh_log(workspace: Workspace, name: str) -> Path:
    log_file = workspace.log_dir / f"{name}.log"
    log_file.unlink(missing_ok=True)
    return log_file


def _configure(context: Context, workspace: Workspace, target: str) -> None:
    task = f"configure {target}"
    context.reporter.start(task)
    try:
        check_stock_guest(context, _target(context, workspace, target), workspace)
        apply_configuration(
            _plan_of(workspace, target),
            runner=context.runner,
            reporter=context.reporter,
            environ=context.environ,
            log_file=_fresh_log(workspace, f"{target}-configure"),
            hints=lambda: _hints(context, workspace),
        )
    except BaseException:
        context.reporter.finish(task, end=TaskEnd.FAILED)
        raise
    context.reporter.finish(task)


def _hints(context: Context, workspace: Workspace) -> tuple[Hint, ...]:
    return load_hints(context.overlays_of(workspace, read_spec(workspace)))


def _build(context: Context, workspace: Workspace, target: str) -> None:
    plan = _plan_of(workspace, target)
    task = f"build {target}"
    log_file = _fresh_log(workspace, f"{target}-build")
    command = Command(
        argv=(str(plan.ninja), "-C", str(plan.build_dir)),
        cwd=workspace.root,
        env={**plan.environ_on(context.environ), "NINJA_STATUS": STATUS},
    )
    steps = 0

    def tell(status: NinjaStatus) -> None:
        nonlocal steps
        if not steps:
            context.reporter.start(task, total=status.total)
        steps = status.total
        left = status.remaining_s
        detail = status.step if left is None else f"{status.step} ({left:.0f} s left)"
        context.reporter.progress(task, done=status.done, total=status.total, detail=detail)

    succeeded = False
    try:
        outcome = context.runner.run(command, on_line=status_listener(tell), log_file=log_file)
        succeeded = outcome.succeeded
    finally:
        if steps:
            end = TaskEnd.DONE if succeeded else TaskEnd.FAILED
            context.reporter.finish(task, end=end, detail=f"{steps} steps" if succeeded else "")
    if not succeeded:
        raise explain_tool_failure(
            outcome,
            doing=f"building `{target}`",
            details=first_failure(outcome.output),
            hints=_hints(context, workspace),
        )


def _recheck(context: Context, workspace: Workspace, target: str) -> None:
    plan = _plan_of(workspace, target)
    record = read_tree_record(plan.build_dir) or TreeRecord()
    found = second_pass(
        plan,
        {each.name: each for each in record.settings},
        scratch=workspace.state_dir / "second-pass" / target,
        memo_dir=context.cache_dir / "second-pass",
        runner=context.runner,
        environ=context.environ,
        log_file=_fresh_log(workspace, f"{target}-second-pass"),
    )
    for text in second_pass_texts(target, found):
        context.reporter.warn(text)


def second_pass_texts(target: str, found: SecondPass) -> tuple[str, ...]:
    """Return what is said of another run of CMake in the tree of `target`; nothing when stable."""
    if found.failure is not None:
        return (f"{target}: another run of CMake would fail: {found.failure}",)
    return tuple(f"{target}: another run of CMake would change {each}" for each in found.changes)


def _package(workspace: Workspace, context: Context, target: str) -> None:
    plan = plan_package(_request(workspace, context, target))
    if apply_package(plan):
        size = sum(artifact.size_bytes for artifact in plan.package.artifacts)
        context.reporter.note(f"packaged {target}: {plan.package.format}, {size} bytes")


def _request(workspace: Workspace, context: Context, id_: str) -> PackageRequest:
    plan = _plan_of(workspace, id_)
    target = _target(context, workspace, id_)
    tree = read_build_tree(plan.build_dir)
    return PackageRequest(
        target=target,
        images_dir=plan.build_dir / "images",
        out_dir=workspace.out_dir(target.id),
        elfloader_image=tree.value("ElfloaderImage"),
        lock_digest=lock_digest(workspace),
        toolchain=plan.toolchain,
    )


def _target(context: Context, workspace: Workspace, id_: str) -> Target:
    spec = read_spec(workspace)
    for wanted in spec.targets:
        if str(wanted.id) == id_:
            return select_wanted(known_catalog(context, workspace, spec, is_quiet=True), wanted)
    message = f"`{workspace.spec_file}` has no target `{id_}`"
    raise InputError(message)
