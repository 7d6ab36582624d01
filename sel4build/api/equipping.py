# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What is brought to a build without asking: Python packages of ours, ready-made tools."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.syncing import git_of
from sel4build.catalog.host import find_host_file
from sel4build.configure.examining import ExaminedHost, found
from sel4build.configure.memo import known_memo_dirs
from sel4build.configure.packages import find_manager
from sel4build.configure.python import (
    PackageEnvironment,
    environment_of,
    make_environment,
    missing_modules,
)
from sel4build.configure.ready import ToolSources, fill_memo, memo_file, ready_tools
from sel4build.configure.recollection import Recollection
from sel4build.errors import EnvironmentLacksError, Sel4BuildError
from sel4build.git.repository import Repository
from sel4build.model.host import Finding, HostData, HostTool
from sel4build.model.target import Target
from sel4build.process import find_program
from sel4build.targets.needs import needs_of

_READY = "parse-capDL"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolState:
    """The sources of a tool in a workspace, or why a ready-made one cannot stand for them."""

    sources: ToolSources | None
    why_not: str = ""


def examined_host(context: Context, data: HostData, *, remembers: bool) -> ExaminedHost:
    """Return the host as it is looked at; `remembers` takes good news of earlier runs."""
    return ExaminedHost(
        data=data,
        environ=context.environ,
        runner=context.runner,
        recollection=recollection_of(context) if remembers else Recollection(folder=None),
        manager=find_manager(data, context.environ),
        is_root=os.geteuid() == 0,
    )


def recollection_of(context: Context) -> Recollection:
    """Return what was seen to work before, for all workspaces of the user."""
    return Recollection(folder=context.cache_dir / "doctor")


def package_environments(
    context: Context, data: HostData, targets: Iterable[Target]
) -> tuple[PackageEnvironment, ...]:
    """Return the environments that hold Python packages for `targets`, made or not."""
    names = dict.fromkeys(need.tool for target in targets for need in needs_of(target))
    tools = (data.tools[name] for name in names if name in data.tools)
    return tuple(environment_for(context, tool) for tool in tools if tool.locks)


def environment_for(context: Context, tool: HostTool) -> PackageEnvironment:
    """Return the environment of a tool that consists of Python packages."""
    locks = (find_host_file(name, context.overlays) for name in tool.locks)
    return environment_of(tool, locks, context.cache_dir)


def python_dir_of(
    context: Context, data: HostData, target: Target, host: ExaminedHost
) -> Path | None:
    """Return the folder that comes first on PATH; None where the user's own `python3` will do.

    An environment of ours that is there is taken, so that a build does not change with the one
    that the user has active.
    """
    for environment in package_environments(context, data, (target,)):
        if environment.is_made or missing_modules(environment.tool.modules, host) != ():
            return environment.bin_dir
    return None


def make_environments(
    context: Context,
    data: HostData,
    targets: Iterable[Target],
    host: ExaminedHost,
    *,
    is_offline: bool = False,
) -> None:
    """Make what `targets` need and the host's own Python does not have.

    Raises EnvironmentLacksError where that is not possible, or not without a network.
    """
    for environment in package_environments(context, data, targets):
        if environment.is_made:
            continue
        missing = missing_modules(environment.tool.modules, host)
        if missing == ():
            continue
        lacking = ", ".join(f"`{name}`" for name in missing or environment.tool.modules)
        if is_offline:
            message = f"`python3` lacks {lacking}, and `--offline` lets nothing be installed"
            hint = "run `sel4build tools install` where there is a network"
            raise EnvironmentLacksError(message, hint=hint)
        context.reporter.note(
            f"`python3` lacks {lacking}: install what is locked in `{environment.folder}`"
        )
        make_environment(
            environment,
            environ=context.environ,
            runner=context.runner,
            reporter=context.reporter,
        )


def look_for_modules(context: Context, tool: HostTool, host: ExaminedHost) -> Finding:
    """Tell whether a tool that consists of Python packages is there."""
    environment = environment_for(context, tool)
    if environment.is_made:
        return found(tool.summary, f"ours, {environment.folder}")
    missing = missing_modules(tool.modules, host)
    if missing == ():
        return found(tool.summary, "those of `python3` on PATH")
    which = "`python3` not found" if missing is None else f"`python3` lacks {', '.join(missing)}"
    return host.lacking(tool.summary, which, cure=tool.cure)


def tool_state(context: Context, tool: HostTool, root: Path | None) -> ToolState:
    """Return the sources that `tool` would be built from in the workspace at `root`."""
    if tool.sources is None or root is None or not (root / tool.sources).is_dir():
        return ToolState(sources=None)
    if find_program("git", context.environ) is None:
        return ToolState(sources=None)
    project, _, inner = tool.sources.rpartition("/")
    repository = Repository(git=git_of(context), work_tree=root / project)
    try:
        commit, tree = repository.run("rev-parse", "HEAD", f"HEAD:{inner}").split()
        # Upstream looks at the whole project (memoize.cmake, `git diff --exit-code HEAD --`).
        changed = repository.changed_files()
    except (Sel4BuildError, ValueError):
        return ToolState(sources=None, why_not=f"`{project}` is no repository of git")
    if changed:
        return ToolState(sources=None, why_not=f"`{project}` has changed files: {changed[0]}")
    return ToolState(sources=ToolSources(commit=commit, tree=tree))


def look_for_memo(context: Context, tool: HostTool, root: Path | None) -> Finding | None:
    """Tell where a memoised or ready-made tool is; None where there is none that fits."""
    if tool.memo is None:
        return None
    memos = known_memo_dirs(context.cache_dir, root or context.cwd, context.environ)
    state = tool_state(context, tool, root)
    if state.why_not:
        return None
    if state.sources is None:
        kept = [*(each.file for each in ready_tools(_READY, context.cache_dir))]
        kept += [each for memo in memos for each in sorted((memo / tool.memo).glob("*/*.tar.gz"))]
        detail = "{}, if it is of the commit that will be there"
        return found(tool.summary, detail.format(kept[0])) if kept else None
    for memo in memos:
        file = memo_file(memo, tool.memo, state.sources.commit)
        if file.is_file():
            return found(tool.summary, str(file))
    for ready in ready_tools(_READY, context.cache_dir):
        if ready.serves(state.sources):
            return found(tool.summary, str(ready.file))
    return None


def give_ready_tools(
    context: Context, data: HostData, root: Path, memo_dirs: Iterable[Path]
) -> None:
    """Fill upstream's memo with the ready-made tools that the sources at `root` would build."""
    if not (context.cache_dir / "tools" / _READY).is_dir():
        return
    for tool in data.tools.values():
        if tool.memo is None:
            continue
        sources = tool_state(context, tool, root).sources
        if sources is None:
            continue
        missing = [
            file
            for memo_dir in memo_dirs
            if not (file := memo_file(memo_dir, tool.memo, sources.commit)).is_file()
        ]
        if not missing:
            continue
        tools = ready_tools(_READY, context.cache_dir)
        ready = next((each for each in tools if each.serves(sources)), None)
        if ready is not None:
            for file in missing:
                fill_memo(ready, file)
