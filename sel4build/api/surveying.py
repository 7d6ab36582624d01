# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The state of a workspace: its projects against the lock, its targets against their plans."""

import concurrent.futures
from dataclasses import dataclass

from sel4build.api.context import Context
from sel4build.api.syncing import git_of
from sel4build.configure.apply import is_configured
from sel4build.configure.record import read_configuration
from sel4build.errors import Sel4BuildError
from sel4build.git.repository import Repository
from sel4build.lock import read_lock
from sel4build.model.lock import ManifestOrigin
from sel4build.model.workspace import Workspace
from sel4build.package.plan import load_package
from sel4build.workspace.observe import observe_workspace
from sel4build.workspace.plan import Action, ProjectStep, plan_sync
from sel4build.workspace.spec import read_spec


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectState:
    """A project: `locked`, `changed`, `missing`, `moved` or `in the way`, and in what respect."""

    path: str
    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetState:
    """How far a target has come."""

    target: str
    is_configured: bool
    is_packaged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A workspace at a glance."""

    manifest: ManifestOrigin
    projects: tuple[ProjectState, ...]
    targets: tuple[TargetState, ...]


def survey(context: Context, workspace: Workspace) -> Survey:
    """Look at every project and target of `workspace`; nothing is changed."""
    spec = read_spec(workspace)
    projects: tuple[ProjectState, ...] = ()
    if workspace.lock_file.is_file():
        lock = read_lock(workspace.lock_file)
        plan = plan_sync(lock, observe_workspace(workspace, lock))
        with concurrent.futures.ThreadPoolExecutor() as pool:
            states = pool.map(lambda step: _project(context, workspace, step), plan.projects)
            projects = tuple(sorted(states, key=lambda each: each.path))
    return Survey(
        manifest=spec.manifest,
        projects=projects,
        targets=tuple(_target(workspace, str(wanted.id)) for wanted in spec.targets),
    )


def _project(context: Context, workspace: Workspace, step: ProjectStep) -> ProjectState:
    path = str(step.project.path)
    match step.action:
        case Action.BLOCKED:
            return ProjectState(path=path, state="in the way", detail=step.reason)
        case Action.CREATE:
            return ProjectState(path=path, state="missing")
        case Action.FINISH:
            return ProjectState(path=path, state="moved", detail="a sync of it was interrupted")
        case Action.KEEP | Action.MOVE:
            pass
    repository = Repository(git=git_of(context), work_tree=step.project.path.below(workspace.root))
    files = repository.changed_files()
    if files:
        return ProjectState(path=path, state="changed", detail=", ".join(files))
    if step.action is Action.KEEP:
        return ProjectState(path=path, state="locked")
    count = repository.num_local_commits()
    local = f"{count} local commit{'' if count == 1 else 's'}" if count else ""
    return ProjectState(path=path, state="moved", detail=local)


def _target(workspace: Workspace, id_: str) -> TargetState:
    try:
        configured = is_configured(read_configuration(workspace.plan_dir / f"{id_}.json"))
    except Sel4BuildError:
        configured = False
    try:
        load_package(workspace.root / "out" / id_)
    except Sel4BuildError:
        packaged = False
    else:
        packaged = True
    return TargetState(target=id_, is_configured=configured, is_packaged=packaged)
