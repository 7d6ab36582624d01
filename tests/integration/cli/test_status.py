# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`status` tells the state of every project and target."""

import shutil
from pathlib import Path

import pytest

from tests.kit.cli import BRINGUP, World
from tests.kit.git_remote import run_git

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]


@pytest.fixture
def synced(world: World, built: Path, tmp_path: Path) -> Path:
    """A workspace with its project and nothing built."""
    root = tmp_path / "w"
    root.mkdir()
    for name in ("sel4build.toml", "sel4build.lock"):
        shutil.copy(built / name, root)
    world.run("sync", cwd=root).ok()
    return root


def _state(world: World, root: Path) -> tuple[str, str]:
    (project,) = world.run("status", "--json", cwd=root).ok().object("status")["projects"]
    return project["state"], project["detail"]


def test_a_project_is_what_the_lock_says(world: World, synced: Path) -> None:
    assert _state(world, synced) == ("locked", "")


def test_a_project_may_be_missing(world: World, synced: Path) -> None:
    shutil.rmtree(synced / "projects" / "bringup")
    assert _state(world, synced) == ("missing", "")


def test_something_else_may_be_in_the_way(world: World, synced: Path) -> None:
    project = synced / "projects" / "bringup"
    shutil.rmtree(project)
    project.mkdir()
    (project / "mine").write_text("")
    assert _state(world, synced)[0] == "in the way"


@pytest.mark.parametrize(("count", "detail"), [(1, "1 local commit"), (2, "2 local commits")])
def test_a_project_may_have_commits_of_its_own(
    world: World, synced: Path, count: int, detail: str
) -> None:
    for number in range(count):
        run_git("commit", "-qm", f"{number}", "--allow-empty", cwd=synced / "projects" / "bringup")
    assert _state(world, synced) == ("moved", detail)


def test_before_the_lock_there_are_no_projects(world: World, synced: Path) -> None:
    (synced / "sel4build.lock").unlink()
    assert world.run("status", "--json", cwd=synced).ok().object("status")["projects"] == []


def test_a_package_that_is_not_whole_is_no_package(world: World, built: Path) -> None:
    world.run("init", *BRINGUP, cwd=built).ok()
    (record,) = (built / "out").glob("bringup@qemu-arm-virt/target.json")
    text = record.read_text()
    record.write_text(text[:-20])
    (target,) = world.run("status", "--json", cwd=built).ok().object("status")["targets"]
    assert (target["configured"], target["packaged"]) == (True, False)
    world.run("build", cwd=built).ok()
    assert record.read_text() == text
