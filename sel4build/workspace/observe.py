# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What lies in a workspace now, read without starting git: a few file operations a project."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sel4build.model.lock import Lock
from sel4build.model.manifest import CommitId, LinkFile, is_commit_id
from sel4build.model.paths import RelPath
from sel4build.model.workspace import Workspace
from sel4build.workspace.copies import ObservedCopy, digest_of, observe_copy
from sel4build.workspace.obstruction import why_obstructed
from sel4build.workspace.patterns import expand_pattern
from sel4build.workspace.state import SyncState, load_state

MARK = "sel4build-sync"
"""File in a `.git` that says that a sync is at work there; it outlives a kill."""

_BRANCH = "ref: refs/heads/"
_MOST_BYTES = 4096


class Phase(StrEnum):
    """How far a sync of one project had come."""

    CREATING = "creating"
    """Objects are there; files are being placed in a folder that had none."""
    FETCHING = "fetching"
    """Nothing of the work tree has been touched."""
    MOVING = "moving"
    """Files are being changed from one commit to another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A sync of a project that did not come to its end."""

    phase: Phase
    old: CommitId | None = None
    new: CommitId | None = None


class Presence(StrEnum):
    """What is at a place."""

    ABSENT = "absent"
    REPOSITORY = "repository"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedProject:
    """What is at the path of a project."""

    presence: Presence
    head: CommitId | None = None
    """The commit of a detached HEAD."""
    branch: str | None = None
    mark: Mark | None = None
    reason: str = ""
    """With OTHER: what is in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedLink:
    """What is at the place of a link."""

    presence: Presence
    target: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A workspace as a sync finds it."""

    projects: Mapping[RelPath, ObservedProject] = field(default_factory=dict)
    links: Mapping[RelPath, ObservedLink] = field(default_factory=dict)
    """At the places of the lock's links and of those that an earlier sync has laid."""
    matches: Mapping[tuple[RelPath, LinkFile], tuple[LinkFile, ...]] = field(default_factory=dict)
    """What each pattern of the project at a path means now."""
    copies: Mapping[RelPath, ObservedCopy] = field(default_factory=dict)
    """As `links`."""
    sources: Mapping[tuple[RelPath, RelPath], str | None] = field(default_factory=dict)
    """The digest of the file to copy, by the paths of its project and in it."""
    state: SyncState = field(default_factory=SyncState)
    present: frozenset[RelPath] = frozenset()
    """Paths of projects of an earlier sync that are still folders."""


def observe_workspace(workspace: Workspace, lock: Lock) -> Observed:
    """Look at the places that `lock` and the last sync name."""
    root = workspace.root
    state = load_state(workspace)
    paths = frozenset(each.path for each in lock.projects)
    matches = {
        (each.path, link): expand_pattern(each.path.below(root), link)
        for each in lock.projects
        for link in each.links
        if link.is_pattern
    }
    dests = {link.dest for each in lock.projects for link in each.links if not link.is_pattern}
    dests |= {link.dest for links in matches.values() for link in links}
    dests |= {each.dest for each in state.links}
    copies = {(each.path, copy) for each in lock.projects for copy in each.copies}
    copy_dests = {copy.dest for _path, copy in copies} | {each.dest for each in state.copies}
    return Observed(
        projects={path: observe_project(root, path, among=paths) for path in sorted(paths)},
        links={dest: observe_link(root, dest) for dest in sorted(dests)},
        matches=matches,
        copies={dest: observe_copy(root, dest) for dest in sorted(copy_dests)},
        sources={
            (path, copy.src): digest_of(path.below(root) / copy.src.text) for path, copy in copies
        },
        state=state,
        present=frozenset(each.path for each in state.projects if (root / each.path.text).is_dir()),
    )


