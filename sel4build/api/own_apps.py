# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Apps that users name by a path: a folder among the VM examples, or one that is linked there."""

import os
from dataclasses import replace
from pathlib import Path

from sel4build.api.auditing import examples_of
from sel4build.api.context import Context
from sel4build.errors import InputError
from sel4build.model.target import Selection
from sel4build.model.workspace import Workspace
from sel4build.writing import write_if_changed

_SCRIPTS = {"app_settings.cmake": "x86", "settings.cmake": "Arm"}
"""What the settings of an app are called, and the folder that is for such apps."""
_LISTS = "CMakeLists.txt"


def is_path(app: str) -> bool:
    """Whether an app is named by a path."""
    return "/" in app


def name_app(context: Context, workspace: Workspace, selection: Selection) -> Selection:
    """Return `selection` with the name of its app, which is put among the examples if need be.

    Raises InputError for a path that leads to no app, and where another app is in its place.
    """
    if not is_path(selection.app):
        return selection
    folder = (context.cwd / selection.app).resolve()
    arch = _arch_folder(folder, selection.app)
    examples = workspace.root / examples_of(workspace.root)
    place = examples / "apps" / arch / folder.name
    if place.is_symlink() and not place.exists():
        place.unlink()  # a link of ours to what has gone
    if place.exists() or place.is_symlink():
        if place.resolve() != folder:
            message = f"there is another app `{folder.name}` in `{place}`"
            raise InputError(message, hint=f"give the folder `{folder}` another name")
    elif not (examples / "apps").is_dir():
        message = f"workspace `{workspace.root}` has no VM examples to put `{folder.name}` among"
        raise InputError(message, hint="name a manifest with VM examples: `--manifest`")
    else:
        place.parent.mkdir(exist_ok=True)
        place.symlink_to(folder)
        _ignore(examples, f"/apps/{arch}/{folder.name}")
    return replace(selection, app=folder.name)


def _arch_folder(folder: Path, said: str) -> str:
    if folder.is_dir() and (folder / _LISTS).is_file():
        for script, arch in _SCRIPTS.items():
            if (folder / script).is_file():
                return arch
    message = f"`{said}` is no folder of an app"
    hint = f"it needs {_LISTS} and settings.cmake (Arm) or app_settings.cmake (x86)"
    raise InputError(message, hint=hint)


def _ignore(project: Path, pattern: str) -> None:
    """Keep git from taking the link for a change of the user's."""
    git_dir = project / ".git"
    if git_dir.is_file():
        text = git_dir.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        git_dir = project / text
    if not git_dir.is_dir():
        return
    file = Path(os.path.realpath(git_dir)) / "info" / "exclude"
    file.parent.mkdir(exist_ok=True)
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    if pattern not in before.splitlines():
        write_if_changed(file, f"{before.rstrip()}\n{pattern}\n".lstrip())
