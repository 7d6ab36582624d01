# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of `--locked`, `--frozen` and `--offline` where they are not those of `sync`."""

import shutil
from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.staleness import check_current
from sel4build.api.syncing import SyncWishes
from sel4build.errors import ExitCode, InputError
from sel4build.model.workspace import Workspace
from sel4build.resources import data_root
from tests.kit.cli import BRINGUP, TARGET, World
from tests.kit.git_remote import run_git
from tests.kit.runner import Recorder
from tests.kit.workshop import Workshop

pytestmark = pytest.mark.tools

_LOCKED = SyncWishes(is_locked=True)
_FROZEN = SyncWishes(is_frozen=True)


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Workshop:
    shop = Workshop.create(world, tmp_path)
    shop.run("sync").ok()
    return shop


def _check(shop: Workshop, wishes: SyncWishes) -> tuple[str, ...]:
    """Return what is warned of."""
    recorder = Recorder()
    context = Context(environ=shop.world.environ, cwd=shop.root, reporter=recorder)
    check_current(context, Workspace(shop.root), wishes)
    return recorder.warnings


def _details(shop: Workshop, wishes: SyncWishes) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        _check(shop, wishes)
    return (caught.value.message, *caught.value.details)


@pytest.mark.parametrize("wishes", [_LOCKED, _FROZEN, SyncWishes()])
def test_a_workspace_that_equals_its_lock_is_fine(shop: Workshop, wishes: SyncWishes) -> None:
    assert _check(shop, wishes) == ()


@pytest.mark.parametrize("wishes", [_LOCKED, _FROZEN])
def test_a_project_at_another_commit_is_named(shop: Workshop, wishes: SyncWishes) -> None:
    place = shop.root / "b"
    run_git("commit", "--quiet", "--allow-empty", "-m", "Mine", cwd=place)
    shutil.rmtree(shop.root / "projects/a")

    assert _details(shop, wishes) == (
        "2 of 2 projects are not what the lock says",
        "`b` is not at its locked commit",
        "`projects/a` is not there",
    )
    # Work of the user's is what they want to build.
    assert _check(shop, SyncWishes()) == ()


def test_a_lock_that_moved_on_is_said(shop: Workshop) -> None:
    shop.remote("a").commit({"read.me": "two\n"})
    shop.run("lock", "--update", "a").ok()

    (warning,) = _check(shop, SyncWishes())

    assert "moved on since the last sync: projects/a; `sel4build sync`" in warning


def test_a_spec_of_another_manifest_is_said_and_refused_when_locked(shop: Workshop) -> None:
    shop.spec_file.write_text(shop.spec_file.read_text().replace("default.xml", "other.xml"))

    (warning,) = _check(shop, SyncWishes())

    assert "is out of date: it belongs to the manifest" in warning
    assert "is out of date" in _details(shop, _LOCKED)[0]
    assert _check(shop, _FROZEN) == ()


@pytest.mark.parametrize("wishes", [_LOCKED, _FROZEN])
def test_a_missing_lock_is_refused_where_it_is_demanded(shop: Workshop, wishes: SyncWishes) -> None:
    shop.lock_file.unlink()

    assert _check(shop, SyncWishes()) == ()
    assert "there is no lockfile" in _details(shop, wishes)[0]


@pytest.mark.parametrize("command", ["configure", "build", "package"])
@pytest.mark.parametrize("option", ["--locked", "--frozen", "--offline"])
def test_commands_that_build_take_the_options(
    world: World, built: Path, command: str, option: str
) -> None:
    assert TARGET in world.run(command, option, cwd=built).ok().stdout


@pytest.mark.parametrize("command", ["configure", "build", "package", "boot"])
def test_commands_that_build_refuse_what_is_not_locked(
    world: World, tmp_path: Path, built: Path, command: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(built, copy, symlinks=True, ignore=shutil.ignore_patterns("build", "out"))
    (copy / "sel4build.lock").unlink()

    world.run(command, "--locked", cwd=copy).failed(ExitCode.INVALID, "there is no lockfile")
    assert not (copy / "build").exists()


def test_a_fresh_build_is_told_offline_too(world: World, built: Path) -> None:
    world.run("build", cwd=built).ok()

    plain = world.spawn("build", cwd=built).ok()
    offline = world.spawn("build", "--offline", cwd=built).ok()

    assert offline.stdout == plain.stdout
    assert offline.stderr == ""


@pytest.mark.parametrize("option", ["--frozen", "--offline"])
def test_a_fresh_sync_is_told_without_a_look_at_the_manifest(shop: Workshop, option: str) -> None:
    shop.run("sync").ok()

    done = shop.world.spawn("sync", option, cwd=shop.root).ok()

    assert done.stdout == "2 projects, 0 moved, 0 left alone\n"
    assert done.stderr == ""


def test_lock_locked_is_check_and_frozen_does_not_even_resolve(shop: Workshop) -> None:
    shop.run("lock", "--locked").ok()
    shop.spec_file.write_text(shop.spec_file.read_text().replace("default.xml", "other.xml"))
    before = shop.lock_file.read_bytes()

    shop.run("lock", "--locked").failed(ExitCode.INVALID)
    text = shop.run("lock", "--frozen").ok().stdout
    shop.run("lock", "--frozen", "--update").failed(ExitCode.USAGE, "exclude each other")

    assert "used as it is" in text
    assert shop.lock_file.read_bytes() == before
    shop.lock_file.unlink()
    shop.run("lock", "--frozen").failed(ExitCode.INVALID, "there is no lockfile")


def test_lock_offline_asks_no_server(shop: Workshop) -> None:
    text = shop.spec_file.read_text()
    shop.spec_file.write_text(text.replace(shop.manifest.url, "https://example.invalid/manifest"))

    outcome = shop.run("lock", "--offline", "--update")

    outcome.failed(ExitCode.ENVIRONMENT)
    assert "transport 'https' not allowed" in outcome.stderr


@pytest.mark.parametrize("option", ["--locked", "--frozen"])
def test_init_takes_a_lock_that_is_there_or_shipped_and_resolves_none(
    world: World, tmp_path: Path, option: str
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second, tmp_path / "data/manifests"):
        folder.mkdir(parents=True)
    (tmp_path / "data/manifests/own.xml").write_text(
        (data_root("manifests") / "bringup.xml").read_text()
    )
    words = ("init", *BRINGUP, "--manifest", "own", "--data-dir", str(tmp_path / "data"))

    refused = world.run(*words, option, cwd=first)
    assert list(first.iterdir()) == []
    world.run(*words, cwd=first).ok()
    world.run(*words, option, "--offline", cwd=first).ok()
    shutil.copy(first / "sel4build.lock", tmp_path / "data/manifests/own.lock.toml")
    world.run(*words, option, cwd=second).ok()

    refused.failed(ExitCode.INVALID, "there is no lockfile")
    assert (second / "sel4build.lock").read_bytes() == (first / "sel4build.lock").read_bytes()
