# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of `forall`, `diff` and `grep` by the command line."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import World
from tests.kit.workshop import Workshop

pytestmark = pytest.mark.tools


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Workshop:
    shop = Workshop.create(world, tmp_path)
    shop.run("sync").ok()
    return shop


def test_forall_runs_in_every_project_in_order(shop: Workshop) -> None:
    script = 'echo "$REPO_PROJECT $REPO_PATH $REPO_REMOTE $REPO_LREV $REPO_RREV $REPO__board-"'
    locked = shop.locked()

    outcome = shop.run("forall", "-c", script).ok()

    assert outcome.stdout.splitlines() == [
        f"b b o {locked['b']} {locked['b']} -",
        f"a projects/a o {locked['projects/a']} main tx1-",
    ]


def test_forall_tells_what_repo_tells(shop: Workshop) -> None:
    manifest = shop.root / "pinned.xml"
    shop.run("lock", "--export-xml", str(manifest)).ok()
    text = manifest.read_text().replace('name="a"', 'name="a" dest-branch="review" groups="x,y"')
    manifest.write_text(text.replace('upstream="main"', 'upstream="refs/heads/main"'))
    shop.run("lock", "--from-xml", str(manifest)).ok()
    locked = shop.locked()
    script = (
        'echo "$REPO_RREV $REPO_UPSTREAM $REPO_DEST_BRANCH $REPO_OUTERPATH $REPO_INNERPATH '
        '$REPO_PROJECT_FETCH_URL"'
    )

    outcome = shop.run("forall", "-c", script).ok()

    remotes = f"file://{shop.folder}/remotes"
    assert outcome.stdout.splitlines() == [
        f"{locked['b']} refs/heads/main   b {remotes}/b",
        f"{locked['projects/a']} refs/heads/main review  projects/a {remotes}/a",
    ]


def test_forall_of_what_floats_has_its_branch_for_its_revision(shop: Workshop) -> None:
    script = 'echo "$REPO_RREV,$REPO_UPSTREAM,$REPO_DEST_BRANCH"'

    assert shop.run("forall", "a", "-c", script).ok().stdout == "main,,\n"


def test_a_pin_that_was_moved_is_told_as_the_manifest_writes_it(shop: Workshop) -> None:
    pin = shop.locked()["b"]
    shop.remote("b").commit({"file.txt": "two\n"})
    shop.run("lock", "--update", "b").ok()
    shop.run("lock", "--check").ok()

    script = 'echo "$REPO_RREV $REPO_UPSTREAM"'
    assert shop.run("forall", "b", "-c", script).ok().stdout == f"{pin} main\n"


@pytest.mark.parametrize(
    ("groups", "paths"),
    [
        ("x", ["projects/a"]),
        ("all,-x", ["b"]),
        ("-x", []),
        ("default", ["b", "projects/a"]),
        ("name:b,y", ["b", "projects/a"]),
        ("path:projects/a", ["projects/a"]),
        ("y,-x", []),
        ("-x y", ["projects/a"]),
    ],
)
def test_forall_of_groups(shop: Workshop, groups: str, paths: list[str]) -> None:
    manifest = shop.root / "pinned.xml"
    shop.run("lock", "--export-xml", str(manifest)).ok()
    manifest.write_text(manifest.read_text().replace('name="a"', 'name="a" groups="x,y"'))
    shop.run("lock", "--from-xml", str(manifest)).ok()

    outcome = shop.run("forall", "-g", groups, "-c", 'echo "$REPO_PATH"')

    if paths:
        assert outcome.ok().stdout.splitlines() == paths
    else:
        outcome.failed(ExitCode.NOTHING_SELECTED, "no project is in the groups")
        assert "there are `x`, `y`" in outcome.stderr


def test_forall_gives_a_program_its_words_as_they_are(shop: Workshop) -> None:
    outcome = shop.run("forall", "-c", "git", "log", "-1", "--format=%s $HOME", "-q").ok()
    assert outcome.stdout == "First of b $HOME\nFirst of a $HOME\n"
    assert shop.run("forall", "-c", 'echo "$1"', "-v").ok().stdout == "-v\n-v\n"


