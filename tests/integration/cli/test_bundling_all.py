# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests that a bundle carries all that a workspace may have, and takes nothing else."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from sel4build.workspace.archive import write_archive
from tests.kit.cli import CliOutcome, World
from tests.kit.git_remote import Gitlink, GitRemote, fsck, run_git
from tests.kit.workshop import Workshop

pytestmark = pytest.mark.tools


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Workshop:
    return Workshop.create(world, tmp_path)


def _carry(shop: Workshop) -> Path:
    """Bundle the workspace, remove it with all remotes, and sync what is made of the bundle."""
    shop.run("sync").ok()
    shop.run("bundle", "create", "../all.tar").ok()
    for each in ("remotes", "manifest", "w"):
        shutil.rmtree(shop.folder / each)
    elsewhere = shop.world.having(XDG_CACHE_HOME=str(shop.folder / "other-cache"))
    elsewhere.run("bundle", "extract", "all.tar", "new", cwd=shop.folder).ok()
    root = shop.folder / "new"
    elsewhere.run("sync", "--offline", cwd=root).ok()
    elsewhere.run("lock", "--check", cwd=root).ok()
    return root


def _manifest(shop: Workshop, body: str) -> None:
    head = f'<remote name="o" fetch="file://{shop.folder}/remotes"/>'
    head += '<default remote="o" revision="main"/>'
    shop.manifest.commit({"default.xml": f"<manifest>{head}{body}</manifest>"})


def test_a_history_that_was_cut_off_is_carried_as_it_is(shop: Workshop) -> None:
    shop.remote("a").commit({"read.me": "two\n"})
    shop.remote("a").commit({"read.me": "three\n"})
    _manifest(shop, '<project name="a" clone-depth="2"/><project name="b"/>')

    root = _carry(shop)

    assert run_git("rev-list", "--count", "HEAD", cwd=root / "a") == "2"
    assert fsck(root / "a") == fsck(root / "b") == ""


def test_submodules_and_submanifests_are_carried(shop: Workshop) -> None:
    inner = GitRemote.create(shop.folder / "remotes" / "inner")
    commit = inner.commit({"file": "inner"})
    modules = '[submodule "s"]\n\tpath = s\n\turl = ../inner\n'
    shop.remote("a").commit({".gitmodules": modules, "s": Gitlink(commit)})
    sub = GitRemote.create(shop.folder / "remotes" / "sub")
    head = '<remote name="o" fetch="."/><default remote="o" revision="main"/>'
    sub.commit({"default.xml": f'<manifest>{head}<project name="b"/></manifest>'})
    _manifest(
        shop,
        '<project name="a" sync-s="true"/><submanifest name="main" project="sub" path="x"/>',
    )

    root = _carry(shop)

    assert (root / "a" / "s" / "file").read_text() == "inner"
    assert (root / "x" / "b" / "file.txt").is_file()


def test_local_manifests_and_data_are_carried(shop: Workshop) -> None:
    local = shop.root / "local_manifests"
    (local / "more").mkdir(parents=True)
    (local / "mine.xml").write_text('<manifest><include name="more/b.xml"/></manifest>')
    (local / "more" / "b.xml").write_text('<manifest><project name="b" path="local/b"/></manifest>')
    (local / "notes.txt").write_text("of no use there")
    for folder in (shop.root / "own-data", shop.folder / "their-data"):
        (folder / "manifests").mkdir(parents=True)
        (folder / "manifests" / f"{folder.name}.xml").write_text("<manifest/>")
        (folder / "tool").write_text("#!/bin/sh\n")
        (folder / "tool").chmod(0o755)
        (folder / "link").symlink_to("/etc/passwd")
    text = shop.spec_file.read_text()
    dirs = f'data-dirs = ["own-data", "{shop.folder}/their-data"]\n'
    shop.spec_file.write_text(text.replace("version = 1\n", f"version = 1\n{dirs}"))

    root = _carry(shop)

    assert (root / "local" / "b" / "file.txt").is_file()
    assert not (root / "local_manifests" / "notes.txt").exists()
    for name in ("own-data", "data-dirs/1"):
        assert (root / name / "tool").stat().st_mode & 0o111
        assert not (root / name / "link").is_symlink()
    assert 'data-dirs = ["own-data", "data-dirs/1"]' in (root / "sel4build.toml").read_text()


def test_what_stays_behind_is_named(shop: Workshop) -> None:
    (shop.root / "local_manifests").mkdir()
    (shop.root / "local_manifests" / "x.xml").symlink_to("/nowhere.xml")
    (shop.root / "local_manifests" / "x.xml").unlink()
    (shop.root / "own").mkdir()
    (shop.root / "own" / "link").symlink_to("/etc/passwd")
    shop.spec_file.write_text(
        shop.spec_file.read_text().replace("version = 1\n", 'version = 1\ndata-dirs = ["own"]\n')
    )
    shop.run("sync").ok()

    outcome = shop.run("bundle", "create", "../all.tar").ok()

    assert "not in the bundle" in outcome.stderr
    assert "link`, which is no plain file" in outcome.stderr


