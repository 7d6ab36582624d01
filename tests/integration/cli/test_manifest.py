# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of `manifest` and of pinned manifests by the command line."""

from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import BRINGUP, World
from tests.kit.git_remote import GitRemote
from tests.kit.workshop import Workshop

pytestmark = pytest.mark.tools

_BODY = """<remote name="o" fetch="."/><default remote="o" revision="main"/>
<project name="a.git" path="a" groups="g"><linkfile src="x" dest="y"/></project>
<project name="b.git" path="b" groups="notdefault"/>"""


def _write(file: Path, body: str = _BODY) -> Path:
    file.write_text(f"<manifest>{body}</manifest>")
    return file


@pytest.fixture
def remote(tmp_path: Path) -> GitRemote:
    made = GitRemote.create(tmp_path / "org" / "manifest.git")
    made.commit({"default.xml": f"<manifest>{_BODY}</manifest>"})
    return made


def test_check_counts_what_a_sound_manifest_has(world: World, tmp_path: Path) -> None:
    _write(tmp_path / "m.xml")

    outcome = world.run("manifest", "check", "m.xml", cwd=tmp_path).ok()
    counted = world.run("manifest", "check", "m.xml", "--json", cwd=tmp_path).ok()

    assert outcome.stdout == "2 projects, 1 selected, 0 pinned, 1 remotes, 1 links, 0 copies\n"
    assert counted.object("manifest-check")["selected"] == 1
    assert list(tmp_path.iterdir()) == [tmp_path / "m.xml"]


def test_check_tells_every_problem(world: World, tmp_path: Path) -> None:
    _write(tmp_path / "m.xml", _BODY + '<project nam="c"/>\n<nix/>')

    outcome = world.run("manifest", "check", "m.xml", cwd=tmp_path)

    outcome.failed(ExitCode.INVALID, "has 3 problems")
    assert "m.xml:4:1: unknown element `nix`" in outcome.stderr


def test_check_takes_a_repository(world: World, remote: GitRemote, tmp_path: Path) -> None:
    outcome = world.run("manifest", "check", remote.url, "-g", "all", cwd=tmp_path).ok()

    assert outcome.stdout.startswith("2 projects, 2 selected")


def test_show_writes_text_json_and_xml(world: World, remote: GitRemote, tmp_path: Path) -> None:
    text = world.run("manifest", "show", remote.url, cwd=tmp_path).ok()
    as_json = world.run("manifest", "show", remote.url, "--format", "json", cwd=tmp_path).ok()
    as_xml = world.run("manifest", "show", remote.url, "--format=xml", cwd=tmp_path).ok()

    url = f"{remote.url.removesuffix('/manifest.git')}/a.git"
    assert text.stdout.splitlines()[1].split() == ["a", "main", "-", "g", "yes", url]
    shown = as_json.object("manifest")
    assert [each["selected"] for each in shown["projects"]] == [True, False]
    assert (
        as_json.stdout == world.run("manifest", "show", remote.url, "--json", cwd=tmp_path).stdout
    )
    assert '<remote name="o" fetch="."/>' in as_xml.stdout
    (tmp_path / "again.xml").write_text(as_xml.stdout)
    again = world.run("manifest", "show", "again.xml", "--format=xml", cwd=tmp_path).ok()
    assert again.stdout == as_xml.stdout


def test_a_resolved_manifest_stands_for_itself(
    world: World, remote: GitRemote, tmp_path: Path
) -> None:
    argv = ("manifest", "show", remote.url, "--resolved", "--format=xml")

    outcome = world.run(*argv, cwd=tmp_path).ok()

    base = remote.url.removesuffix("/manifest.git")
    assert f'<remote name="o" fetch="{base}"/>' in outcome.stdout
    assert "b.git" not in outcome.stdout


def test_show_without_a_name_is_about_the_workspace(
    world: World, built: Path, tmp_path: Path
) -> None:
    outcome = world.run("manifest", "show", "--json", cwd=built).ok()

    assert outcome.object("manifest")["projects"][0]["path"] == "projects/bringup"
    world.run("manifest", "show", cwd=tmp_path).failed(ExitCode.INVALID, "not in a workspace")


def test_diff_names_what_was_added_removed_moved_and_changed(world: World, tmp_path: Path) -> None:
    head = '<remote name="o" fetch="https://h/"/><default remote="o" revision="main"/>'
    _write(tmp_path / "a.xml", head + '<project name="x"/><project name="y"/><project name="z"/>')
    _write(
        tmp_path / "b.xml",
        head + '<project name="x" path="w"/><project name="y" revision="dev"/><project name="n"/>',
    )

    outcome = world.run("manifest", "diff", "a.xml", "b.xml", cwd=tmp_path).ok()
    found = world.run("manifest", "diff", "a.xml", "b.xml", "--json", cwd=tmp_path).ok()
    same = world.run("manifest", "diff", "a.xml", "a.xml", cwd=tmp_path).ok()

    assert outcome.stdout == (
        "+ n https://h/n main\n- z https://h/z main\n> x -> w\n~ y\n    revision: main -> dev\n"
    )
    assert found.object("manifest-diff")["moved"][0]["new"]["path"] == "w"
    assert same.stdout == "no difference\n"


