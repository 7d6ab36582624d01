# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What is told of a tree after it was configured: deviations, and another run of CMake."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.cli import BRINGUP, TARGET, World

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]
_ANSWER = ".sel4build-second-pass.json"


@pytest.fixture(scope="module")
def workspace(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of its own, whose sources a test changes."""
    root = tmp_path_factory.mktemp("stability") / "w"
    root.mkdir()
    world.run("init", *BRINGUP, "-D", "NoSuchThing:STRING=1", cwd=root).ok()
    return root


@pytest.fixture
def settings(workspace: Path) -> Iterator[Path]:
    """The settings script of the sources, to be added to."""
    path = workspace / "projects" / "bringup" / "settings.cmake"
    text = path.read_text()
    yield path
    path.write_text(text)


@pytest.fixture
def lists(workspace: Path) -> Iterator[Path]:
    """What CMake reads each time it runs, to be added to."""
    path = workspace / "projects" / "bringup" / "CMakeLists.txt"
    text = path.read_text()
    yield path
    path.write_text(text)


def configured(world: World, root: Path) -> tuple[dict[str, Any], str]:
    """Configure anew; return the record of the target, and what was said."""
    world.run("clean", "--all", cwd=root).ok()
    done = world.run("configure", "--json", cwd=root)
    assert done.exit_code == 0, done
    (record,) = done.object("configure")["targets"]
    assert isinstance(record, dict)
    return record, done.stderr


def test_init_asks_for_no_second_run(workspace: Path) -> None:
    assert not list((workspace / "build").glob(f"*/{_ANSWER}"))


def test_a_define_that_no_file_read_is_data(world: World, workspace: Path) -> None:
    record, said = configured(world, workspace)
    assert record["deviations"] == [
        {"kind": "unread", "name": "NoSuchThing", "asked": "1", "got": None, "place": None}
    ]
    assert "`-D NoSuchThing` was not read by any CMake file" in said
    assert record["second-pass"] == {"is-stable": True, "changes": [], "failure": None}


def test_a_value_that_another_run_would_change_is_told(
    world: World, workspace: Path, lists: Path
) -> None:
    text = lists.read_text()
    number = text.count("\n") + 1
    lists.write_text(
        f'{text}set(ROUND "1${{ROUND}}" CACHE STRING "" FORCE)\nmessage("${{NoSuchThing}}")\n'
    )
    record, said = configured(world, workspace)
    place = f"projects/bringup/CMakeLists.txt:{number}"
    assert record["second-pass"]["is-stable"] is False
    changes = {each["name"]: each for each in record["second-pass"]["changes"]}
    assert changes["ROUND"]["place"] == place
    assert "another run of CMake would change `ROUND` from `1" in said
    assert record["deviations"] == []

    done = world.run("build", "--json", cwd=workspace)
    (built,) = done.object("package")["targets"]
    assert built["second-pass"] == record["second-pass"]


def test_a_value_of_ours_that_the_sources_overwrite_is_told_with_its_place(
    world: World, workspace: Path, settings: Path
) -> None:
    text = settings.read_text()
    number = text.count("\n") + 1
    settings.write_text(f'{text}set(SEL4_CACHE_DIR "/else" CACHE STRING "" FORCE)\n')
    record, said = configured(world, workspace)
    found = {each["name"]: each for each in record["deviations"]}["SEL4_CACHE_DIR"]
    assert (found["kind"], found["got"]) == ("overwritten", "/else")
    assert found["place"] == f"projects/bringup/settings.cmake:{number}"
    assert "CMake has `/else`" in said
    assert TARGET in said
