# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of `--force`: a changed project moves, and nothing of the user's is lost."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sel4build.model.lock import LockedProject
from sel4build.workspace.observe import MARK, Mark, Phase, write_mark
from sel4build.workspace.sync import SyncOptions, SyncOutcome, sync_workspace
from tests.kit.git_remote import fsck, run_git
from tests.kit.lab import Lab
from tests.kit.locks import a_lock

pytestmark = pytest.mark.tools

_BACKUP = "refs/sel4build/backup/20260102T030405Z"


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def _forced(lab: Lab, *projects: LockedProject) -> SyncOutcome:
    options = SyncOptions(
        forced=frozenset(each.path for each in projects[:1]),
        clock=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    return sync_workspace(
        lab.workspace, a_lock(*projects), git=lab.git, reporter=lab.recorder, options=options
    )


def _said(lab: Lab, reference: str = _BACKUP) -> bool:
    return any(event.endswith(f"is kept as `{reference}`") for event in lab.recorder.events)


def test_changed_files_are_kept_under_a_reference_that_is_said(lab: Lab) -> None:
    lab.sync(lab.project("one", {"a": "1", "b": "1"}))
    new = lab.project("one", {"a": "2", "b": "1"})
    work_tree = lab.path("one")
    (work_tree / "a").write_text("mine")
    (work_tree / "b").unlink()
    (work_tree / "untracked").write_text("mine too")

    assert _forced(lab, new).moved == (new.path,)

    assert (work_tree / "a").read_text() == "2"
    assert (work_tree / "untracked").read_text() == "mine too"
    assert run_git("show", f"{_BACKUP}:a", cwd=work_tree) == "mine"
    assert run_git("ls-tree", "--name-only", _BACKUP, cwd=work_tree) == "a"
    assert _said(lab)
    assert fsck(work_tree) == ""


def test_what_was_staged_is_kept_beside_what_lies_there(lab: Lab) -> None:
    lab.sync(lab.project("one", {"a": "1"}))
    new = lab.project("one", {"a": "2"})
    work_tree = lab.path("one")
    (work_tree / "a").write_text("staged")
    run_git("add", "a", cwd=work_tree)
    (work_tree / "a").write_text("later")

    _forced(lab, new)

    assert run_git("show", f"{_BACKUP}:a", cwd=work_tree) == "later"
    assert run_git("show", f"{_BACKUP}^2:a", cwd=work_tree) == "staged"


def test_local_commits_and_the_branch_stay(lab: Lab) -> None:
    lab.sync(lab.project("one", {"a": "1"}))
    new = lab.project("one", {"a": "2"})
    work_tree = lab.path("one")
    run_git("switch", "--quiet", "--create", "topic", cwd=work_tree)
    (work_tree / "a").write_text("mine")
    run_git("commit", "--quiet", "--all", "--message=mine", cwd=work_tree)
    mine = run_git("rev-parse", "HEAD", cwd=work_tree)

    _forced(lab, new)

    assert lab.head("one") == new.commit
    assert run_git("rev-parse", _BACKUP, "topic", cwd=work_tree).split() == [mine, mine]


def test_a_project_at_its_commit_is_cleaned_too(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    lab.path("one/file").write_text("mine")

    assert _forced(lab, one).moved == (one.path,)

    assert lab.path("one/file").read_text() == "one"
    assert run_git("show", f"{_BACKUP}:file", cwd=lab.path("one")) == "mine"


def test_an_untouched_project_gets_no_backup(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)

    assert _forced(lab, one).moved == ()
    assert run_git("for-each-ref", "refs/sel4build/backup", cwd=lab.path("one")) == ""


def test_a_second_backup_at_the_same_time_replaces_none(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    for text in ("mine", "mine again"):
        lab.path("one/file").write_text(text)
        _forced(lab, one)

    assert run_git("show", f"{_BACKUP}:file", cwd=lab.path("one")) == "mine"
    assert run_git("show", f"{_BACKUP}-2:file", cwd=lab.path("one")) == "mine again"
    assert _said(lab, f"{_BACKUP}-2")


def test_only_the_named_project_is_forced(lab: Lab) -> None:
    one, two = lab.project("one"), lab.project("two")
    lab.sync(one, two)
    newer = [lab.project(name, {"file": "2"}) for name in ("one", "two")]
    for name in ("one", "two"):
        lab.path(f"{name}/file").write_text("mine")

    outcome = _forced(lab, *newer)

    assert [each.path for each in outcome.left_alone] == ["two"]
    assert lab.path("two/file").read_text() == "mine"


@pytest.mark.parametrize("ignored", [True, False])
def test_untracked_files_in_the_way_are_never_overwritten(lab: Lab, ignored: bool) -> None:  # noqa: FBT001  a parameter
    lab.sync(lab.project("one", {"a": "1", ".gitignore": "new\n" if ignored else ""}))
    new = lab.project("one", {"a": "2", "new": "theirs", ".gitignore": ""})
    lab.path("one/new").write_text("mine")
    lab.path("one/a").write_text("changed")

    outcome = _forced(lab, new)

    assert "has files in the way" in outcome.left_alone[0].reason
    assert lab.path("one/new").read_text() == "mine"
    assert run_git("show", f"{_BACKUP}:a", cwd=lab.path("one")) == "changed"
    assert _said(lab)


def test_an_unfinished_operation_is_not_cut_short(lab: Lab) -> None:
    lab.sync(lab.project("one"))
    new = lab.project("one", {"file": "2"})
    (lab.path("one/.git") / "rebase-merge").mkdir()

    outcome = _forced(lab, new)

    assert outcome.left_alone[0].reason == "is in the middle of a rebase"


def test_force_goes_on_after_a_kill(lab: Lab) -> None:
    old = lab.project("one", {"a": "1", "b": "1"})
    lab.sync(old)
    new = lab.project("one", {"a": "2", "b": "1"})
    work_tree = lab.path("one")
    run_git("fetch", "--quiet", new.url, new.commit, cwd=work_tree)
    (work_tree / "b").write_text("mine")
    write_mark(work_tree / ".git", Mark(phase=Phase.MOVING, old=old.commit, new=new.commit))

    assert _forced(lab, new).moved == (new.path,)

    assert (work_tree / "b").read_text() == "1"
    assert run_git("show", f"{_BACKUP}:b", cwd=work_tree) == "mine"
    assert not (work_tree / ".git" / MARK).exists()
