# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Make a workspace equal to its lock: projects in parallel, then files, then the record."""

import concurrent.futures
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sel4build.errors import InterruptedByUserError, Sel4BuildError
from sel4build.git.client import Git
from sel4build.git.failure import GitError, combine_errors, explain_remote_error
from sel4build.git.supply import FetchOptions, Supplier
from sel4build.git.transfers import Transfers, describe_size
from sel4build.model.lock import Lock, LockedProject
from sel4build.model.paths import RelPath
from sel4build.model.reporter import Reporter, SilentReporter, TaskEnd
from sel4build.model.signatures import Verified
from sel4build.model.workspace import Workspace
from sel4build.workspace.clearing import Cleared, clear_way
from sel4build.workspace.folding import require_distinct
from sel4build.workspace.laying import Laying
from sel4build.workspace.observe import observe_workspace
from sel4build.workspace.placing import (
    LeftAlone,
    Means,
    Placed,
    place_project,
    remove_staging,
)
from sel4build.workspace.plan import ProjectStep, SyncPlan, plan_files_again, plan_sync
from sel4build.workspace.progress import completed, describe_transfers
from sel4build.workspace.remote import remote_of
from sel4build.workspace.state import SyncedProject, SyncState, write_state
from sel4build.workspace.submodules import WholeLock, learn_submodules, with_submodules
from sel4build.writing import DiskFullError

