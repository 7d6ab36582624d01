# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Check the port of a board in the sources of a workspace, and begin a new one."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.finding import find_workspace
from sel4build.catalog.check import why_bad_name
from sel4build.errors import InputError, Sel4BuildError, UsageError
from sel4build.model.command import Command
from sel4build.porting.board import KERNEL_DIR, Board
from sel4build.porting.files import SourceFiles
from sel4build.porting.finding import Finding
from sel4build.porting.read import Elsewhere, read_board
from sel4build.porting.read_kernel import BUILD, PLATFORMS_DIR
from sel4build.porting.registry import run_checks
from sel4build.process import find_program

DEFAULT_APP = "vm_minimal"
_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PortReport:
    """What the checks of a port found."""

    board: str
    app: str
    root: Path
    findings: tuple[Finding, ...]

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that stop the port."""
        return tuple(each for each in self.findings if each.is_failure)


def check_port(
    context: Context,
    board: str,
    *,
    app: str = DEFAULT_APP,
    directory: Path | None = None,
    docs: Path | None = None,
    ci_actions: Path | None = None,
) -> PortReport:
    """Run the twenty checks for `board` on the sources that `directory` lies in.

    Raises UsageError for a board or app that can be no name, InputError where there are no sources,
    or a folder that is named is none.
    """
    wrong = next(filter(None, map(why_bad_name, (board, app))), None)
    if wrong is not None:
        raise UsageError(wrong)
    root = find_sources(context, directory)
    papers = {"--docs": docs, "--ci-actions": ci_actions}
    for option, folder in papers.items():
        if folder is not None and not (context.cwd / folder).is_dir():
            message = f"`{folder}` is no folder"
            raise InputError(message, hint=f"pass a checkout to `{option}`")
    found = read_whole_board(
        context,
        SourceFiles(root),
        board,
        app,
        docs=context.cwd / docs if docs else None,
        ci_actions=context.cwd / ci_actions if ci_actions else None,
    )
    return PortReport(board=board, app=app, root=root, findings=run_checks(found))


def find_sources(context: Context, directory: Path | None) -> Path:
    """Return the root of the workspace, or of a tree that `repo` made, around `directory`."""
    start = (context.cwd / directory if directory else context.cwd).resolve()
    for folder in (start, *start.parents):
        if (folder / PLATFORMS_DIR).is_dir():
            return folder
    workspace = find_workspace(context, directory)
    if workspace is not None:
        message = f"the workspace has no {KERNEL_DIR}: its sources are not synced"
        raise InputError(message, hint="run `sel4build sync`")
    message = f"`{start}` is not in a workspace with the sources of seL4"
    raise InputError(message, hint="`cd` into one, or name it: `--workspace DIR`")


def read_whole_board(
    context: Context,
    files: SourceFiles,
    board: str,
    app: str,
    *,
    docs: Path | None = None,
    ci_actions: Path | None = None,
) -> Board:
    """Return what the sources say, with the device tree that only QEMU can tell, if it can."""
    elsewhere = Elsewhere(docs=docs, ci_actions=ci_actions)
    found = read_board(files, board, app, elsewhere)
    missing = [each.path for each in found.kernel.dts if each.is_made]
    if not missing:
        return found
    made = {name: built for name in missing if (built := _built(files, name)) is not None}
    if len(made) < len(missing):
        text = _dumped(context, found.kernel.dump)
        if text is not None:
            made |= {name: (name, text) for name in missing if name not in made}
    return read_board(files, board, app, Elsewhere(made=made, docs=docs, ci_actions=ci_actions))


def _built(files: SourceFiles, name: str) -> tuple[str, str] | None:
    """Return the newest file of that name in a build tree of the workspace, and its text."""
    root = files.path(".")
    found = [*root.glob(f"build/*/{name}"), *root.glob(f"build*/{name}")]
    newest = max((each for each in found if each.is_file()), key=_age, default=None)
    if newest is None:
        return None
    place = newest.relative_to(root).as_posix()
    text = files.text(place)
    return None if text is None else (place, text)


def _age(path: Path) -> float:
    return path.stat().st_mtime


def _dumped(context: Context, dump: tuple[str, ...]) -> str | None:
    """Ask QEMU for its device tree, as the kernel's configuration does; None where it cannot."""
    if not dump or any(find_program(name, context.environ) is None for name in (dump[0], "dtc")):
        return None
    with tempfile.TemporaryDirectory(prefix="sel4build-") as folder:
        argv = tuple(each.replace(BUILD, folder) for each in dump)
        place = Path(folder)
        if not _succeeds(context, argv, place, context.environ):
            return None
        blobs = sorted(place.glob("*.dtb"))
        source = place / "tree.dts"
        argv = ("dtc", "-q", "-I", "dtb", "-O", "dts", "-o", str(source), *map(str, blobs[:1]))
        if not blobs or not _succeeds(context, argv, place, context.environ):
            return None
        return source.read_text(encoding="utf-8", errors="replace")


def _succeeds(
    context: Context, argv: tuple[str, ...], folder: Path, environ: Mapping[str, str]
) -> bool:
    command = Command(argv=argv, cwd=folder, env=environ)
    try:
        outcome = context.runner.run(command, timeout_s=_PATIENCE_S)
    except Sel4BuildError:  # what cannot be asked is not known
        return False
    return outcome.returncode == 0 and not outcome.timed_out
