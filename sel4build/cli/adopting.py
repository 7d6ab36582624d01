# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`adopt`."""

from pathlib import Path
from typing import Annotated

import typer

from sel4build.cli.session import Invocation


def adopt(
    context: typer.Context,
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help="The folder with `.repo`.", show_default="the current folder"
        ),
    ] = None,
) -> None:
    """Take a workspace of `repo` as it is.

    Writes `sel4build.toml` and a lockfile of what is checked out. No project is touched, and `repo`
    can go on with it.
    """
    from sel4build.api.adopting import adopt as adopt_workspace

    session = context.ensure_object(Invocation).session()
    adopted = adopt_workspace(session.context, directory)
    place, lock = adopted.workspace, adopted.lock
    session.report(
        "adopt",
        {
            "workspace": str(place.root),
            "manifest": str(lock.origin),
            "projects": [
                {"path": str(each.path), "name": each.name, "commit": each.commit}
                for each in lock.projects
            ],
            "moved": list(adopted.moved),
        },
        lambda: (
            f"{len(lock.projects)} projects of {lock.origin} in {place.lock_file}\n"
            + "".join(f"not where the manifest pins it: {path}\n" for path in adopted.moved)
            + "next: sel4build init --app APP --platform PLATFORM\n"
        ),
    )
