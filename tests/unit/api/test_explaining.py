# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Commands that a shell reads right."""

import shlex
from dataclasses import replace
from pathlib import Path

from sel4build.api.explaining import _commands, python_of
from sel4build.api.preparing import Prepared
from sel4build.catalog import load_catalog
from sel4build.model.lock import ManifestOrigin
from sel4build.model.workspace import Workspace, WorkspaceSpec
from tests.kit.configurations import a_configuration

ROOT = Path("/a place's/w")


def test_a_python_of_ours_is_told_and_comes_first_on_path() -> None:
    ours = replace(a_configuration(ROOT / "build" / "x"), python_dir=Path("/a cache/py/bin"))
    assert python_of(ours) == ("/a cache/py/bin/python3", "our locked packages")
    theirs = a_configuration(ROOT / "build" / "x")
    assert python_of(theirs) == ("python3", "the user's PATH")
    environ = ours.environ_on({"PATH": "/usr/bin", "X": "1"})
    assert environ == {"PATH": "/a cache/py/bin:/usr/bin", "X": "1", "PYTHONHASHSEED": "0"}
    _, cmake, ninja, _ = _commands(_prepared(), ours, "demo@acme1")
    for command in (cmake, ninja):
        assert command.startswith("env PATH='/a cache/py/bin':\"$PATH\" PYTHONHASHSEED=0 ")


def _prepared() -> Prepared:
    return Prepared(
        workspace=Workspace(ROOT),
        spec=WorkspaceSpec(manifest=ManifestOrigin(name="m")),
        catalog=load_catalog(()),
        targets={},
        configurations={},
        ninja=Path("/usr/bin/ninja"),
    )


def test_commands_are_quoted_for_a_shell() -> None:
    configuration = replace(
        a_configuration(ROOT / "build" / "x"),
        argv=("cmake", "-S", "a source", "-DX=$HOME"),
        initial_cache="set(X [[$HOME `id` \\]])\n",
    )
    cache, cmake, ninja, both = _commands(_prepared(), configuration, "demo@acme1")
    where, _, rest = cache.partition("\ncat > ")
    assert shlex.split(where) == ["mkdir", "-p", f"{ROOT}/build/x"]
    head, content, end = rest.split("\n")
    # A quoted word behind << keeps the shell from reading what follows (POSIX shell, 2.7.4).
    assert head == f"{shlex.quote(f'{ROOT}/build/x/initial-cache.cmake')} <<'{end}'"
    assert content == "set(X [[$HOME `id` \\]])"
    assert shlex.split(cmake)[:6] == ["env", "PYTHONHASHSEED=0", *configuration.argv]
    assert shlex.split(ninja) == [
        *("env", "PYTHONHASHSEED=0", "/usr/bin/ninja", "-C", f"{ROOT}/build/x")
    ]
    assert shlex.split(both.partition("package: ")[2]) == [
        *("cd", str(ROOT), "&&", "/usr/bin/ninja"),
        *("-f", ".sel4build/build.ninja", "demo@acme1/package"),
    ]
