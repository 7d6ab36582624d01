# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A host that lacks a tool, a permission, space, or plain letters in its folders."""

import os
import resource
import shutil
import sys
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import BRINGUP, IMAGE, TARGET, CliOutcome, World, bin_folder
from tests.kit.faults import LESS_RIGHTS, fill_disk, small_disk
from tests.kit.git_remote import GitRemote

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]

COMPILER = "aarch64-linux-gnu-gcc"
INIT = ("init", *BRINGUP, "new/w")


def _without(world: World, tmp_path: Path, *names: str) -> World:
    return world.having(
        PATH=str(bin_folder(tmp_path.parent / f"{tmp_path.name}-bin", without=names))
    )


def test_a_compiler_that_is_a_dead_link_is_no_compiler(world: World, tmp_path: Path) -> None:
    lacking = _without(world, tmp_path, COMPILER)
    Path(lacking.environ["PATH"], COMPILER).symlink_to("/nowhere/gcc")
    done = lacking.run(*INIT, "--toolchain", "gcc", cwd=tmp_path)
    done.failed(ExitCode.ENVIRONMENT, "aarch64")
    assert COMPILER in done.stderr
    assert "gcc-aarch64-linux-gnu" in done.stderr
    assert list(tmp_path.iterdir()) == []
    found = lacking.run("doctor", "--json", cwd=tmp_path).object("doctor")["findings"]
    assert {each["what"] for each in found} >= {"git", "cmake", "compiler for aarch64"}


@pytest.mark.parametrize("name", ["cmake", "ninja"])
def test_a_tool_that_is_nowhere_is_named_with_the_command_that_brings_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, name, None)  # as if its wheel were not installed
    lacking = _without(world, tmp_path, name)
    done = lacking.run(*INIT, cwd=tmp_path)
    done.failed(ExitCode.ENVIRONMENT, name)
    assert f"pip install '{name}" in done.stderr
    assert list(tmp_path.iterdir()) == []
    done = lacking.run("doctor", cwd=tmp_path)
    assert done.exit_code == ExitCode.ENVIRONMENT
    assert f"missing  {name}: " in done.stdout


def test_a_host_without_git_is_told_to_install_it(world: World, tmp_path: Path) -> None:
    lacking = _without(world, tmp_path, "git")
    done = lacking.run(*INIT, cwd=tmp_path)
    done.failed(ExitCode.ENVIRONMENT, "`git`")
    assert "apt-get install --no-install-recommends git" in done.stderr
    assert list(tmp_path.iterdir()) == []
    done = lacking.run("doctor", cwd=tmp_path)
    assert "missing  git: not found" in done.stdout


@pytest.fixture
def lesser(world: World) -> "Lesser":
    """Runs commands that may not write where the permissions of files forbid it."""
    return Lesser(world)


class Lesser:
    def __init__(self, world: World) -> None:
        self._world = world

    def run(self, *argv: str, cwd: Path, **environ: str) -> CliOutcome:
        prefix = LESS_RIGHTS if os.geteuid() == 0 else ()
        return self._world.having(**environ).spawn(*argv, cwd=cwd, prefix=prefix)


def test_a_folder_that_may_not_be_written_is_named(lesser: Lesser, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    for argv in (("init", *BRINGUP, "w"), ("init", *BRINGUP)):
        done = lesser.run(*argv, cwd=locked)
        done.failed(ExitCode.ENVIRONMENT, "no permission", str(locked))
    assert list(locked.iterdir()) == []


def test_a_store_that_may_not_be_written_is_done_without(lesser: Lesser, tmp_path: Path) -> None:
    remote = GitRemote.create(tmp_path / "one.git")
    (tmp_path / "m.xml").write_text(
        f'<manifest><remote name="r" fetch="file://{tmp_path}"/>'
        '<default remote="r" revision="main"/><project name="one.git" path="one"/></manifest>'
    )
    cache = tmp_path / "cache"
    for name in ("first", "second"):
        remote.commit({"a": name})
        place = tmp_path / name
        place.mkdir()
        (place / "sel4build.toml").write_text(
            f'version = 1\n[manifest]\npath = "{tmp_path / "m.xml"}"\n'
        )
        done = lesser.run("sync", cwd=place, XDG_CACHE_HOME=str(cache))
        assert done.exit_code == ExitCode.OK, done.stderr
        assert (place / "one" / "a").read_text() == name
        assert ("without the store" in done.stderr) == (name == "second")
        for path in (cache / "sel4build" / "git", *(cache / "sel4build" / "git").rglob("*")):
            path.chmod(0o500 if path.is_dir() else 0o400)


def test_a_store_that_may_only_be_read_is_read(lesser: Lesser, tmp_path: Path) -> None:
    remote = GitRemote.create(tmp_path / "remotes" / "one.git")
    remote.commit({"a": "1"})
    (tmp_path / "m.xml").write_text(
        f'<manifest><remote name="r" fetch="file://{tmp_path}/remotes"/>'
        '<default remote="r" revision="main"/><project name="one.git" path="one"/></manifest>'
    )
    cache = tmp_path / "cache"
    for name in ("first", "second"):
        place = tmp_path / name
        place.mkdir()
        (place / "sel4build.toml").write_text(
            f'version = 1\n[manifest]\npath = "{tmp_path / "m.xml"}"\n'
        )
        if name == "second":
            shutil.copy(tmp_path / "first" / "sel4build.lock", place)
            (tmp_path / "remotes").rename(tmp_path / "lost")
        lesser.run("sync", cwd=place, XDG_CACHE_HOME=str(cache)).ok()
        assert (place / "one" / "a").read_text() == "1"
        for path in (cache / "sel4build" / "git", *(cache / "sel4build" / "git").rglob("*")):
            path.chmod(0o500 if path.is_dir() else 0o400)


def test_a_cache_that_may_not_be_written_is_named(lesser: Lesser, tmp_path: Path) -> None:
    locked, place = tmp_path / "locked", tmp_path / "place"
    locked.mkdir(mode=0o555)
    place.mkdir()
    done = lesser.run("init", *BRINGUP, cwd=place, XDG_CACHE_HOME=str(locked))
    done.failed(ExitCode.ENVIRONMENT, "no permission", str(locked))
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "folder"),
    [("build", "out"), ("build", ".sel4build"), ("clean", "build"), ("sync", "projects")],
)
def test_a_workspace_that_may_not_be_written_is_named(
    lesser: Lesser, world: World, built: Path, command: str, folder: str
) -> None:
    locked = built / folder
    (built / "out" / TARGET / IMAGE).unlink()
    moved = built / "projects" / "bringup"
    away = built / ".moved"
    if command == "sync":
        moved.rename(away)
    modes = {each: each.stat().st_mode for each in (locked, *locked.iterdir()) if each.is_dir()}
    try:
        for each in modes:
            each.chmod(0o555)
        done = lesser.run(command, cwd=built)
    finally:
        for each, mode in modes.items():
            each.chmod(mode)
        if away.exists():
            away.rename(moved)
        world.run("sync", cwd=built).ok()
        world.run("build", cwd=built).ok()
    done.failed(ExitCode.ENVIRONMENT, "no permission", str(locked))


