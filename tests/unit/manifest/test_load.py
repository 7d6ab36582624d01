# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of loading manifests: order, precedence, includes."""

import hashlib
import os
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError, ProblemsError
from sel4build.manifest import ManifestFiles, load_manifest
from sel4build.manifest import files as manifest_files
from sel4build.model.manifest import LinkFile, Manifest, Project
from sel4build.model.paths import RelPath

_URL = "https://example.com/org/manifest"
_ORG = '<remote name="o" fetch="."/><default remote="o" revision="main"/>'


def _load(folder: Path, body: str, **included: str) -> Manifest:
    for name, text in {"default": body, **included}.items():
        (folder / f"{name}.xml").write_text(f"<manifest>{text}</manifest>")
    return load_manifest(ManifestFiles(root_dir=folder, file="default.xml", url=_URL, shown_dir=""))


def _by_path(manifest: Manifest) -> dict[str, Project]:
    return {each.path.text: each for each in manifest.projects}


def _problems(folder: Path, body: str, **included: str) -> tuple[str, ...]:
    with pytest.raises(ProblemsError) as caught:
        _load(folder, body, **included)
    return caught.value.details


def test_a_project_takes_what_the_default_gives(tmp_path: Path) -> None:
    default = '<default remote="o" revision="r" upstream="u" dest-branch="d"/>'
    manifest = _load(tmp_path, f'<remote name="o" fetch="."/>{default}<project name="a.git"/>')

    (project,) = manifest.projects
    assert project.path == RelPath("a.git")
    assert project.url == "https://example.com/org/a.git"
    assert (project.revision, project.upstream, project.dest_branch) == ("r", "u", "d")
    assert project.span is not None
    assert project.span.file == "default.xml"
    assert manifest.origin == _URL


def test_remotes_and_defaults_count_wherever_they_stand(tmp_path: Path) -> None:
    manifest = _load(tmp_path, f'<project name="a"/>{_ORG}')

    assert manifest.projects[0].revision == "main"


def test_projects_are_sorted_by_path(tmp_path: Path) -> None:
    manifest = _load(tmp_path, f'{_ORG}<project name="b"/><project name="a" path="c"/>')

    assert list(_by_path(manifest)) == ["b", "c"]


def test_one_name_may_stand_at_two_paths(tmp_path: Path) -> None:
    manifest = _load(tmp_path, f'{_ORG}<project name="a" path="x"/><project name="a" path="y"/>')

    assert {each.name for each in manifest.projects} == {"a"}
    assert len(manifest.projects) == 2


@pytest.mark.parametrize(
    ("project", "include", "remote", "expected"),
    [
        (' revision="p"', "i", "r", "p"),
        ("", "i", "r", "i"),
        (' revision=""', "i", "r", "r"),
        ("", "", "r", "r"),
        ("", "", "", "d"),
    ],
)
def test_the_nearest_revision_counts(
    tmp_path: Path, project: str, include: str, remote: str, expected: str
) -> None:
    manifest = _load(
        tmp_path,
        f'<remote name="o" fetch="." revision="{remote}"/><default remote="o" revision="d"/>'
        f'<include name="inner.xml" revision="{include}"/>',
        inner=f'<project name="a"{project}/>',
    )

    assert manifest.projects[0].revision == expected


def test_an_empty_revision_of_an_include_keeps_that_of_the_outer_one_away(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<include name="one.xml" revision="outer"/>',
        one='<include name="two.xml" revision=""/><include name="three.xml"/>',
        two='<project name="a"/>',
        three='<project name="b"/>',
    )

    assert [each.revision for each in manifest.projects] == ["main", "outer"]


def test_a_base_revision_guards_an_extension_only_of_the_revision(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path, f'{_ORG}<project name="a"/><extend-project name="a" base-rev="x" groups="g"/>'
    )

    assert manifest.projects[0].groups == {"g"}


def test_an_extension_of_a_name_at_no_such_path_changes_nothing(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<project name="a"/><extend-project name="a" path="b" revision="x"/>',
    )

    assert manifest.projects[0].revision == "main"


def test_the_inner_include_gives_its_revision_before_the_outer_one(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<include name="one.xml" revision="outer"/>',
        one='<include name="two.xml" revision="inner"/><project name="b"/>',
        two='<project name="a"/>',
    )

    assert [each.revision for each in manifest.projects] == ["inner", "outer"]


def test_equal_remotes_and_defaults_may_come_twice(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path, f'{_ORG}<default/><include name="inner.xml"/>', inner=f'{_ORG}<project name="a"/>'
    )

    assert len(manifest.projects) == 1


def test_a_file_may_be_included_twice_when_that_is_no_circle(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        '<include name="one.xml"/><include name="two.xml"/><project name="a"/>',
        one='<include name="two.xml"/>',
        two=_ORG,
    )

    assert len(manifest.projects) == 1


