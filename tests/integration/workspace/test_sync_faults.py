# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of syncs that fail, are interrupted or go on after a kill."""

import contextlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.errors import (
    EnvironmentLacksError,
    InputError,
    InterruptedByUserError,
    Sel4BuildError,
)
from sel4build.model.command import Command, Outcome
from sel4build.model.lock import LockedProject
from sel4build.model.manifest import CommitId
from sel4build.model.paths import RelPath
from sel4build.process import SubprocessRunner
from sel4build.workspace.observe import MARK, Mark, Phase, write_mark
from sel4build.workspace.sync import SyncOptions, sync_workspace
from tests.kit.git_remote import fsck, run_git
from tests.kit.lab import Lab
from tests.kit.locks import a_lock, a_locked_project

pytestmark = pytest.mark.tools


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_every_failure_is_reported_and_the_rest_is_done(lab: Lab) -> None:
    missing = CommitId("0123456789abcdef0123456789abcdef01234567")
    wrong = replace(lab.project("wrong"), commit=missing)
    nowhere = a_locked_project("nowhere", url=f"file://{lab.folder}/nix.git")

    with pytest.raises(EnvironmentLacksError, match="2 projects could not be synced") as caught:
        lab.sync(lab.project("good"), wrong, nowhere)

    first, second = caught.value.details
    assert first.startswith(
        f"project `nix.git` (nowhere) could not be synced from `{nowhere.url}` at revision"
    )
    assert second == (
        f"project `wrong.git` (wrong) could not be synced from `{wrong.url}` at revision "
        f"`{missing}`: the remote has no commit `{missing}`"
    )
    assert lab.path("good/file").exists()
    assert not lab.path("nowhere").exists()
    assert lab.recorder.events[-1] == "finish sync: failed, "
    lab.remote("nowhere").commit({})


def test_a_missing_commit_is_wrong_input(lab: Lab) -> None:
    wrong = replace(lab.project("wrong"), commit=CommitId("0" * 39 + "1"))

    with pytest.raises(InputError) as caught:
        lab.sync(wrong)

    assert "sel4build lock" in (caught.value.hint or "")


def test_what_failed_is_completed_by_the_same_sync(lab: Lab) -> None:
    remote = lab.remote("one")
    one = lab.project("one")
    remote.path.rename(lab.folder / "away")
    with pytest.raises(EnvironmentLacksError):
        lab.sync(one)
    (lab.folder / "away").rename(remote.path)

    assert lab.sync(one).moved == (RelPath("one"),)


class _Unhurt(Exception):  # noqa: N818  no error
    """The sync came through."""


class Faulty(SubprocessRunner):
    """A real runner whose git fails at its n-th command."""

    def __init__(self, number: int, output: str) -> None:
        super().__init__()
        self.left = number
        self.text = output

    def run(self, command: Command, **options: object) -> Outcome:
        self.left -= 1
        if self.left == 0:
            return Outcome(command=command, returncode=128, output=self.text, duration_s=0.1)
        return super().run(command, **options)  # type: ignore[arg-type]  # passed through


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize(
    ("output", "kind", "words"),
    [
        (
            "fatal: write error: No space left on device\n",
            EnvironmentLacksError,
            "no space left on the disk while project",
        ),
        ("fatal: odd\n", Sel4BuildError, "odd|has no commit"),
    ],
)
def test_a_failure_at_any_command_is_completed_by_the_same_sync(
    lab: Lab, number: int, output: str, kind: type[Sel4BuildError], words: str
) -> None:
    one = lab.project("one", links=(("file", "l"),))
    lab.sync(one)
    newer = lab.project("one", {"file": "2", "new": "3"}, links=(("new", "l"),))
    other = lab.project("other")
    runner = Faulty(number, output)
    git = replace(lab.git, runner=runner)

    def sync() -> None:
        sync_workspace(lab.workspace, a_lock(newer, other), git=git, options=SyncOptions(jobs=1))
        raise _Unhurt  # a question, such as whether a commit is there, may go wrong unnoticed

    with contextlib.suppress(_Unhurt), pytest.raises(kind, match=words):
        sync()

    lab.sync(newer, other)
    assert (lab.head("one"), lab.head("other")) == (newer.commit, other.commit)
    assert lab.path("l").read_text() == "3"
    assert run_git("status", "--porcelain", cwd=lab.path("one")) == ""
    assert fsck(lab.path("one")) == ""


def test_a_full_disk_gives_one_message(lab: Lab) -> None:
    full = Faulty(1, "fatal: write error: No space left on device\n")
    projects = [lab.project(f"p{number}") for number in range(4)]

    with pytest.raises(EnvironmentLacksError) as caught:
        sync_workspace(
            lab.workspace,
            a_lock(*projects),
            git=replace(lab.git, runner=full),
            options=SyncOptions(jobs=2),
        )

    assert caught.value.message.startswith("no space left on the disk while project `p")
    assert caught.value.hint == "free some space, then run it again"


def test_an_interrupt_is_answered_in_one_sentence(lab: Lab) -> None:
    class Impatient(SubprocessRunner):
        def run(self, command: Command, **options: object) -> Outcome:
            del command, options
            raise KeyboardInterrupt

    git = replace(lab.git, runner=Impatient())
    one = lab.project("one")

    with pytest.raises(InterruptedByUserError, match="the sync was interrupted") as caught:
        sync_workspace(lab.workspace, a_lock(one), git=git, reporter=lab.recorder)

    assert caught.value.hint == "run it again: it goes on where it was stopped"
    assert lab.recorder.events[-1] == "finish sync: failed, interrupted"
    assert lab.sync(one).moved == (RelPath("one"),)


