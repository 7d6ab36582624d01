# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Which projects a list of groups selects (git-repo, project.py, MatchesGroups)."""

import re
from collections.abc import Iterable, Sequence

from sel4build.model.manifest import Project

DEFAULT_GROUP = "default"
PLATFORM_GROUP = "platform-linux"
"""git-repo adds the platform of its host; what is built here is built on Linux."""

_SEPARATOR = re.compile(r"[,\s]+")


def split_groups(text: str) -> tuple[str, ...]:
    """Return the groups of a list that is separated by commas or blanks, in order."""
    return tuple(each for each in _SEPARATOR.split(text) if each)


def effective_groups(groups: Sequence[str]) -> tuple[str, ...]:
    """Return the list that counts: without one, `default`; the platform's group comes last.

    Unlike git-repo's, a list may say itself what becomes of that group.
    """
    wanted = tuple(groups) or (DEFAULT_GROUP,)
    if {PLATFORM_GROUP, f"-{PLATFORM_GROUP}"} & set(wanted):
        return wanted
    return (*wanted, PLATFORM_GROUP)


def is_selected(project: Project, groups: Sequence[str]) -> bool:
    """Tell whether the list `groups` of a workspace selects `project`.

    Without a list, that of the submanifest counts which it comes from.
    """
    return matches(project.all_groups, effective_groups(groups or project.default_groups))


def why_nothing_selected(projects: Sequence[Project], groups: Sequence[str]) -> str | None:
    """Say why there is nothing to sync, or None when there is."""
    if select_projects(projects, groups):
        return None
    if not projects:
        return "the manifest names no project"
    wanted = ",".join(groups) or DEFAULT_GROUP
    return f"the groups `{wanted}` select none of {len(projects)} projects"


def matches(of_project: frozenset[str], groups: Sequence[str]) -> bool:
    """Tell whether a list selects a project of the groups `of_project`.

    The list is read from left to right; `-GROUP` takes away what came before.
    """
    selected = False
    for group in groups:
        if group.startswith("-") and group[1:] in of_project:
            selected = False
        elif group in of_project:
            selected = True
    return selected


def select_projects(projects: Iterable[Project], groups: Sequence[str]) -> tuple[Project, ...]:
    """Return the projects that the list `groups` selects, in their order."""
    return tuple(each for each in projects if is_selected(each, groups))
