# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Remove links and copies of an earlier sync from where a project, a link or a copy is to lie."""

import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sel4build.model.lock import Lock
from sel4build.model.paths import RelPath
from sel4build.workspace.copies import remove_copy
from sel4build.workspace.links import remove_link
from sel4build.workspace.plan import SyncPlan
from sel4build.workspace.state import LaidCopy, LaidLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What was removed."""

    links: tuple[RelPath, ...] = ()
    copies: tuple[RelPath, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything was."""
        return bool(self.links or self.copies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacles:
    """Stale files of ours that keep a lock from being laid, each with the place it obstructs."""

    links: tuple[tuple[LaidLink, RelPath], ...] = ()
    copies: tuple[tuple[LaidCopy, RelPath], ...] = ()


def find_obstacles(plan: SyncPlan) -> Obstacles:
    """Return what is stale in `plan` and lies at, above or below a place that its lock wants."""
    if not (plan.stale_links or plan.stale_copies):
        return Obstacles()
    wanted = _wanted(plan.lock)
    return Obstacles(
        links=tuple(
            (each, place)
            for each in plan.stale_links
            if (place := _obstructed(each.dest, wanted)) is not None
        ),
        copies=tuple(
            (each, place)
            for each in plan.stale_copies
            if (place := _obstructed(each.dest, wanted)) is not None
        ),
    )


def clear_way(root: Path, plan: SyncPlan) -> Cleared:
    """Remove the obstacles of `plan`, and folders that are empty without them.

    What is not as a sync laid it stays. A new plan is needed when anything was removed.
    """
    obstacles = find_obstacles(plan)
    links = [pair for pair in obstacles.links if remove_link(root, pair[0])]
    copies = [pair for pair in obstacles.copies if remove_copy(root, pair[0])]
    places = [(each.dest, place) for each, place in links]
    places += [(each.dest, place) for each, place in copies]
    for dest, place in places:
        _remove_empty(root, dest, until=place)
    return Cleared(
        links=tuple(each.dest for each, _place in links),
        copies=tuple(each.dest for each, _place in copies),
    )


def _wanted(lock: Lock) -> frozenset[RelPath]:
    """Return the places that are to be projects, links, copies, or folders of links."""
    places = {project.path for project in lock.projects}
    for project in lock.projects:
        places |= {each.dest for each in project.links} | {each.dest for each in project.copies}
    return frozenset(places)


def _obstructed(dest: RelPath, wanted: Collection[RelPath]) -> RelPath | None:
    """Return a place of `wanted` that something at `dest` obstructs, the outermost one."""
    found = sorted(
        (place for place in wanted if _is_within(place, dest) or _is_within(dest, place)),
        key=lambda place: len(place.parts),
    )
    return found[0] if found else None


def _is_within(inner: RelPath, outer: RelPath) -> bool:
    return inner.parts[: len(outer.parts)] == outer.parts


def _remove_empty(root: Path, dest: RelPath, *, until: RelPath) -> None:
    """Remove the empty folders around `dest`, up to and with `until`."""
    for length in range(len(dest.parts) - 1, len(until.parts) - 1, -1):
        folder = RelPath("/".join(dest.parts[:length])).below(root)
        with contextlib.suppress(OSError):  # something else lies in it
            folder.rmdir()