def test_a_manifest_that_is_a_file_of_the_workspace_is_carried(shop: Workshop) -> None:
    (shop.root / "manifests").mkdir()
    head = f'<remote name="o" fetch="file://{shop.folder}/remotes"/>'
    head += '<default remote="o" revision="main"/>'
    (shop.root / "manifests" / "top.xml").write_text(
        f'<manifest>{head}<include name="more.xml"/></manifest>'
    )
    (shop.root / "manifests" / "more.xml").write_text('<manifest><project name="a"/></manifest>')
    shop.spec_file.write_text('version = 1\n\n[manifest]\npath = "manifests/top.xml"\n')

    root = _carry(shop)

    assert (root / "a" / "read.me").is_file()


def _extract_forged(shop: Workshop, members: dict[str, bytes]) -> CliOutcome:
    """Make a bundle with right digests of what no `bundle create` would put into one."""
    folder = shop.folder / "forged"
    folder.mkdir()
    files = {}
    for name, content in members.items():
        place = folder / hashlib.sha256(name.encode()).hexdigest()
        place.write_bytes(content)
        files[name] = place
    write_archive(files, shop.folder / "bad.tar")
    return shop.world.run("bundle", "extract", "bad.tar", "new", cwd=shop.folder)


@pytest.mark.parametrize(
    ("dest", "words"),
    [
        ("../evil", "contains the component `..`"),
        ("/etc/evil", "is absolute"),
        (".git/hooks/post-checkout", "contains the component `.git`"),
        ("a/.GIT/config", "contains the component `.GIT`"),
        (".sel4build/sync.json", "belongs to sel4build"),
        (".GitDirs/a.git/config", "belongs to sel4build"),
        ("sel4build.lock", "belongs to sel4build"),
        ("a\nb", "contains a control character"),
    ],
)
def test_a_file_may_not_be_carried_anywhere(shop: Workshop, dest: str, words: str) -> None:
    shop.run("sync").ok()
    table = {"version": 1, "files": [{"member": "files/00000", "dest": dest}]}
    members = {
        "sel4build.toml": shop.spec_file.read_bytes(),
        "sel4build.lock": shop.lock_file.read_bytes(),
        "files.json": json.dumps(table).encode(),
        "files/00000": b"evil",
    }

    outcome = _extract_forged(shop, members)

    outcome.failed(ExitCode.INVALID)
    assert words in outcome.stderr
    assert not (shop.folder / "new").exists()


def test_a_history_may_not_be_cut_off_at_anything(shop: Workshop) -> None:
    _manifest(shop, '<project name="a" clone-depth="1"/>')
    shop.remote("a").commit({"read.me": "two\n"})
    shop.run("sync").ok()
    shop.run("bundle", "create", "../all.tar").ok()
    good = (shop.folder / "all.tar").read_bytes()
    at = good.index(run_git("rev-parse", "HEAD", cwd=shop.root / "a").encode() + b"\n\0")
    line = good[at : at + 41]
    bad = good.replace(line, b"../../x".ljust(40, b"x") + b"\n")
    bad = bad.replace(
        hashlib.sha256(line).hexdigest().encode(),
        hashlib.sha256(b"../../x".ljust(40, b"x") + b"\n").hexdigest().encode(),
    )
    (shop.folder / "bad.tar").write_bytes(bad)

    outcome = shop.world.run("bundle", "extract", "bad.tar", "new", cwd=shop.folder)

    outcome.failed(ExitCode.INVALID, "is cut off at what is no commit")


def test_a_bundle_that_lacks_a_repository_is_refused(shop: Workshop) -> None:
    shop.run("sync").ok()
    members = {
        "sel4build.toml": shop.spec_file.read_bytes(),
        "sel4build.lock": shop.lock_file.read_bytes(),
    }

    _extract_forged(shop, members).failed(ExitCode.INVALID, "does not hold what")


def test_a_partial_clone_is_refused_with_a_way_out(shop: Workshop) -> None:
    for name in ("a", "b"):
        run_git("config", "uploadpack.allowFilter", "true", cwd=shop.remote(name).path)
    shop.remote("a").commit({"read.me": "two\n"})
    shop.run("sync", "--filter", "blob:none").ok()
    shutil.rmtree(shop.folder / "remotes")

    outcome = shop.run("bundle", "create", "../all.tar")

    outcome.failed(ExitCode.FAILED, "cannot be bundled")
    assert "without `--filter`" in outcome.stderr
    assert not (shop.folder / "all.tar").exists()
