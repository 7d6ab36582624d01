# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Which workspace a command is about."""

from pathlib import Path

from sel4build.api.context import Context
from sel4build.errors import InputError
from sel4build.model.workspace import Workspace


def find_workspace(context: Context, directory: Path | None = None) -> Workspace | None:
    """Return the workspace that the current folder lies in, if it lies in one.

    One that is asked for by a `directory` has to be there: raises InputError when it is not.
    """
    if directory is not None:
        return open_workspace(context, directory)
    return _enclosing(context.cwd)


def open_workspace(context: Context, directory: Path | None = None) -> Workspace:
    """Return the workspace that `directory` (or the current one) lies in.

    Raises InputError when there is none.
    """
    start = context.cwd / directory if directory else context.cwd
    workspace = _enclosing(start)
    if workspace is not None:
        return workspace
    message = f"`{start}` is not in a workspace"
    raise InputError(
        message, hint="make one: `sel4build init --app APP --platform PLATFORM`, or `cd` into one"
    )


def _enclosing(start: Path) -> Workspace | None:
    place = start.resolve()
    for folder in (place, *place.parents):
        workspace = Workspace(folder)
        if workspace.spec_file.is_file():
            return workspace
    return None
