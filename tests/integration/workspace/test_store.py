# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the store with the real git: shared, killed, damaged, lost, forbidden."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError
from sel4build.git.git_dir import GitDir
from sel4build.git.remotes import GitRemote as GitRemoteSetting
from sel4build.git.store import store_name
from sel4build.git.supply import FetchOptions
from sel4build.lock import write_lock
from sel4build.model.command import Command, Outcome
from sel4build.model.lock import LockedProject
from sel4build.process import SubprocessRunner
from sel4build.workspace.sync import SyncOptions, SyncOutcome, sync_workspace
from tests.kit.git_remote import Content, fsck, run_git
from tests.kit.lab import Lab, a_second, start_sync
from tests.kit.locks import a_lock

pytestmark = pytest.mark.tools


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def _sync(lab: Lab, *projects: LockedProject, **fetch: object) -> SyncOutcome:
    options = SyncOptions(fetch=replace(FetchOptions(), **fetch))  # type: ignore[arg-type]  # by name
    return sync_workspace(
        lab.workspace, a_lock(*projects), git=lab.git, reporter=lab.recorder, options=options
    )


def _stored(lab: Lab, project: LockedProject, depth: int | None = None) -> Path:
    return lab.folder / "cache" / "git" / store_name(project.url, depth=depth)


def _lose(lab: Lab, path: str) -> None:
    lab.remote(path).path.rename(lab.folder / "lost")


def _packs(git_dir: Path) -> list[Path]:
    return sorted((git_dir / "objects" / "pack").glob("*.pack"))


