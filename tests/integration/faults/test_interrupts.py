# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Ctrl-C and SIGKILL at chosen points, then the same command again; and two runs at once."""

import signal
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import BRINGUP, IMAGE, TARGET, World
from tests.kit.faults import Hold, holding_git
from tests.kit.git_remote import GitRemote, fsck

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]

SIGNALS = pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Hold]:
    """A point where a program waits; nobody waits there after the test."""
    made = Hold(tmp_path)
    yield made
    made.release()


@pytest.mark.parametrize(
    ("before", "after"),
    [("fetch", ""), ("cat-file", ""), ("", "fetch"), ("checkout", ""), ("", "checkout")],
    ids=["before-fetch", "before-cat-file", "after-fetch", "before-checkout", "after-checkout"],
)
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGKILL])
def test_an_init_stopped_while_syncing_goes_on(
    world: World, tmp_path: Path, hold: Hold, signum: signal.Signals, before: str, after: str
) -> None:
    root = tmp_path / "w"
    root.mkdir()
    held = holding_git(world, tmp_path, hold, before=before, after=after)
    with held.started("init", *BRINGUP, cwd=root) as run:
        hold.wait(run)
        _assert_stopped(run.end(signum), run.output, signum)
    hold.release()
    world.run("init", *BRINGUP, cwd=root).ok()
    project, target = world.run("status", cwd=root).ok().stdout.splitlines()[1:]
    assert project.startswith("projects/bringup: locked; ")
    assert target == f"{TARGET}: configured, not packaged"
    assert fsck(root / "projects" / "bringup") == ""
    assert not list((root / ".sel4build").glob("fetch/*"))


@SIGNALS
def test_a_fetch_into_the_cache_that_was_stopped_is_done_again(
    world: World, tmp_path: Path, hold: Hold, signum: signal.Signals
) -> None:
    root = tmp_path / "w"
    remote = GitRemote.create(tmp_path / "remotes" / "acme")
    commit = remote.commit({"easy-settings.cmake": "", "settings.cmake": ""})
    (tmp_path / "m.xml").write_text(
        f'<manifest><remote name="o" fetch="file://{tmp_path}/remotes"/>'
        '<default remote="o" revision="main"/><project name="acme"/></manifest>'
    )
    held = holding_git(world, tmp_path, hold, after="fetch")
    with held.started("init", *BRINGUP, "--manifest", "m.xml", "w", cwd=tmp_path) as run:
        hold.wait(run)
        _assert_stopped(run.end(signum), run.output, signum)
    hold.release()
    assert world.run("sync", cwd=root).ok().stdout == "1 projects, 1 moved, 0 left alone\n"
    assert fsck(root / "acme") == ""
    assert commit in (root / "sel4build.lock").read_text()


@SIGNALS
@pytest.mark.parametrize("script", ["settings.cmake", "CMakeLists.txt"])
def test_a_configure_that_was_stopped_is_done_again(
    world: World, built: Path, hold: Hold, signum: signal.Signals, script: str
) -> None:
    world.run("clean", cwd=built).ok()
    file = built / "projects" / "bringup" / script
    text = file.read_text()
    waiting = f"execute_process(COMMAND sh -c [==[{hold.command}]==])\n"
    file.write_text(text + waiting)
    try:
        with world.started("configure", cwd=built) as run:
            hold.wait(run)
            _assert_stopped(run.end(signum), run.output, signum)
    finally:
        file.write_text(text)
        hold.release()
    done = world.run("configure", cwd=built).ok()
    # What a killed run has left running goes on to the end, and nothing is left to do.
    assert f"configure {TARGET}: done" in done.stderr or signum is signal.SIGKILL
    world.run("build", cwd=built).ok()


@SIGNALS
@pytest.mark.parametrize("script", ["src/console.c", "src/arm/head.S"])
def test_a_build_that_was_stopped_goes_on(
    world: World, built: Path, hold: Hold, signum: signal.Signals, script: str
) -> None:
    world.run("build", cwd=built).ok()
    image = built / "out" / TARGET / IMAGE
    content = image.read_bytes()
    image.unlink()
    file = built / "projects" / "bringup" / script
    text = file.read_text()
    waiting = f'#include "{hold.path}"\n'
    file.write_text(text + waiting)
    try:
        with world.started("build", cwd=built) as run:
            hold.wait(run)
            _assert_stopped(run.end(signum), run.output, signum)
    finally:
        file.write_text(text)
        hold.release()
    assert not image.exists()
    world.run("build", cwd=built).ok()
    assert image.read_bytes() == content


