# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Find the native cmake and ninja: the wheels' own binaries first, then PATH.

The wheels' console scripts are Python shims that cost ten times the program's own start, so they
are never called.
"""

import importlib.util
import re
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path

from sel4build.configure.patience import ANSWER_LIMIT_S, explain_answer
from sel4build.errors import EnvironmentLacksError
from sel4build.model.command import Command
from sel4build.model.host_program import HostProgram
from sel4build.process import Runner, find_program

_MINIMUM_CMAKE = (3, 25)
# camkes-tool's camkes.cmake compares with `<`, which if() of this CMake refuses.
_TOO_NEW_CMAKE = (4, 4)
_MINIMUM_NINJA = (1, 10)


def find_cmake(environ: Mapping[str, str], runner: Runner) -> HostProgram:
    """Return the cmake to use; raises EnvironmentLacksError when there is none that fits."""
    paths = _cmake_paths(environ)
    return _first_that_fits("cmake", _MINIMUM_CMAKE, paths, environ, runner, below=_TOO_NEW_CMAKE)


def find_ninja(environ: Mapping[str, str], runner: Runner) -> HostProgram:
    """Return the ninja to use; raises EnvironmentLacksError when there is none that fits."""
    return _first_that_fits("ninja", _MINIMUM_NINJA, ninja_paths(environ), environ, runner)


def ninja_paths(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the ninja executables of this host, best first, without starting any."""
    # The wheel installs the program itself among the scripts (no package data since 1.13).
    if importlib.util.find_spec("ninja") is not None:
        wheel = Path(sysconfig.get_path("scripts")) / "ninja"
        if wheel.is_file():
            yield wheel
    on_path = find_program("ninja", environ)
    if on_path is not None:
        yield on_path


def _cmake_paths(environ: Mapping[str, str]) -> Iterator[Path]:
    spec = importlib.util.find_spec("cmake")
    if spec is not None and spec.origin is not None:
        wheel = Path(spec.origin).parent / "data" / "bin" / "cmake"
        if wheel.is_file():
            yield wheel
    on_path = find_program("cmake", environ)
    if on_path is not None:
        yield on_path


def _first_that_fits(
    name: str,
    minimum: tuple[int, ...],
    paths: Iterator[Path],
    environ: Mapping[str, str],
    runner: Runner,
    *,
    below: tuple[int, ...] | None = None,
) -> HostProgram:
    seen: list[str] = []
    for path in paths:
        version = version_of(path, environ, runner)
        if isinstance(version, str):
            seen.append(f"`{path}` {version}")
        elif version < minimum or (below is not None and version >= below):
            seen.append(f"`{path}` is version {dotted(version)}")
        else:
            return HostProgram(path=path, version=version)
    wanted = f">={dotted(minimum)}" + (f",<{dotted(below)}" if below else "")
    message = f"no {name} of a version {wanted} was found"
    raise EnvironmentLacksError(
        message,
        hint=f"run `python3 -m pip install '{name}{wanted}'`, or put {name} on PATH",
        details=tuple(seen),
    )


def dotted(version: tuple[int, ...]) -> str:
    """Return a version as it is written."""
    return ".".join(map(str, version))


def version_of(
    path: Path,
    environ: Mapping[str, str],
    runner: Runner,
    *,
    argv: tuple[str, ...] = ("--version",),
) -> tuple[int, ...] | str:
    """Return the first number with a dot that a program tells, or why it tells none."""
    command = Command(argv=(str(path), *argv), cwd=path.parent, env=environ)
    try:
        outcome = runner.run(command, timeout_s=ANSWER_LIMIT_S)
    except EnvironmentLacksError:
        return "does not run"
    if outcome.timed_out:
        return explain_answer(outcome, ANSWER_LIMIT_S)
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", outcome.output)
    if not outcome.succeeded or found is None:
        return "does not run"
    return tuple(int(part) for part in found.groups() if part is not None)
