# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of `bundle create` and `bundle extract` by the command line."""

import io
import shutil
import tarfile
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import World
from tests.kit.git_remote import fsck
from tests.kit.workshop import Workshop

pytestmark = pytest.mark.tools


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Workshop:
    shop = Workshop.create(world, tmp_path)
    shop.run("sync").ok()
    shop.run("bundle", "create", "../all.tar").ok()
    return shop


def test_a_bundle_becomes_a_workspace_without_any_remote(shop: Workshop) -> None:
    lock = shop.lock_file.read_bytes()
    for each in ("remotes", "manifest", "w"):
        shutil.rmtree(shop.folder / each)
    elsewhere = shop.world.having(XDG_CACHE_HOME=str(shop.folder / "other-cache"))

    outcome = elsewhere.run("bundle", "extract", "all.tar", "new", cwd=shop.folder).ok()

    root = shop.folder / "new"
    assert outcome.stdout == f"2 projects for {root}\nnext: sel4build sync\n"
    assert (root / "sel4build.lock").read_bytes() == lock
    synced = elsewhere.run("sync", "--offline", cwd=root).ok()
    assert synced.stdout == "2 projects, 2 moved, 0 left alone\n"
    elsewhere.run("lock", "--check", cwd=root).ok()
    assert (root / "a.md").read_text() == "one\n"
    assert fsck(root / "b") == ""
    assert not list((root / ".sel4build").glob("bundle-*"))


def test_equal_workspaces_give_equal_bundles(shop: Workshop) -> None:
    shop.run("bundle", "create", "../again.tar").ok()
    first, second = (shop.folder / name for name in ("all.tar", "again.tar"))
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as archive:
        members = archive.getmembers()
    assert members[0].name == "index.json"
    assert all((each.mtime, each.uid, each.uname) == (0, 0, "") for each in members)


def test_what_was_not_synced_cannot_be_bundled(shop: Workshop) -> None:
    shop.remote("a").commit({"read.me": "two\n"})
    shop.run("lock", "--update", "a").ok()
    refused = shop.run("bundle", "create", "../no.tar")
    refused.failed(ExitCode.FAILED, "`projects/a` cannot be bundled")
    assert not (shop.folder / "no.tar").exists()


def _refused(shop: Workshop, content: bytes, *naming: str) -> None:
    (shop.folder / "bad.tar").write_bytes(content)
    outcome = shop.world.run("bundle", "extract", "bad.tar", "new", cwd=shop.folder)
    outcome.failed(ExitCode.INVALID, *naming)
    assert not (shop.folder / "new").exists()


def test_a_changed_or_cut_bundle_is_refused_whole(shop: Workshop) -> None:
    good = (shop.folder / "all.tar").read_bytes()
    at = good.index(b"PACK")
    _refused(shop, good[:at] + b"JUNK" + good[at + 4 :], "is damaged: its sha256")
    for size in (0, 100, 512, 2000, at):
        _refused(shop, good[:size], "cut off")
    for each in (good[:-1], good + b"more"):
        _refused(shop, each, "does not end where its index says")
    changed = good.replace(b"sel4build.toml", b"sel4build.tomx")
    _refused(shop, changed, "cannot be used")


@pytest.mark.parametrize("kind", ["link", "folder", "up", "long"])
def test_members_that_are_no_plain_files_are_refused(shop: Workshop, kind: str) -> None:
    info = tarfile.TarInfo({"up": "../evil", "long": "x" * 300}.get(kind, "index.json"))
    if kind == "link":
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    elif kind == "folder":
        info.type = tarfile.DIRTYPE
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(info)
    _refused(shop, buffer.getvalue(), "cannot be used")
    assert not (shop.folder.parent / "evil").exists()


def test_a_folder_with_files_is_left_as_it_is(shop: Workshop) -> None:
    outcome = shop.world.run("bundle", "extract", "all.tar", "w", cwd=shop.folder)
    outcome.failed(ExitCode.INVALID, "is there already")
    assert shop.lock_file.is_file()
