# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of `lock`, `lock --update` and `lock --check` by the command line."""

import shutil
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import World
from tests.kit.workshop import Workshop

pytestmark = pytest.mark.tools


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Workshop:
    shop = Workshop.create(world, tmp_path)
    shop.run("lock").ok()
    return shop


def test_lock_keeps_what_is_locked_though_the_remotes_moved_on(shop: Workshop) -> None:
    before = shop.lock_file.read_bytes()
    shop.remote("a").commit({"read.me": "two\n"})
    shop.publish(shop.remote("b").commit({"file.txt": "two\n"}))

    shop.run("lock", "--check").ok()
    assert "0 changed" in shop.run("lock").ok().stdout

    assert shop.lock_file.read_bytes() == before


def test_update_moves_all_and_prints_the_log_between(shop: Workshop) -> None:
    shop.run("sync").ok()
    second = shop.remote("a").commit({"read.me": "two\n"}, message="Second of a")
    third = shop.remote("a").commit({"read.me": "three\n"}, message="Third of a")
    tip = shop.remote("b").commit({"file.txt": "two\n"}, message="Second of b")

    outcome = shop.run("lock", "--update").ok()

    assert shop.locked() == {"projects/a": third, "b": tip}
    log = f"    {third[:12]} Third of a\n    {second[:12]} Second of a\n"
    assert log in outcome.stdout
    assert f"    {tip[:12]} Second of b\n" in outcome.stdout
    # What was moved is not moved back, and the lock is as wanted.
    shop.run("lock", "--check").ok()
    assert "0 changed" in shop.run("lock").ok().stdout
    assert shop.run("sync").ok().stdout == "2 projects, 2 moved, 0 left alone\n"


def test_update_of_one_project_leaves_the_others(shop: Workshop) -> None:
    old = shop.locked()
    shop.remote("a").commit({"read.me": "two\n"})
    tip = shop.remote("b").commit({"file.txt": "two\n"}, message="Second of b")

    done = shop.run("lock", "--update", "b", "--json").ok().object("lock")

    assert shop.locked() == {**old, "b": tip}
    (move,) = done["moves"]
    log = [{"commit": tip, "subject": "Second of b"}]  # known from the store: nothing was synced
    assert (move["old"], move["new"], move["log"]) == (old["b"], tip, log)
    assert (done["changed"], move["dropped"]) == (["b"], 0)


def test_a_forced_push_shows_how_many_commits_are_gone(shop: Workshop) -> None:
    shop.run("sync").ok()
    remote = shop.remote("a")
    remote.remove_branch("main")
    new = remote.commit({"read.me": "other\n"}, message="Begun anew")

    outcome = shop.run("lock", "--update", "projects/a").ok()

    assert f"    {new[:12]} Begun anew\n    1 commits of before are not in it\n" in outcome.stdout


def test_a_change_of_the_manifest_pins_again(shop: Workshop) -> None:
    first = shop.locked()["b"]
    tip = shop.remote("b").commit({"file.txt": "two\n"})
    shop.run("lock", "--update", "b").ok()
    shop.manifest.commit({"other.xml": _other(shop, first)})
    shop.spec_file.write_text(shop.spec_file.read_text().replace("default.xml", "other.xml"))

    refused = shop.run("lock", "--check")
    shop.run("lock").ok()

    refused.failed(ExitCode.INVALID, "is out of date")
    assert f"`b` is locked at `{tip}`, but the manifest wants `{first}`" in refused.stderr
    assert "`projects/a` is no project of the manifest any more" in refused.stderr
    assert shop.locked() == {"b": first}


def _other(shop: Workshop, pin: str) -> str:
    return (
        f'<manifest><remote name="o" fetch="file://{shop.folder}/remotes"/>'
        f'<project name="b" path="b" remote="o" revision="{pin}" upstream="main"/></manifest>'
    )


def test_what_is_pinned_without_an_upstream_does_not_move(shop: Workshop) -> None:
    old = shop.locked()["b"]
    shop.publish(shop.lock().projects[0].commit, more="")
    shop.remote("b").commit({"file.txt": "two\n"})

    outcome = shop.run("lock", "--update").ok()
    refused = shop.run("lock", "--update", "b")

    assert "pinned without an upstream, so not updated: b" in outcome.stderr
    assert shop.locked()["b"] == old
    refused.failed(ExitCode.INVALID, "`b` is pinned and names no upstream")


def test_what_makes_no_sense_is_refused(shop: Workshop) -> None:
    shop.run("lock", "b").failed(ExitCode.USAGE, "nothing is updated")
    shop.run("lock", "--check", "--update").failed(ExitCode.USAGE, "exclude each other")
    shop.run("lock", "--update", "nix").failed(ExitCode.INVALID, "no project `nix`")
    shop.lock_file.unlink()
    shop.run("lock", "--check").failed(ExitCode.INVALID, "there is no lockfile")
    assert not shop.lock_file.exists()


def test_check_needs_no_remote_of_a_project(shop: Workshop) -> None:
    shutil.rmtree(shop.folder / "remotes")
    shop.run("lock", "--check").ok()