class Counting(SubprocessRunner):
    """A real runner that remembers what git was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.subcommands: list[str] = []

    def run(self, command: Command, **options: object) -> Outcome:
        words = (each for each in command.argv[1:] if not each.startswith("-"))
        self.subcommands.append(next(words))
        return super().run(command, **options)  # type: ignore[arg-type]  # passed through


def test_a_second_workspace_needs_no_remote_and_no_space(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    _lose(lab, "one")

    second = a_second(lab)
    _sync(second, one)

    (pack,) = _packs(second.path("one/.git"))
    assert pack.stat().st_nlink == 3
    assert pack.samefile(_packs(_stored(lab, one))[0])
    assert fsck(second.path("one")) == ""


def test_a_new_project_costs_three_processes_and_with_a_warm_store_one(lab: Lab) -> None:
    one = lab.project("one")
    counts = []
    for each in (lab, a_second(lab)):
        runner = Counting()
        each.git = replace(lab.git, runner=runner)
        each.sync(one)
        counts.append(runner.subcommands)

    assert counts == [["fetch", "cat-file", "checkout"], ["checkout"]]


def test_a_workspace_does_not_depend_on_the_store(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    shutil.rmtree(lab.folder / "cache")

    assert fsck(lab.path("one")) == ""
    assert not list(lab.path(".gitdirs").rglob("alternates"))
    assert lab.sync(one).moved == ()
    assert lab.sync(lab.project("one", {"file": "2"})).moved == (one.path,)


def test_what_a_user_does_to_packs_does_not_reach_the_store(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    run_git("repack", "-adq", cwd=lab.path("one"))
    run_git("gc", "--quiet", "--prune=now", cwd=lab.path("one"))
    _lose(lab, "one")

    second = a_second(lab)
    _sync(second, one)

    assert fsck(second.path("one")) == ""


def test_two_projects_of_one_repository_fetch_it_once(lab: Lab) -> None:
    one = lab.project("one")
    two = replace(one, path=lab.project("two").path)

    lab.sync(one, two)

    assert len(_packs(_stored(lab, one))) == 1
    assert _packs(lab.path("one/.git"))[0].samefile(_packs(lab.path("two/.git"))[0])


def test_a_cache_that_cannot_be_written_is_said_once_and_done_without(lab: Lab) -> None:
    (lab.folder / "cache").mkdir()
    (lab.folder / "cache" / "git").write_text("")
    projects = [lab.project(name) for name in ("one", "two", "three")]

    assert len(lab.sync(*projects).moved) == 3

    notes = [each for each in lab.recorder.events if "without the store" in each]
    assert len(notes) == 1
    assert "cannot be written" in notes[0]
    assert fsck(lab.path("one")) == ""


def _cut(pack: Path) -> None:
    content = pack.read_bytes()
    pack.unlink()
    pack.write_bytes(content[: len(content) // 2])


def _flip(pack: Path) -> None:
    content = bytearray(pack.read_bytes())
    for index in range(12, len(content) - 20):
        content[index] ^= 0x55
    pack.unlink()
    pack.write_bytes(content)


def _lose_index(pack: Path) -> None:
    pack.with_suffix(".idx").unlink()


def _lose_pack(pack: Path) -> None:
    pack.unlink()


def _lose_both(pack: Path) -> None:
    pack.with_suffix(".idx").unlink()
    pack.unlink()


@pytest.mark.parametrize("damage", [_cut, _flip, _lose_index, _lose_pack, _lose_both])
def test_a_damaged_store_is_made_again(lab: Lab, damage: object) -> None:
    assert callable(damage)
    one = lab.project("one", {"a": "text " * 999, "b": "other " * 999})
    lab.sync(one)
    damage(_packs(_stored(lab, one))[0])

    second = a_second(lab)
    _sync(second, one)

    assert fsck(second.path("one")) == ""
    assert fsck(_stored(lab, one)) == ""
    assert second.path("one/a").read_text() == "text " * 999


def test_half_of_a_repository_is_completed(lab: Lab) -> None:
    one = lab.project("one")
    stored = _stored(lab, one)
    (stored / "objects" / "pack").mkdir(parents=True)
    (stored / "objects" / "pack" / "tmp_pack_x").write_text("half")
    (stored / "shallow.lock").write_text("")

    lab.sync(one)

    assert not list(stored.rglob("tmp_*"))
    assert fsck(stored) == ""


def test_syncs_of_workspaces_that_share_the_store_do_not_disturb_each_other(lab: Lab) -> None:
    files: dict[str, Content] = {f"f{number}": f"{number} text\n" * 500 for number in range(50)}
    projects = [lab.project(name, files | {"name": name}) for name in ("one", "two", "three")]
    labs = [lab, *(a_second(lab, f"w{number}") for number in range(3))]
    for each in labs:
        write_lock(a_lock(*projects), each.workspace.lock_file)

    processes = [start_sync(each) for each in labs]
    for process in processes:
        with process:
            _, errors = process.communicate()
        assert process.returncode == 0, errors

    for each in labs:
        assert [each.head(project.path.text) for project in projects] == [
            project.commit for project in projects
        ]
        assert fsck(each.path("one")) == ""
    assert [len(_packs(_stored(lab, project))) for project in projects] == [1, 1, 1]


def test_a_shallow_history_does_not_make_others_shallow(lab: Lab) -> None:
    lab.project("one", {"file": "1"})
    one = lab.project("one", {"file": "2"})
    shallow = a_second(lab)

    _sync(shallow, one, depth=1)
    lab.sync(one)

    def count(each: Lab) -> str:
        return run_git("rev-list", "--count", "HEAD", cwd=each.path("one"))

    assert (count(shallow), count(lab)) == ("1", "2")
    assert fsck(shallow.path("one")) == ""
    assert fsck(lab.path("one")) == ""


def test_a_partial_clone_fetches_what_it_needs(lab: Lab) -> None:
    remote = lab.remote("one")
    run_git("config", "uploadpack.allowFilter", "true", cwd=remote.path)
    lab.project("one", {"file": "1"})
    one = lab.project("one", {"file": "2"})

    _sync(lab, one, filter_spec="blob:none")

    assert lab.path("one/file").read_text() == "2"
    missing = run_git(
        "rev-list", "--objects", "--all", "--missing=print", cwd=lab.path("one")
    ).splitlines()
    assert len([line for line in missing if line.startswith("?")]) == 1


@pytest.mark.parametrize("kind", ["mirrors", "references"])
def test_mirrors_and_references_are_asked_before_the_remote(lab: Lab, kind: str) -> None:
    one = lab.project("one")
    folder = lab.remote("one").path.parent
    gone = replace(one, url=f"file://{lab.folder}/gone/one.git")

    _sync(lab, gone, **{kind: (folder,)})

    assert lab.head("one") == one.commit
    assert run_git("remote", "get-url", "origin", cwd=lab.path("one")) == gone.url


def test_a_mirror_that_lacks_the_commit_or_is_broken_does_not_matter(lab: Lab) -> None:
    one = lab.project("one")
    lab.project("other")
    mirrors = lab.folder / "mirrors"
    for number, name in enumerate(("remotes_one", "one")):
        shutil.copytree(lab.remote("other").path, mirrors / f"{number}" / f"{name}.git")
    (mirrors / "2" / "one.git" / "objects").mkdir(parents=True)
    (mirrors / "2" / "one.git" / "HEAD").write_text("rubbish")

    _sync(lab, one, mirrors=tuple(sorted(mirrors.iterdir())))

    assert lab.head("one") == one.commit


def test_another_workspace_serves_as_reference(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    shutil.rmtree(lab.folder / "cache")
    _lose(lab, "one")

    second = a_second(lab)
    _sync(second, one, references=(lab.workspace.root,))

    assert fsck(second.path("one")) == ""


def test_offline_takes_what_is_there_and_names_what_is_missing(lab: Lab) -> None:
    one, two = lab.project("one"), lab.project("two")
    config = lab.folder / "gitconfig"
    config.write_text(
        f'[url "file://{lab.folder}/remotes/"]\n\tinsteadOf = https://example.invalid/\n'
    )
    far = [replace(each, url=f"https://example.invalid/{each.path}.git") for each in (one, two)]
    environ = {**lab.git.environ, "GIT_ALLOW_PROTOCOL": "file:https"}
    lab.git = replace(lab.git, environ={**environ, "GIT_CONFIG_GLOBAL": str(config)})
    lab.sync(far[0])
    second = a_second(lab)
    second.git = replace(lab.git, environ=environ)

    with pytest.raises(EnvironmentLacksError) as caught:
        _sync(second, *far, is_offline=True)

    assert "project `two.git` (two)" in caught.value.message
    assert "no network is wanted" in caught.value.message
    assert caught.value.hint == "run it once without `--offline`"
    assert second.head("one") == one.commit


def test_the_store_is_private(lab: Lab) -> None:
    lab.sync(lab.project("one"))

    assert (lab.folder / "cache" / "git").stat().st_mode & 0o077 == 0


def test_nothing_of_the_store_runs(lab: Lab) -> None:
    one = lab.project("one")
    lab.sync(one)
    hooks = _stored(lab, one) / "hooks"
    hooks.mkdir()
    for name in ("reference-transaction", "post-checkout", "pre-auto-gc"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {lab.folder}/ran\n")
        (hooks / name).chmod(0o755)

    lab.sync(lab.project("one", {"file": "2"}))

    assert not (lab.folder / "ran").exists()


def test_a_git_directory_is_made_as_git_would_make_it(lab: Lab) -> None:
    url = 'file:///a "quoted" \\ #; é'
    lab.sync(one := lab.project("one"))
    run_git("init", "--quiet", "--template=", "made", cwd=lab.folder)
    ours = run_git("config", "--local", "--list", cwd=lab.path("one")).splitlines()
    theirs = run_git("config", "--local", "--list", cwd=lab.folder / "made").splitlines()

    assert [each for each in ours if each.startswith("core.")] == theirs
    assert f"remote.origin.url={one.url}" in ours
    shutil.rmtree(lab.folder / "made")
    supplier = GitDir(git=lab.git, path=lab.folder / "made" / ".git", connections=None)  # type: ignore[arg-type]  # not used
    supplier.create(remote=GitRemoteSetting(url=url))
    assert run_git("remote", "get-url", "origin", cwd=lab.folder / "made") == url
