# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Why a target is built the way it is, and how to do the same by hand."""

import shlex
from dataclasses import dataclass

from sel4build.api.building import Goal
from sel4build.api.context import Context
from sel4build.api.preparing import Prepared, pick_targets, prepare
from sel4build.configure.plan import INITIAL_CACHE
from sel4build.model.configuration import Configuration
from sel4build.model.target import Target
from sel4build.model.workspace import Workspace
from sel4build.workspace.locking import workspace_lock

_END = "INITIAL-CACHE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A CMake variable that is set for a target, and who says so."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A target with all that follows from it."""

    target: Target
    settings: tuple[Setting, ...]
    commands: tuple[str, ...]
    """Ready to paste, in order."""
    configuration: Configuration


def explain_targets(
    context: Context, workspace: Workspace, wanted: tuple[str, ...]
) -> tuple[Explanation, ...]:
    """Explain the `wanted` targets (by default the first) of `workspace`."""
    with workspace_lock(workspace, context.reporter):
        prepared = prepare(context, workspace)
    ids = pick_targets(prepared.targets, wanted)
    return tuple(_explain(prepared, id_) for id_ in ids)


def _explain(prepared: Prepared, id_: str) -> Explanation:
    target = prepared.targets[id_]
    configuration = prepared.configurations[id_]
    return Explanation(
        target=target,
        settings=tuple(_settings(target, configuration)),
        commands=_commands(prepared, configuration, id_),
        configuration=configuration,
    )


def _settings(target: Target, configuration: Configuration) -> list[Setting]:
    platform, app = target.platform, target.app
    from_platform = dict(platform.variables)
    settings = [
        Setting(name=name, value=value, source="-D") for name, value in target.defines.items()
    ]
    settings += [
        Setting(
            name=name,
            value=value,
            source=f"platform {platform.name}" if name in from_platform else f"app {app.name}",
        )
        for name, value in target.variables.items()
    ]
    forced = {**app.forced, **target.app_platform.forced}
    settings += [
        Setting(name=name, value=value, source="the sources, whatever is asked")
        for name, value in forced.items()
    ]
    settings.append(
        Setting(
            name="toolchain",
            value=configuration.toolchain["name"],
            source=configuration.toolchain["version"],
        )
    )
    python_dir = configuration.python_dir
    settings.append(
        Setting(
            name="python3",
            value=str(python_dir / "python3") if python_dir else "python3",
            source="our locked packages" if python_dir else "the user's PATH",
        )
    )
    return sorted(settings, key=lambda each: (each.source, each.name))


def _commands(prepared: Prepared, configuration: Configuration, id_: str) -> tuple[str, ...]:
    environ = shlex.join(f"{name}={value}" for name, value in configuration.environ.items())
    if configuration.python_dir is not None:
        environ = f'PATH={shlex.quote(str(configuration.python_dir))}:"$PATH" {environ}'
    ninja = shlex.quote(str(configuration.ninja))
    build_dir = shlex.quote(str(configuration.build_dir))
    root = shlex.quote(str(prepared.workspace.root))
    outer = prepared.workspace.ninja_file.relative_to(prepared.workspace.root)
    goal = shlex.quote(f"{id_}/{Goal.PACKAGE}")
    cache_file = shlex.quote(str(configuration.build_dir / INITIAL_CACHE))
    return (
        f"mkdir -p {build_dir}\ncat > {cache_file} <<'{_END}'\n{configuration.initial_cache}{_END}",
        f"env {environ} {shlex.join(configuration.argv)} < /dev/null | cat",
        f"env {environ} {ninja} -C {build_dir}",
        f"# both, and the package: cd {root} && {ninja} -f {outer} {goal}",
    )
