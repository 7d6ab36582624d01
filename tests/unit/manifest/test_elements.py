# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of each element and attribute: what becomes of it in the manifest."""

from pathlib import Path

import pytest

from sel4build.manifest import ManifestFiles, load_manifest
from sel4build.manifest.extras import explain_unused
from sel4build.manifest.grammar import ROOT, RULES
from sel4build.model.manifest import (
    Annotation,
    CopyFile,
    LinkFile,
    Manifest,
    ManifestServer,
    Project,
    RepoHooks,
    Superproject,
)
from sel4build.model.paths import RelPath

_URL = "https://example.com/org/manifest"
_ORG = '<remote name="o" fetch="."/><default remote="o" revision="main"/>'


def _load(folder: Path, body: str, **included: str) -> Manifest:
    for name, text in {"default": body, **included}.items():
        (folder / f"{name}.xml").write_text(f"<manifest>{text}</manifest>")
    local = folder / "local_manifests"
    files = ManifestFiles(
        root_dir=folder, file="default.xml", url=_URL, shown_dir="", local_dir=local
    )
    return load_manifest(files)


def _by_path(manifest: Manifest) -> dict[str, Project]:
    return {each.path.text: each for each in manifest.projects}


def test_a_remote_keeps_all_that_is_said_of_it(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        '<remote name="p" fetch=".." alias="a" pushurl="u" review="r" revision="v">'
        f'<annotation name="n" value="w" keep="FALSE"/></remote>{_ORG}<project name="x"/>',
    )

    other, remote = manifest.remotes
    assert other.name == "o"
    assert (remote.alias, remote.push_url, remote.review, remote.revision) == ("a", "u", "r", "v")
    assert remote.annotations == (Annotation(name="n", value="w", keep=False),)


def test_a_default_gives_how_to_sync_and_a_project_may_say_otherwise(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        '<remote name="o" fetch="."/><default remote="o" revision="m" sync-j="4" sync-j-max="8"'
        ' sync-c="true" sync-s="1" sync-tags="no"/><project name="a"/>'
        '<project name="b" sync-c="false" sync-s="no" sync-tags="true" clone-depth="3"'
        ' rebase="false" force-path="yes" sync-strategy="stateless"/>',
    )

    a, b = manifest.projects
    assert (manifest.default.sync_j, manifest.default.sync_j_max) == (4, 8)
    assert (a.sync_c, a.sync_s, a.sync_tags, a.clone_depth) == (True, True, False, None)
    assert (b.sync_c, b.sync_s, b.sync_tags, b.clone_depth) == (True, False, True, 3)
    assert (b.rebase, b.force_path, b.sync_strategy) == (False, True, "stateless")


def test_a_project_in_another_takes_its_name_and_path_before_its_own(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<project name="a" path="p"><project name="b" path="q">'
        '<project name="c" path="r"/></project><project name="d"/></project>',
    )

    found = {path: each.name for path, each in _by_path(manifest).items()}
    # git-repo joins the name first, and takes it for a path that is left out.
    assert found == {"p": "a", "p/q": "a/b", "p/q/r": "a/b/c", "p/a/d": "a/d"}
    assert _by_path(manifest)["p/q"].url == "https://example.com/org/a/b"


def test_a_project_in_another_inherits_nothing_of_an_include(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<include name="inner.xml" groups="g h" revision="r"/>',
        inner='<project name="a" groups="k"><project name="b" path="b"/></project>',
    )

    outer, inner = manifest.projects
    assert (outer.revision, outer.groups) == ("r", frozenset({"g", "h", "k"}))
    assert (inner.revision, inner.groups) == ("main", frozenset())


def test_files_and_annotations_of_a_project_are_kept_in_order(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<project name="a"><copyfile src="s" dest="d"/><linkfile src="x/*.[ch]" dest="l"/>'
        '<annotation name="n" value="v"/><copyfile src="s" dest="d"/></project>'
        '<extend-project name="a" groups="g,g2"><copyfile src="t" dest="e"/>'
        '<annotation name="n" value="w"/></extend-project>',
    )

    (project,) = manifest.projects
    assert project.copies == (
        CopyFile(src=RelPath("s"), dest=RelPath("d")),
        CopyFile(src=RelPath("t"), dest=RelPath("e")),
    )
    assert project.links == (LinkFile(src=RelPath("x/*.[ch]"), dest=RelPath("l")),)
    assert project.links[0].is_pattern
    assert [each.value for each in project.annotations] == ["v", "w"]
    assert project.groups == {"g", "g2"}