def observe_project(root: Path, path: RelPath, *, among: frozenset[RelPath]) -> ObservedProject:
    """Look at the path of a project; `among` are the paths of all projects."""
    reason = why_obstructed(root, path)
    if reason is not None:
        return ObservedProject(presence=Presence.OTHER, reason=reason)
    work_tree = path.below(root)
    git_dir = work_tree / ".git"
    if git_dir.is_dir():
        return _observe_repository(git_dir)
    if os.path.lexists(git_dir):
        return _observe_git_file(git_dir)
    try:
        is_free = not work_tree.is_dir() or _holds_only_projects(work_tree, path, among)
    except OSError as error:
        reason = f"cannot be looked at: {error.strerror}"
        return ObservedProject(presence=Presence.OTHER, reason=reason)
    if not is_free:
        reason = "is a folder with files that do not come from a sync"
        return ObservedProject(presence=Presence.OTHER, reason=reason)
    return ObservedProject(presence=Presence.ABSENT)


def write_mark(git_dir: Path, mark: Mark) -> None:
    """Write down that a sync is at work in this repository; raises OSError."""
    text = "\n".join([mark.phase, mark.old or "-", mark.new or "-", ""])
    beside = git_dir / f"{MARK}.new"
    beside.write_text(text)
    beside.replace(git_dir / MARK)


def remove_mark(git_dir: Path) -> None:
    """Write down that the sync has come to its end; raises OSError."""
    (git_dir / MARK).unlink(missing_ok=True)


def _observe_repository(git_dir: Path) -> ObservedProject:
    head = _first_line(git_dir / "HEAD")
    return ObservedProject(
        presence=Presence.REPOSITORY,
        head=CommitId(head) if is_commit_id(head) else None,
        branch=head.removeprefix(_BRANCH) if head.startswith(_BRANCH) else None,
        mark=_read_mark(git_dir),
    )


def _observe_git_file(git_file: Path) -> ObservedProject:
    """Look at what is no folder: the file of a submodule that `repo` or git made, if anything."""
    prefix, _blank, place = _first_line(git_file).partition(" ")
    is_file = prefix == "gitdir:" and bool(place) and not git_file.is_symlink()
    head = _first_line(git_file.parent / place / "HEAD") if is_file else ""
    if not is_commit_id(head):
        reason = "has a `.git` that leads to no folder"
        return ObservedProject(presence=Presence.OTHER, reason=reason)
    reason = "has a `.git` file of `repo` or `git submodule`, and is at another commit"
    return ObservedProject(presence=Presence.OTHER, head=CommitId(head), reason=reason)


def _read_mark(git_dir: Path) -> Mark | None:
    text = _read(git_dir / MARK)
    if text is None:
        return None
    phase, _, rest = text.partition("\n")
    old, _, rest = rest.partition("\n")
    new = rest.strip()
    if phase not in set(Phase):
        return Mark(phase=Phase.FETCHING)
    return Mark(
        phase=Phase(phase),
        old=CommitId(old) if is_commit_id(old) else None,
        new=CommitId(new) if is_commit_id(new) else None,
    )


def observe_link(root: Path, dest: RelPath) -> ObservedLink:
    """Look at the place of a link."""
    if len(dest.parts) > 1:
        reason = why_obstructed(root, RelPath("/".join(dest.parts[:-1])))
        if reason is not None:
            return ObservedLink(presence=Presence.OTHER, reason=reason)
    place = dest.below(root)
    if place.is_symlink():
        return ObservedLink(presence=Presence.LINK, target=os.readlink(place))  # noqa: PTH115  the text itself
    if place.exists():
        kind = "folder" if place.is_dir() else "file"
        reason = f"is a {kind} that does not come from a sync"
        return ObservedLink(presence=Presence.OTHER, reason=reason)
    return ObservedLink(presence=Presence.ABSENT)


def _holds_only_projects(folder: Path, path: RelPath, among: frozenset[RelPath]) -> bool:
    """Tell whether all that `folder` holds are the folders of other projects."""
    with os.scandir(folder) as entries:
        found = [(each.name, each.is_dir(follow_symlinks=False)) for each in entries]
    for name, is_folder in found:
        inner = RelPath(f"{path}/{name}")
        if inner in among and is_folder:
            continue
        leads = is_folder and any(each.text.startswith(f"{inner}/") for each in among)
        if not leads or not _holds_only_projects(folder / name, inner, among):
            return False
    return True


def _first_line(path: Path) -> str:
    return (_read(path) or "").partition("\n")[0]


def _read(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode(errors="replace")
    except OSError:
        return None
