# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of resolving a lock."""

import dataclasses
import os
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError, InputError, Sel4BuildError
from sel4build.git import Git
from sel4build.lock import plan_lock, resolve_lock, why_outdated
from sel4build.model.command import Command
from sel4build.model.lock import ManifestOrigin
from sel4build.model.manifest import Manifest, Project
from sel4build.model.paths import RelPath
from tests.kit.locks import DIGEST, a_lock, a_locked_project
from tests.kit.runner import Answer, FakeRunner, Recorder

_COMMIT = "0123456789abcdef0123456789abcdef01234567"
_ORIGIN = ManifestOrigin(name="bringup")


def _project(path: str = "a", *, revision: str = "main", url: str | None = None) -> Project:
    return Project(
        name=f"{path}.git",
        path=RelPath(path),
        remote="o",
        url=url or f"https://h/{path}.git",
        revision=revision,
        upstream="u" if revision == _COMMIT else None,
    )


def _manifest(*projects: Project) -> Manifest:
    return Manifest(origin="m", projects=projects, digest=DIGEST)


def _git(tmp_path: Path, answer: Answer | None = None) -> tuple[Git, FakeRunner]:
    runner = FakeRunner(answers={"git": answer or Answer(output=f"{_COMMIT}\trefs/heads/main\n")})
    return Git(runner=runner, environ=os.environ, cache_dir=tmp_path), runner


def test_a_pinned_project_needs_nobody(tmp_path: Path) -> None:
    git, runner = _git(tmp_path)

    lock = resolve_lock(
        _manifest(_project(revision=_COMMIT)), origin=_ORIGIN, git=git, base_dir=tmp_path
    )

    assert runner.commands == []
    assert (lock.projects[0].commit, lock.projects[0].upstream) == (_COMMIT, "u")
    assert (lock.origin, lock.manifest_digest) == (_ORIGIN, DIGEST)


def test_a_floating_project_is_asked_for_and_its_branch_kept(tmp_path: Path) -> None:
    git, runner = _git(tmp_path)
    recorder = Recorder()

    lock = resolve_lock(
        _manifest(_project("b"), _project("a")),
        origin=_ORIGIN,
        git=git,
        base_dir=tmp_path,
        reporter=recorder,
    )

    assert [(each.path.text, each.commit, each.upstream) for each in lock.projects] == [
        ("a", _COMMIT, "main"),
        ("b", _COMMIT, "main"),
    ]
    assert len(runner.commands) == 2
    assert recorder.events[0] == "start lock of 2"
    assert recorder.events[-1] == "finish lock: done, "


def test_what_is_locked_already_stays() -> None:
    before = a_locked_project("a", url="https://h/a.git")
    manifest = _manifest(_project("a"), _project("b"))

    plan = plan_lock(manifest, previous=a_lock(before))

    assert [each.commit for each in plan.settled] == ["a" * 40]
    assert [each.path.text for each in plan.floating] == ["b"]


@pytest.mark.parametrize(
    "project",
    [_project("a", revision="other"), _project("a", url="https://h/b.git"), _project("b")],
)
def test_another_branch_url_or_path_is_asked_for_again(project: Project) -> None:
    before = a_locked_project("a", url="https://h/a.git")

    assert plan_lock(_manifest(project), previous=a_lock(before)).settled == ()


def test_credentials_are_used_and_not_kept(tmp_path: Path) -> None:
    git, runner = _git(tmp_path)
    manifest = _manifest(_project(url="https://token@h/a.git"))
    origin = ManifestOrigin(url="https://token@h/m")

    lock = resolve_lock(manifest, origin=origin, git=git, base_dir=tmp_path)

    assert lock.projects[0].url == "https://h/a.git"
    assert lock.origin.url == "https://h/m"
    assert "url.https://token@h/.insteadOf" in runner.commands[0].env.values()


def test_all_that_cannot_be_reached_is_reported_together(tmp_path: Path) -> None:
    answer = Answer(output="fatal: unable to access 'x': Could not resolve host: h", returncode=128)
    git, _ = _git(tmp_path, answer)
    recorder = Recorder()

    with pytest.raises(EnvironmentLacksError, match="2 projects could not be resolved") as caught:
        resolve_lock(
            _manifest(_project("b"), _project("a")),
            origin=_ORIGIN,
            git=git,
            base_dir=tmp_path,
            reporter=recorder,
        )

    assert [detail[:42] for detail in caught.value.details] == [
        "project `a.git` could not be resolved from",
        "project `b.git` could not be resolved from",
    ]
    assert recorder.events[-1] == "finish lock: failed, "


def test_one_failure_is_told_in_one_sentence(tmp_path: Path) -> None:
    git, _ = _git(tmp_path, Answer(output=""))

    with pytest.raises(InputError) as caught:
        resolve_lock(_manifest(_project()), origin=_ORIGIN, git=git, base_dir=tmp_path)

    assert caught.value.message == (
        "project `a.git` could not be resolved from `https://h/a.git` at revision `main`: "
        "the remote has no branch or tag `main`"
    )


def test_an_interrupt_ends_what_runs(tmp_path: Path) -> None:
    def interrupt(_command: Command) -> None:
        raise KeyboardInterrupt

    git, _ = _git(tmp_path, Answer(does=interrupt))

    with pytest.raises(KeyboardInterrupt):
        resolve_lock(_manifest(_project()), origin=_ORIGIN, git=git, base_dir=tmp_path)


def test_a_lock_is_outdated_when_origin_or_digest_differ() -> None:
    lock = a_lock()

    assert why_outdated(lock, origin=_ORIGIN) is None
    assert why_outdated(lock, origin=_ORIGIN, digest=DIGEST) is None
    assert why_outdated(lock, origin=_ORIGIN, digest="1" * 64) == "the manifest has changed since"
    other = ManifestOrigin(url="https://tok@h/m", revision="main")
    assert why_outdated(lock, origin=other) == (
        "it belongs to the manifest `bringup`, but `https://h/m at main (default.xml)` is wanted"
    )
    edited = dataclasses.replace(lock, origin=other)
    assert "tok" not in str(why_outdated(edited, origin=_ORIGIN))


def test_an_error_is_always_one_of_ours(tmp_path: Path) -> None:
    git = Git(runner=FakeRunner(), environ={"PATH": ""}, cache_dir=tmp_path)

    with pytest.raises(Sel4BuildError):
        resolve_lock(_manifest(_project()), origin=_ORIGIN, git=git, base_dir=tmp_path)


def test_a_repository_of_sha256_is_told_from_a_missing_branch(tmp_path: Path) -> None:
    git, _ = _git(tmp_path, Answer(output=f"{'a' * 64}\trefs/heads/main\n"))

    with pytest.raises(InputError, match="names its commits by sha256"):
        resolve_lock(_manifest(_project()), origin=_ORIGIN, git=git, base_dir=tmp_path)
