# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`status`."""

from typing import TYPE_CHECKING

import typer

from sel4build.cli.options import WorkspaceDir
from sel4build.cli.session import Invocation

if TYPE_CHECKING:
    from sel4build.api.surveying import ProjectState

_SHORT = 12


def status(context: typer.Context, *, workspace: WorkspaceDir = None) -> None:
    """Show the state of projects and targets."""
    from sel4build.api.finding import open_workspace
    from sel4build.api.surveying import survey

    session = context.ensure_object(Invocation).session()
    place = open_workspace(session.context, workspace)
    found = survey(session.context, place)
    session.show(
        "status",
        {
            "workspace": str(place.root),
            "manifest": str(found.manifest),
            "projects": [_project_record(each) for each in found.projects],
            "targets": [
                {
                    "target": each.target,
                    "configured": each.is_configured,
                    "packaged": each.is_packaged,
                }
                for each in found.targets
            ],
        },
        lambda: (
            f"workspace {place.root}, manifest {found.manifest}\n"
            + "".join(_project_text(each) for each in found.projects)
            + "".join(
                f"{each.target}: {'configured' if each.is_configured else 'not configured'}, "
                f"{'packaged' if each.is_packaged else 'not packaged'}\n"
                for each in found.targets
            )
        ),
    )


def _project_record(project: "ProjectState") -> dict[str, object]:
    head, distance = project.head, project.distance
    return {
        "path": project.path,
        "state": project.state,
        "detail": project.detail,
        "locked": project.locked,
        "branch": project.branch,
        "head": None
        if head is None
        else {
            "commit": head.commit,
            "date": head.committed_at.isoformat(),
            "author": head.author,
            "subject": head.subject,
        },
        "ahead": None if distance is None else distance.ahead,
        "behind": None if distance is None else distance.behind,
        "local-commits": project.num_local_commits,
        "stashes": project.num_stashes,
        "files": list(project.files),
    }


def _project_text(project: "ProjectState") -> str:
    from sel4build.console.controls import strip_controls

    head = project.head
    words = [project.state, *([project.detail] if project.detail else [])]
    line = f"{project.path}: {', '.join(words)}"
    if head is not None:
        line += f"; {head.commit[:_SHORT]} {head.committed_at:%Y-%m-%d} {head.subject}"
    return f"{strip_controls(line)}\n"
