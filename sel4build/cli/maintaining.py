# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`clean`."""

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
