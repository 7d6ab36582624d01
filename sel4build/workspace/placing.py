# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Bring one project to its commit, so that a kill at any moment can be made good.

A new repository is filled below `.sel4build/`, renamed to its home when it is whole, and linked to
from `PATH/.git`; a mark in it says that the files are not placed yet. A repository that is there
gets a mark before anything changes. Work of the user's is never touched: then the project is left
alone.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sel4build.errors import Sel4BuildError
from sel4build.git.backup import back_up, keep_head
from sel4build.git.client import Git
from sel4build.git.failure import Cause, GitError
from sel4build.git.remotes import GitRemote
from sel4build.git.repository import Repository
from sel4build.git.supply import Supplier, Wanted
from sel4build.git.transfers import Transfers
from sel4build.model.lock import LockedProject
from sel4build.model.manifest import CommitId
from sel4build.model.paths import RelPath
from sel4build.model.workspace import Workspace
from sel4build.workspace.observe import (
    Mark,
    Phase,
    Presence,
    observe_project,
    remove_mark,
    write_mark,
)
from sel4build.workspace.plan import Action, ProjectStep
from sel4build.workspace.remote import remote_of
from sel4build.workspace.user_work import UserWork, find_user_work
from sel4build.writing import explaining_os_errors

_STAGING = "fetch"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAlone:
    """A place that a sync did not touch, since it holds what is not ours."""

    path: str
    reason: str
    work: UserWork | None = None
    """What the user has under way, where that is the reason."""

    @property
    def files(self) -> tuple[str, ...]:
        """The changed files, where they are a reason."""
        return self.work.files if self.work is not None else ()

    def __str__(self) -> str:
        """Name the place and the reason."""
        return f"`{self.path}` {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What became of a project: at its commit, or left alone."""

    project: LockedProject
    has_moved: bool = False
    left_alone: LeftAlone | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What all projects of one sync are placed with."""

    git: Git
    supplier: Supplier
    transfers: Transfers
    clock: Callable[[], datetime]
    among: frozenset[RelPath]
    """The paths of all projects."""


def place_project(workspace: Workspace, step: ProjectStep, *, means: Means) -> Placed:
    """Do the step; raises GitError, or EnvironmentLacksError where files cannot be written."""
    placer = _Placer(workspace, step, means)
    match step.action:
        case Action.KEEP:
            return Placed(project=step.project)
        case Action.BLOCKED:
            return placer.left_alone(step.reason)
        case Action.CREATE:
            return placer.create()
        case Action.MOVE:
            return placer.move(is_forced=step.is_forced)
        case Action.FINISH:
            return placer.finish(step.mark or Mark(phase=Phase.FETCHING), is_forced=step.is_forced)


def staging_dir(workspace: Workspace, path: RelPath) -> Path:
    """Return the folder in which the repository of the project at `path` is filled."""
    key = hashlib.sha256(path.text.encode()).hexdigest()[:16]
    return workspace.state_dir / _STAGING / key


def remove_staging(workspace: Workspace) -> None:
    """Remove what syncs have begun to fetch; for the end of one that came through."""
    shutil.rmtree(workspace.state_dir / _STAGING, ignore_errors=True)


class _Placer:
    """One project on its way."""

    def __init__(self, workspace: Workspace, step: ProjectStep, means: Means) -> None:
        project = step.project
        self._workspace = workspace
        self._root = workspace.root
        self._project = project
        self._known = step.known
        known = None if step.known is None else step.known.remote
        self._before = located_remote(means.git, known, workspace.root)
        self._means = means
        git = means.git
        self._repository = Repository(git=git, work_tree=project.path.below(workspace.root))
        self._home = workspace.git_home(project.path)
        self._remote = located_remote(git, remote_of(project), workspace.root)
        self._notes: list[str] = []
        self._staging = Repository(git=git, work_tree=staging_dir(workspace, project.path))

    def create(self) -> Placed:
        """Fetch, put the repository in its place, place the files."""
        # Looked at again: a project that encloses this one has placed its files since.
        found = observe_project(self._root, self._project.path, among=self._means.among)
        if found.presence is not Presence.ABSENT:
            return self.left_alone(found.reason or "is a repository by now")
        # A home that is there is of a project whose folder was deleted, perhaps after a kill.
        was_home = self._home.is_dir()
        if not was_home:
            self._fetch_to_home()
        with explaining_os_errors(self._repository.work_tree):
            write_mark(self._home, Mark(phase=Phase.CREATING, new=self._project.commit))
            self._repository.work_tree.mkdir(parents=True, exist_ok=True)
            link = os.path.relpath(self._home, self._repository.work_tree)
            self._repository.git_dir.symlink_to(link)
        if was_home:
            self._repository.remove_stale_files()
            self._keep_lost_commits()
            self._obtain(self._repository)
            self._repository.set_remote(self._remote, before=self._before)
        return self._check_out(force=True)

    def move(self, *, is_forced: bool = False) -> Placed:
        """Bring a finished repository to another commit, unless the user is at work in it.

        With `is_forced`, what the user has done is backed up and taken away.
        """
        repository = self._repository
        head = repository.head_commit()
        is_there = head == self._project.commit
        left = self._why_left_alone() if is_forced or not is_there else None
        is_reset = left is not None and is_forced and repository.find_operation() is None
        if left is not None and not is_reset:
            return left
        if not is_there:
            self._mark(Phase.FETCHING)
            try:
                self._obtain(repository)
            except Sel4BuildError:
                self._unmark()  # git has ended by itself and left nothing half done
                raise
        repository.set_remote(self._remote, before=self._before)
        if is_there and not is_reset:
            return Placed(project=self._project)
        if is_reset:
            self._back_up()
        self._mark(Phase.MOVING, old=head)
        if is_reset:
            repository.reset()
        return self._check_out()

    def finish(self, mark: Mark, *, is_forced: bool) -> Placed:
        """Go on where a killed run has stopped."""
        repository = self._repository
        repository.remove_stale_files()
        if mark.phase is Phase.FETCHING:
            self._unmark()
            return self.move(is_forced=is_forced)
        if mark.phase is Phase.MOVING and mark.old is not None and mark.new is not None:
            foreign = set(repository.changed_files()) - repository.files_between(mark.old, mark.new)
            if foreign and not is_forced:
                return self._left_to_user(UserWork(files=tuple(sorted(foreign))))
            if foreign:
                self._back_up()
            kept = repository.rescue_changes(f"interrupted-{mark.new}")
            if kept is not None:
                path = self._project.path
                self._notes.append(
                    f"`{path}`: half-moved files of an interrupted sync are kept as `{kept}`"
                )
        self._obtain(repository)
        repository.set_remote(self._remote, before=self._before)
        return self._check_out(force=True)

    def left_alone(self, reason: str, work: UserWork | None = None) -> Placed:
        """Return that the project was not touched."""
        left = LeftAlone(path=self._project.path.text, reason=reason, work=work)
        return Placed(project=self._project, left_alone=left, notes=tuple(self._notes))

    def _fetch_to_home(self) -> None:
        """Fill a repository aside, and put it in its home when it is whole."""
        staging = self._staging
        if staging.git_dir.is_dir():
            staging.remove_stale_files()
        staging.create(self._remote)
        self._obtain(staging)
        with explaining_os_errors(self._home):
            self._home.parent.mkdir(parents=True, exist_ok=True)
            staging.git_dir.rename(self._home)
            staging.work_tree.rmdir()

    def _why_left_alone(self) -> Placed | None:
        work = find_user_work(
            self._repository,
            known=None if self._known is None else self._known.commit,
            is_project=self._is_submodule,
        )
        return self._left_to_user(work) if work.is_reason else None

    def _left_to_user(self, work: UserWork) -> Placed:
        return self.left_alone(str(work), work)

    def _is_submodule(self, file: str) -> bool:
        """Tell whether a changed entry is a submodule that syncs place."""
        place = RelPath(f"{self._project.path}/{file}")
        return self._project.sync_s and self._workspace.git_home(place).is_dir()

    def _obtain(self, repository: Repository) -> None:
        if not self._means.supplier.supply(repository.git_dir, wanted_of(self._project)):
            self._notes.append(
                f"`{self._project.path}`: its remote lacks parts of the history, "
                "so the commit was fetched without it"
            )

    def _back_up(self) -> None:
        kept = back_up(self._repository, time=self._time())
        self._notes.append(f"`{self._project.path}`: what you had there is kept as `{kept}`")

    def _keep_lost_commits(self) -> None:
        """Keep what the user committed in a folder that was deleted, where no branch leads to."""
        with contextlib.suppress(GitError):  # one that is damaged is made whole below
            kept = keep_head(self._repository, time=self._time())
            if kept is not None:
                path = self._project.path
                self._notes.append(
                    f"`{path}` was deleted: the local commits it was at are kept as `{kept}`"
                )

    def _time(self) -> str:
        return self._means.clock().strftime("%Y%m%dT%H%M%SZ")

    def _check_out(self, *, force: bool = False) -> Placed:
        try:
            if not _check_out(self._repository, self._project, self._means.supplier, force=force):
                self._notes.append(
                    f"`{self._project.path}`: its objects were damaged and were fetched again"
                )
        except GitError as error:
            if force or error.cause not in {Cause.IN_THE_WAY, Cause.LOCKED}:
                raise
            self._unmark()  # git refused before it touched a file
            if error.cause is Cause.LOCKED:
                return self.left_alone("is in use by another git")
            if not error.files:
                return self.left_alone(f"has files in the way: {error.reason}")
            return self.left_alone("has files in the way", UserWork(files=error.files))
        self._unmark()
        return Placed(project=self._project, has_moved=True, notes=tuple(self._notes))

    def _mark(self, phase: Phase, *, old: CommitId | None = None) -> None:
        with explaining_os_errors(self._repository.git_dir):
            write_mark(
                self._repository.git_dir, Mark(phase=phase, old=old, new=self._project.commit)
            )

    def _unmark(self) -> None:
        with explaining_os_errors(self._repository.git_dir):
            remove_mark(self._repository.git_dir)


def wanted_of(project: LockedProject) -> Wanted:
    """Return what has to be brought for a project."""
    return Wanted(
        commit=project.commit,
        url=project.url,
        upstream=project.upstream,
        name=project.name,
        path=project.path.text,
        remote_name=project.remote,
        depth=project.clone_depth,
        has_tags=project.sync_tags,
    )


def _check_out(
    repository: Repository, project: LockedProject, supplier: Supplier, *, force: bool
) -> bool:
    """Check out; of objects that cannot be read, once more with others. Tell if the first did."""
    try:
        repository.check_out(project.commit, force=force)
    except GitError as error:
        if error.cause is not Cause.CORRUPT:
            raise
        supplier.supply_anew(repository.git_dir, wanted_of(project))
        repository.check_out(project.commit, force=force)
        return False
    return True


def located_remote(git: Git, remote: GitRemote | None, root: Path) -> GitRemote | None:
    """Return a remote with the URL that git is given from anywhere."""
    return None if remote is None else replace(remote, url=git.locate(remote.url, base_dir=root))
