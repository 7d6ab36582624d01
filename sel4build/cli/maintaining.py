# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`clean` and `remove`."""

from typing import Annotated

import typer

from sel4build.cli.options import Targets, WorkspaceDir
from sel4build.cli.session import Invocation


def clean(
    context: typer.Context,
    targets: Targets = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every target.")] = False,
    workspace: WorkspaceDir = None,
) -> None:
    """Remove build trees and packages.

    Sources and settings stay.
    """
    from sel4build.api import maintaining
    from sel4build.api.finding import open_workspace

    session = context.ensure_object(Invocation).session()
    place = open_workspace(session.context, workspace)
    cleaned = maintaining.clean(session.context, place, tuple(targets or ()), everything=everything)
    session.report(
        "clean",
        {"removed": [str(folder) for folder in cleaned.folders]},
        lambda: (
            "".join(f"removed {folder}\n" for folder in cleaned.folders) or "nothing to remove\n"
        ),
    )


def remove(
    context: typer.Context,
    targets: Annotated[
        list[str],
        typer.Argument(metavar="TARGET...", help="Targets by id or by the unique start of one."),
    ],
    *,
    workspace: WorkspaceDir = None,
) -> None:
    """Take targets out of the workspace.

    They leave `sel4build.toml`, with their build trees and packages. Sources stay.
    """
    from sel4build.api import maintaining
    from sel4build.api.finding import open_workspace

    session = context.ensure_object(Invocation).session()
    place = open_workspace(session.context, workspace)
    gone = maintaining.forget(session.context, place, tuple(targets))
    session.report(
        "remove",
        {"targets": list(gone.targets), "removed": [str(folder) for folder in gone.folders]},
        lambda: (
            "".join(f"{id_} is no target any more\n" for id_ in gone.targets)
            + "".join(f"removed {folder}\n" for folder in gone.folders)
        ),
    )