def test_groups_of_includes_add_up(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<project name="a"/><include name="one.xml" groups="one"/>',
        one='<include name="two.xml" groups="two"/><extend-project name="a" groups="x"/>',
        two='<project name="b" groups="notdefault"/>',
    )

    a, b = manifest.projects
    assert a.groups == {"x", "one"}
    assert b.groups == {"notdefault", "one", "two"}
    assert "default" in a.all_groups
    assert "default" not in b.all_groups


def test_local_manifests_come_last_in_alphabetical_order(tmp_path: Path) -> None:
    folder = tmp_path / "local_manifests"
    folder.mkdir()
    (folder / "inner.inc").write_text('<manifest><project name="c"/></manifest>')
    (folder / "10-more.xml").write_text(
        '<manifest><project name="b" groups="g"/><remove-project name="gone"/>'
        '<include name="inner.inc"/></manifest>'
    )
    (folder / "20-last.xml").write_text(
        '<manifest><extend-project name="b" revision="r"/>'
        '<extend-project name="a" revision="s"/></manifest>'
    )

    manifest = _load(tmp_path, f'{_ORG}<project name="a"/><project name="gone"/>')

    found = {path: (each.revision, set(each.groups)) for path, each in _by_path(manifest).items()}
    assert found == {
        "a": ("s", set()),
        "b": ("r", {"g"}),  # extended, and so not local any more, as in git-repo
        "c": ("main", {"local::10-more"}),
    }


def test_a_moved_project_stays_in_the_group_of_its_old_path(tmp_path: Path) -> None:
    manifest = _load(tmp_path, f'{_ORG}<project name="a"/><extend-project name="a" dest-path="b"/>')

    assert manifest.projects[0].groups == {"path:a"}
    assert "path:b" not in manifest.projects[0].all_groups


def test_what_is_of_no_use_here_is_kept_and_said(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        '<remote name="o" fetch="." review="https://r"/><default remote="o" revision="main"/>'
        '<notice>\n    Read this.\n      Twice.\n  </notice><project name="a" sync-s="true"/>'
        '<manifest-server url="https://s" helper="h"/><superproject name="sup"/>'
        '<repo-hooks in-project="a" enabled-list="x, y"/><contactinfo bugurl="one"/>'
        '<contactinfo bugurl="two"/><submanifest name="sub" path="s" groups="g"'
        ' default-groups="d -e"><annotation name="n" value="v"/></submanifest>',
    )

    assert manifest.notice == "Read this.\n  Twice."
    assert manifest.manifest_server == ManifestServer(url="https://s", helper="h")
    assert manifest.superproject == Superproject(name="sup", remote="o", revision="main")
    assert manifest.repo_hooks == RepoHooks(project="a", enabled=("x", "y"))
    assert manifest.contact_url == "two"
    assert manifest.submanifests[0].default_groups == ("d", "-e")
    assert list(explain_unused(manifest)) == [
        "the manifest says: Read this.",
        "the manifest says:   Twice.",
        "hooks of project `a` (`repo-hooks`) are never run",
        "the server `https://s` (`manifest-server`) is not asked",
        "the superproject `sup` is not used",
        "`review` of remote `o` is not used",
    ]


def test_a_plain_manifest_needs_no_word(tmp_path: Path) -> None:
    manifest = _load(tmp_path, f'{_ORG}<project name="a"/>')

    assert list(explain_unused(manifest)) == []


def test_hooks_go_with_their_project(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<project name="a"/><project name="h"/><remove-project name="h"/>'
        '<repo-hooks in-project="h" enabled-list="x"/>',
    )

    assert manifest.repo_hooks is None


def test_projects_of_which_only_one_is_selected_may_want_the_same_place(tmp_path: Path) -> None:
    link = '<linkfile src="x" dest="l"/>'

    manifest = _load(
        tmp_path,
        f'{_ORG}<project name="a">{link}</project>'
        f'<project name="b" groups="notdefault">{link}</project>',
    )

    assert len(manifest.projects) == 2


@pytest.mark.parametrize("tag", sorted(set(RULES) - {ROOT}))
def test_every_element_has_a_home_and_a_meaning(tag: str) -> None:
    rule = RULES[tag]

    assert any(tag in each.children for each in RULES.values())
    assert rule.meaning.endswith(".")
    assert all(rule.required.values())
    assert all(rule.optional.values())
