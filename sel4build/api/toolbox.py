# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The tools that we keep for all workspaces: Python packages, and ready-made ones of the user's."""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.equipping import environment_for, give_ready_tools, tool_state
from sel4build.catalog.host import load_host_data
from sel4build.configure.memo import memo_dirs_of_ours
from sel4build.configure.python import make_environment
from sel4build.configure.ready import (
    ToolSources,
    add_ready_tool,
    ready_tools,
    remove_ready_tools,
)
from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.lock import load_shipped_lock, read_lock
from sel4build.manifest import list_manifests
from sel4build.model.command import Command
from sel4build.model.host import HostTool
from sel4build.model.lock import ManifestOrigin
from sel4build.model.workspace import Workspace
from sel4build.process import explain_status
from sel4build.writing import explaining_os_errors

READY_TOOLS = {"parse-capDL": "capdl"}
"""Tools that may be given ready-made, each with its entry in `host/tools.toml`."""

_COMMIT = re.compile(r"[0-9a-f]{40}")
# A specification of one object, and what the tool has to make of it.
_TRIAL = "arch aarch64\n\nobjects {\n  signal = notification\n}\ncaps {\n}\n"
_TRIAL_SIZES = "seL4_NotificationObject: 6\n"
_TRIAL_LIMIT_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRow:
    """A tool that is kept, or could be."""

    name: str
    state: str
    """`made`, `not made`, `added`, `old`."""
    place: str
    summary: str


def list_tools(context: Context) -> tuple[ToolRow, ...]:
    """Return the tools of the user cache, those of older locks included."""
    rows = []
    known = set()
    for tool in load_host_data(context.overlays).tools.values():
        if not tool.locks:
            continue
        environment = environment_for(context, tool)
        known.add(environment.folder)
        state = "made" if environment.is_made else "not made"
        rows.append(_row(tool.name, state, environment.folder, tool.summary))
    rows += [
        _row(folder.name, "old", folder, "Python packages of another lock")
        for folder in sorted((context.cache_dir / "python").glob("[!.]*"))
        if folder not in known
    ]
    for name in READY_TOOLS:
        for ready in ready_tools(name, context.cache_dir):
            summary = f"for commit {ready.sources.commit}"
            rows.append(_row(name, "added", ready.file, summary))
    return tuple(rows)


def _row(name: str, state: str, place: Path, summary: str) -> ToolRow:
    return ToolRow(name=name, state=state, place=str(place), summary=summary)


def install_tools(context: Context) -> tuple[Path, ...]:
    """Make every environment of Python packages; return their folders."""
    folders = []
    for tool in load_host_data(context.overlays).tools.values():
        if tool.locks:
            environment = environment_for(context, tool)
            make_environment(
                environment,
                environ=context.environ,
                runner=context.runner,
                reporter=context.reporter,
            )
            folders.append(environment.folder)
    return tuple(folders)


def tool_paths(context: Context) -> tuple[Path, ...]:
    """Return the folders of Python environments that come first on PATH while building."""
    tools = load_host_data(context.overlays).tools.values()
    environments = (environment_for(context, tool) for tool in tools if tool.locks)
    return tuple(each.bin_dir for each in environments if each.is_made)


def add_tool(
    context: Context, name: str, file: Path, *, workspace: Workspace | None, commit: str | None
) -> Path:
    """Keep `file` as the tool called `name`, for the sources of `workspace` or for `commit`.

    The tool is run first. Raises InputError when it is unclear what it was built from, and
    EnvironmentLacksError when it does not work here.
    """
    tool = _known(context, name)
    file = (context.cwd / file).resolve()
    if not file.is_file():
        message = f"`{file}` is no file" if file.exists() else f"file `{file}` does not exist"
        raise InputError(message)
    sources = _sources(context, tool, workspace, commit)
    _try_tool(context, name, file)
    ready = add_ready_tool(name, file, sources, context.cache_dir)
    if workspace is not None:
        data = load_host_data(context.overlays)
        give_ready_tools(context, data, workspace.root, memo_dirs_of_ours(context.cache_dir))
    return ready.file