def test_a_lock_goes_to_a_pinned_manifest_and_back(world: World, tmp_path: Path) -> None:
    root = tmp_path / "w"
    world.run("init", *BRINGUP, str(root), cwd=tmp_path).ok()
    before = (root / "sel4build.lock").read_text()

    world.run("lock", "--export-xml", "pinned.xml", cwd=root).ok()
    (root / "sel4build.lock").unlink()
    world.run("lock", "--from-xml", "pinned.xml", cwd=root).ok()

    after = (root / "sel4build.lock").read_text()
    # What floated is pinned now.
    pinned = before.partition("[[project]]")[2].replace('revision = "main"\n', "")
    assert after.partition("[[project]]")[2] == pinned
    world.run("sync", cwd=root).ok()
    same = world.run("manifest", "diff", "pinned.xml", "sel4build.lock", cwd=root).ok()
    assert same.stdout == "no difference\n"


def test_what_floats_is_no_lock(world: World, built: Path, tmp_path: Path) -> None:
    file = _write(tmp_path / "m.xml")

    outcome = world.run("lock", "--from-xml", str(file), cwd=built)

    outcome.failed(ExitCode.INVALID, "does not pin 1 projects")
    both = world.run("lock", "--from-xml", "a", "--export-xml", "b", cwd=built)
    both.failed(ExitCode.USAGE, "exclude each other")
    nix = world.run("lock", "--from-xml", "nix.xml", cwd=built)
    nix.failed(ExitCode.INVALID, "`nix.xml` does not exist")


def test_diff_shows_the_commits_that_the_workspace_has(world: World, tmp_path: Path) -> None:
    library = GitRemote.create(tmp_path / "org" / "lib.git")
    first = library.commit({"f": "1"}, message="First")
    second = library.commit({"f": "2"}, message="Second: a change")
    body = (
        '<remote name="o" fetch="sel4build:bundled"/><remote name="l" fetch="{base}"/>'
        '<project name="bringup" path="projects/bringup" remote="o" revision="main">'
        '<linkfile src="easy-settings.cmake" dest="easy-settings.cmake"/></project>'
        '<project name="lib.git" path="lib" remote="l" revision="{revision}" upstream="main"/>'
    )
    base = library.url.removesuffix("/lib.git")
    old = _write(tmp_path / "old.xml", body.format(base=base, revision=first))
    new = _write(tmp_path / "new.xml", body.format(base=base, revision=second))
    root = tmp_path / "w"
    world.run("init", *BRINGUP, "--manifest", str(new), str(root), cwd=tmp_path).ok()

    outcome = world.run("manifest", "diff", str(old), str(new), cwd=root).ok()
    back = world.run("manifest", "diff", str(new), str(old), "--json", cwd=root).ok()

    assert "    1 commits more, 0 less\n" in outcome.stdout
    assert "Second: a change\n" in outcome.stdout
    commits = back.object("manifest-diff")["changed"][0]["commits"]
    assert commits == {"added": [], "num-added": 0, "num-removed": 1}


def test_the_projects_of_submanifests_are_shown_compared_and_written(
    world: World, tmp_path: Path
) -> None:
    shop = Workshop.create(world, tmp_path)
    sub = GitRemote.create(shop.folder / "remotes" / "sub")
    head = '<remote name="o" fetch="."/><default remote="o" revision="main"/>'
    sub.commit({"default.xml": f'<manifest>{head}<project name="b"/></manifest>'})
    top = f'<remote name="o" fetch="file://{shop.folder}/remotes"/>'
    top += '<default remote="o" revision="main"/><submanifest name="main" project="sub" path="x"/>'
    shop.manifest.commit({"default.xml": f'<manifest>{top}<project name="a"/></manifest>'})

    shown = shop.run("manifest", "show", "--json").ok().object("manifest")
    shop.run("lock").ok()
    shop.run("lock", "--export-xml", "pinned.xml").ok()

    assert [each["path"] for each in shown["projects"]] == ["a", "x/b"]
    assert [(each["name"], each["path"]) for each in shown["submanifests"]] == [("main", "x")]
    plain = shop.run("manifest", "show", "--format", "xml").ok().stdout
    assert "<submanifest" in plain
    assert 'path="x/b"' not in plain
    resolved = shop.run("manifest", "show", "--resolved", "--format", "xml").ok().stdout
    assert "<submanifest" not in resolved
    assert 'path="x/b"' in resolved
    assert 'path="x/b"' in (shop.root / "pinned.xml").read_text()
    shop.run("manifest", "diff", "sel4build.lock", "pinned.xml").ok()
    sub.commit({"default.xml": f'<manifest>{head}<project name="a"/></manifest>'})
    shop.run("lock", "--check").ok()
    moved = shop.run("lock", "--update").ok().stdout
    assert "x/a" in moved
    shop.run("lock", "--from-xml", "pinned.xml").ok()
    shop.run("lock", "--check").failed(ExitCode.INVALID, "is out of date")
