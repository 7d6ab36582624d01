# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`explain` and `status`."""

from typing import TYPE_CHECKING

import typer

from sel4build.cli.options import Targets, WorkspaceDir
from sel4build.cli.session import Invocation

if TYPE_CHECKING:
    from sel4build.api.explaining import Explanation


def explain(
    context: typer.Context, targets: Targets = None, *, workspace: WorkspaceDir = None
) -> None:
    """Show every setting and who says so.

    The plain commands at the end do the same by hand.
    """
    from sel4build.api.explaining import explain_targets
    from sel4build.api.finding import open_workspace

    session = context.ensure_object(Invocation).session()
    place = open_workspace(session.context, workspace)
    explanations = explain_targets(session.context, place, tuple(targets or ()))
    session.show(
        "explain",
        {"targets": [_explanation_record(each) for each in explanations]},
        lambda: "\n".join(_explanation_text(each) for each in explanations),
    )


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
            "projects": [
                {"path": each.path, "state": each.state, "detail": each.detail}
                for each in found.projects
            ],
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
            + "".join(
                f"{each.path}: {each.state}{', ' if each.detail else ''}{each.detail}\n"
                for each in found.projects
            )
            + "".join(
                f"{each.target}: {'configured' if each.is_configured else 'not configured'}, "
                f"{'packaged' if each.is_packaged else 'not packaged'}\n"
                for each in found.targets
            )
        ),
    )


def _explanation_record(explanation: "Explanation") -> dict[str, object]:
    return {
        "target": str(explanation.target.id),
        "settings": [
            {"name": each.name, "value": each.value, "source": each.source}
            for each in explanation.settings
        ],
        "toolchain": dict(explanation.configuration.toolchain),
        "build-dir": str(explanation.configuration.build_dir),
        "commands": list(explanation.commands),
    }


def _explanation_text(explanation: "Explanation") -> str:
    from sel4build.console.render import render_table

    table = render_table(
        ("variable", "value", "from"),
        [(each.name, each.value, each.source) for each in explanation.settings],
    )
    commands = "".join(f"{command}\n" for command in explanation.commands)
    return f"{explanation.target.id}\n\n{table}\n{commands}"
