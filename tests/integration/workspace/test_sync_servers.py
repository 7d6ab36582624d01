# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of servers that refuse, hang or were replaced, spoken to as over ssh."""

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError, Sel4BuildError
from sel4build.git.connections import Connections
from sel4build.git.failure import Cause, GitError
from sel4build.git.store import store_name
from sel4build.git.supply import Supplier, Wanted
from sel4build.model.lock import LockedProject
from sel4build.model.manifest import CommitId
from tests.kit.git_remote import Content, GitRemote, a_git, fsck, run_git
from tests.kit.git_server import FaultyServer
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
    cut) sh -c "$command" | {{ dd bs=1 count=1500 2>/dev/null; kill $$; }} ;;
    hanging) exec sleep 60 ;;
    pausing) {{ sh -c "$command"; }} | {{ dd bs=1 count=1500 2>/dev/null; exec sleep 60; }}; exit ;;
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


def _impatient(lab: Lab, one: LockedProject) -> LockedProject:
    """Wait for a server for a second instead of minutes."""
    lab.git = replace(lab.git, environ={**lab.git.environ, "GIT_HTTP_LOW_SPEED_TIME": "1"})
    return one


@contextlib.contextmanager
def _http(lab: Lab, *, kind: str, faults: int) -> Iterator[tuple[LockedProject, FaultyServer]]:
    """Yield a project that is behind a server with faults, over http."""
    one = _impatient(lab, lab.project("one", _FILES))
    lab.git = replace(lab.git, environ={**lab.git.environ, "GIT_ALLOW_PROTOCOL": "file:http"})
    with FaultyServer(lab.folder / "remotes", kind=kind, faults=faults).running() as server:
        yield replace(one, url=f"{server.url}/one.git"), server


def _stored(lab: Lab, one: LockedProject) -> Path:
    return lab.folder / "cache" / "git" / store_name(one.url)


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


@pytest.mark.parametrize("kind", ["refused", "cut"])
def test_a_connection_that_fails_is_tried_again(lab: Lab, kind: str) -> None:
    one = _serve(lab, kind=kind, faults=2)
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


@pytest.mark.parametrize("kind", ["hanging", "pausing"])
def test_a_server_that_hangs_is_left_after_a_while_and_asked_again(lab: Lab, kind: str) -> None:
    one = _impatient(lab, _serve(lab, kind=kind, faults=1))
    pauses: list[float] = []

    assert _supplier(lab, pauses).supply(_empty(lab), _wanted(one))

    assert pauses == [1.0]


def test_a_server_that_hangs_for_ever_is_named(lab: Lab) -> None:
    one = _impatient(lab, _serve(lab, kind="hanging", faults=99))

    supplier = Supplier(lab.git, base_dir=lab.folder, connections=Connections(delays_s=()))
    git_dir = _empty(lab)
    words = r"was stopped after 1\.25 s without a sign of life"

    with pytest.raises(GitError, match=words) as caught:
        supplier.supply(git_dir, _wanted(one))

    assert caught.value.cause is Cause.UNREACHABLE


@pytest.mark.parametrize("kind", ["refused", "hanging"])
def test_a_question_for_a_branch_is_asked_again_too(lab: Lab, kind: str) -> None:
    one = _impatient(lab, _serve(lab, kind=kind, faults=1))
    pauses: list[float] = []
    connections = Connections(pause=pauses.append)

    found = lab.git.resolve_revision(one.url, "main", base_dir=lab.folder, connections=connections)

    assert (found, pauses) == (one.commit, [1.0])


@pytest.mark.enable_socket
@pytest.mark.parametrize("kind", ["dropped", "hanging", "503", "429"])
def test_what_is_lost_on_the_way_is_fetched_again(lab: Lab, kind: str) -> None:
    pauses: list[float] = []
    with _http(lab, kind=kind, faults=1) as (one, server):
        git_dir = _empty(lab)
        assert _supplier(lab, pauses).supply(git_dir, _wanted(one))

    assert pauses == [1.0]
    assert server.num_packs == (1 if kind.isdigit() else 2)
    assert fsck(git_dir.parent) == ""
    assert fsck(_stored(lab, one)) == ""


@pytest.mark.enable_socket
@pytest.mark.parametrize("kind", ["dropped", "truncated", "corrupt"])
def test_half_and_wrong_packs_leave_nothing_and_the_same_sync_completes(
    lab: Lab, kind: str
) -> None:
    with _http(lab, kind=kind, faults=99) as (one, server):
        pauses: list[float] = []
        with pytest.raises(GitError):
            _supplier(lab, pauses).supply(_empty(lab), _wanted(one))
        assert list(_stored(lab, one).glob("objects/pack/*.idx")) == []
        # Of a pack that ends too soon git says one thing or another: an early end is a fault of the
        # network, a bad pack is not.
        assert len(pauses) in {"dropped": {3}, "truncated": range(4), "corrupt": {0}}[kind]

        server.faults = 0
        assert lab.sync(one).moved == (one.path,)

    assert fsck(lab.path("one")) == ""
    assert fsck(_stored(lab, one)) == ""
    assert not list(_stored(lab, one).rglob("tmp_*"))


@pytest.mark.enable_socket
@pytest.mark.parametrize("status", ["401", "403", "404"])
def test_a_refusal_over_http_is_told_at_once(lab: Lab, status: str) -> None:
    with _http(lab, kind=status, faults=99) as (one, server):
        with pytest.raises(EnvironmentLacksError, match="could not be synced"):
            lab.sync(one)
        assert server.num_requests <= 2  # with 401, once more with what the user may have


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
