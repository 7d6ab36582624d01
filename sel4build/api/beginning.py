# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Begin the port of a board: skeletons, entries of a catalogue and a patch, in a folder."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.porting import find_sources, read_whole_board
from sel4build.catalog import load_catalog
from sel4build.catalog.check import why_bad_name
from sel4build.catalog.load import find_roots
from sel4build.errors import InputError, UsageError
from sel4build.porting.begin import Beginning, obstacles, plan_beginning
from sel4build.porting.board import IMAGES_DIR
from sel4build.porting.files import SourceFiles
from sel4build.porting.finding import Finding
from sel4build.porting.patch import render_patch
from sel4build.writing import write_if_changed

SOURCES_DIR = "sources"
_TODO = "TODO"


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunFile:
    """A file of the beginning."""

    path: Path
    what: str
    is_new: bool
    """False where there was one already, which is left as it is."""
    todos: int
    """Lines that want knowledge of the board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A port that has been begun."""

    board: str
    app: str
    like: str
    folder: Path
    files: tuple[BegunFile, ...]
    obstacles: tuple[Finding, ...]
    """What seL4 itself lacks for the board."""
    steps: tuple[str, ...]
    """What to do next, in order."""


def begin_port(
    context: Context,
    board: str,
    *,
    like: str,
    app: str,
    directory: Path | None = None,
    into: Path | None = None,
) -> Begun:
    """Write into the folder `into` what the port of `board` begins with; `like` gives the guests.

    No file that exists is touched, and nothing in the workspace. Raises InputError where seL4 does
    not know the board, or the app has no guests on `like`.
    """
    wrong = why_bad_name(board)
    if wrong is not None:
        raise UsageError(wrong)
    root = find_sources(context, directory)
    files = SourceFiles(root)
    catalog = load_catalog(context.overlays)
    found = catalog.app(app)
    app_file = _app_file(context, app)
    beginning = plan_beginning(
        read_whole_board(context, files, board, app),
        read_whole_board(context, files, like, app),
        text_of=files.text,
        app_text=app_file[1] if app_file else None,
        is_platform_known=catalog.platform(board) is not None,
        is_app_known=found is None or found.on(board) is not None,
    )
    folder = (context.cwd / (into or f"port-{board}")).resolve()
    texts = _texts(beginning, board, app_file[0] if app_file else None)
    if not texts:
        message = f"there is nothing to begin: `{board}` is in the sources and in the catalogue"
        raise InputError(message, hint=f"run `sel4build port check {board} --app {app}`")
    written = tuple(
        BegunFile(
            path=folder / name,
            what=what,
            is_new=_write(folder / name, text),
            todos=0 if name.endswith(".patch") else text.count(_TODO),
        )
        for name, (what, text) in texts.items()
    )
    return Begun(
        board=board,
        app=app,
        like=like,
        folder=folder,
        files=written,
        obstacles=obstacles(beginning),
        steps=_steps(root, folder, board, app, has_patch=f"{board}.patch" in texts),
    )


def _app_file(context: Context, app: str) -> tuple[str, str] | None:
    """Return the app's own file in the catalogue, by its path in a data folder, and its text."""
    roots = find_roots(context.overlays).apps
    for root in reversed(roots):
        for place in sorted(root.glob(f"**/{app}/app.toml")):
            return f"apps/{place.relative_to(root).as_posix()}", place.read_text(encoding="utf-8")
    return None


def _texts(beginning: Beginning, board: str, app_path: str | None) -> dict[str, tuple[str, str]]:
    """Return what each file is and holds, by its path in the folder."""
    texts: dict[str, tuple[str, str]] = {}
    if beginning.platform is not None:
        texts[f"platforms/{board}.toml"] = ("the board in the catalogue", beginning.platform)
    if beginning.app is not None and app_path is not None:
        texts[app_path] = ("the app in the catalogue, with the board", beginning.app)
    for each in beginning.changes:
        if each.before is None:
            texts[f"{SOURCES_DIR}/{each.path}"] = ("a new file of the sources", each.after)
    if beginning.changes:
        what = "all that changes in the sources, the new files too"
        texts[f"{board}.patch"] = (what, render_patch(beginning.changes))
    return texts


def _write(path: Path, text: str) -> bool:
    if path.exists() or path.is_symlink():
        return False
    return write_if_changed(path, text)


def _steps(root: Path, folder: Path, board: str, app: str, *, has_patch: bool) -> tuple[str, ...]:
    place = shlex.quote(str(folder))
    steps = [f"look through the lines with {_TODO} in {place}"]
    if has_patch:
        patch = shlex.quote(str(folder / f"{board}.patch"))
        steps.append(f"cd {shlex.quote(str(root))} && git apply {patch}")
    return (
        *steps,
        f"put linux, linux-dtb and rootfs.cpio.gz of the guest into {IMAGES_DIR}/{board}",
        f"sel4build --data-dir {place} init --app {app} --platform {board}",
        f"sel4build port check {board} --app {app}",
    )
