# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The state of a workspace: its projects against the lock, its targets against their plans."""

import concurrent.futures
import dataclasses
from dataclasses import dataclass

from sel4build.api.context import Context
from sel4build.api.syncing import git_of
from sel4build.configure.apply import is_configured
from sel4build.configure.record import read_configuration
from sel4build.errors import InputError, Sel4BuildError
from sel4build.git.failure import GitError
from sel4build.git.history import HeadCommit, read_head
from sel4build.git.repository import Distance, Repository
from sel4build.lock import read_lock
from sel4build.model.lock import ManifestOrigin
from sel4build.model.workspace import Workspace
from sel4build.package.plan import load_package
from sel4build.workspace.observe import observe_workspace
from sel4build.workspace.plan import Action, ProjectStep, plan_sync
from sel4build.workspace.spec import read_spec
from sel4build.workspace.submodules import with_submodules

_FEWEST_THREADS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectState:
    """A project: `locked`, `changed`, `missing`, `moved` or `in the way`, and in what respect."""

    path: str
    state: str
    detail: str = ""
    locked: str
    """The commit of the lock."""
    branch: str | None = None
    """The branch that is checked out; None when HEAD is detached."""
    head: HeadCommit | None = None
    distance: Distance | None = None
    """From the locked commit; None when that is not there."""
    num_local_commits: int = 0
    """Commits that neither a remote nor a sync has brought."""
    num_stashes: int = 0
    files: tuple[str, ...] = ()
    """Tracked files that are changed."""


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
        lock = with_submodules(workspace, read_lock(workspace.lock_file)).lock
        plan = plan_sync(lock, observe_workspace(workspace, lock))
        num_threads = max(_FEWEST_THREADS, context.num_jobs)
        with concurrent.futures.ThreadPoolExecutor(num_threads) as pool:
            states = pool.map(lambda step: _project(context, workspace, step), plan.projects)
            projects = tuple(sorted(states, key=lambda each: each.path))
    return Survey(
        manifest=spec.manifest,
        projects=projects,
        targets=tuple(_target(workspace, str(wanted.id)) for wanted in spec.targets),
    )


def _project(context: Context, workspace: Workspace, step: ProjectStep) -> ProjectState:
    path, locked = str(step.project.path), step.project.commit
    match step.action:
        case Action.BLOCKED:
            return ProjectState(path=path, state="in the way", detail=step.reason, locked=locked)
        case Action.CREATE:
            return ProjectState(path=path, state="missing", locked=locked)
        case Action.FINISH:
            detail = "a sync of it was interrupted"
            return ProjectState(path=path, state="moved", detail=detail, locked=locked)
        case Action.KEEP | Action.MOVE:
            pass
    repository = Repository(git=git_of(context), work_tree=step.project.path.below(workspace.root))
    files = repository.changed_files()
    is_there = repository.head_commit() == locked
    found = ProjectState(
        path=path,
        state="changed" if files else "locked" if step.action is Action.KEEP else "moved",
        locked=locked,
        branch=repository.head_branch(),
        head=_head(context, repository),
        distance=Distance() if is_there else repository.distance(locked),
        num_local_commits=0 if is_there else _num_local_commits(repository),
        num_stashes=repository.num_stashes(),
        files=files,
    )
    return dataclasses.replace(found, detail=_detail(found, repository))


def _head(context: Context, repository: Repository) -> HeadCommit | None:
    try:
        return read_head(repository.work_tree, environ=context.environ)
    except InputError:  # no commit yet, or of a form that GitPython does not know
        return None


def _num_local_commits(repository: Repository) -> int:
    try:
        return repository.num_local_commits()
    except GitError:  # HEAD has no commit
        return 0


def _detail(state: ProjectState, repository: Repository) -> str:
    """Say in what respect a project is not as a sync left it, the work of the user's above all."""
    parts = []
    if operation := repository.find_operation():
        parts.append(f"in the middle of {operation}")
    if state.branch is not None:
        parts.append(f"on branch `{state.branch}`")
    if state.num_local_commits:
        parts.append(_count(state.num_local_commits, "local commit"))
    if state.distance is None:
        parts.append("the locked commit is not there")
    else:
        away = (("ahead", state.distance.ahead), ("behind", state.distance.behind))
        words = [f"{number} {word}" for word, number in away if number]
        parts += [f"{' and '.join(words)} of the lock"] if words else []
    if state.num_stashes:
        parts.append(_count(state.num_stashes, "stash", "stashes"))
    if state.files:
        parts.append(f"{_count(len(state.files), 'changed file')}: {', '.join(state.files)}")
    return ", ".join(parts)


def _count(number: int, one: str, more: str | None = None) -> str:
    return f"{number} {one if number == 1 else more or f'{one}s'}"


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
