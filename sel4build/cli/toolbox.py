# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`tools`."""

from pathlib import Path
from typing import Annotated

import typer

from sel4build.cli.options import WorkspaceDir
from sel4build.cli.session import Invocation

app = typer.Typer(
    help="Keep tools for all workspaces.", no_args_is_help=True, rich_markup_mode=None
)

ToolName = Annotated[str, typer.Argument(metavar="NAME", help="Tool, such as parse-capDL.")]


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the tools that are kept."""
    from sel4build.api import toolbox
    from sel4build.console.render import render_rows, row_record

    session = context.ensure_object(Invocation).session()
    rows = toolbox.list_tools(session.context)
    session.show(
        "tools-list",
        {"tools": [row_record(row) for row in rows]},
        lambda: render_rows(rows, last="summary"),
    )


@app.command("install")
def install(context: typer.Context) -> None:
    """Install the Python packages of builds.

    They go into an environment of their own in the user cache, from locked hashes; `init` and
    `build` do the same where the host's Python lacks them.
    """
    from sel4build.api import toolbox

    session = context.ensure_object(Invocation).session()
    folders = toolbox.install_tools(session.context)
    session.report(
        "tools-install",
        {"folders": [str(each) for each in folders]},
        lambda: "".join(f"installed in {each}\n" for each in folders),
    )


@app.command("add")
def add(
    context: typer.Context,
    name: ToolName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The program, ready to run.")],
    *,
    commit: Annotated[
        str | None,
        typer.Option(
            "--commit",
            metavar="COMMIT",
            help="Commit of the project that it was built from.",
            show_default="that of the workspace",
        ),
    ] = None,
    workspace: WorkspaceDir = None,
) -> None:
    """Give a ready-made tool to all workspaces.

    It is taken wherever the sources are those that it was built from, and nowhere else.
    """
    from sel4build.api import toolbox
    from sel4build.api.finding import find_workspace

    session = context.ensure_object(Invocation).session()
    place = find_workspace(session.context, workspace)
    kept = toolbox.add_tool(session.context, name, file, workspace=place, commit=commit)
    session.report(
        "tools-add", {"name": name, "file": str(kept)}, lambda: f"{name} is kept in {kept}\n"
    )


@app.command("remove")
def remove(context: typer.Context, name: ToolName) -> None:
    """Remove a tool that is kept."""
    from sel4build.api import toolbox

    session = context.ensure_object(Invocation).session()
    gone = toolbox.remove_tool(session.context, name)
    session.report(
        "tools-remove",
        {"removed": [str(each) for each in gone]},
        lambda: "".join(f"removed {each}\n" for each in gone) or "nothing to remove\n",
    )


@app.command("path")
def path(context: typer.Context) -> None:
    """Show what comes first on PATH while building.

    For the stock commands: `PATH="$(sel4build tools path):$PATH" ninja`.
    """
    from sel4build.api import toolbox

    session = context.ensure_object(Invocation).session()
    folders = toolbox.tool_paths(session.context)
    session.show(
        "tools-path",
        {"folders": [str(each) for each in folders]},
        lambda: ":".join(map(str, folders)) + "\n",
    )
