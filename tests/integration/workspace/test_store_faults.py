# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the store under faults: killed anywhere, collected meanwhile, a full disk, a clock."""

import errno
import os
import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError
from sel4build.git.connections import Connections
from sel4build.git.sharing import share_file
from sel4build.git.store import Store, store_name
from sel4build.lock import write_lock
from sel4build.model.lock import LockedProject
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.sync import SyncOptions, sync_workspace
from tests.kit.git_remote import Content, fsck, run_git
from tests.kit.lab import Lab, a_second, start_sync
from tests.kit.locks import a_lock

pytestmark = pytest.mark.tools


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def _stored(lab: Lab, project: LockedProject) -> Path:
    return lab.folder / "cache" / "git" / store_name(project.url)


def _packs(git_dir: Path) -> list[Path]:
    return sorted((git_dir / "objects" / "pack").glob("*.pack"))


def _two_at_other_commits(lab: Lab) -> tuple[LockedProject, LockedProject]:
    """Sync one of two projects, then return both with files to copy and to link that are new."""
    lab.sync(lab.project("one", links=(("file", "stale"),), copies=(("file", "old"),)))
    files: dict[str, Content] = {"file": "2", "more": "3"}
    one = lab.project("one", files, links=(("file", "l"),), copies=(("more", "in/copy"),))
    two = lab.project("one/two", {"file": "inner"}, copies=(("file", "other"),))
    write_lock(a_lock(one, two), lab.workspace.lock_file)
    return one, two


_NUM_CHANGES = 92


def test_all_changes_of_the_disk_are_killed_at(lab: Lab) -> None:
    _two_at_other_commits(lab)

    with start_sync(lab, _NUM_CHANGES + 1) as process:
        _, errors = process.communicate()

    assert process.returncode == 0, errors


@pytest.mark.parametrize("deadline", range(1, _NUM_CHANGES + 1))
def test_a_kill_at_any_change_of_the_disk_is_made_good(tmp_path: Path, deadline: int) -> None:
    lab = Lab(tmp_path)
    projects = _two_at_other_commits(lab)

    with start_sync(lab, deadline) as process:
        _, errors = process.communicate()
    assert process.returncode in {0, -signal.SIGKILL}, errors

    with workspace_lock(lab.workspace, lab.recorder):
        assert lab.sync(*projects).left_alone == ()
    second = a_second(lab)
    second.sync(*projects)
    for each in (lab, second):
        for project in projects:
            assert each.head(project.path.text) == project.commit
            assert fsck(each.path(project.path.text)) == ""
        laid = {name: each.path(name).read_text() for name in ("l", "in/copy", "other")}
        assert laid == {"l": "2", "in/copy": "3", "other": "inner"}
        assert not os.path.lexists(each.path("stale"))
        assert not each.path("old").exists()
    assert not list((lab.folder / "cache" / "git").rglob("tmp_*"))
    assert lab.sync(*projects).moved == ()


def test_packs_that_a_collection_replaces_meanwhile_do_not_matter(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.sync(lab.project("one", {"file": "1"}))
    one = lab.project("one", {"file": "2"})
    lab.sync(one)
    stored = _stored(lab, one)
    before = _packs(stored)

    def share_late(source: Path, dest: Path) -> None:
        if _packs(stored) == before:
            run_git("gc", "--quiet", "--prune=now", cwd=stored)
        share_file(source, dest)

    monkeypatch.setattr("sel4build.git.store.share_file", share_late)
    second = a_second(lab)
    second.sync(one)

    assert len(before) == 2
    assert len(_packs(stored)) == 1
    assert fsck(second.path("one")) == ""
    assert run_git("rev-list", "--count", "HEAD", cwd=second.path("one")) == "2"


def test_workspaces_are_made_while_the_store_is_collected_again_and_again(lab: Lab) -> None:
    lab.sync(lab.project("one", {"file": "1"}))
    one = lab.project("one", {"file": "2"})
    lab.sync(one)
    script = "while git gc --quiet --prune=now; do :; done"
    with subprocess.Popen(("sh", "-c", script), cwd=_stored(lab, one)) as collecting:
        for number in range(5):
            second = a_second(lab, f"w{number}")
            second.sync(one)
            assert fsck(second.path("one")) == ""
        assert collecting.poll() is None
        collecting.kill()


@pytest.mark.parametrize(
    ("content", "is_waited_for"),
    [
        ("{pid} {host}", True),
        ("4194304 {host}", False),  # no process has it: proc(5), pid_max
        ("{pid} elsewhere.example", False),
        ("rubbish", False),
    ],
)
def test_a_collection_is_waited_for(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, content: str, *, is_waited_for: bool
) -> None:
    one = lab.project("one")
    lab.sync(one)
    gc_pid = _stored(lab, one) / "gc.pid"
    gc_pid.write_text(content.format(pid=os.getpid(), host=os.uname().nodename))
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        gc_pid.unlink()

    connections = Connections()
    monkeypatch.setattr(connections, "wait", wait)
    with Store(git=lab.git, connections=connections).holding(one.url) as stored:
        assert stored.keeps(one.commit)

    assert len(waits) == is_waited_for


def test_a_disk_that_fills_while_packs_are_copied_is_named_and_made_good(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = lab.project("one")
    lab.sync(one)
    second = a_second(lab)

    def fail(*_args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", lambda *_args: (_ for _ in ()).throw(OSError(errno.EXDEV, "")))
        patch.setattr(shutil, "copyfileobj", fail)
        with pytest.raises(EnvironmentLacksError, match="no space left on the disk"):
            second.sync(one)

    second.sync(one)
    assert fsck(second.path("one")) == ""
    assert not list(second.workspace.root.rglob("tmp_*"))


def test_a_clock_that_goes_backwards_does_not_matter(lab: Lab) -> None:
    lab.sync(lab.project("one", copies=(("file", "copy"),)))
    later = time.time() + 10 * 365 * 86400
    for folder in (lab.workspace.root, lab.folder / "cache"):
        for path in folder.rglob("*"):
            os.utime(path, (later, later), follow_symlinks=False)
    lab.path("one/file").write_text("mine")
    newer = lab.project("one", {"file": "2"}, copies=(("file", "copy"),))
    assert lab.sync(newer).left_alone[0].files == ("file",)
    run_git("checkout", "--", "file", cwd=lab.path("one"))

    assert lab.sync(newer).moved == (newer.path,)

    assert lab.path("copy").read_text() == "2"
    assert fsck(lab.path("one")) == ""
    second = a_second(lab)
    second.sync(newer)
    assert fsck(second.path("one")) == ""


def test_backups_of_the_same_moment_are_kept_apart(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    options = SyncOptions(
        forced=frozenset({one.path}), clock=lambda: datetime(2020, 1, 1, tzinfo=UTC)
    )
    for text in ("first", "second"):
        lab.path("one/file").write_text(text)
        sync_workspace(lab.workspace, a_lock(one), git=lab.git, options=options)

    names = run_git(
        "for-each-ref", "--format=%(refname)", "refs/sel4build/backup", cwd=lab.path("one")
    )
    kept = [run_git("show", f"{name}:file", cwd=lab.path("one")) for name in names.split()]
    assert sorted(kept) == ["first", "second"]