def test_a_file_that_includes_itself_is_named(tmp_path: Path) -> None:
    details = _problems(tmp_path, f'{_ORG}<project name="a"/><include name="default.xml"/>')

    assert details[0].endswith("includes go round in a circle: default.xml -> default.xml")


def test_the_number_of_files_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest_files, "_MOST_FILES", 3)

    details = _problems(tmp_path, _ORG + '<include name="inner.xml"/>' * 3, inner=_ORG)

    assert "includes more than 3 files" in details[0]


def test_an_include_may_not_lead_out_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_text("<manifest/>")
    folder = tmp_path / "manifest"
    folder.mkdir()
    (folder / "inner.xml").symlink_to("../secret.xml")

    details = _problems(folder, f'{_ORG}<include name="inner.xml"/>')

    assert "leads out of the manifest's folder" in details[0]


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "inner.xml")

    details = _problems(tmp_path, f'{_ORG}<include name="inner.xml"/>')

    assert "does not exist" in details[0]


def test_a_file_that_cannot_be_read_is_the_hosts_lack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "default.xml").write_text("<manifest/>")

    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(EnvironmentLacksError, match="cannot be read: Permission denied"):
        load_manifest(ManifestFiles(root_dir=tmp_path, file="default.xml"))


def test_extending_changes_what_it_says_and_adds_links(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<remote name="p" fetch="https://p.example"/>'
        '<project name="a"><linkfile src="s" dest="d"/></project><project name="b"/>'
        '<extend-project name="a" remote="p" revision="r" upstream="u" dest-branch="t"'
        ' dest-path="c" base-rev="main"><linkfile src="s" dest="d"/>'
        '<linkfile src="." dest="e"/></extend-project>',
    )

    extended = _by_path(manifest)["c"]
    assert (extended.url, extended.remote) == ("https://p.example/a", "p")
    assert (extended.revision, extended.upstream, extended.dest_branch) == ("r", "u", "t")
    assert extended.links == (
        LinkFile(src=RelPath("s"), dest=RelPath("d")),
        LinkFile(src=RelPath("."), dest=RelPath("e")),
    )
    assert _by_path(manifest)["b"].revision == "main"


def test_extending_by_path_takes_only_that_project(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<project name="a" path="x"/><project name="a" path="y"/>'
        '<extend-project name="a" path="y" revision="r"/>',
    )

    assert [each.revision for each in manifest.projects] == ["main", "r"]


def test_removing_by_name_takes_all_paths_and_by_path_one(tmp_path: Path) -> None:
    body = (
        f'{_ORG}<project name="a" path="x"/><project name="a" path="y"/><project name="b"/>'
        '{}<remove-project name="c" optional="TRUE"/>'
    )

    by_name = _load(tmp_path, body.format('<remove-project name="a"/>'))
    by_path = _load(tmp_path, body.format('<remove-project path="x"/>'))
    by_both = _load(tmp_path, body.format('<remove-project name="a" path="y" base-rev="main"/>'))

    assert list(_by_path(by_name)) == ["b"]
    assert list(_by_path(by_path)) == ["b", "y"]
    assert list(_by_path(by_both)) == ["b", "x"]


def test_a_removed_project_may_be_named_again(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<project name="a"/><remove-project name="a"/><project name="a" revision="r"/>',
    )

    assert manifest.projects[0].revision == "r"


def test_extensions_are_passed_over(tmp_path: Path) -> None:
    manifest = _load(
        tmp_path,
        f'{_ORG}<x-own a="b"><anything/></x-own><project name="a" x-mine="1"><x-in/></project>',
    )

    assert len(manifest.projects) == 1


def test_a_relative_remote_needs_a_url_of_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "m.xml").write_text(f'<manifest>{_ORG}<project name="a"/></manifest>')

    with pytest.raises(ProblemsError) as caught:
        load_manifest(ManifestFiles(root_dir=tmp_path, file="m.xml", shown_dir="manifests"))

    assert caught.value.details[0].startswith("manifests/m.xml:1:")
    assert "has the relative URL `.`" in caught.value.details[0]


def test_credentials_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "m.xml").write_text(f'<manifest>{_ORG}<project name="a"/></manifest>')
    url = "https://user:secret@example.com/org/manifest"

    manifest = load_manifest(ManifestFiles(root_dir=tmp_path, file="m.xml", url=url))

    assert manifest.origin == "https://example.com/org/manifest"
    assert manifest.projects[0].url == "https://user:secret@example.com/org/a"


def test_the_digest_is_that_of_the_bytes_in_reading_order(tmp_path: Path) -> None:
    manifest = _load(tmp_path, f'{_ORG}<include name="inner.xml"/>', inner='<project name="a"/>')

    content = (tmp_path / "default.xml").read_bytes() + (tmp_path / "inner.xml").read_bytes()
    assert manifest.digest == hashlib.sha256(content).hexdigest()