def test_forall_takes_projects_jobs_and_heads(shop: Workshop) -> None:
    assert shop.run("forall", "a", "-c", "pwd").ok().stdout == f"{shop.root}/projects/a\n"
    slow = 'sleep "0.$((3 - 2 * REPO_I + 1))"; echo "$REPO_I of $REPO_COUNT"'
    outcome = shop.run("forall", "-j2", "-p", "-c", slow).ok()
    assert outcome.stdout == "project b/\n1 of 2\nproject projects/a/\n2 of 2\n"


def test_forall_names_every_project_that_failed(shop: Workshop) -> None:
    shutil.rmtree(shop.root / "projects")

    outcome = shop.run("forall", "-c", "echo out; exit 7")
    told = shop.run("forall", "--json", "-c", "echo out; exit 7")

    assert outcome.failed(ExitCode.FAILED, "failed in 2 of 2 projects")
    assert "`b`: ended with status 7" in outcome.stderr
    assert "`projects/a`: is not there" in outcome.stderr
    first, second = told.object("forall")["projects"]
    assert (first["status"], first["output"], second["status"]) == (7, "out\n", None)
    assert told.exit_code == ExitCode.FAILED


def test_forall_without_a_command_or_with_a_strange_project_is_refused(shop: Workshop) -> None:
    shop.run("forall").failed(ExitCode.USAGE, "no command")
    shop.run("forall", "a", "-c").failed(ExitCode.USAGE, "no command")
    shop.run("forall", "nix", "-c", "pwd").failed(ExitCode.INVALID, "no project `nix`")
    shop.lock_file.unlink()
    shop.run("forall", "-c", "pwd").failed(ExitCode.INVALID, "no lockfile")


def test_diff_is_a_patch_for_the_workspace(shop: Workshop) -> None:
    file = shop.root / "b" / "file.txt"
    file.write_text("one\r\nother\n")
    changed = file.read_bytes()

    patch = shop.run("diff").ok().stdout
    (told,) = shop.run("diff", "--json", "b").ok().object("diff")["projects"]

    assert patch.startswith("project b/\ndiff --git a/b/file.txt b/b/file.txt\n")
    assert (told["path"], f"project b/\n{told['diff']}") == ("b", patch)
    assert shop.run("diff", "projects/a").ok().stdout == ""
    shop.run("forall", "-c", "git checkout -q -f HEAD").ok()
    subprocess.run(
        ("git", "apply", "--unsafe-paths", "-p1", "-"),
        input=patch.encode(),
        cwd=shop.root,
        check=True,
    )
    assert file.read_bytes() == changed


def test_a_long_diff_is_whole(shop: Workshop) -> None:
    lines = "".join(f"line {number}\n" for number in range(40_000))
    (shop.root / "b" / "file.txt").write_text(lines)
    assert shop.run("diff").ok().stdout.count("\n+line ") == 40_000


def test_grep_finds_lines_in_all_projects(shop: Workshop) -> None:
    assert shop.run("grep", "^one").ok().stdout == "b/file.txt:1:one\nprojects/a/read.me:1:one\n"
    assert shop.run("grep", "-i", "-F", "NEEDLE", "b").ok().stdout == "b/file.txt:2:needle\n"
    (match,) = shop.run("grep", "--json", "needle").ok().object("grep")["matches"]
    assert match == {"path": "b", "file": "file.txt", "line": 2, "text": "needle"}


def test_grep_tells_of_nothing_and_of_nonsense(shop: Workshop) -> None:
    nothing = shop.run("grep", "no such text")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (ExitCode.FAILED, "", "")
    # No pattern is an option of git's.
    assert shop.run("grep", "--", "--open-files-in-pager=false").exit_code == ExitCode.FAILED
    shop.run("grep", "[").failed(ExitCode.FAILED, "git failed in project `b`")
    shutil.rmtree(shop.root / "b")
    assert "not there, so left out: b" in shop.run("grep", "one").stderr
