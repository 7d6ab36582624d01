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


@pytest.mark.parametrize(
    ("count", "detail"),
    [(1, "1 local commit, 1 ahead of the lock"), (2, "2 local commits, 2 ahead of the lock")],
)
def test_a_project_may_have_commits_of_its_own(
    world: World, synced: Path, count: int, detail: str
) -> None:
    for number in range(count):
        run_git("commit", "-qm", f"{number}", "--allow-empty", cwd=synced / "projects" / "bringup")
    assert _state(world, synced) == ("moved", detail)


def test_the_commit_that_is_checked_out_is_told(world: World, synced: Path) -> None:
    place = synced / "projects" / "bringup"
    head = run_git("log", "-1", "--format=%H%n%cI%n%an%n%s", cwd=place).splitlines()

    done = world.having(GIT_DIR="/nowhere").run("status", "--json", cwd=synced).ok()

    (project,) = done.object("status")["projects"]
    date = head[1].replace("Z", "+00:00")
    told = {"commit": head[0], "date": date, "author": head[2], "subject": head[3]}
    assert project["head"] == told
    assert (project["locked"], project["branch"]) == (head[0], None)
    assert (project["ahead"], project["behind"], project["stashes"]) == (0, 0, 0)
    text = world.run("status", cwd=synced).ok().stdout
    assert f"projects/bringup: locked; {head[0][:12]} {date[:10]} {head[3]}\n" in text


def test_all_that_the_user_has_under_way_is_told(world: World, synced: Path) -> None:
    place = synced / "projects" / "bringup"
    tracked = sorted(run_git("ls-files", cwd=place).splitlines())[:2]
    run_git("checkout", "-qb", "topic", cwd=place)
    run_git("commit", "-qm", "Mine\x1b[31m", "--allow-empty", cwd=place)
    for text in ("one\n", "two\n"):
        for name in tracked:
            (place / name).write_text(text)
        if text == "one\n":
            run_git("stash", "--quiet", cwd=place)

    done = world.run("status", "--json", cwd=synced).ok()

    (project,) = done.object("status")["projects"]
    assert (project["state"], project["branch"], project["files"]) == ("changed", "topic", tracked)
    assert (project["ahead"], project["behind"]) == (1, 0)
    assert (project["local-commits"], project["stashes"]) == (1, 1)
    files = ", ".join(tracked)
    detail = "on branch `topic`, 1 local commit, 1 ahead of the lock, 1 stash, 2 changed files: "
    assert project["detail"] == detail + files
    world.run("status", cwd=synced).ok().plain()


def test_a_locked_commit_that_is_not_there_has_no_distance(world: World, synced: Path) -> None:
    lock = synced / "sel4build.lock"
    place = synced / "projects" / "bringup"
    lock.write_text(lock.read_text().replace(run_git("rev-parse", "HEAD", cwd=place), "1" * 40))

    (project,) = world.run("status", "--json", cwd=synced).ok().object("status")["projects"]

    assert (project["ahead"], project["behind"]) == (None, None)
    assert project["detail"] == "the locked commit is not there"


def test_a_branch_without_a_commit_has_no_head(world: World, synced: Path) -> None:
    run_git("checkout", "-q", "--orphan", "new", cwd=synced / "projects" / "bringup")

    (project,) = world.run("status", "--json", cwd=synced).ok().object("status")["projects"]

    assert (project["state"], project["branch"], project["head"]) == ("changed", "new", None)


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
