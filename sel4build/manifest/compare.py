# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What differs between two sets of projects."""

from collections.abc import Iterable
from dataclasses import dataclass

from sel4build.model.manifest import Project
from sel4build.model.paths import RelPath

_COMPARED = (
    "name",
    "url",
    "revision",
    "upstream",
    "groups",
    "links",
    "copies",
    "annotations",
    "clone_depth",
    "push_url",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectChange:
    """A project that is in both, and differs; a path that differs means that it was moved."""

    old: Project
    new: Project

    @property
    def is_moved(self) -> bool:
        """True when it lies elsewhere."""
        return self.old.path != self.new.path

    @property
    def fields(self) -> tuple[str, ...]:
        """What differs beside the path."""
        return tuple(
            name.replace("_", "-")
            for name in _COMPARED
            if getattr(self.old, name) != getattr(self.new, name)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestChanges:
    """The differences, each kind by path."""

    added: tuple[Project, ...]
    removed: tuple[Project, ...]
    moved: tuple[ProjectChange, ...]
    changed: tuple[ProjectChange, ...]


def compare_projects(old: Iterable[Project], new: Iterable[Project]) -> ManifestChanges:
    """Return what has to happen to `old` to become `new`.

    A project that goes and one of the same URL that comes are one that moved.
    """
    before = {each.path: each for each in old}
    after = {each.path: each for each in new}
    removed = [before[path] for path in sorted(before.keys() - after.keys())]
    added = [after[path] for path in sorted(after.keys() - before.keys())]
    by_url: dict[str, list[Project]] = {}
    for each in added:
        by_url.setdefault(each.url, []).append(each)
    moved: dict[RelPath, ProjectChange] = {}
    for gone in removed:
        come = _take(by_url.get(gone.url, []), gone)
        if come is not None:
            moved[gone.path] = ProjectChange(old=gone, new=come)
    arrived = {each.new.path for each in moved.values()}
    both = (
        ProjectChange(old=before[path], new=after[path])
        for path in sorted(before.keys() & after.keys())
    )
    return ManifestChanges(
        added=tuple(each for each in added if each.path not in arrived),
        removed=tuple(each for each in removed if each.path not in moved),
        moved=tuple(moved.values()),
        changed=tuple(each for each in both if each.fields),
    )


def _take(projects: list[Project], wanted: Project) -> Project | None:
    """Take the one of `projects` that is at the same revision, else the first."""
    exact = (each for each in projects if each.revision == wanted.revision)
    found = next(exact, projects[0] if projects else None)
    if found is not None:
        projects.remove(found)
    return found
