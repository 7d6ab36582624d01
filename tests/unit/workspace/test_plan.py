# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of what a sync decides to do."""

import pytest

from sel4build.model.lock import LockedProject
from sel4build.model.manifest import CommitId, LinkFile
from sel4build.model.paths import RelPath
from sel4build.workspace.observe import (
    Mark,
    Observed,
    ObservedLink,
    ObservedProject,
    Phase,
    Presence,
)
from sel4build.workspace.plan import Action, SyncPlan, link_target, plan_sync
from sel4build.workspace.state import LaidLink, SyncedProject, SyncState
from tests.kit.locks import a_lock, a_locked_project

_COMMIT = CommitId("a" * 40)
_AT_COMMIT = ObservedProject(presence=Presence.REPOSITORY, head=_COMMIT)
_NO_LINK = ObservedLink(presence=Presence.ABSENT)


def _plan(
    found: ObservedProject,
    *,
    project: LockedProject | None = None,
    link: ObservedLink = _NO_LINK,
    state: SyncState | None = None,
) -> SyncPlan:
    project = project or a_locked_project()
    observed = Observed(
        projects={project.path: found},
        links={each.dest: link for each in project.links},
        state=state or SyncState(),
    )
    return plan_sync(a_lock(project), observed)


@pytest.mark.parametrize(
    ("found", "action"),
    [
        (_AT_COMMIT, Action.KEEP),
        (ObservedProject(presence=Presence.ABSENT), Action.CREATE),
        (ObservedProject(presence=Presence.OTHER, reason="is odd"), Action.BLOCKED),
        (ObservedProject(presence=Presence.REPOSITORY, head=CommitId("b" * 40)), Action.MOVE),
        (ObservedProject(presence=Presence.REPOSITORY, branch="topic"), Action.MOVE),
        (
            ObservedProject(
                presence=Presence.REPOSITORY, head=_COMMIT, mark=Mark(phase=Phase.MOVING)
            ),
            Action.FINISH,
        ),
    ],
)
def test_what_is_found_decides(found: ObservedProject, action: Action) -> None:
    plan = _plan(found)

    assert plan.projects[0].action is action
    assert plan.is_empty is (action is Action.KEEP)


def test_another_url_at_the_same_commit_is_work() -> None:
    synced = SyncedProject(path=RelPath("projects/a"), url="https://old/a.git", commit=_COMMIT)

    plan = _plan(_AT_COMMIT, state=SyncState(projects=(synced,)))

    assert plan.projects[0].action is Action.MOVE


def test_projects_that_enclose_others_come_first() -> None:
    projects = (a_locked_project("a/b/c"), a_locked_project("b"), a_locked_project("a"))
    observed = Observed(projects={each.path: _AT_COMMIT for each in projects})

    plan = plan_sync(a_lock(*projects), observed)

    assert [step.project.path.text for step in plan.projects] == ["a", "b", "a/b/c"]


@pytest.mark.parametrize(
    ("path", "src", "dest", "target"),
    [
        ("p/a", "x", "x", "p/a/x"),
        ("p/a", "d/x", "l/m/x", "../../p/a/d/x"),
        ("p/a", ".", "l", "p/a"),
        ("p/a", "x", "p/y", "a/x"),
    ],
)
def test_links_are_relative(path: str, src: str, dest: str, target: str) -> None:
    link = LinkFile(src=RelPath(src), dest=RelPath(dest))

    assert link_target(RelPath(path), link) == target


@pytest.mark.parametrize(
    ("found", "action"),
    [
        (_NO_LINK, Action.CREATE),
        (ObservedLink(presence=Presence.LINK, target="projects/a/x"), Action.KEEP),
        (ObservedLink(presence=Presence.LINK, target="projects/a/old"), Action.CREATE),
        (ObservedLink(presence=Presence.LINK, target="laid/before"), Action.CREATE),
        (ObservedLink(presence=Presence.LINK, target="/home/user/x"), Action.BLOCKED),
        (ObservedLink(presence=Presence.OTHER, reason="is a file"), Action.BLOCKED),
    ],
)
def test_only_links_of_ours_are_replaced(found: ObservedLink, action: Action) -> None:
    project = a_locked_project(links=(("x", "y"),))
    laid = SyncState(links=(LaidLink(dest=RelPath("y"), target="laid/before"),))

    plan = _plan(_AT_COMMIT, project=project, link=found, state=laid)

    assert plan.links[0].action is action


def test_a_link_that_is_asked_for_no_more_is_stale_while_it_is_still_ours() -> None:
    ours = LaidLink(dest=RelPath("old"), target="projects/a/x")
    replaced = LaidLink(dest=RelPath("new"), target="projects/a/x")
    observed = Observed(
        projects={RelPath("projects/a"): _AT_COMMIT},
        links={
            ours.dest: ObservedLink(presence=Presence.LINK, target=ours.target),
            replaced.dest: ObservedLink(presence=Presence.OTHER, reason="is a file"),
        },
        state=SyncState(links=(ours, replaced)),
    )

    plan = plan_sync(a_lock(), observed)

    assert plan.stale_links == (ours,)
    assert not plan.is_empty


def test_a_project_that_is_named_no_more_is_retired_while_it_is_there() -> None:
    observed = Observed(
        projects={RelPath("projects/a"): _AT_COMMIT}, present=frozenset({RelPath("old")})
    )

    assert plan_sync(a_lock(), observed).retired == (RelPath("old"),)
