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

    outcome.failed(ExitCode.INVALID, "has 1 problem")
    assert "m.xml:3:53: element `project` lacks the attribute `name`" in outcome.stderr
    assert "m.xml:4:1: warning: unknown element `nix` is passed over" in outcome.stderr


_PASSED_OVER = (
    "m.xml:3:1: element `project` has no attribute `x1`, which is passed over",
    "m.xml:3:1: attribute `sync-c` ('maybe') is neither `true` nor `false`, and is passed over",
    "m.xml:4:1: unknown element `projct` is passed over; did you mean `project`?",
)


def _with_oddities(file: Path) -> Path:
    head = '<remote name="o" fetch="https://h/"/>\n<default remote="o" revision="main"/>\n'
    odd = '<project name="x" x1="r" sync-c="maybe" x-ours="1"/>\n<projct name="y"/><x-z/>'
    return _write(file, head + odd)


def test_what_repo_passes_over_is_warned_of_once(world: World, tmp_path: Path) -> None:
    _with_oddities(tmp_path / "m.xml")

    for argv in (("check", "m.xml"), ("show", "m.xml"), ("diff", "m.xml", "m.xml")):
        plain = world.run("manifest", *argv, cwd=tmp_path).ok()
        told = [line for line in plain.stderr.splitlines() if line.startswith("warning: ")]
        times = 2 if argv[0] == "diff" else 1
        assert [line.partition(f"{tmp_path}/")[2] for line in told] == [*_PASSED_OVER] * times
    checked = world.run("manifest", "check", "m.xml", "--json", cwd=tmp_path).ok()
    shown = world.run("manifest", "show", "m.xml", "--json", "--quiet", cwd=tmp_path).ok()
    expected = [f"{tmp_path}/{each}" for each in _PASSED_OVER]
    assert checked.object("manifest-check")["warnings"] == expected
    assert shown.object("manifest")["warnings"] == expected
    assert [each["path"] for each in shown.object("manifest")["projects"]] == ["x"]


def test_what_repo_passes_over_is_refused_by_a_strict_check(world: World, tmp_path: Path) -> None:
    _with_oddities(tmp_path / "m.xml")

    outcome = world.run("manifest", "check", "--strict", "m.xml", cwd=tmp_path)

    outcome.failed(ExitCode.INVALID, "has 3 problems")
    assert all(f"m.xml{each.removeprefix('m.xml')}" in outcome.stderr for each in _PASSED_OVER)
    assert "warning" not in outcome.stderr


def test_a_strict_check_wants_a_project_to_be_selected(world: World, tmp_path: Path) -> None:
    _write(tmp_path / "m.xml")

    warned = world.run("manifest", "check", "m.xml", "-g", "nix", cwd=tmp_path).ok()
    strict = world.run("manifest", "check", "m.xml", "-g", "nix", "--strict", cwd=tmp_path)

    assert "the groups `nix` select none of 2 projects" in warned.stderr
    strict.failed(ExitCode.INVALID, "has 1 problem")


def test_lock_sync_and_init_warn_of_what_repo_passes_over(
    world: World, remote: GitRemote, tmp_path: Path
) -> None:
    made = GitRemote.create(tmp_path / "org" / "x")
    made.commit({"f": "1"})
    text = '<remote name="o" fetch="."/><default remote="o" revision="main"/><project name="x"/>'
    remote.commit({"default.xml": f"<manifest>{text}<projct name='y'/></manifest>"})
    root = tmp_path / "w"

    init = world.run("init", *BRINGUP, "--manifest", remote.url, str(root), cwd=tmp_path)
    lock = world.run("lock", "--json", cwd=root).ok()
    (root / "sel4build.lock").unlink()
    sync = world.run("sync", "--json", cwd=root).ok()

    for outcome in (lock, sync):
        (warning,) = outcome.object("lock" if outcome is lock else "sync")["warnings"]
        assert warning.endswith("unknown element `projct` is passed over; did you mean `project`?")
        assert outcome.stderr.count("warning: ") == 1
    assert init.stderr.count("unknown element `projct`") == 1


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
