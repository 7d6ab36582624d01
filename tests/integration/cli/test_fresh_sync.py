# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of `sync` with nothing to do: the short answer, and all that makes the whole way decide."""

import fcntl
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sel4build.cli.fresh_sync import answer_if_synced
from sel4build.lock import write_lock
from sel4build.model.lock import ManifestOrigin
from sel4build.model.workspace import WorkspaceSpec
from sel4build.workspace.observe import MARK
from sel4build.workspace.spec import write_spec
from tests.kit.cli import World
from tests.kit.lab import Lab
from tests.kit.locks import a_lock

pytestmark = pytest.mark.tools

_ORIGIN = ManifestOrigin(name="bringup")


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A workspace that was synced twice, entered."""
    lab = Lab(tmp_path)
    projects = [lab.project("projects/one", links=(("file", "links/l"),)), lab.project("two")]
    write_lock(a_lock(*projects, origin=_ORIGIN), lab.workspace.lock_file)
    write_spec(WorkspaceSpec(manifest=_ORIGIN), lab.workspace)
    for _ in range(2):
        World(tmp_path).run("sync", cwd=lab.workspace.root).ok()
    monkeypatch.chdir(lab.workspace.root)
    return lab


def test_the_short_answer_is_that_of_the_whole_way(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer_if_synced()

    whole = World(lab.folder).run("sync", cwd=lab.workspace.root).ok()
    assert capsys.readouterr().out == whole.stdout


def test_it_is_given_from_inside_a_project_too(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(lab.path("projects/one"))

    assert answer_if_synced()


def _edit(path: Path) -> None:
    path.write_text(path.read_text() + "\n")


def _replace_by_link(path: Path) -> None:
    away = path.with_name("away")
    path.rename(away)
    path.symlink_to(away)


_CHANGES: dict[str, Callable[[Lab], object]] = {
    "another lock": lambda lab: _edit(lab.workspace.lock_file),
    "another manifest": lambda lab: _edit(lab.workspace.spec_file),
    "no lock": lambda lab: lab.workspace.lock_file.unlink(),
    "another HEAD": lambda lab: lab.path("two/.git/HEAD").write_text("ref: refs/heads/main\n"),
    "a mark": lambda lab: lab.path(f"two/.git/{MARK}").write_text("moving\n"),
    "a lost folder": lambda lab: shutil.rmtree(lab.path("two")),
    "a lost git directory": lambda lab: shutil.rmtree(lab.path("two/.git").resolve()),
    "a folder that became a link": lambda lab: _replace_by_link(lab.path("projects")),
    "a link's folder that became a link": lambda lab: _replace_by_link(lab.path("links")),
    "a lost link": lambda lab: lab.path("links/l").unlink(),
    "a file in place of a link": lambda lab: lab.path("two/file").rename(lab.path("links/l")),
    "another state": lambda lab: _edit(lab.workspace.sync_state_file),
    "a record of another kind": lambda lab: lab.path(".sel4build/synced.json").write_text("[]"),
    "half of a record": lambda lab: lab.path(".sel4build/synced.json").write_text('{"format'),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_any_doubt_goes_the_whole_way(lab: Lab, change: str) -> None:
    _CHANGES[change](lab)

    assert not answer_if_synced()


def test_another_process_at_work_goes_the_whole_way(lab: Lab) -> None:
    with lab.path(".sel4build/lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)

        assert not answer_if_synced()


def test_what_has_to_be_said_each_time_is_said_each_time(lab: Lab) -> None:
    shutil.rmtree(lab.path("two"))
    lab.path("two").mkdir()
    lab.path("two/mine").write_text("")

    outcome = World(lab.folder).run("sync", cwd=lab.workspace.root).ok()

    assert "it is left alone" in outcome.stderr
    assert not answer_if_synced()


def test_a_clock_that_goes_backwards_hides_no_change(lab: Lab) -> None:
    lock_file = lab.workspace.lock_file
    status = lock_file.stat()
    lock_file.write_text(lock_file.read_text().replace('"two"', '"owt"'))
    os.utime(lock_file, ns=(status.st_atime_ns, status.st_mtime_ns))

    assert not answer_if_synced()


def test_it_costs_little_more_than_the_interpreter(lab: Lab) -> None:
    """Measured in processor time, which a busy host does not change much."""
    world = World(lab.folder)

    def seconds(*argv: str) -> float:
        before = os.times()
        world.spawn(*argv, cwd=lab.workspace.root).ok()
        after = os.times()
        return after.children_user + after.children_system - before[2] - before[3]

    floor = min(seconds("--version") for _ in range(3))
    assert min(seconds("sync") for _ in range(3)) < floor + 0.05


def test_it_starts_no_program(lab: Lab) -> None:
    world = World(lab.folder).having(PATH=str(Path(sys.executable).parent))

    assert world.spawn("sync", cwd=lab.workspace.root).ok().stderr == ""
