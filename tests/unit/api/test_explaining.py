# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Settings with their sources, and commands that a shell reads right."""

import shlex
from dataclasses import replace
from pathlib import Path

from sel4build.api.explaining import _commands, _settings
from sel4build.api.preparing import Prepared
from sel4build.catalog import load_catalog
from sel4build.model.lock import ManifestOrigin
from sel4build.model.workspace import Workspace, WorkspaceSpec
from tests.kit.configurations import a_configuration
from tests.kit.targets import a_board, a_target

ROOT = Path("/a place's/w")


def test_each_setting_is_told_with_who_says_so() -> None:
    board = replace(a_board(), variables={"AARCH64": "1"})
    target = a_target(board, defines={"MINE": "yes"})
    target = replace(
        target,
        app=replace(target.app, forced={"FIXED": "ON", "BOTH": "app"}),
        app_platform=replace(target.app_platform, forced={"BOTH": "platform"}),
        variables={"AARCH64": "1", "APP": "demo"},
    )
    settings = _settings(target, a_configuration(ROOT / "build" / "x"))
    assert {(each.name, each.value, each.source) for each in settings} == {
        ("MINE", "yes", "-D"),
        ("AARCH64", "1", "platform acme1"),
        ("APP", "demo", "app demo"),
        ("FIXED", "ON", "the sources, whatever is asked"),
        ("BOTH", "platform", "the sources, whatever is asked"),
        ("toolchain", "fake", "1"),
        ("python3", "python3", "the user's PATH"),
    }


def test_a_python_of_ours_is_told_and_comes_first_on_path() -> None:
    ours = replace(a_configuration(ROOT / "build" / "x"), python_dir=Path("/a cache/py/bin"))
    settings = _settings(a_target(a_board()), ours)
    (python,) = (each for each in settings if each.name == "python3")
    assert (python.value, python.source) == ("/a cache/py/bin/python3", "our locked packages")
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
