# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What is not needed is not loaded."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.cli import World

# Runs the program as `python -m sel4build` does, then says what it has loaded.
_TELLING = """
import contextlib, json, sys
from sel4build.__main__ import main
stdout = sys.stdout
with contextlib.redirect_stdout(sys.stderr), contextlib.suppress(SystemExit):
    main()
json.dump(sorted(sys.modules), stdout)
"""


def loaded_modules(world: World, *argv: str, cwd: Path) -> frozenset[str]:
    done = subprocess.run(
        (sys.executable, "-P", "-c", _TELLING, *argv),
        cwd=cwd,
        env=world.environ,
        capture_output=True,
        check=True,
    )
    return frozenset(json.loads(done.stdout))


@pytest.mark.parametrize("words", [("--version",), ("-q", "--version"), ("--help",)])
def test_what_needs_no_tools_loads_none_of_their_libraries(
    world: World, tmp_path: Path, words: tuple[str, ...]
) -> None:
    loaded = loaded_modules(world, *words, cwd=tmp_path)
    assert not loaded & {"git", "cmake", "ninja", "rich", "scikit_build_core"}


def test_the_version_alone_loads_nothing_of_the_command_line(world: World, tmp_path: Path) -> None:
    loaded = loaded_modules(world, "--version", cwd=tmp_path)
    assert {each for each in loaded if each.startswith("sel4build")} == {
        "sel4build",
        "sel4build.__main__",
    }


@pytest.mark.tools
def test_a_fresh_build_loads_no_typer(world: World, built: Path) -> None:
    world.run("build", cwd=built).ok()
    loaded = loaded_modules(world, "build", cwd=built)
    assert "sel4build.cli.fresh" in loaded
    assert not loaded & {"typer", "sel4build.cli.main", "sel4build.api"}


@pytest.mark.tools
def test_a_sync_loads_nothing_that_talks_to_servers_itself(world: World, tmp_path: Path) -> None:
    (tmp_path / "sel4build.toml").write_text(
        'version = 1\n\n[manifest]\nurl = "bundled:manifests"\nfile = "bringup.xml"\n'
    )
    loaded = loaded_modules(world, "sync", cwd=tmp_path)
    assert "sel4build.workspace.sync" in loaded
    assert not loaded & {"urllib.request", "http.client", "ssl"}


@pytest.mark.parametrize("words", [("--version",), ("--version", "build"), ("-v", "--version")])
def test_the_version_is_told_wherever_it_is_asked_for(
    world: World, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = world.spawn(*words, cwd=tmp_path).ok()
    assert done.stdout.startswith("sel4build ")
    assert done.stderr == ""


def test_no_command_at_all_shows_the_help_as_a_mistake(world: World, tmp_path: Path) -> None:
    done = world.spawn(cwd=tmp_path)
    assert done.exit_code == 2
    assert done.stderr.startswith("Usage: sel4build ")


def test_a_list_outside_of_a_workspace_loads_nothing_that_reads_sources(
    world: World, tmp_path: Path
) -> None:
    loaded = loaded_modules(world, "list", "platforms", cwd=tmp_path)
    assert "sel4build.targets.listing" in loaded
    readers = {"sel4build.targets.audit", "sel4build.sources", "sel4build.lock.resolve"}
    assert not readers & loaded