def _half_moved(lab: Lab) -> tuple[LockedProject, Path]:
    """Leave a project as a checkout that was killed would: some files moved, HEAD not."""
    old = lab.project("one", {"same": "0", "a": "1", "b": "1"})
    lab.sync(old)
    new = lab.project("one", {"same": "0", "a": "2", "b": "2", "c": "2"})
    work_tree = lab.path("one")
    write_mark(work_tree / ".git", Mark(phase=Phase.MOVING, old=old.commit, new=new.commit))
    (work_tree / ".git" / "index.lock").write_text("")
    (work_tree / "a").write_text("2")
    (work_tree / "c").write_text("half of a fi")
    run_git("fetch", "--quiet", new.url, new.commit, cwd=work_tree)
    return new, work_tree


def test_a_checkout_that_was_killed_is_completed(lab: Lab) -> None:
    new, work_tree = _half_moved(lab)

    assert lab.sync(new).moved == (RelPath("one"),)

    assert [(work_tree / name).read_text() for name in "abc"] == ["2", "2", "2"]
    assert not (work_tree / ".git" / MARK).exists()
    kept = f"refs/sel4build/interrupted-{new.commit}"
    assert run_git("show", f"{kept}:a", cwd=work_tree) == "2"
    assert any(kept in event for event in lab.recorder.events)


def test_a_change_made_after_the_kill_keeps_the_project_where_it_is(lab: Lab) -> None:
    new, work_tree = _half_moved(lab)
    (work_tree / "same").write_text("mine")

    outcome = lab.sync(new)

    assert outcome.left_alone[0].files == ("same",)
    assert (work_tree / "same").read_text() == "mine"
    run_git("checkout", "--", "same", cwd=work_tree)
    assert lab.sync(new).moved == (RelPath("one"),)


def test_a_fetch_that_was_killed_leaves_changes_alone(lab: Lab) -> None:
    lab.sync(lab.project("one"))
    new = lab.project("one", {"file": "2"})
    work_tree = lab.path("one")
    write_mark(work_tree / ".git", Mark(phase=Phase.FETCHING, new=new.commit))
    (work_tree / "file").write_text("mine")

    assert lab.sync(new).left_alone[0].files == ("file",)
    run_git("checkout", "--", "file", cwd=work_tree)
    assert lab.sync(new).moved == (RelPath("one"),)


def test_staging_that_was_killed_is_used_again(lab: Lab) -> None:
    one = lab.project("one")
    with pytest.raises(InputError):
        lab.sync(replace(one, commit=CommitId("0" * 39 + "1")))
    (staging,) = (lab.workspace.state_dir / "fetch").iterdir()
    (staging / ".git" / "config.lock").write_text("")

    assert lab.sync(one).moved == (RelPath("one"),)
    assert not (lab.workspace.state_dir / "fetch").exists()


def test_a_workspace_that_cannot_be_written_is_named(lab: Lab) -> None:
    lab.path(".sel4build").write_text("")

    with pytest.raises(EnvironmentLacksError, match="cannot be written"):
        lab.sync(lab.project("one"))


def test_a_project_whose_folder_was_deleted_is_placed_again(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    run_git("switch", "--quiet", "--create", "topic", cwd=lab.path("one"))
    lab.path("one/file").write_text("mine")
    run_git("commit", "--quiet", "--all", "--message=mine", cwd=lab.path("one"))
    home = lab.path("one/.git").resolve()
    (home / "index.lock").write_text("")
    shutil.rmtree(lab.path("one"))
    newer = replace(lab.project("one", {"file": "2"}), url=str(lab.remote("one").path))

    assert lab.sync(newer).moved == (RelPath("one"),)

    assert lab.path("one/file").read_text() == "2"
    assert run_git("show", "topic:file", cwd=lab.path("one")) == "mine"
    assert run_git("remote", "get-url", "origin", cwd=lab.path("one")) == newer.url


def test_local_commits_of_a_deleted_folder_are_kept_under_a_reference(lab: Lab) -> None:
    lab.sync(lab.project("one"))
    lab.path("one/file").write_text("mine")
    run_git("commit", "--quiet", "--all", "--message=mine", cwd=lab.path("one"))
    mine = lab.head("one")
    shutil.rmtree(lab.path("one"))
    newer = lab.project("one", {"file": "2"})

    assert lab.sync(newer).moved == (RelPath("one"),)

    refs = run_git(
        "for-each-ref", "--format=%(objectname)", "refs/sel4build/backup", cwd=lab.path("one")
    )
    assert refs.split() == [mine]
    assert any("the local commits it was at are kept as" in each for each in lab.recorder.events)
    shutil.rmtree(lab.path("one"))
    lab.sync(newer)
    assert run_git("for-each-ref", "refs/sel4build/backup", cwd=lab.path("one")).count("\n") == 0


def test_a_link_to_a_lost_git_directory_is_named(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    shutil.rmtree(lab.path("one/.git").resolve())

    assert [each.reason for each in lab.sync(one).left_alone] == [
        "has a `.git` that leads to no folder"
    ]


def test_a_fetch_that_fails_leaves_no_mark(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)

    with pytest.raises(InputError):
        lab.sync(replace(one, commit=CommitId("0" * 39 + "1")))

    assert not lab.path(f"one/.git/{MARK}").exists()
    assert lab.sync(one).moved == ()
