# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of what git is asked, and with which words."""

import os
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError
from sel4build.git import Git, GitError, find_git
from sel4build.git.client import revision_names
from sel4build.git.failure import Cause
from tests.kit.runner import Answer, FakeRunner

_COMMIT = "0123456789abcdef0123456789abcdef01234567"
_OTHER = "f" * 40


def _git(tmp_path: Path, output: str = "", returncode: int = 0) -> tuple[Git, FakeRunner]:
    runner = FakeRunner(answers={"git": Answer(output=output, returncode=returncode)})
    return Git(runner=runner, environ=os.environ, cache_dir=tmp_path), runner


def test_a_remote_is_asked_for_exactly_what_is_wanted(tmp_path: Path) -> None:
    git, runner = _git(
        tmp_path, f"{_OTHER}\trefs/heads/x/refs/heads/main\n{_COMMIT}\trefs/heads/main\n"
    )

    assert git.resolve_revision("https://h/x", "main", base_dir=tmp_path) == _COMMIT

    (command,) = runner.commands
    assert command.argv[1:] == (
        *("ls-remote", "--quiet", "--end-of-options", "https://h/x"),
        *("refs/heads/main", "refs/tags/main^{}", "refs/tags/main"),
    )
    assert command.cwd == tmp_path


def test_an_annotated_tag_is_followed_to_its_commit(tmp_path: Path) -> None:
    git, _ = _git(tmp_path, f"{_OTHER}\trefs/tags/v1\n{_COMMIT}\trefs/tags/v1^{{}}\n")

    assert git.resolve_revision("https://h/x", "v1", base_dir=tmp_path) == _COMMIT
    assert git.resolve_revision("https://h/x", "refs/tags/v1", base_dir=tmp_path) == _COMMIT


def test_without_a_revision_the_default_branch_is_meant() -> None:
    assert revision_names(None) == ("HEAD",)


@pytest.mark.parametrize(
    ("revision", "words"), [("x", "branch or tag `x`"), (None, "default branch")]
)
def test_a_revision_that_is_not_there_is_missing(
    tmp_path: Path, revision: str | None, words: str
) -> None:
    git, _ = _git(tmp_path)

    with pytest.raises(GitError, match=f"the remote has no {words}") as caught:
        git.resolve_revision("https://h/x", revision, base_dir=tmp_path)

    assert caught.value.cause is Cause.MISSING


def test_credentials_go_by_the_environment_and_not_by_argv(tmp_path: Path) -> None:
    git, runner = _git(tmp_path, f"{_COMMIT}\tHEAD\n")

    git.knowing(["https://tok@h/m"]).resolve_revision("https://h/x", None, base_dir=tmp_path)

    (command,) = runner.commands
    assert "tok" not in " ".join(command.argv)
    assert "url.https://tok@h/.insteadOf" in command.env.values()


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://h/x", "https://h/x"),
        ("u@h:x", "u@h:x"),
        ("/srv/x", "/srv/x"),
        ("../x", "BASE/../x"),
    ],
)
def test_relative_paths_are_relative_to_the_base(tmp_path: Path, url: str, location: str) -> None:
    git, _ = _git(tmp_path)

    found = git.locate(url, base_dir=tmp_path)

    assert found == location.replace("BASE", str(tmp_path))


def test_a_bundled_source_has_one_branch(tmp_path: Path) -> None:
    git, runner = _git(tmp_path)
    url = "sel4build:bundled/bringup"

    commit = git.resolve_revision(url, "main", base_dir=tmp_path)

    assert git.resolve_revision(url, None, base_dir=tmp_path) == commit
    assert git.locate(url, base_dir=tmp_path, commit=commit).endswith(f"{commit}.git")
    assert runner.commands == []
    with pytest.raises(GitError, match="no branch or tag `v1`"):
        git.resolve_revision(url, "v1", base_dir=tmp_path)


def test_a_host_without_git_is_told_how_to_get_it(tmp_path: Path) -> None:
    git = Git(runner=FakeRunner(), environ={"PATH": str(tmp_path)}, cache_dir=tmp_path)

    with pytest.raises(EnvironmentLacksError, match="`git` was not found") as caught:
        git.run("status", cwd=tmp_path)

    assert caught.value.hint == "install git: `apt-get install git`"


def test_a_failing_git_raises_with_its_cause(tmp_path: Path) -> None:
    git, _ = _git(tmp_path, "fatal: unable to access 'x': Could not resolve host\n", 128)

    with pytest.raises(GitError) as caught:
        git.run("fetch", cwd=tmp_path)

    assert caught.value.cause is Cause.UNREACHABLE


def test_interrupting_reaches_a_runner_that_can(tmp_path: Path) -> None:
    class Stoppable(FakeRunner):
        stopped = False

        def interrupt(self) -> None:
            self.stopped = True

    runner = Stoppable()
    Git(runner=runner, environ={}, cache_dir=tmp_path).interrupt()
    Git(runner=FakeRunner(), environ={}, cache_dir=tmp_path).interrupt()

    assert runner.stopped


@pytest.mark.parametrize(
    ("output", "problem"),
    [
        ("git version 2.20.1\n", "is too old: 2.31 or newer"),
        ("hello\n", "does not tell its version"),
    ],
)
def test_a_git_that_is_too_old_or_none_is_refused(output: str, problem: str) -> None:
    runner = FakeRunner(answers={"git": Answer(output=output)})

    with pytest.raises(EnvironmentLacksError, match=problem):
        find_git(os.environ, runner)


def test_the_version_of_git_is_found() -> None:
    runner = FakeRunner(answers={"git": Answer(output="git version 2.39.5 (Apple Git-154)\n")})

    assert find_git(os.environ, runner).version == (2, 39, 5)
