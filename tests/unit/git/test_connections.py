# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of retries, of the limit a host, and of waits that an interrupt ends."""

import concurrent.futures
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sel4build.git.connections import Connections, host_of
from sel4build.git.failure import Cause, GitError, explain_failure
from sel4build.model.command import Command, Outcome

_LOST = GitError(Cause.UNREACHABLE, "lost", is_transient=True)


def _failing(errors: Iterator[GitError | None]) -> str:
    error = next(errors)
    if error is not None:
        raise error
    return "done"


def test_a_fault_that_passes_is_tried_again_ever_later() -> None:
    pauses: list[float] = []
    errors = iter([_LOST, _LOST, None])

    assert Connections(pause=pauses.append).attempt("https://h/a", lambda: _failing(errors))
    assert pauses == [1.0, 2.0]


def test_in_the_end_the_fault_is_told() -> None:
    pauses: list[float] = []
    errors = iter([_LOST] * 9)

    with pytest.raises(GitError, match="lost"):
        Connections(pause=pauses.append).attempt("https://h/a", lambda: _failing(errors))

    assert len(pauses) == 3


def test_a_refusal_is_not_tried_again() -> None:
    pauses: list[float] = []
    errors = iter([GitError(Cause.MISSING, "no")])

    with pytest.raises(GitError, match="no"):
        Connections(pause=pauses.append).attempt("https://h/a", lambda: _failing(errors))

    assert pauses == []


@pytest.mark.parametrize(
    ("output", "is_transient"),
    [
        ("fatal: unable to access 'https://h/x/': Could not resolve host: h", True),
        ("fatal: the remote end hung up unexpectedly", True),
        ("fatal: early EOF\nfatal: index-pack failed", True),
        ("error: RPC failed; HTTP 503\nfatal: expected flush", True),
        ("fatal: unable to access 'https://h/': The requested URL returned error: 502", True),
        ("fatal: unable to access 'https://h/': The requested URL returned error: 403", False),
        ("fatal: Authentication failed for 'https://h/'", False),
        ("fatal: repository 'https://h/x/' not found", False),
        ("Permission denied (publickey).\nfatal: Could not read from remote repository.", False),
        ("fatal: write error: No space left on device\nfatal: early EOF", False),
        ("fatal: couldn't find remote ref x", False),
    ],
)
def test_only_faults_of_the_network_pass_by_themselves(output: str, *, is_transient: bool) -> None:
    command = Command(argv=("git",), cwd=Path("/"), env={})
    outcome = Outcome(command=command, returncode=128, output=output, duration_s=0.1)

    assert explain_failure(outcome).is_transient is is_transient


def test_a_host_is_not_asked_more_at_once_than_allowed() -> None:
    connections = Connections(most_a_host=2)
    lock, barrier = threading.Lock(), threading.Barrier(2)
    running, most = 0, 0

    def action() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        barrier.wait(5)
        with lock:
            running -= 1

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: connections.attempt("https://h/a", action), range(8)))

    assert most == 2


def test_an_interrupt_ends_a_wait() -> None:
    connections = Connections()
    connections.interrupt()

    with pytest.raises(KeyboardInterrupt):
        connections.wait(1000)


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://H.example:8443/a", "h.example:8443"),
        ("ssh://git@h/a", "h"),
        ("git@h:a/b.git", "h"),
        ("[::1]:a", "[::1]"),
        ("file:///srv/a", None),
        ("/srv/a:b", None),
        ("../a", None),
    ],
)
def test_the_host_of_a_location(location: str, host: str | None) -> None:
    assert host_of(location) == host
