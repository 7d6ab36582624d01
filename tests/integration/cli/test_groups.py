# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of groups and local manifests by the command line."""

from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import BRINGUP, World
from tests.kit.git_remote import GitRemote

pytestmark = pytest.mark.tools

_MANIFEST = """<manifest>
  <remote name="bundled" fetch="sel4build:bundled"/>
  <default remote="bundled" revision="main"/>
  <project name="bringup" path="projects/bringup">
    <linkfile src="easy-settings.cmake" dest="easy-settings.cmake"/>
    <annotation name="board" value="any"/>
  </project>
  <project name="bringup" path="more/one" groups="notdefault,one">
    <copyfile src="settings.cmake" dest="one.cmake"/>
  </project>
  <project name="bringup" path="more/two" groups="notdefault,two"/>
</manifest>
"""


@pytest.fixture
def manifest(tmp_path: Path) -> str:
    file = tmp_path / "m.xml"
    file.write_text(_MANIFEST)
    return str(file)


def _paths(world: World, root: Path) -> list[str]:
    locked = world.run("lock", "--json", cwd=root).ok().object("lock")
    return [each["path"] for each in locked["projects"]]


def test_a_workspace_has_the_projects_of_its_groups(
    world: World, manifest: str, tmp_path: Path
) -> None:
    root = tmp_path / "w"
    argv = ("init", *BRINGUP, "--manifest", manifest, "-g", "default,one", str(root))

    world.run(*argv, cwd=tmp_path).ok()

    assert 'groups = ["default", "one"]' in (root / "sel4build.toml").read_text()
    lock = (root / "sel4build.lock").read_text()
    assert 'groups = ["default", "one"]' in lock
    assert '{ name = "board", value = "any" }' in lock
    assert _paths(world, root) == ["more/one", "projects/bringup"]
    assert (root / "one.cmake").is_file()
    assert not (root / "more" / "two").exists()
    # A second target takes the groups that are there.
    world.run("init", *BRINGUP, "--num-nodes", "1", cwd=root).ok()
    refused = world.run("init", *BRINGUP, "-g", "two", cwd=root)
    refused.failed(ExitCode.INVALID, "with the groups default,one", "with the groups two")


def test_groups_that_select_nothing_are_refused(
    world: World, manifest: str, tmp_path: Path
) -> None:
    argv = ("init", *BRINGUP, "--manifest", manifest, "--groups=nix", str(tmp_path / "w"))

    outcome = world.run(*argv, cwd=tmp_path)

    outcome.failed(ExitCode.INVALID, "has 1 problem")
    assert "the groups `nix` select none of 3 projects" in outcome.stderr
    assert not (tmp_path / "w").exists()


def test_local_manifests_come_after_the_workspaces_own(world: World, tmp_path: Path) -> None:
    root = tmp_path / "w"
    world.run("init", *BRINGUP, str(root), cwd=tmp_path).ok()
    local = root / "local_manifests"
    local.mkdir()
    (local / "mine.xml").write_text(
        '<manifest><notice>Mine.</notice><remote name="b" fetch="sel4build:bundled"/>'
        '<project name="bringup" path="mine" remote="b" revision="main"/></manifest>'
    )

    outcome = world.run("lock", cwd=root).ok()
    assert "the manifest says: Mine." in outcome.stderr
    (root / "sel4build.lock").unlink()
    world.run("sync", cwd=root).ok()

    assert (root / "mine" / ".git").is_dir()
    assert 'groups = ["local::mine"]' in (root / "sel4build.lock").read_text()


def test_other_groups_take_the_commits_that_are_shipped(world: World, tmp_path: Path) -> None:
    library = GitRemote.create(tmp_path / "lib.git")
    shipped = library.commit({"f": "1"})
    overlay = tmp_path / "own" / "manifests"
    overlay.mkdir(parents=True)
    text = _MANIFEST.replace(
        "</manifest>",
        f'<remote name="l" fetch="file://{tmp_path}"/>'
        '<project name="lib.git" path="lib" remote="l" revision="main"/></manifest>',
    )
    (overlay / "own.xml").write_text(text)
    argv = ("init", *BRINGUP, "--data-dir", str(overlay.parent), "--manifest", "own")
    world.run(*argv, str(tmp_path / "one"), cwd=tmp_path).ok()
    (overlay / "own.lock.toml").write_text((tmp_path / "one" / "sel4build.lock").read_text())
    newer = library.commit({"f": "2"})

    world.run(*argv, "-g", "default,two", str(tmp_path / "two"), cwd=tmp_path).ok()

    lock = (tmp_path / "two" / "sel4build.lock").read_text()
    assert shipped in lock
    assert newer not in lock
    assert (tmp_path / "two" / "more" / "two").is_dir()