def test_a_second_run_waits_and_says_for_whom(
    world: World, built: Path, hold: Hold, tmp_path: Path
) -> None:
    world.run("clean", cwd=built).ok()
    file = built / "projects" / "bringup" / "CMakeLists.txt"
    text = file.read_text()
    file.write_text(text + f"execute_process(COMMAND sh -c [==[{hold.command}]==])\n")
    try:
        with world.started("-v", "configure", cwd=built) as first:
            hold.wait(first)
            with world.started("build", "-C", str(built), cwd=tmp_path) as second:
                line = second.wait_for_line("waiting for ")
                file.write_text(text)
                hold.release()
                assert first.end() == ExitCode.OK, first.output
                assert second.end() == ExitCode.OK, second.output
        assert f"process {first.process.pid} (`sel4build -v configure`, since 2" in line
        assert f"which holds `{built}`" in line
    finally:
        file.write_text(text)


def test_what_a_killed_run_left_running_keeps_the_workspace_until_it_ends(
    world: World, built: Path, hold: Hold
) -> None:
    world.run("clean", cwd=built).ok()
    file = built / "projects" / "bringup" / "CMakeLists.txt"
    text = file.read_text()
    file.write_text(text + f"execute_process(COMMAND sh -c [==[{hold.command}]==])\n")
    try:
        with world.started("configure", cwd=built) as first:
            hold.wait(first)
            first.process.kill()
            first.process.wait()
            with world.started("build", cwd=built) as second:
                line = second.wait_for_line("waiting for ")
                file.write_text(text)
                hold.release()
                assert second.end() == ExitCode.OK, second.output
        assert f"what process {first.process.pid} (`sel4build configure`" in line
        assert "has left running" in line
    finally:
        file.write_text(text)


def test_two_inits_at_once_in_one_folder_make_one_workspace_of_both(
    world: World, tmp_path: Path, hold: Hold
) -> None:
    root = tmp_path / "w"
    root.mkdir()
    held = holding_git(world, tmp_path, hold, before="fetch")
    other = ("--app", "bringup", "--platform", "x86_64")
    with held.started("init", *BRINGUP, cwd=root) as first:
        hold.wait(first)
        with world.started("init", *other, str(root), cwd=tmp_path) as second:
            second.wait_for_line("waiting for ")
            hold.release()
            assert first.end() == ExitCode.OK, first.output
            assert second.end() == ExitCode.OK, second.output
    spec = tomllib.loads((root / "sel4build.toml").read_text())
    assert [each["platform"] for each in spec["target"]] == ["qemu-arm-virt", "x86_64"]


def test_a_second_init_does_not_suffer_from_the_first_that_fails(
    world: World, tmp_path: Path, hold: Hold
) -> None:
    root = tmp_path / "w"
    (tmp_path / "m.xml").write_text(
        '<manifest><remote name="o" fetch="file:///nowhere"/>'
        '<default remote="o" revision="main"/><project name="p"/></manifest>'
    )
    held = holding_git(world, tmp_path, hold, before="ls-remote")
    argv = ("init", *BRINGUP, "--manifest", "m.xml", "w")
    with held.started(*argv, cwd=tmp_path) as first:
        hold.wait(first)
        with world.started("init", *BRINGUP, "w", cwd=tmp_path) as second:
            second.wait_for_line("waiting for ")
            hold.release()
            assert first.end() == ExitCode.ENVIRONMENT, first.output
            assert second.end() == ExitCode.OK, second.output
    world.run("build", cwd=root).ok()


def _assert_stopped(code: int, output: str, signum: signal.Signals) -> None:
    if signum is signal.SIGKILL:
        assert code == -signal.SIGKILL
        return
    assert code == ExitCode.INTERRUPTED, output
    errors = [line for line in output.splitlines() if line.startswith("error:")]
    assert len(errors) == 1, output
    assert "interrupted" in errors[0]
    assert "Traceback" not in output
