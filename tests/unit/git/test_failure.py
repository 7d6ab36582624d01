# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of how git's failures are understood."""

from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.errors import (
    EnvironmentLacksError,
    ExitCode,
    InputError,
    Sel4BuildError,
    WorkError,
)
from sel4build.git.failure import (
    Cause,
    GitError,
    combine_errors,
    explain_failure,
    explain_remote_error,
    redact,
)
from sel4build.model.command import Command, Outcome
from sel4build.writing import DiskFullError


def _outcome(output: str, returncode: int = 128) -> Outcome:
    command = Command(argv=("git", "fetch", "https://tok@h/x"), cwd=Path("/w"), env={})
    return Outcome(command=command, returncode=returncode, output=output, duration_s=1.0)


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        ("fatal: write error: No space left on device", Cause.DISK_FULL),
        ("fatal: Unable to create '/w/.git/index.lock': File exists.", Cause.LOCKED),
        ("error: Your local changes would be overwritten by checkout:", Cause.IN_THE_WAY),
        ("fatal: couldn't find remote ref refs/heads/x", Cause.MISSING),
        ("fatal: remote error: upload-pack: not our ref 0123", Cause.MISSING),
        ("error: Server does not allow request for unadvertised object 01", Cause.MISSING),
        ("error: insufficient permission for adding an object", Cause.FORBIDDEN),
        ("fatal: cannot mkdir x: Permission denied", Cause.FORBIDDEN),
        ("fatal: detected dubious ownership in repository at '/x'", Cause.FORBIDDEN),
        ("fatal: unable to access 'https://h/x/': Could not resolve host: h", Cause.UNREACHABLE),
        ("fatal: '/x' does not appear to be a git repository", Cause.UNREACHABLE),
        ("fatal: could not read Username for 'https://h'", Cause.UNREACHABLE),
        ("fatal: transport 'ext' not allowed", Cause.UNREACHABLE),
        ("fatal: something new", Cause.OTHER),
    ],
)
def test_the_cause_is_read_from_gits_words(output: str, cause: Cause) -> None:
    assert explain_failure(_outcome(output)).cause is cause


@pytest.mark.parametrize(
    ("output", "has_hint"),
    [
        ("fatal: not a git repository: '/w/a/.git'", True),
        ("fatal: /w/a/.git/index: index file smaller than expected", True),
        ("fatal: bad config line 2 in file /w/a/.git/config", True),
        ("fatal: bad object HEAD", True),
        ("fatal: something new", False),
    ],
)
def test_a_damaged_repository_comes_with_a_way_out(output: str, *, has_hint: bool) -> None:
    failure = explain_failure(_outcome(output))
    error = explain_remote_error(failure, subject="project `a`", url="https://h/a", revision="1")
    assert ("move its folder" in str(error.hint)) is has_hint


def test_the_first_error_is_the_reason() -> None:
    error = explain_failure(_outcome("warning: x\nfatal: first\nfatal: second\n"))

    assert error.reason == "first"
    assert error.details[-3:] == ("warning: x", "fatal: first", "fatal: second")


@pytest.mark.parametrize(
    ("output", "code", "reason"),
    [("odd words\n", 1, "odd words"), ("", -9, "git was ended by SIGKILL")],
)
def test_without_an_error_line_something_is_said(output: str, code: int, reason: str) -> None:
    assert explain_failure(_outcome(output, code)).reason == reason


def test_secrets_are_in_neither_reason_nor_details() -> None:
    error = explain_failure(_outcome("fatal: unable to access 'https://user:tok@h/x/': 403"))

    assert "tok" not in " ".join([error.message, error.reason, *error.details])
    assert redact("a ssh://g:p@h/ b") == "a ssh://g@h/ b"


@pytest.mark.parametrize(
    ("cause", "kind", "code"),
    [
        (Cause.DISK_FULL, DiskFullError, ExitCode.ENVIRONMENT),
        (Cause.FORBIDDEN, EnvironmentLacksError, ExitCode.ENVIRONMENT),
        (Cause.UNREACHABLE, EnvironmentLacksError, ExitCode.ENVIRONMENT),
        (Cause.MISSING, InputError, ExitCode.INVALID),
        (Cause.IN_THE_WAY, WorkError, ExitCode.FAILED),
        (Cause.LOCKED, WorkError, ExitCode.FAILED),
        (Cause.OTHER, WorkError, ExitCode.FAILED),
    ],
)
def test_each_cause_has_its_kind_and_names_all_three(
    cause: Cause, kind: type[Sel4BuildError], code: ExitCode
) -> None:
    error = explain_remote_error(
        GitError(cause, "why"), subject="project `p`", url="https://tok@h/p", revision="main"
    )

    assert type(error) is kind
    assert error.exit_code is code
    assert "project `p`" in error.message
    assert "`https://h/p` at revision `main`" in error.message


def test_one_error_is_returned_as_it_is() -> None:
    error = InputError("x")

    assert combine_errors("2 failed", [error]) is error


def test_several_errors_become_one_of_the_kind_that_comes_first() -> None:
    lacks = EnvironmentLacksError("no net", hint="check it")
    combined = combine_errors("3 failed", [WorkError("w"), InputError("i"), lacks])

    assert type(combined) is EnvironmentLacksError
    assert combined.details == ("w", "i", "no net")
    assert combined.hint == "check it"
    assert type(combine_errors("2 failed", [WorkError("w"), InputError("i")])) is InputError
    assert type(combine_errors("2 failed", [WorkError("w"), WorkError("v")])) is WorkError


def test_several_hints_are_left_out() -> None:
    errors = [InputError("a", hint="one"), InputError("b", hint="two")]

    assert combine_errors("2 failed", errors).hint is None


def test_a_full_disk_explains_everything() -> None:
    full = DiskFullError("no space left")

    assert combine_errors("2 failed", [InputError("x"), full]) is full


def test_progress_is_no_part_of_what_went_wrong() -> None:
    output = (
        "remote: Enumerating objects: 2030, done.        \n"
        "remote: Counting objects:  50% (1015/2030)\rremote: Counting objects: 100% (2030/2030)\r"
        "Receiving objects:  28% (569/2030), 1.20 MiB | 2.40 MiB/s\r"
        "fetch-pack: unexpected disconnect while reading sideband packet\n"
        "fatal: early EOF\n"
    )

    error = explain_failure(_outcome(output))

    assert error.reason == "early EOF"
    assert error.details[2:] == (
        "fetch-pack: unexpected disconnect while reading sideband packet",
        "fatal: early EOF",
    )


def test_a_silence_that_was_too_long_may_pass_by_itself() -> None:
    silent = replace(_outcome("", -2), timed_out=True, silence_s=120.0)

    error = explain_failure(silent)

    assert (error.cause, error.is_transient) == (Cause.UNREACHABLE, True)
    assert error.reason == "git was stopped after 120 s without a sign of life"
