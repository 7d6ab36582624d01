# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of looking at a workspace without git."""

from pathlib import Path

import pytest

from sel4build.model.manifest import CommitId
from sel4build.model.paths import RelPath
from sel4build.model.workspace import Workspace
from sel4build.workspace.observe import (
    MARK,
    Mark,
    ObservedLink,
    ObservedProject,
    Phase,
    Presence,
    observe_link,
    observe_project,
    observe_workspace,
    remove_mark,
    write_mark,
)
from sel4build.workspace.state import LaidLink, SyncedProject, SyncState, load_state, write_state
from tests.kit.locks import a_lock, a_locked_project

_COMMIT = CommitId("a" * 40)


def _observe(root: Path, path: str = "p/a", *others: str) -> ObservedProject:
    among = frozenset(RelPath(each) for each in (path, *others))
    return observe_project(root, RelPath(path), among=among)


def _repository(root: Path, head: str, path: str = "p/a") -> Path:
    git_dir = root / path / ".git"
    git_dir.mkdir(parents=True)
    (git_dir / "HEAD").write_text(head)
    return git_dir


def test_nothing_or_an_empty_folder_is_absent(tmp_path: Path) -> None:
    assert _observe(tmp_path).presence is Presence.ABSENT
    (tmp_path / "p" / "a").mkdir(parents=True)
    assert _observe(tmp_path).presence is Presence.ABSENT


def test_the_commit_of_a_detached_head_is_read(tmp_path: Path) -> None:
    _repository(tmp_path, f"{_COMMIT}\n")

    assert _observe(tmp_path) == ObservedProject(presence=Presence.REPOSITORY, head=_COMMIT)


def test_a_branch_is_read(tmp_path: Path) -> None:
    _repository(tmp_path, "ref: refs/heads/a/b\n")

    assert _observe(tmp_path) == ObservedProject(presence=Presence.REPOSITORY, branch="a/b")


def test_a_head_that_is_missing_is_neither(tmp_path: Path) -> None:
    git_dir = _repository(tmp_path, "")
    (git_dir / "HEAD").unlink()

    assert _observe(tmp_path) == ObservedProject(presence=Presence.REPOSITORY)


@pytest.mark.parametrize(
    "mark",
    [
        Mark(phase=Phase.CREATING, new=_COMMIT),
        Mark(phase=Phase.FETCHING, new=_COMMIT),
        Mark(phase=Phase.MOVING, old=CommitId("b" * 40), new=_COMMIT),
    ],
)
def test_a_mark_is_read_back(tmp_path: Path, mark: Mark) -> None:
    git_dir = _repository(tmp_path, f"{_COMMIT}\n")

    write_mark(git_dir, mark)

    assert _observe(tmp_path).mark == mark
    remove_mark(git_dir)
    remove_mark(git_dir)
    assert _observe(tmp_path).mark is None


def test_a_mark_that_makes_no_sense_means_nothing_was_touched(tmp_path: Path) -> None:
    (_repository(tmp_path, f"{_COMMIT}\n") / MARK).write_text("nonsense")

    assert _observe(tmp_path).mark == Mark(phase=Phase.FETCHING)


def test_files_without_a_repository_are_not_ours(tmp_path: Path) -> None:
    (tmp_path / "p" / "a").mkdir(parents=True)
    (tmp_path / "p" / "a" / "file").write_text("")

    assert _observe(tmp_path).reason == "is a folder with files that do not come from a sync"


def test_folders_of_other_projects_are_no_files_of_the_users(tmp_path: Path) -> None:
    _repository(tmp_path, f"{_COMMIT}\n", "p/a/x/b")

    assert _observe(tmp_path, "p/a", "p/a/x/b").presence is Presence.ABSENT
    (tmp_path / "p" / "a" / "x" / "own").mkdir()
    assert _observe(tmp_path, "p/a", "p/a/x/b").presence is Presence.OTHER


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda place: place.write_text(""), "needs a folder where the file `p` is"),
        (lambda place: place.symlink_to("/"), "lies behind the symbolic link `p`"),
    ],
)
def test_what_lies_on_the_way_is_named(tmp_path: Path, make: object, reason: str) -> None:
    assert callable(make)
    make(tmp_path / "p")

    assert _observe(tmp_path).reason == reason
    assert observe_link(tmp_path, RelPath("p/l")).reason == reason


def test_a_git_file_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "p" / "a").mkdir(parents=True)
    (tmp_path / "p" / "a" / ".git").write_text("gitdir: elsewhere")

    assert _observe(tmp_path).reason == "has a `.git` that leads to no folder"


def test_a_folder_that_cannot_be_listed_is_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p" / "a").mkdir(parents=True)

    def refuse(_path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.scandir", refuse)

    assert _observe(tmp_path).reason == "cannot be looked at: Permission denied"


def test_a_place_that_cannot_be_looked_at_is_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "lstat", refuse)

    assert _observe(tmp_path).reason == "cannot be looked at: Permission denied"


def test_links_are_told_from_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("anywhere")
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()

    found = {
        name: observe_link(tmp_path, RelPath(name)) for name in ("link", "file", "folder", "x")
    }

    assert found["link"] == ObservedLink(presence=Presence.LINK, target="anywhere")
    assert found["file"].reason == "is a file that does not come from a sync"
    assert found["folder"].reason == "is a folder that does not come from a sync"
    assert found["x"].presence is Presence.ABSENT


def test_state_and_lock_together_say_where_to_look(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    state = SyncState(
        projects=(
            SyncedProject(path=RelPath("old"), url="u", commit=_COMMIT),
            SyncedProject(path=RelPath("gone"), url="u", commit=_COMMIT),
        ),
        links=(LaidLink(dest=RelPath("stale"), target="old/x"),),
    )
    write_state(state, workspace)
    (tmp_path / "old").mkdir()

    observed = observe_workspace(workspace, a_lock(a_locked_project(links=(("x", "y"),))))

    assert set(observed.projects) == {RelPath("projects/a")}
    assert set(observed.links) == {RelPath("stale"), RelPath("y")}
    assert observed.present == {RelPath("old")}
    assert {each.path for each in observed.state.projects} == {RelPath("old"), RelPath("gone")}


def test_a_state_that_cannot_be_read_is_made_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = Workspace(tmp_path)
    assert load_state(workspace) == SyncState()
    workspace.state_dir.mkdir()
    workspace.sync_state_file.write_text('{"version": 1, "links": [{"dest": "../x"}]}')

    assert load_state(workspace) == SyncState()
    assert "it is made anew" in caplog.text