def remove_tool(context: Context, name: str) -> tuple[Path, ...]:
    """Remove what is kept under `name`; return what is gone. Raises InputError for no such tool.

    What builds have memoised stays: it is as good as built.
    """
    if name in READY_TOOLS:
        return remove_ready_tools(name, context.cache_dir)
    folders = [
        folder
        for folder in sorted((context.cache_dir / "python").glob("[!.]*"))
        if folder.name == name or folder.name.rpartition("-")[0] == name
    ]
    known = [each.name for each in load_host_data(context.overlays).tools.values() if each.locks]
    if not folders and name not in known:
        raise _no_such_tool(name, (*READY_TOOLS, *known))
    for folder in folders:
        with explaining_os_errors(folder):
            shutil.rmtree(folder)
    return tuple(folders)


def _known(context: Context, name: str) -> HostTool:
    tools = load_host_data(context.overlays).tools
    tool = tools.get(READY_TOOLS.get(name, ""))
    if tool is None:
        raise _no_such_tool(name, tuple(READY_TOOLS))
    return tool


def _no_such_tool(name: str, known: tuple[str, ...]) -> InputError:
    message = f"`{name}` is no tool that is kept"
    return InputError(message, hint=f"choose one of {', '.join(f'`{each}`' for each in known)}")


def _sources(
    context: Context, tool: HostTool, workspace: Workspace | None, commit: str | None
) -> ToolSources:
    if commit is not None and not _COMMIT.fullmatch(commit):
        message = f"`{commit}` is no whole commit id"
        raise InputError(message, hint="write all 40 digits")
    state = tool_state(context, tool, workspace.root if workspace is not None else None)
    if state.why_not and commit is None:
        raise InputError(f"{state.why_not}, so that no ready tool can stand for it")
    if state.sources is not None and commit in {None, state.sources.commit}:
        return state.sources
    if commit is None:
        commit = _locked_commit(context, tool, workspace)
    if commit is None:
        message = f"it is not known which sources of `{tool.sources}` the tool was built from"
        hint = "run this in a synced workspace that has them, or say `--commit COMMIT`"
        raise InputError(message, hint=hint)
    return ToolSources(commit=commit)


def _locked_commit(context: Context, tool: HostTool, workspace: Workspace | None) -> str | None:
    """Return the commit that will be there: that of the lock, or outside of a workspace of ours."""
    project = (tool.sources or "").rpartition("/")[0]
    if workspace is not None:
        locks = [read_lock(workspace.lock_file)] if workspace.lock_file.is_file() else []
    else:
        names = list_manifests(context.overlays)
        shipped = (load_shipped_lock(ManifestOrigin(name=name), context.overlays) for name in names)
        locks = [lock for lock in shipped if lock is not None]
    for lock in locks:
        for each in lock.projects:
            if each.path.text == project:
                context.reporter.note(f"taken for commit {each.commit} of `{project}`, as locked")
                return each.commit
    return None


def _try_tool(context: Context, name: str, file: Path) -> None:
    """Give the tool a small specification; raise EnvironmentLacksError when it makes no code."""
    if not os.access(file, os.X_OK):
        raise EnvironmentLacksError(f"`{file}` cannot be run", hint=f"run `chmod +x {file}`")
    with tempfile.TemporaryDirectory(prefix="sel4build-") as scratch:
        folder = Path(scratch)
        (folder / "trial.cdl").write_text(_TRIAL)
        (folder / "sizes.yaml").write_text(_TRIAL_SIZES)
        argv = (
            *(str(file), "--code-dynamic-alloc", "--object-sizes=sizes.yaml"),
            *("--code=trial.c", "trial.cdl"),
        )
        command = Command(argv=argv, cwd=folder, env=context.environ)
        outcome = context.runner.run(command, timeout_s=_TRIAL_LIMIT_S)
        code = folder / "trial.c"
        made = code.read_text(errors="replace") if code.is_file() else ""
    if outcome.succeeded and "CDL_Notification" in made:
        return
    why = "it made no code of a small specification" if outcome.succeeded else None
    message = f"`{file}` does not work as `{name}`: {why or explain_status(outcome)}"
    raise EnvironmentLacksError(
        message,
        details=tuple(outcome.output.splitlines()[:10]),
        hint="build it from the sources of the workspace, for this kind of machine",
    )
