# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`explain`, `doctor` and `status`."""

from typing import TYPE_CHECKING

import typer

from sel4build.cli.options import Targets, WorkspaceDir
from sel4build.cli.session import Invocation
from sel4build.errors import ExitCode

if TYPE_CHECKING:
    from sel4build.api.doctoring import Finding
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


def doctor(
    context: typer.Context, targets: Targets = None, *, workspace: WorkspaceDir = None
) -> int:
    """Look for what targets need on this host."""
    from sel4build.api.doctoring import examine

    session = context.ensure_object(Invocation).session()
    findings = examine(session.context, workspace, tuple(targets or ()))
    session.show(
        "doctor",
        {"findings": [_finding_record(each) for each in findings]},
        lambda: "".join(_finding_text(each) for each in findings),
    )
    return ExitCode.OK if all(each.found for each in findings) else ExitCode.ENVIRONMENT


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


def _finding_record(finding: "Finding") -> dict[str, object]:
    return {
        "what": finding.what,
        "found": finding.found,
        "detail": finding.detail,
        "why": finding.why,
        "cure": finding.cure,
    }


def _finding_text(finding: "Finding") -> str:
    if finding.found:
        return f"found    {finding.what}: {finding.detail}\n"
    cure = f"; run `{finding.cure}`" if finding.cure else ""
    return f"missing  {finding.what}: {finding.detail}, needed for {finding.why}{cure}\n"
