# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of `adopt` by the command line."""

import os
import shutil
import tomllib
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import World
from tests.kit.git_remote import fsck, run_git
from tests.kit.repo_workspace import RepoWorkspace
from tests.kit.workshop import Workshop

pytestmark = pytest.mark.tools


@pytest.fixture
def made(world: World, tmp_path: Path) -> RepoWorkspace:
    return RepoWorkspace.create(Workshop.create(world, tmp_path), tmp_path / "r")


def _tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Return every file with its time and size."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            status = (Path(parent) / name).lstat()
            found[f"{parent}/{name}"] = (status.st_mtime_ns, status.st_size)
    return found


def _locked(root: Path) -> dict[str, str]:
    table = tomllib.loads((root / "sel4build.lock").read_text())
    return {each["path"]: each["commit"] for each in table["project"]}


def test_what_is_checked_out_is_locked_and_no_project_is_touched(made: RepoWorkspace) -> None:
    world, root = made.shop.world, made.root
    heads = {path: run_git("rev-parse", "HEAD", cwd=root / path) for path in ("b", "projects/a")}
    before = {each: _tree(root / each) for each in (".repo", "b", "projects")}

    outcome = world.run("adopt", str(root), cwd=made.shop.folder).ok()

    assert outcome.stdout.startswith(f"2 projects of {made.shop.manifest.url} at main")
    assert {each: _tree(root / each) for each in before} == before
    assert _locked(root) == heads
    spec = tomllib.loads((root / "sel4build.toml").read_text())
    wanted = {"url": made.shop.manifest.url, "revision": "main", "file": "default.xml"}
    assert spec == {"version": 1, "manifest": wanted}
    # Nothing is left to do, and no remote is needed to know that.
    shutil.rmtree(made.shop.folder / "remotes")
    shutil.rmtree(made.shop.folder / "manifest")
    world.run("lock", "--check", cwd=root).ok()
    assert world.run("sync", cwd=root).ok().stdout == "2 projects, 0 moved, 0 left alone\n"
    assert world.run("forall", "-c", 'echo "$REPO_REMOTE"', cwd=root).ok().stdout == "o\no\n"


def test_an_adopted_workspace_is_updated_and_stays_a_workspace_of_repo(
    made: RepoWorkspace,
) -> None:
    world, root = made.shop.world, made.root
    world.run("adopt", cwd=root).ok()
    new = made.shop.remote("a").commit({"other.txt": "two\n"})

    world.run("lock", "--update", "a", cwd=root).ok()
    outcome = world.run("sync", cwd=root).ok()

    assert outcome.stdout == "2 projects, 1 moved, 0 left alone\n"
    assert (root / "projects" / "a" / "other.txt").is_file()
    link = (root / "projects" / "a" / ".git").readlink()
    assert str(link) == "../../.repo/projects/projects/a.git"
    assert run_git("rev-parse", "HEAD", cwd=root / ".repo/projects/projects/a.git") == new
    assert fsck(root / "projects" / "a") == ""
    run_git("fetch", "--quiet", "o", cwd=root / "projects" / "a")


def test_a_commit_without_a_branch_is_not_taken_for_the_users(made: RepoWorkspace) -> None:
    world, root = made.shop.world, made.root
    run_git("update-ref", "-d", "refs/remotes/o/main", cwd=root / "b")
    made.shop.remote("b").commit({"file.txt": "two\n"})
    world.run("adopt", cwd=root).ok()
    world.run("lock", "--update", "b", cwd=root).ok()
    assert world.run("sync", cwd=root).ok().stdout == "2 projects, 1 moved, 0 left alone\n"


def test_local_commits_are_locked_with_a_warning(made: RepoWorkspace) -> None:
    work_tree = made.root / "b"
    (work_tree / "file.txt").write_text("mine\n")
    run_git("commit", "--quiet", "-a", "-m", "Mine", cwd=work_tree)
    mine = run_git("rev-parse", "HEAD", cwd=work_tree)

    outcome = made.shop.world.run("adopt", cwd=made.root).ok()

    assert "`b` has 1 commits that no remote has" in outcome.stderr
    assert "not where the manifest pins it: b\n" in outcome.stdout
    assert _locked(made.root)["b"] == mine


def test_groups_local_manifests_and_the_link_of_old_are_understood(made: RepoWorkspace) -> None:
    world, root = made.shop.world, made.root
    made.set("manifest.groups", "all,-name:b")
    top = made.repo_dir / "manifest.xml"
    top.unlink()
    top.symlink_to("manifests/default.xml")
    local = made.repo_dir / "local_manifests"
    local.mkdir()
    shutil.rmtree(root / "b")
    (local / "mine.xml").write_text(
        '<manifest><remove-project path="projects/a"/>'
        '<project name="a" path="more/a" groups="x"/></manifest>'
    )
    shutil.rmtree(made.repo_dir / "project-objects" / "a.git")
    made.lay_project("a", "more/a")

    world.run("adopt", cwd=root).ok()

    assert list(_locked(root)) == ["more/a"]
    assert 'groups = ["all", "-name:b"]' in (root / "sel4build.toml").read_text()
    world.run("lock", "--check", cwd=root).ok()


@pytest.mark.parametrize("what", ["mirror", "missing", "changed manifest", "git file", "twice"])
def test_what_does_not_fit_is_refused_and_leaves_nothing(made: RepoWorkspace, what: str) -> None:
    world, root = made.shop.world, made.root
    words: tuple[str, ...]
    match what:
        case "mirror":
            made.set("repo.mirror", "true")
            words = ("it is a mirror without work trees",)
        case "missing":
            shutil.rmtree(root / "b")
            words = ("project `b` is not checked out", "1 of 2 projects")
        case "changed manifest":
            (made.repo_dir / "manifests" / "default.xml").write_text("<manifest/>")
            words = ("its manifest has changes of your own", "default.xml")
        case "git file":
            (root / "b" / ".git").unlink()
            (root / "b" / ".git").write_text("gitdir: elsewhere\n")
            words = ("project `b` has a `.git` that leads to no folder",)
        case _:
            (root / "local_manifests").mkdir()
            words = ("but `repo` does not read it",)
    before = sorted(each.name for each in root.iterdir())

    outcome = world.run("adopt", cwd=root)

    outcome.failed(ExitCode.INVALID)
    for each in words:
        assert each in outcome.stderr
    assert sorted(each.name for each in root.iterdir()) == before


def test_what_is_no_workspace_of_repo_or_one_of_ours_is_refused(
    made: RepoWorkspace, tmp_path: Path
) -> None:
    world = made.shop.world
    world.run("adopt", cwd=tmp_path).failed(ExitCode.INVALID, "is not a workspace that `repo` made")
    world.run("adopt", cwd=made.root).ok()
    world.run("adopt", cwd=made.root).failed(ExitCode.INVALID, "is a workspace already")
