# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of servers that refuse, hang or were replaced, spoken to as over ssh."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError, Sel4BuildError
from sel4build.git.connections import Connections
from sel4build.git.failure import Cause, GitError
from sel4build.git.git_dir import GitDir
from sel4build.git.supply import Supplier, Wanted
from sel4build.model.lock import LockedProject
from sel4build.model.manifest import CommitId
from tests.kit.git_remote import Content, GitRemote, a_git, fsck, run_git
from tests.kit.lab import Lab

pytestmark = pytest.mark.tools

# Stands for ssh: runs the server here, after `faults` calls that go wrong in the given way.
_SSH = """#!/bin/sh
echo x >> {folder}/calls
for command; do :; done
if [ "$(wc -l < {folder}/calls)" -le {faults} ]; then
    case {kind} in
    refused) echo "ssh: connect to host h port 22: Connection refused" >&2; exit 255 ;;
    denied) echo "me@h: Permission denied (publickey)." >&2; exit 255 ;;
    hanging) exec sleep 60 ;;
    esac
fi
exec sh -c "$command"
"""
_FILES: dict[str, Content] = {f"f{number}": f"{number} text\n" * 300 for number in range(40)}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(tmp_path)
    yield lab
    assert not list((tmp_path / "cache").rglob("tmp_*.lock"))


def _serve(lab: Lab, *, kind: str, faults: int) -> LockedProject:
    """Return a project that is behind a server with faults."""
    ssh = lab.folder / "ssh"
    ssh.write_text(_SSH.format(folder=lab.folder, kind=kind, faults=faults))
    ssh.chmod(0o755)
    environ = {**lab.git.environ, "GIT_SSH_COMMAND": str(ssh), "GIT_ALLOW_PROTOCOL": "file:ssh"}
    lab.git = replace(lab.git, environ=environ)
    one = lab.project("one", _FILES)
    return replace(one, url=f"ssh://h{lab.remote('one').path}")


def _supplier(lab: Lab, pauses: list[float]) -> Supplier:
    connections = Connections(pause=pauses.append)
    return Supplier(lab.git, base_dir=lab.folder, connections=connections)


def _wanted(one: LockedProject) -> Wanted:
    return Wanted(commit=one.commit, url=one.url, upstream=one.upstream)


def _empty(lab: Lab) -> Path:
    work_tree = lab.folder / "empty"
    run_git("init", "--quiet", str(work_tree), cwd=lab.folder)
    return work_tree / ".git"


def _calls(lab: Lab) -> int:
    return len((lab.folder / "calls").read_text().splitlines())


def test_a_connection_that_fails_is_tried_again(lab: Lab) -> None:
    one = _serve(lab, kind="refused", faults=2)
    pauses: list[float] = []
    git_dir = _empty(lab)

    assert _supplier(lab, pauses).supply(git_dir, _wanted(one))

    assert pauses == [1.0, 2.0]
    assert fsck(git_dir.parent) == ""


def test_a_server_that_never_recovers_is_named_in_the_end(lab: Lab) -> None:
    one = _serve(lab, kind="refused", faults=99)
    pauses: list[float] = []

    with pytest.raises(GitError, match=r"refused|remote repository") as caught:
        _supplier(lab, pauses).supply(_empty(lab), _wanted(one))

    assert caught.value.cause is Cause.UNREACHABLE
    assert len(pauses) == 3


def test_a_refusal_is_told_at_once(lab: Lab) -> None:
    one = _serve(lab, kind="denied", faults=99)

    started = time.monotonic()
    with pytest.raises(EnvironmentLacksError, match="could not be synced"):
        lab.sync(one)

    assert _calls(lab) == 1
    assert time.monotonic() - started < 1


def test_a_server_that_hangs_is_left_in_the_end(lab: Lab) -> None:
    one = _serve(lab, kind="hanging", faults=99)
    target = GitDir(git=lab.git, path=_empty(lab), connections=Connections(), longest_fetch_s=0.3)

    with pytest.raises(GitError, match="was stopped after"):
        target.obtain(one.commit, location=one.url, upstream="main")


def test_a_branch_named_like_a_commit_is_not_taken_for_it(tmp_path: Path) -> None:
    remote = GitRemote.create(tmp_path / "remote.git")
    commit = CommitId("0123456789abcdef0123456789abcdef01234567")
    remote.commit({"evil": "1"}, branch=commit)
    remote.commit({"good": "1"})
    git = a_git(tmp_path / "cache")
    run_git("init", "--quiet", "w", cwd=tmp_path)

    for upstream in ("main", commit, None):
        wanted = Wanted(commit=commit, url=remote.url, upstream=upstream)
        with pytest.raises((GitError, Sel4BuildError), match=r"has no commit|not our ref"):
            Supplier(git, base_dir=tmp_path).supply(tmp_path / "w" / ".git", wanted)


def test_a_remote_that_was_replaced_is_refused(lab: Lab) -> None:
    one = lab.project("one")
    shutil.rmtree(lab.remote("one").path)
    GitRemote.create(lab.folder / "remotes" / "one.git").commit({"file": "other"})

    with pytest.raises(Sel4BuildError, match="has no commit"):
        lab.sync(one)
