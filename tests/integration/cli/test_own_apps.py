# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Apps and platforms that only the sources of a workspace know."""

import tomllib
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import World
from tests.kit.git_remote import GitRemote
from tests.kit.sel4_tree import (
    ARM_APPS,
    EXAMPLES,
    SOLO_CMAKE,
    SOLO_DEVICES,
    SOLO_SETTINGS,
    Sel4Tree,
)

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]

_PROJECTS = ("kernel", "tools/seL4", "projects/vm", EXAMPLES, "projects/camkes-vm-images")
_SOLO = ("--app", "vm_solo", "--platform", "acme", "--no-doctor")


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A manifest repository whose projects are those of the invented tree."""
    folder = tmp_path_factory.mktemp("sources")
    tree = Sel4Tree.create(folder / "tree")
    tree.write(f"{EXAMPLES}/easy-settings.cmake", "")
    tree.write(
        f"{EXAMPLES}/CMakeLists.txt", "cmake_minimum_required(VERSION 3.16)\nproject(toy NONE)\n"
    )
    lines = []
    for path in _PROJECTS:
        remote = GitRemote.create(folder / "remotes" / path.replace("/", "-"))
        root = tree.root / path
        files = {
            each.relative_to(root).as_posix(): each.read_text()
            for each in sorted(root.rglob("*"))
            if each.is_file()
        }
        remote.commit(files, message="First")
        link = '<linkfile src="easy-settings.cmake" dest="easy-settings.cmake"/>'
        inner = link if path == EXAMPLES else ""
        lines.append(f'<project name="{path.replace("/", "-")}" path="{path}">{inner}</project>')
    text = (
        f'<manifest><remote name="o" fetch="file://{folder}/remotes"/>'
        f'<default remote="o" revision="main"/>{"".join(lines)}</manifest>'
    )
    repository = GitRemote.create(folder / "manifest")
    repository.commit({"default.xml": text}, message="First")
    return repository.url


@pytest.fixture
def solo(world: World, manifest: str, tmp_path: Path) -> Sel4Tree:
    """A workspace with an app and a platform that the catalogue does not have."""
    world.run("init", *_SOLO, "--manifest", manifest, "w", cwd=tmp_path).ok()
    return Sel4Tree(tmp_path / "w")


def test_init_asks_the_sources_for_what_the_catalogue_does_not_know(
    world: World, manifest: str, tmp_path: Path
) -> None:
    done = world.run("init", *_SOLO, "--manifest", manifest, "w", cwd=tmp_path).ok()
    assert "the sources are synced first, and then decide" in done.stderr
    assert f"app `vm_solo` is taken from the sources: {ARM_APPS}/vm_solo" in done.stderr
    assert "platform `acme` is taken from the sources: kernel/src/plat/acme/config.cmake:1" in (
        done.stderr
    )
    spec = tomllib.loads((tmp_path / "w" / "sel4build.toml").read_text())
    assert spec["target"] == [{"app": "vm_solo", "platform": "acme"}]
    listed = world.run("list", "targets", cwd=tmp_path / "w").ok()
    assert "capdl-loader-image-arm-acme" in listed.stdout


def test_the_doctor_looks_for_what_an_app_of_the_sources_needs(
    world: World, solo: Sel4Tree
) -> None:
    done = world.run("--json", "doctor", *_SOLO[:4], cwd=solo.root)
    findings = done.object("doctor")["findings"]
    assert "vm_solo@acme" in {id_ for each in findings for id_ in each["targets"]}


def test_lists_show_what_the_sources_have(world: World, solo: Sel4Tree) -> None:
    apps = world.run("--json", "list", "apps", cwd=solo.root).object("list-apps")["apps"]
    assert {"vm_solo", "vm_duo", "vm_minimal"} <= {each["name"] for each in apps}
    (duo,) = (each for each in apps if each["name"] == "vm_duo")
    assert duo["platforms"] == ["acme"]
    platforms = world.run("list", "platforms", cwd=solo.root)
    assert "acme" in platforms.stdout
    features = world.run("list", "features", cwd=solo.root)
    assert "acme" in features.stdout
    outside = world.run("list", "apps", cwd=solo.root.parent)
    assert "vm_duo" not in outside.stdout


def test_what_the_sources_do_not_have_is_refused_with_their_place(
    world: World, solo: Sel4Tree
) -> None:
    done = world.run("init", *_SOLO[:3], "zeta2", *_SOLO[4:], cwd=solo.root)
    assert done.exit_code == ExitCode.INVALID
    assert f"{SOLO_SETTINGS}:1" in done.stderr
    spec = tomllib.loads((solo.root / "sel4build.toml").read_text())
    assert [each["platform"] for each in spec["target"]] == ["acme"]


def test_a_change_of_the_sources_changes_the_verdict(world: World, solo: Sel4Tree) -> None:
    world.run("list", "targets", cwd=solo.root).ok()
    line = solo.replace(SOLO_SETTINGS, "acme;zeta1", "zeta1")
    done = world.run("list", "targets", cwd=solo.root)
    assert done.exit_code == ExitCode.INVALID
    assert f"{SOLO_SETTINGS}:{line}" in done.stderr


def test_an_unknown_app_that_the_sources_lack_too_is_refused(
    world: World, manifest: str, tmp_path: Path
) -> None:
    words = ("--app", "vm_none", "--platform", "acme", "--no-doctor")
    done = world.run("init", *words, "--manifest", manifest, "w", cwd=tmp_path)
    done.failed(ExitCode.INVALID, "unknown app `vm_none`")
    again = world.run("init", *_SOLO, cwd=tmp_path / "w").ok()
    assert "sync: up to date" in again.stderr


def test_an_app_is_named_by_its_folder_wherever_that_is(
    world: World, solo: Sel4Tree, tmp_path: Path
) -> None:
    mine = tmp_path / "elsewhere" / "my_vm"
    for source in (SOLO_CMAKE, SOLO_SETTINGS, SOLO_DEVICES):
        name = source.removeprefix(f"{ARM_APPS}/vm_solo/")
        Sel4Tree(mine).write(name, solo.read(source))
    words = ("--platform", "acme", "--no-doctor")
    world.run("init", "--app", "../elsewhere/my_vm", *words, cwd=solo.root).ok()
    link = solo.root / ARM_APPS / "my_vm"
    assert link.resolve() == mine
    inside = world.run("init", "--app", f"./{ARM_APPS}/vm_solo", *words, cwd=solo.root)
    assert inside.ok().exit_code == ExitCode.OK
    spec = tomllib.loads((solo.root / "sel4build.toml").read_text())
    assert [each["app"] for each in spec["target"]] == ["vm_solo", "my_vm"]
    state = world.run("--json", "status", cwd=solo.root).ok().object("status")
    assert {each["state"] for each in state["projects"]} == {"locked"}


def test_a_path_that_is_no_app_is_refused(world: World, solo: Sel4Tree, tmp_path: Path) -> None:
    words = ("--platform", "acme", "--no-doctor")
    done = world.run("init", "--app", "./projects", *words, cwd=solo.root)
    done.failed(ExitCode.INVALID, "`./projects` is no folder of an app")
    mine = Sel4Tree(tmp_path / "x" / "vm_solo")
    mine.write("settings.cmake", "")
    mine.write("CMakeLists.txt", "")
    done = world.run("init", "--app", str(mine.root), *words, cwd=solo.root)
    done.failed(ExitCode.INVALID, "there is another app `vm_solo`")


def test_a_folder_can_be_named_before_there_is_a_workspace(
    world: World, manifest: str, tmp_path: Path
) -> None:
    mine = Sel4Tree(tmp_path / "mine")
    mine.write("settings.cmake", 'set(supported "acme")\n')
    mine.write("CMakeLists.txt", "DeclareCAmkESRootserver(mine.camkes)\n")
    words = ("--app", "./mine", "--platform", "acme", "--no-doctor", "--manifest", manifest)
    world.run("init", *words, "w", cwd=tmp_path).ok()
    spec = tomllib.loads((tmp_path / "w" / "sel4build.toml").read_text())
    assert spec["target"] == [{"app": "mine", "platform": "acme"}]
