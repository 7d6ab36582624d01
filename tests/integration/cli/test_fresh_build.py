# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The short answer to `build`: the same words as the whole way, and only while they are true."""

import contextlib
import os
import shutil
from pathlib import Path
from unittest import mock

import pytest

from sel4build.api.building import Goal, reach
from sel4build.api.context import Context
from sel4build.api.freshness import remember_fresh, stamp_inputs
from sel4build.cli.fresh import answer_if_fresh
from sel4build.model.workspace import Workspace
from tests.kit.cli import BRINGUP, IMAGE, TARGET, World

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]


@pytest.fixture
def fresh(world: World, built: Path) -> Path:
    """A workspace that was just built."""
    world.run("build", cwd=built).ok()
    return built


def test_the_short_answer_is_that_of_the_whole_way(
    world: World, fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ([], [TARGET]):
        assert _is_answered(world, fresh, *words)
        assert capsys.readouterr().out == world.run("build", *words, cwd=fresh).ok().stdout


def test_the_program_itself_gives_the_short_answer(world: World, fresh: Path) -> None:
    done = world.spawn("build", cwd=fresh).ok()
    assert done.stdout == world.run("build", cwd=fresh).ok().stdout
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["src/console.c", "src/bringup.h", "CMakeLists.txt"])
def test_a_source_that_was_touched_is_built_again(world: World, fresh: Path, name: str) -> None:
    (fresh / "projects" / "bringup" / name).touch()
    assert not _is_answered(world, fresh)
    done = world.run("build", cwd=fresh).ok()
    assert f"build {TARGET}: done" in done.stderr or name == "CMakeLists.txt"
    assert _is_answered(world, fresh)


def test_wishes_that_changed_are_read(world: World, fresh: Path) -> None:
    spec = fresh / "sel4build.toml"
    text = spec.read_text()
    spec.write_text(text + "num-nodes = 4\n")
    try:
        assert not _is_answered(world, fresh)
        done = world.run("build", cwd=fresh).ok()
        assert done.stdout.startswith("bringup@qemu-arm-virt")
        assert not done.stdout.startswith(f"{TARGET}:")
    finally:
        spec.write_text(text)
    assert not _is_answered(world, fresh)


def test_an_image_that_was_deleted_comes_back(world: World, fresh: Path) -> None:
    image = fresh / "out" / TARGET / IMAGE
    content = image.read_bytes()
    image.unlink()
    assert not _is_answered(world, fresh)
    world.run("build", cwd=fresh).ok()
    assert image.read_bytes() == content


def test_an_image_that_was_changed_is_made_whole(world: World, fresh: Path) -> None:
    image = fresh / "out" / TARGET / IMAGE
    content = image.read_bytes()
    image.write_bytes(content[:-1] + b"?")
    assert not _is_answered(world, fresh)
    world.run("build", cwd=fresh).ok()
    assert image.read_bytes() == content


def test_an_image_of_the_tree_that_was_deleted_comes_back(world: World, fresh: Path) -> None:
    image = fresh / "build" / TARGET / "images" / IMAGE
    image.unlink()
    assert not _is_answered(world, fresh)
    world.run("build", cwd=fresh).ok()
    assert image.is_file()


def test_another_path_may_hold_other_tools(world: World, fresh: Path) -> None:
    other = world.having(PATH=f"/opt/none:{world.environ['PATH']}")
    assert not _is_answered(other, fresh)
    assert _is_answered(world, fresh)


def test_platform_files_count(world: World, tmp_path: Path) -> None:
    platform, options = _own_data(tmp_path)
    root = tmp_path / "w"
    world.run(*options, "init", *BRINGUP, str(root), cwd=tmp_path).ok()
    world.run("build", cwd=root).ok()
    assert _is_answered(world, root)
    platform.write_text(platform.read_text() + "# a remark\n")
    assert not _is_answered(world, root)
    world.run("build", cwd=root).ok()
    assert _is_answered(world, root)


def test_data_of_one_run_leaves_no_short_answer_to_the_next(
    world: World, fresh: Path, tmp_path: Path
) -> None:
    _, options = _own_data(tmp_path)
    world.run(*options, "build", cwd=fresh).ok()
    assert not _is_answered(world, fresh)
    world.run("build", cwd=fresh).ok()
    assert _is_answered(world, fresh)


def test_wishes_that_change_during_a_build_leave_no_short_answer(world: World, fresh: Path) -> None:
    context = Context(environ=world.environ, cwd=fresh)
    inputs = stamp_inputs(context, Workspace(fresh))
    done = reach(context, Workspace(fresh), Goal.PACKAGE)
    (fresh / "sel4build.toml").touch()
    remember_fresh(context, done, {TARGET: "done"}, inputs=inputs)
    assert not _is_answered(world, fresh)
    world.run("build", cwd=fresh).ok()
    assert _is_answered(world, fresh)


def _is_answered(world: World, root: Path, *words: str) -> bool:
    with mock.patch.dict(os.environ, world.environ, clear=True), contextlib.chdir(root):
        return answer_if_fresh(list(words))


def _own_data(tmp_path: Path) -> tuple[Path, tuple[str, str]]:
    """Return a platform file of the user's own, and the options that make it count."""
    platforms = tmp_path / "data" / "platforms"
    platforms.mkdir(parents=True)
    shipped = Path(__file__).parents[3] / "platforms" / "qemu-arm-virt.toml"
    platform = Path(shutil.copy(shipped, platforms))
    return platform, ("--data-dir", str(tmp_path / "data"))