_TASK = "sync"
_FEWEST_JOBS = 4
_MOST_JOBS = 64
_MOST_FILES = 20  # in a warning


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOutcome:
    """What a sync did."""

    moved: tuple[RelPath, ...] = ()
    """Projects that were made or brought to another commit."""
    num_projects: int = 0
    left_alone: tuple[LeftAlone, ...] = ()
    """Projects and links that were not touched, each with its reason."""
    retired: tuple[RelPath, ...] = ()
    """Folders of projects that the lock names no more; they are kept."""
    links: tuple[RelPath, ...] = ()
    """Links that were laid or removed."""
    copies: tuple[RelPath, ...] = ()
    """Copies that were laid or removed."""
    verified: tuple[Verified, ...] | None = None
    """Who vouches for each commit; None when nobody was asked."""

    def after(self, cleared: Cleared) -> "SyncOutcome":
        """Return this with what was removed before."""
        return replace(
            self,
            links=tuple(sorted({*self.links, *cleared.links})),
            copies=tuple(sorted({*self.copies, *cleared.copies})),
        )

    def followed_by(self, other: "SyncOutcome") -> "SyncOutcome":
        """Return what both did, one after the other; `other` has seen all projects."""
        left = {(each.path, each.reason): each for each in (*self.left_alone, *other.left_alone)}
        return SyncOutcome(
            moved=tuple(sorted({*self.moved, *other.moved})),
            num_projects=other.num_projects,
            left_alone=tuple(left.values()),
            retired=other.retired,
            links=tuple(sorted({*self.links, *other.links})),
            copies=tuple(sorted({*self.copies, *other.copies})),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOptions:
    """How a sync works."""

    fetch: FetchOptions = field(default_factory=FetchOptions)
    forced: frozenset[RelPath] = frozenset()
    """Projects that are moved though the user has changed them; the changes are backed up."""
    jobs: int | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    """Names backups."""


def sync_workspace(
    workspace: Workspace,
    lock: Lock,
    *,
    git: Git,
    reporter: Reporter | None = None,
    options: SyncOptions | None = None,
) -> SyncOutcome:
    """Observe, plan and apply; then once more for submodules, as long as some come to light.

    The caller holds the workspace.
    """
    options = options or SyncOptions()
    outcome: SyncOutcome | None = None
    while True:
        whole = with_submodules(workspace, lock)
        require_distinct(workspace, whole.lock)
        plan = _plan(workspace, whole, options)
        cleared = clear_way(workspace.root, plan)
        if cleared:
            plan = _plan(workspace, whole, options)
        done = apply_sync(workspace, plan, git=git, reporter=reporter, options=options)
        done = done.after(cleared)
        outcome = done if outcome is None else outcome.followed_by(done)
        left = {each.path for each in outcome.left_alone}
        readable = [each for each in whole.unread if each.path.text not in left]
        if not learn_submodules(workspace, readable, git=git):
            return outcome


def _plan(workspace: Workspace, whole: WholeLock, options: SyncOptions) -> SyncPlan:
    observed = observe_workspace(workspace, whole.lock)
    return _sparing(plan_sync(whole.lock, observed, forced=options.forced), whole.unread)


def _sparing(plan: SyncPlan, unread: Iterable[LockedProject]) -> SyncPlan:
    """Return `plan` without retiring what may turn out to be a submodule still."""
    folders = tuple(f"{each.path}/" for each in unread)
    retired = tuple(path for path in plan.retired if not path.text.startswith(folders))
    return replace(plan, retired=retired) if folders else plan


def apply_sync(
    workspace: Workspace,
    plan: SyncPlan,
    *,
    git: Git,
    reporter: Reporter | None = None,
    options: SyncOptions | None = None,
) -> SyncOutcome:
    """Do what `plan` says; the caller holds the workspace.

    What is not ours is left alone and named. A project that fails does not stop the others; at the
    end one error tells of all, each with its URL and revision. The same call completes the work
    after an error, an interrupt or a kill. With nothing to do, no program is started.
    """
    reporter = reporter or SilentReporter()
    if plan.is_empty:
        reporter.start(_TASK, total=len(plan.projects))
        reporter.finish(_TASK, end=TaskEnd.FRESH)
        _note_retired(plan, reporter)
        return SyncOutcome(num_projects=len(plan.projects), retired=plan.retired)
    options = options or SyncOptions()
    sync = _Sync(workspace, plan, _means(workspace, plan, git, reporter, options), reporter)
    reporter.start(_TASK, total=len(plan.projects))
    try:
        sync.run(choose_num_jobs(options.jobs, plan.lock))
    except KeyboardInterrupt as error:
        reporter.finish(_TASK, end=TaskEnd.FAILED, detail="interrupted")
        hint = "run it again: it goes on where it was stopped"
        raise InterruptedByUserError("the sync was interrupted", hint=hint) from error
    except Sel4BuildError:
        reporter.finish(_TASK, end=TaskEnd.FAILED)
        raise
    reporter.finish(_TASK, detail=sync.received())
    _note_retired(plan, reporter)
    return sync.outcome()


def _means(
    workspace: Workspace, plan: SyncPlan, git: Git, reporter: Reporter, options: SyncOptions
) -> Means:
    transfers = Transfers()
    supplier = Supplier(
        git,
        base_dir=workspace.root,
        options=options.fetch,
        reporter=reporter,
        transfers=transfers,
    )
    among = frozenset(step.project.path for step in plan.projects)
    return Means(git=git, supplier=supplier, transfers=transfers, clock=options.clock, among=among)


@dataclass
class _Results:
    """What has happened so far."""

    placed: dict[RelPath, Placed] = field(default_factory=dict)
    errors: dict[str, Sel4BuildError] = field(default_factory=dict)


class _Sync:
    """One sync under way."""

    def __init__(
        self, workspace: Workspace, plan: SyncPlan, means: Means, reporter: Reporter
    ) -> None:
        self._workspace = workspace
        self._plan = plan
        self._means = means
        self._reporter = reporter
        self._results = _Results()
        self._last = ""
        self._laying = Laying(workspace, plan, reporter)

    def run(self, jobs: int) -> None:
        """Place projects level by level, lay links, and raise what went wrong."""
        pool = concurrent.futures.ThreadPoolExecutor(jobs, thread_name_prefix="sync")
        try:
            for level in _levels(self._plan.projects):
                self._place_all(pool, level)
        except KeyboardInterrupt:
            self._means.supplier.interrupt()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        plan = plan_files_again(self._plan, observe_workspace(self._workspace, self._plan.lock))
        self._laying = Laying(self._workspace, plan, self._reporter)
        self._write_state(is_done=False)
        self._laying.run(self._results.placed)
        self._write_state(is_done=True)
        errors = self._results.errors | self._laying.errors
        if errors:
            failed = [errors[path] for path in sorted(errors)]
            raise combine_errors(f"{len(failed)} projects could not be synced", failed)
        remove_staging(self._workspace)

    def received(self) -> str:
        """Say how much has come from remotes; nothing when nothing has."""
        size = self._means.transfers.snapshot().size_bytes
        return f"{describe_size(size)} received" if size else ""

    def outcome(self) -> SyncOutcome:
        """Return what was done."""
        results = self._results
        placed = [results.placed[path] for path in sorted(results.placed)]
        return SyncOutcome(
            moved=tuple(each.project.path for each in placed if each.has_moved),
            num_projects=len(self._plan.projects),
            left_alone=(
                *(each.left_alone for each in placed if each.left_alone is not None),
                *self._laying.left,
            ),
            retired=self._plan.retired,
            links=self._laying.link_dests(),
            copies=self._laying.copy_dests(),
        )

    def _place_all(
        self, pool: concurrent.futures.ThreadPoolExecutor, steps: tuple[ProjectStep, ...]
    ) -> None:
        futures = {pool.submit(self._place, step): step for step in steps}
        for future in completed(futures, tick=self._report):
            path = futures[future].project.path
            try:
                placed = future.result()
            except DiskFullError:
                raise
            except Sel4BuildError as error:
                self._results.errors[path.text] = error
                self._last = f"{path} failed"
            else:
                self._results.placed[path] = placed
                self._tell(placed)
                self._last = path.text
            self._report()

    def _report(self) -> None:
        """Tell how many projects are done, how much has come, and who is waited for."""
        self._reporter.progress(
            _TASK,
            done=len(self._results.placed) + len(self._results.errors),
            total=len(self._plan.projects),
            detail=describe_transfers(self._means.transfers.snapshot(), self._last),
        )

    def _place(self, step: ProjectStep) -> Placed:
        try:
            with self._means.transfers.running(step.project.path.text):
                return place_project(self._workspace, step, means=self._means)
        except GitError as error:
            project = step.project
            raise explain_remote_error(
                error,
                subject=f"project `{project.name}` ({project.path})",
                url=project.url,
                revision=project.commit,
            ) from error

    def _tell(self, placed: Placed) -> None:
        for note in placed.notes:
            self._reporter.note(note)
        left = placed.left_alone
        if left is not None:
            more = len(left.files) - _MOST_FILES
            names = [*left.files[:_MOST_FILES], *([f"and {more} more"] if more > 0 else [])]
            files = f": {', '.join(names)}" if names else ""
            self._reporter.warn(f"{left}{files}; it is left alone")

    def _write_state(self, *, is_done: bool) -> None:
        """Record what is ours. Before files are laid, those to be laid count as laid."""
        before = self._plan.state
        projects = {each.path: each for each in before.projects if self._is_there(each.path)}
        for placed in self._results.placed.values():
            if placed.left_alone is None:
                projects[placed.project.path] = _synced(placed.project)
        state = SyncState(
            projects=tuple(projects.values()),
            links=self._laying.own_links(is_done=is_done),
            copies=self._laying.own_copies(is_done=is_done),
        )
        write_state(state, self._workspace)

    def _is_there(self, path: RelPath) -> bool:
        return path.below(self._workspace.root).is_dir()


def _synced(project: LockedProject) -> SyncedProject:
    return SyncedProject(
        path=project.path, url=project.url, commit=project.commit, remote=remote_of(project)
    )


def choose_num_jobs(wanted: int | None, lock: Lock) -> int:
    """Return how many projects are placed at once: as the user says, else as the manifest does."""
    by_manifest = None if lock.sync_j is None else min(lock.sync_j, _MOST_JOBS)
    jobs = wanted or by_manifest or max(_FEWEST_JOBS, os.cpu_count() or 1)
    return jobs if lock.sync_j_max is None else min(jobs, lock.sync_j_max)


def _levels(steps: tuple[ProjectStep, ...]) -> Iterator[tuple[ProjectStep, ...]]:
    """Yield the steps so that a project comes in a later level than one that encloses it."""
    paths = {step.project.path.text for step in steps}
    levels: dict[int, list[ProjectStep]] = {}
    for step in steps:
        parts = step.project.path.parts
        above = ("/".join(parts[:length]) for length in range(1, len(parts)))
        levels.setdefault(sum(each in paths for each in above), []).append(step)
    for depth in sorted(levels):
        yield tuple(levels[depth])


def _note_retired(plan: SyncPlan, reporter: Reporter) -> None:
    for path in plan.retired:
        reporter.note(f"`{path}` is no project of the manifest any more; its folder is kept")
