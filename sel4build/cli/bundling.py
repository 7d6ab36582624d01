# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`bundle create` and `bundle extract`."""

from pathlib import Path
from typing import Annotated

import typer

from sel4build.cli.options import WorkspaceDir
from sel4build.cli.session import Invocation

app = typer.Typer(
    help="Carry a workspace to where no network is.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("create")
def create(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    *,
    workspace: WorkspaceDir = None,
) -> None:
    """Write all that the lock names to one file.

    Everything has to be in the workspace: run `sel4build sync` first.
    """
    from sel4build.api.bundling import create_bundle
    from sel4build.api.finding import open_workspace

    session = context.ensure_object(Invocation).session()
    place = open_workspace(session.context, workspace)
    done = create_bundle(session.context, place, file)
    session.report(
        "bundle-create",
        {"file": str(done.place), "projects": done.num_projects},
        lambda: f"{done.num_projects} projects in {done.place}\n",
    )


@app.command("extract")
def extract(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The bundle.")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
) -> None:
    """Make a workspace of a bundle.

    Every digest is checked first. Then `sel4build sync` needs no network.
    """
    from sel4build.api.bundling import extract_bundle

    session = context.ensure_object(Invocation).session()
    done = extract_bundle(session.context, file, directory)
    session.report(
        "bundle-extract",
        {"workspace": str(done.place), "projects": done.num_projects},
        lambda: f"{done.num_projects} projects for {done.place}\nnext: sel4build sync\n",
    )