def test_a_disk_that_is_full_while_syncing_is_named(world: World, tmp_path: Path) -> None:
    remote = GitRemote.create(tmp_path / "remotes" / "bringup")
    remote.commit({"noise": os.urandom(2_000_000)})
    (tmp_path / "m.xml").write_text(
        f'<manifest><remote name="o" fetch="file://{tmp_path}/remotes"/>'
        '<default remote="o" revision="main"/><project name="bringup" path="p"/></manifest>'
    )
    argv = ("init", *BRINGUP, "--manifest", "../m.xml")
    with small_disk(tmp_path / "disk", size_kib=1000) as is_small:
        limit = None if is_small else lambda: _limit_files(1_000_000)
        done = world.spawn(*argv, cwd=tmp_path / "disk", before=limit)
        assert done.exit_code in {ExitCode.ENVIRONMENT, *(() if is_small else (ExitCode.FAILED,))}
        naming = ("no space left",) if is_small else ()
        done.failed(ExitCode(done.exit_code), *naming)
        assert list((tmp_path / "disk").iterdir()) == []


def test_a_disk_that_is_full_while_building_is_named(world: World, tmp_path: Path) -> None:
    root = tmp_path / "disk"
    with small_disk(root, size_kib=8000) as is_small:
        world.run("init", *BRINGUP, cwd=root).ok()
        if is_small:
            ballast = fill_disk(root, leaving_kib=60)
            done = world.spawn("build", cwd=root)
            ballast.unlink()
        else:
            done = world.spawn("build", cwd=root, before=lambda: _limit_files(10_000))
        code = ExitCode.ENVIRONMENT if is_small else ExitCode.FAILED
        done.failed(code, *(("no space left", str(root)) if is_small else ()))
        world.run("build", cwd=root).ok()


@pytest.mark.parametrize("leaving_kib", [0, 12])
def test_a_disk_that_is_full_while_configuring_is_named(
    world: World, tmp_path: Path, leaving_kib: int
) -> None:
    root = tmp_path / "disk"
    with small_disk(root, size_kib=8000) as is_small:
        world.run("init", *BRINGUP, cwd=root).ok()
        world.run("clean", cwd=root).ok()
        if is_small:
            ballast = fill_disk(root, leaving_kib=leaving_kib)
            done = world.spawn("configure", cwd=root)
            ballast.unlink()
            done.failed(ExitCode.ENVIRONMENT, "no space left")
        world.run("build", cwd=root).ok()


@pytest.mark.parametrize("character", list('\n;,"$|<>[]?\\'))
def test_a_folder_that_cmake_cannot_take_is_refused_in_one_line(
    world: World, tmp_path: Path, character: str
) -> None:
    root = tmp_path / f"a{character}b"
    done = world.run("init", *BRINGUP, str(root), cwd=tmp_path)
    assert done.exit_code == ExitCode.INVALID
    assert f"breaks at the character {character!r}" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.qemu
@pytest.mark.parametrize("name", ["a b's", "größe 尺", "`x` &(y)", "q:u{o}t%e#d~!@A@^=+*"])
def test_the_bundled_app_works_below_any_name(world: World, tmp_path: Path, name: str) -> None:
    root = tmp_path / name
    root.mkdir()
    world.run("init", *BRINGUP, cwd=root).ok()
    done = world.run("build", cwd=root).ok()
    assert done.stdout.endswith(f" in {root}/out/{TARGET}\n")
    text = world.run("explain", cwd=root).ok().stdout
    world.shell(text[text.index("mkdir -p") :], cwd=tmp_path)
    world.run("boot", cwd=root).ok()


def _limit_files(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
