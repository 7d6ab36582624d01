# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Find git on this host."""

import re
from collections.abc import Mapping
from pathlib import Path

from sel4build.errors import EnvironmentLacksError
from sel4build.git.environment import compose_environment
from sel4build.model.command import Command
from sel4build.model.host_program import HostProgram
from sel4build.process import Runner, find_program

INSTALL_HINT = "install git: `apt-get install git`"
_OLDEST = (2, 31)  # the first with GIT_CONFIG_COUNT
_VERSION = re.compile(r"git version (\d+(?:\.\d+)*)")


def find_git(environ: Mapping[str, str], runner: Runner) -> HostProgram:
    """Return git and its version; raise EnvironmentLacksError when it is missing or too old."""
    path = git_path(environ)
    argv = (str(path), "--version")
    command = Command(argv=argv, cwd=Path("/"), env=compose_environment(environ))
    match = _VERSION.search(runner.run(command).output)
    if match is None:
        message = f"program `{path}` does not tell its version"
        raise EnvironmentLacksError(message, hint=INSTALL_HINT)
    version = tuple(map(int, match[1].split(".")))
    if version < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        message = f"git {match[1]} is too old: {oldest} or newer is needed"
        raise EnvironmentLacksError(message, hint=INSTALL_HINT)
    return HostProgram(path=path, version=version)


def git_path(environ: Mapping[str, str]) -> Path:
    """Return git on the PATH of `environ`; raise EnvironmentLacksError when there is none."""
    path = find_program("git", environ)
    if path is None:
        raise EnvironmentLacksError("program `git` was not found", hint=INSTALL_HINT)
    return path
