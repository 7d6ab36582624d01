# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of holding a workspace."""

import errno
import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError
from sel4build.model.workspace import Workspace
from sel4build.workspace.locking import find_holder, workspace_lock
from tests.kit.runner import Recorder


def test_the_holder_is_named_to_who_does_not_wait(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)

    with (
        workspace_lock(workspace, Recorder(), command="sel4build sync"),
        pytest.raises(EnvironmentLacksError) as caught,
        workspace_lock(workspace, Recorder(), waits=False),
    ):
        pass

    assert f"is held by process {os.getpid()} (`sel4build sync`, since 2" in caught.value.message
    assert str(tmp_path) in caught.value.message


def test_who_waits_says_so_once_and_gets_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    recorder = Recorder()
    release = threading.Event()
    held = threading.Event()

    def hold() -> None:
        with workspace_lock(workspace, Recorder(), command="sel4build build"):
            held.set()
            release.wait(10)

    def sleep(_seconds: float) -> None:
        release.set()
        time.sleep(0.01)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    with workspace_lock(workspace, recorder, sleep=sleep):
        pass
    thread.join()

    assert len(recorder.events) == 1
    assert recorder.events[0].startswith(
        f"note waiting for process {os.getpid()} (`sel4build build`"
    )


def test_after_a_clean_end_nobody_is_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)

    with workspace_lock(workspace, Recorder()):
        assert find_holder(workspace) is not None

    assert find_holder(workspace) is None
    assert find_holder(Workspace(tmp_path / "elsewhere")) is None


def test_an_exception_releases_the_workspace(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)

    with pytest.raises(KeyError), workspace_lock(workspace, Recorder()):
        raise KeyError
    with workspace_lock(workspace, Recorder(), waits=False):
        pass


def test_what_a_dead_process_left_running_keeps_the_workspace(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    program = f"""
import os, subprocess, sys
from pathlib import Path
from sel4build.model.reporter import SilentReporter
from sel4build.model.workspace import Workspace
from sel4build.workspace.locking import workspace_lock
with workspace_lock(Workspace(Path({str(tmp_path)!r})), SilentReporter(), command="sel4build sync"):
    child = subprocess.Popen(["sleep", "60"], close_fds=False, stdout=-3)
    print(child.pid, flush=True)
    os.kill(os.getpid(), 9)
"""
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
    )
    child = int(done.stdout)
    try:
        with (
            pytest.raises(EnvironmentLacksError, match="ended by now, has left running"),
            workspace_lock(workspace, Recorder(), waits=False),
        ):
            pass
    finally:
        os.kill(child, 9)
    with workspace_lock(workspace, Recorder()):
        pass


def test_a_state_folder_that_is_deleted_while_one_waits_is_made_again(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    held = workspace_lock(workspace, Recorder())
    with held:
        (workspace.state_dir / "lock").unlink()
        with workspace_lock(workspace, Recorder(), waits=False):
            assert find_holder(workspace) is not None


def test_an_unsigned_or_strange_lock_is_described_plainly(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with workspace_lock(workspace, Recorder()):
        (workspace.state_dir / "lock").write_bytes(b"\xffnonsense")
        with (
            pytest.raises(EnvironmentLacksError, match="is held by another process"),
            workspace_lock(workspace, Recorder(), waits=False),
        ):
            pass


def test_a_command_with_control_characters_is_shown_without_them(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with workspace_lock(workspace, Recorder(), command="a\x1bb"):
        holder = find_holder(workspace)

    assert holder is not None
    assert holder.command == "a?b"


def test_a_workspace_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / ".sel4build").write_text("")

    with (
        pytest.raises(EnvironmentLacksError, match=r"\.sel4build/lock` cannot be written"),
        workspace_lock(Workspace(tmp_path), Recorder()),
    ):
        pass


def test_a_link_in_place_of_the_lock_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".sel4build").mkdir()
    (tmp_path / ".sel4build" / "lock").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(EnvironmentLacksError), workspace_lock(Workspace(tmp_path), Recorder()):
        pass

    assert not (tmp_path / "elsewhere").exists()


def test_a_lock_file_that_vanishes_at_the_last_moment_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path)
    flock = fcntl.flock
    calls: list[int] = []

    def lock(descriptor: int, operation: int) -> None:
        flock(descriptor, operation)
        calls.append(operation)
        if len(calls) == 1:
            shutil.rmtree(workspace.state_dir)

    monkeypatch.setattr(fcntl, "flock", lock)
    with workspace_lock(workspace, Recorder()):
        assert find_holder(workspace) is not None


def test_a_file_system_without_locks_leaves_no_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)

    with (
        pytest.raises(EnvironmentLacksError, match="No locks available"),
        workspace_lock(Workspace(tmp_path), Recorder()),
    ):
        pass
