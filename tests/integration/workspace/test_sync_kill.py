# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of syncs that SIGKILL ends: the same command completes them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.lock import write_lock
from sel4build.model.paths import RelPath
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.sync import sync_workspace
from tests.kit.git_remote import Content, Gitlink, fsck, run_git
from tests.kit.lab import Lab
from tests.kit.locks import a_lock

pytestmark = pytest.mark.tools

_ROOT = Path(__file__).parents[3]
_PROGRAM = """
import os, sys
from pathlib import Path
from sel4build.git import Git
from sel4build.lock import read_lock
from sel4build.model.reporter import SilentReporter
from sel4build.model.workspace import Workspace
from sel4build.process import SubprocessRunner
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.sync import SyncOptions, sync_workspace

workspace = Workspace(Path(sys.argv[1]))
git = Git(runner=SubprocessRunner(), environ=os.environ, cache_dir=Path(sys.argv[2]))
with workspace_lock(workspace, SilentReporter()):
    sync_workspace(workspace, read_lock(workspace.lock_file), git=git, options=SyncOptions(jobs=2))
"""
# Stands for git on PATH and kills who called it at the n-th call: instead of running git, after
# it has run, or in the middle of it, git included.
_KILLER = """#!/bin/sh
echo x >> {counter}
if [ "$(wc -l < {counter})" -ne {number} ]; then exec {git} "$@"; fi
case {moment} in
before) kill -9 $PPID ;;
after) {git} "$@"; kill -9 $PPID ;;
amid) {git} "$@" & sleep 0.004; kill -9 $! $PPID ;;
esac
"""


def _killer(folder: Path, number: int, moment: str) -> Path:
    folder.mkdir()
    script = folder / "git"
    script.write_text(
        _KILLER.format(
            counter=folder / "calls", number=number, moment=moment, git=shutil.which("git")
        )
    )
    script.chmod(0o755)
    return folder


def _files(text: str) -> dict[str, Content]:
    return {f"d{number % 7}/f{number}": f"{text} {number}\n" * 400 for number in range(150)}


def _start(lab: Lab, bin_dir: Path) -> subprocess.Popen[bytes]:
    argv = (sys.executable, "-c", _PROGRAM, str(lab.workspace.root), str(lab.folder / "cache"))
    path = f"{bin_dir}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PYTHONPATH": str(_ROOT), "PATH": path}
    return subprocess.Popen(argv, env=env, stderr=subprocess.PIPE)


def _sync_in_a_process(lab: Lab, bin_dir: Path) -> int:
    with _start(lab, bin_dir) as process:
        return process.wait()


@pytest.mark.parametrize("moment", ["before", "after", "amid"])
@pytest.mark.parametrize("number", range(1, 17))
def test_a_sync_that_was_killed_is_completed_by_the_same_command(
    tmp_path: Path, number: int, moment: str
) -> None:
    lab = Lab(tmp_path)
    lab.sync(lab.project("one", _files("old"), links=(("d0/f0", "l"),)))
    one = lab.project("one", {**_files("new"), "more": "x"}, links=(("more", "l"),))
    two = lab.project("one/two", _files("inner"))
    lock = a_lock(one, two)
    write_lock(lock, lab.workspace.lock_file)
    killer = _killer(tmp_path / "bin", number, moment)

    ended = _sync_in_a_process(lab, killer)

    calls = len((killer / "calls").read_text().splitlines())
    assert ended == (-signal.SIGKILL if calls >= number else 0)
    with workspace_lock(lab.workspace, lab.recorder):
        outcome = sync_workspace(lab.workspace, lock, git=lab.git)

    assert outcome.left_alone == ()
    for project in (one, two):
        work_tree = lab.path(project.path.text)
        assert lab.head(project.path.text) == project.commit
        assert run_git("status", "--porcelain", "-uno", cwd=work_tree) == ""
        assert fsck(work_tree) == ""
    assert lab.path("l").read_text() == "x"
    assert lab.sync(one, two).moved == ()


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", range(1, 19, 2))
def test_a_sync_of_submodules_that_was_killed_is_completed(
    tmp_path: Path, number: int, moment: str
) -> None:
    lab = Lab(tmp_path)
    modules = '[submodule "s"]\n\tpath = s\n\turl = ../inner.git\n'
    locks = []
    for text in ("old", "new"):
        inner = lab.project("inner", _files(text))
        files: dict[str, Content] = {
            ".gitmodules": modules,
            "s": Gitlink(inner.commit),
            "file": text,
        }
        locks.append(a_lock(replace(lab.project("outer", files), sync_s=True)))
    sync_workspace(lab.workspace, locks[0], git=lab.git)
    write_lock(locks[1], lab.workspace.lock_file)

    _sync_in_a_process(lab, _killer(tmp_path / "bin", number, moment))
    with workspace_lock(lab.workspace, lab.recorder):
        outcome = sync_workspace(lab.workspace, locks[1], git=lab.git)

    assert (outcome.left_alone, outcome.num_projects) == ((), 2)
    assert lab.path("outer/s/d0/f0").read_text().startswith("new")
    for path in ("outer", "outer/s"):
        assert run_git("status", "--porcelain", cwd=lab.path(path)) == ""
        assert fsck(lab.path(path)) == ""


def test_git_that_outlives_its_killed_parent_keeps_the_workspace(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    one = lab.project("one")
    write_lock(a_lock(one), lab.workspace.lock_file)
    slow = tmp_path / "bin"
    slow.mkdir()
    (slow / "git").write_text(f"#!/bin/sh\nkill -9 $PPID\nsleep 0.5\ntouch {tmp_path}/ended\n")
    (slow / "git").chmod(0o755)

    _sync_in_a_process(lab, slow)
    assert not (tmp_path / "ended").exists()
    with workspace_lock(lab.workspace, lab.recorder):
        assert (tmp_path / "ended").exists()

    assert "ended by now, has left running" in lab.recorder.events[0]
    assert lab.sync(one).moved == (RelPath("one"),)


def test_an_interrupt_ends_git_and_the_sync_at_once(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    one = lab.project("one")
    write_lock(a_lock(one), lab.workspace.lock_file)
    slow = tmp_path / "bin"
    slow.mkdir()
    (slow / "git").write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")
    (slow / "git").chmod(0o755)

    with _start(lab, slow) as process:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)

    assert b"InterruptedByUserError: the sync was interrupted" in errors
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    with workspace_lock(lab.workspace, lab.recorder, waits=False):
        assert lab.sync(one).moved == (RelPath("one"),)
