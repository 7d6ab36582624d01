# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a sync has to do: pure, from the lock and what was observed."""

import posixpath
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sel4build.model.lock import Lock, LockedProject
from sel4build.model.manifest import LinkFile
from sel4build.model.paths import RelPath
from sel4build.workspace.observe import Mark, Observed, ObservedLink, ObservedProject, Presence
from sel4build.workspace.state import LaidLink, SyncState


class Action(StrEnum):
    """What to do about a project or a link."""

    KEEP = "keep"
    CREATE = "create"
    FINISH = "finish"
    """Complete what a killed run has begun."""
    MOVE = "move"
    BLOCKED = "blocked"
    """Something that is not ours is in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStep:
    """What to do about a project."""

    project: LockedProject
    action: Action
    mark: Mark | None = None
    reason: str = ""
    is_forced: bool = False
    """Changes of the user's do not keep it where it is; they are backed up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStep:
    """What to do about a link; `target` is its text."""

    project: LockedProject
    link: LinkFile
    target: str
    action: Action
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPlan:
    """All that a sync has to do."""

    projects: tuple[ProjectStep, ...]
    """Projects that enclose others come before those."""
    links: tuple[LinkStep, ...]
    stale_links: tuple[LaidLink, ...] = ()
    """Links of an earlier sync that the lock asks for no more."""
    retired: tuple[RelPath, ...] = ()
    """Projects of an earlier sync that the lock names no more; they are kept."""
    state: SyncState = field(default_factory=SyncState)

    @property
    def is_empty(self) -> bool:
        """True when the workspace equals the lock already."""
        actions = {each.action for each in self.projects} | {each.action for each in self.links}
        return not self.stale_links and actions <= {Action.KEEP}


def plan_sync(
    lock: Lock, observed: Observed, *, forced: frozenset[RelPath] = frozenset()
) -> SyncPlan:
    """Return what makes the observed workspace equal to `lock`.

    The projects of `forced` are brought there even if the user has changed them.
    """
    urls = {each.path: each.url for each in observed.state.projects}
    ordered = sorted(lock.projects, key=lambda project: (len(project.path.parts), project.path))
    dests = {link.dest for each in lock.projects for link in each.links}
    paths = {each.path for each in lock.projects}
    laid = {each.dest: each.target for each in observed.state.links}
    roots = tuple(sorted(path.text for path in {*paths, *urls}))
    return SyncPlan(
        projects=tuple(
            _forced(step) if step.project.path in forced else step
            for step in (
                _project_step(each, observed.projects[each.path], known_url=urls.get(each.path))
                for each in ordered
            )
        ),
        links=tuple(
            _link_step(each, link, observed.links[link.dest], laid=laid, roots=roots)
            for each in ordered
            for link in each.links
        ),
        stale_links=tuple(
            each
            for each in observed.state.links
            if each.dest not in dests and observed.links[each.dest].target == each.target
        ),
        retired=tuple(sorted(observed.present - paths)),
        state=observed.state,
    )


def link_target(path: RelPath, link: LinkFile) -> str:
    """Return the text of the symbolic link at `link.dest`: relative, as git-repo writes it."""
    source = path.text if link.src.text == "." else f"{path}/{link.src}"
    return posixpath.relpath(source, posixpath.dirname(link.dest.text) or ".")


def _project_step(
    project: LockedProject, found: ObservedProject, *, known_url: str | None
) -> ProjectStep:
    if found.presence is Presence.OTHER:
        return ProjectStep(project=project, action=Action.BLOCKED, reason=found.reason)
    if found.presence is Presence.ABSENT:
        return ProjectStep(project=project, action=Action.CREATE)
    if found.mark is not None:
        return ProjectStep(project=project, action=Action.FINISH, mark=found.mark)
    is_same_url = known_url in {None, project.url}
    if found.head == project.commit and is_same_url:
        return ProjectStep(project=project, action=Action.KEEP)
    return ProjectStep(project=project, action=Action.MOVE)


def _forced(step: ProjectStep) -> ProjectStep:
    action = Action.MOVE if step.action is Action.KEEP else step.action
    return replace(step, action=action, is_forced=True)


def _link_step(
    project: LockedProject,
    link: LinkFile,
    found: ObservedLink,
    *,
    laid: dict[RelPath, str],
    roots: tuple[str, ...],
) -> LinkStep:
    target = link_target(project.path, link)
    action, reason = Action.CREATE, ""
    if found.presence is Presence.OTHER:
        action, reason = Action.BLOCKED, found.reason
    elif found.target == target:
        action = Action.KEEP
    elif found.target is not None and not _is_ours(link.dest, found.target, laid, roots):
        action, reason = Action.BLOCKED, "is a symbolic link that does not come from a sync"
    return LinkStep(project=project, link=link, target=target, action=action, reason=reason)


def _is_ours(dest: RelPath, target: str, laid: dict[RelPath, str], roots: tuple[str, ...]) -> bool:
    """Tell whether a sync has laid the link, or any sync could have: it leads into a project."""
    if laid.get(dest) == target:
        return True
    source = posixpath.normpath(posixpath.join(posixpath.dirname(dest.text), target))
    return any(source == root or source.startswith(f"{root}/") for root in roots)
