# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a sync has to do: pure, from the lock and what was observed."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sel4build.model.lock import Lock, LockedProject
from sel4build.model.manifest import CopyFile, LinkFile
from sel4build.model.paths import RelPath
from sel4build.workspace.copies import ObservedCopy
from sel4build.workspace.observe import Mark, Observed, ObservedLink, ObservedProject, Presence
from sel4build.workspace.remote import remote_of
from sel4build.workspace.state import LaidCopy, LaidLink, SyncedProject, SyncState


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
    known: SyncedProject | None = None
    """What is recorded of it: its commit is therefore none of the user's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStep:
    """What to do about a link; `target` is its text."""

    project: LockedProject
    link: LinkFile
    target: str
    action: Action
    reason: str = ""
    is_match: bool = False
    """Comes from a pattern, which may match what no link of ours leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyStep:
    """What to do about a copy; `digest` is that of its source."""

    project: LockedProject
    copy: CopyFile
    digest: str | None
    action: Action
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPlan:
    """All that a sync has to do.

    Links and copies are those of the work trees as they are; see `plan_files_again`.
    """

    lock: Lock
    projects: tuple[ProjectStep, ...]
    """Projects that enclose others come before those."""
    links: tuple[LinkStep, ...]
    stale_links: tuple[LaidLink, ...] = ()
    """Links of an earlier sync that the lock asks for no more."""
    copies: tuple[CopyStep, ...] = ()
    stale_copies: tuple[LaidCopy, ...] = ()
    unmatched: tuple[tuple[LockedProject, LinkFile], ...] = ()
    """Patterns that match nothing."""
    retired: tuple[RelPath, ...] = ()
    """Projects of an earlier sync that the lock names no more; they are kept."""
    state: SyncState = field(default_factory=SyncState)

    @property
    def is_empty(self) -> bool:
        """True when the workspace equals the lock already."""
        actions = {each.action for each in self.projects} | {each.action for each in self.links}
        actions |= {each.action for each in self.copies}
        return not self.stale_links and not self.stale_copies and actions <= {Action.KEEP}


def plan_sync(
    lock: Lock, observed: Observed, *, forced: frozenset[RelPath] = frozenset()
) -> SyncPlan:
    """Return what makes the observed workspace equal to `lock`.

    The projects of `forced` are brought there even if the user has changed them.
    """
    known = {each.path: each for each in observed.state.projects}
    ordered = sorted(lock.projects, key=lambda project: (len(project.path.parts), project.path))
    paths = {each.path for each in lock.projects}
    roots = tuple(sorted(path.text for path in {*paths, *known}))
    links = _link_steps(ordered, observed, roots=roots)
    dests = {step.link.dest for step in links}
    copies = tuple(_copy_steps(ordered, observed))
    return SyncPlan(
        lock=lock,
        projects=tuple(
            _forced(step) if step.project.path in forced else step
            for step in (
                _project_step(each, observed.projects[each.path], known=known.get(each.path))
                for each in ordered
            )
        ),
        links=links,
        stale_links=tuple(
            each
            for each in observed.state.links
            if each.dest not in dests and observed.links[each.dest].target == each.target
        ),
        copies=copies,
        stale_copies=_stale_copies(copies, observed),
        unmatched=tuple(
            (each, link)
            for each in ordered
            for link in each.links
            if link.is_pattern and not observed.matches.get((each.path, link))
        ),
        retired=tuple(sorted(observed.present - paths)),
        state=observed.state,
    )


def plan_files_again(plan: SyncPlan, observed: Observed) -> SyncPlan:
    """Return `plan` with links and copies planned anew, now that the projects are in place.

    Only then is it known what a pattern matches and what a copy has to hold.
    """
    again = plan_sync(plan.lock, observed)
    return replace(
        plan,
        links=again.links,
        stale_links=again.stale_links,
        copies=again.copies,
        stale_copies=again.stale_copies,
        unmatched=again.unmatched,
    )


def link_target(path: RelPath, link: LinkFile) -> str:
    """Return the text of the symbolic link at `link.dest`: relative, as git-repo writes it."""
    source = path.text if link.src.text == "." else f"{path}/{link.src}"
    return posixpath.relpath(source, posixpath.dirname(link.dest.text) or ".")


def _project_step(
    project: LockedProject, found: ObservedProject, *, known: SyncedProject | None
) -> ProjectStep:
    if found.presence is Presence.OTHER and found.head == project.commit:
        return ProjectStep(project=project, action=Action.KEEP, known=known)
    if found.presence is Presence.OTHER:
        return ProjectStep(project=project, action=Action.BLOCKED, reason=found.reason)
    if found.presence is Presence.ABSENT:
        return ProjectStep(project=project, action=Action.CREATE)
    if found.mark is not None:
        return ProjectStep(project=project, action=Action.FINISH, mark=found.mark, known=known)
    is_same_remote = known is None or known.remote == remote_of(project)
    if found.head == project.commit and is_same_remote:
        return ProjectStep(project=project, action=Action.KEEP, known=known)
    return ProjectStep(project=project, action=Action.MOVE, known=known)


def _forced(step: ProjectStep) -> ProjectStep:
    action = Action.MOVE if step.action is Action.KEEP else step.action
    return replace(step, action=action, is_forced=True)


def _link_steps(
    projects: Sequence[LockedProject], observed: Observed, *, roots: tuple[str, ...]
) -> tuple[LinkStep, ...]:
    laid = {each.dest: each.target for each in observed.state.links}
    steps: dict[RelPath, LinkStep] = {}
    twice: list[LinkStep] = []
    for project in projects:
        for link, is_match in _links(project, observed):
            step = _link_step(project, link, observed.links[link.dest], laid=laid, roots=roots)
            step = replace(step, is_match=is_match)
            first = steps.get(link.dest)
            if first is None or first.project is project:  # of a project's own the last one counts
                steps[link.dest] = step
            else:  # only patterns can: the manifest refuses what it can see
                reason = f"is the place of a link of project `{first.project.name}` too"
                twice.append(replace(step, action=Action.BLOCKED, reason=reason))
    return (*steps.values(), *twice)


def _links(project: LockedProject, observed: Observed) -> Iterator[tuple[LinkFile, bool]]:
    """Yield the links of `project`, patterns replaced by what they match, and which those are.

    A link does not replace a copy (git-repo, project.py, _LinkFile).
    """
    copied = {each.dest for each in project.copies}
    for link in project.links:
        if link.is_pattern:
            for match in observed.matches.get((project.path, link), ()):
                yield match, True
        elif link.dest not in copied:
            yield link, False


def _copy_steps(projects: Sequence[LockedProject], observed: Observed) -> Iterator[CopyStep]:
    laid: dict[RelPath, set[str]] = {}
    for each in observed.state.copies:
        laid.setdefault(each.dest, set()).add(each.digest)
    for project in projects:
        copies = {each.dest: each for each in project.copies}  # the last one at a place counts
        for copy in copies.values():
            source = observed.sources.get((project.path, copy.src))
            found = observed.copies[copy.dest]
            action, reason = _copy_action(found, source, laid.get(copy.dest, set()))
            yield CopyStep(project=project, copy=copy, digest=source, action=action, reason=reason)


def _stale_copies(steps: Sequence[CopyStep], observed: Observed) -> tuple[LaidCopy, ...]:
    dests = {step.copy.dest for step in steps}
    return tuple(
        each
        for each in observed.state.copies
        if each.dest not in dests and observed.copies[each.dest].digest == each.digest
    )


def _copy_action(found: ObservedCopy, source: str | None, laid: set[str]) -> tuple[Action, str]:
    if found.reason:
        return Action.BLOCKED, found.reason
    if found.digest is not None and found.digest == source:
        return Action.KEEP, ""
    if found.digest is None or found.digest in laid:
        return Action.CREATE, ""
    changed = "was changed since it was copied" if laid else "is a file that no sync has made"
    return Action.BLOCKED, changed


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
