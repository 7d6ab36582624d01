# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of submanifests: fetched, nested, at the commits that are locked, and never in a circle."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError, ProblemsError
from sel4build.lock import parse_lock, render_lock, resolve_lock
from sel4build.manifest import select_projects
from sel4build.manifest.flatten import flatten_manifest
from sel4build.manifest.render import render_manifest
from sel4build.model.lock import Lock, ManifestOrigin
from sel4build.model.manifest import Manifest
from sel4build.workspace.origin import OpenedManifest, open_manifest
from sel4build.workspace.submanifests import pins_of
from sel4build.workspace.sync import sync_workspace
from tests.kit.git_remote import Symlink
from tests.kit.lab import Lab
from tests.kit.manifests import load_text

pytestmark = pytest.mark.tools

_HEAD = '<remote name="o" fetch="."/><default remote="o" revision="main"/>'


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def _publish(lab: Lab, name: str, body: str, *, branch: str = "main", **more: str) -> str:
    """Commit a manifest to the remote `name`; `more` are further files by their stems."""
    files = {"default": body, **more}
    texts = {f"{stem}.xml": f"<manifest>{_HEAD}{text}</manifest>" for stem, text in files.items()}
    return lab.remote(name).commit(texts, branch=branch)


def _open(lab: Lab, *, lock: Lock | None = None, groups: tuple[str, ...] = ()) -> OpenedManifest:
    origin = ManifestOrigin(url=lab.remote("top").url, groups=groups)
    pins = None if lock is None else pins_of(lock.submanifests)
    return open_manifest(lab.workspace, origin, git=lab.git, pins=pins)


def _lock(lab: Lab, opened: OpenedManifest, *, previous: Lock | None = None) -> Lock:
    return resolve_lock(
        opened.manifest,
        origin=ManifestOrigin(url=lab.remote("top").url),
        git=lab.git,
        base_dir=lab.workspace.root,
        previous=previous,
        manifest_commit=opened.commit,
    )


def _rows(manifest: Manifest) -> Mapping[str, tuple[str, frozenset[str]]]:
    return {each.path.text: (each.url, each.groups) for each in manifest.projects}


def test_projects_lie_below_their_submanifest_with_its_remotes_and_groups(lab: Lab) -> None:
    url = f"file://{lab.folder}/remotes"
    _publish(lab, "nested", '<project name="c.git" path="c"/>')
    _publish(
        lab,
        "sub",
        '<project name="b.git" path="b"><linkfile src="file" dest="l/b"/>'
        '<copyfile src="file" dest="copy"/></project>'
        '<submanifest name="main" project="nested.git" path="deep" groups="h"/>',
    )
    _publish(
        lab,
        "top",
        '<project name="a.git" path="a"/>'
        '<submanifest name="sub" project="sub.git" revision="main" path="x/y" groups="g"/>',
    )

    manifest = _open(lab).manifest

    assert _rows(manifest) == {
        "a": (f"{url}/a.git", frozenset()),
        "x/y/b": (f"{url}/b.git", {"g", "path:b", "submanifest::path:x/y"}),
        "x/y/deep/c": (f"{url}/c.git", {"h", "path:c", "submanifest::path:x/y/deep"}),
    }
    b = manifest.projects[1]
    assert (b.links[0].dest.text, b.copies[0].dest.text) == ("x/y/l/b", "x/y/copy")
    assert [each.path.text for each in manifest.parts] == ["x/y", "x/y/deep"]


def test_without_a_project_it_is_another_revision_of_the_same_repository(lab: Lab) -> None:
    _publish(lab, "top", "", branch="other", alt='<project name="b.git" path="b"/>')
    _publish(
        lab,
        "top",
        '<project name="a.git" path="a"/><submanifest name="other" manifest-name="alt.xml"/>',
    )

    assert list(_rows(_open(lab).manifest)) == ["a", "other/b"]


def test_what_is_locked_stays_until_it_is_asked_for_anew(lab: Lab) -> None:
    for name in "ab":
        lab.project(name)
    _publish(lab, "sub", '<project name="a.git" path="a"/>')
    _publish(lab, "top", '<submanifest name="s" project="sub.git" revision="main"/>')
    first = _lock(lab, _open(lab))
    _publish(lab, "sub", '<project name="b.git" path="b"/>')

    kept = _lock(lab, _open(lab, lock=first), previous=first)
    moved = _lock(lab, _open(lab), previous=first)

    assert kept == first
    assert parse_lock(render_lock(first), "f") == first
    assert [each.path.text for each in moved.projects] == ["main/b"]
    assert moved.manifest_digest != first.manifest_digest
    assert moved.submanifests[0].commit != first.submanifests[0].commit


def test_a_sync_places_the_projects_of_submanifests(lab: Lab) -> None:
    lab.project("a")
    lab.project("b")
    _publish(
        lab,
        "sub",
        '<project name="b.git" path="b"><linkfile src="file" dest="link"/></project>',
    )
    _publish(
        lab,
        "top",
        '<project name="a.git" path="a"/><submanifest name="main" project="sub.git" path="s"/>',
    )

    sync_workspace(lab.workspace, _lock(lab, _open(lab)), git=lab.git)

    assert lab.path("s/b/file").read_text() == "b"
    assert lab.path("s/link").readlink() == Path("b/file")


def test_a_circle_is_shown(lab: Lab) -> None:
    _publish(lab, "sub", '<submanifest name="back" project="top.git" revision="main" path="b"/>')
    _publish(lab, "top", '<submanifest name="s" project="sub.git" revision="main" path="s"/>')

    with pytest.raises(ProblemsError) as caught:
        _open(lab)

    top = lab.remote("top").url
    assert f"in a circle: {top} -> s (s) -> back (s/b), which is {top} again" in str(
        caught.value.details
    )


def test_what_is_nested_too_deep_is_refused(lab: Lab) -> None:
    """Each file names the next one of the same repository, so that there is no circle."""
    names = [f"f{number}" for number in range(12)]
    body = '<submanifest name="main" manifest-name="{}.xml" path="d"/>'
    files = {name: body.format(following) for name, following in itertools.pairwise(names)}
    _publish(lab, "top", body.format("f0"), **files)

    with pytest.raises(ProblemsError) as caught:
        _open(lab)

    assert "nested more than 8 deep" in caught.value.details[0]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ((), ["a", "main/b", "main/c"]),
        (("default",), ["a", "main/b"]),
        (("g",), ["main/b", "main/c"]),
        (("submanifest::path:main", "-path:b"), ["main/c"]),
    ],
)
def test_groups_choose_among_all_and_default_groups_where_there_is_no_list(
    lab: Lab, groups: tuple[str, ...], expected: list[str]
) -> None:
    _publish(
        lab,
        "sub",
        '<project name="b.git" path="b"/><project name="c.git" path="c" groups="notdefault,n"/>',
    )
    _publish(
        lab,
        "top",
        '<project name="a.git" path="a"/>'
        '<submanifest name="main" project="sub.git" groups="g" default-groups="default,n"/>',
    )

    projects = select_projects(_open(lab, groups=groups).manifest.projects, groups)

    assert [each.path.text for each in projects] == expected


def test_it_can_be_written_as_one_manifest(lab: Lab) -> None:
    _publish(
        lab,
        "sub",
        '<remote name="r" fetch="https://sub.example"/><project name="b" remote="r" path="b"/>',
    )
    _publish(
        lab,
        "top",
        '<remote name="r" fetch="https://top.example"/><project name="a" remote="r" path="a"/>'
        '<submanifest name="main" project="sub.git"/>',
    )
    opened = _open(lab)

    flat = flatten_manifest(opened.manifest, opened.manifest.projects, base=opened.base)

    again = load_text(render_manifest(flat))
    assert {each.path.text: (each.url, each.git_remote) for each in again.projects} == {
        "a": ("https://top.example/a", "r"),
        "main/b": ("https://sub.example/b", "r"),
    }
    assert [each.groups for each in again.projects] == [each.groups for each in flat.projects]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<submanifest name="s" remote="p" project="x"/>', "has the unknown remote `p`"),
        ('<submanifest name="s" project="x"/><project name="s/a"/>', "where submanifest `s` has"),
        (
            '<submanifest name="s" project="x" path="p"/><submanifest name="t" project="y" path="p"/>',
            "path `p` is that of submanifest `s` too",
        ),
        ('<submanifest name="s" manifest-name="../../x.xml"/>', "contains the component `..`"),
        ('<submanifest name="s" path="a/../b"/>', "contains the component `..`"),
        ('<submanifest name=".sel4build" project="x"/>', "is reserved"),
        ('<submanifest name="-x" project="x"/>', "begins with `-`"),
        ('<submanifest name="s" revision="--upload-pack=x"/>', "begins with `-`"),
        (
            '<remote name="e" fetch="ext::sh -c x"/><submanifest name="s" remote="e" project="x"/>',
            "names a remote helper",
        ),
    ],
)
def test_what_leads_nowhere_or_astray_is_refused(lab: Lab, body: str, words: str) -> None:
    _publish(lab, "top", body)

    with pytest.raises(ProblemsError) as caught:
        _open(lab)

    assert words in " ".join(caught.value.details)


def test_projects_of_two_manifests_may_not_share_a_path(lab: Lab) -> None:
    _publish(lab, "one", '<project name="b.git" path="b/c"/>')
    _publish(lab, "two", '<project name="b.git" path="c"/>')
    _publish(
        lab,
        "top",
        '<submanifest name="main" project="one.git" path="s"/>'
        '<submanifest name="2" revision="main" project="two.git" path="s/b"/>',
    )

    with pytest.raises(ProblemsError) as caught:
        _open(lab)

    assert "path `s/b/c` of project `b.git` is that of `b.git` too" in caught.value.details[0]


def test_a_submanifest_may_not_lead_out_of_its_repository(lab: Lab) -> None:
    lab.remote("sub").commit({"default.xml": '<manifest><include name="out.xml"/></manifest>'})
    lab.remote("sub").commit(
        {
            "default.xml": '<manifest><include name="out.xml"/></manifest>',
            "out.xml": Symlink("../../../secret.xml"),
        }
    )
    _publish(lab, "top", '<submanifest name="main" project="sub.git"/>')

    with pytest.raises(ProblemsError) as caught:
        _open(lab)

    assert "leads out of the manifest's folder" in caught.value.details[0]


def test_one_that_is_not_there_is_named(lab: Lab) -> None:
    _publish(lab, "top", '<submanifest name="main" project="gone.git" path="s"/>')

    with pytest.raises(EnvironmentLacksError, match=r"submanifest `main` \(s\) could not be"):
        _open(lab)


def test_a_file_of_ones_own_may_have_submanifests(lab: Lab) -> None:
    _publish(lab, "sub", '<project name="b.git" path="b"/>')
    file = lab.workspace.root / "own.xml"
    remote = f'<remote name="r" fetch="file://{lab.folder}/remotes"/>'
    body = '<submanifest name="main" remote="r" project="sub.git"/>'
    file.write_text(f"<manifest>{remote}{body}</manifest>")
    origin = ManifestOrigin(path="own.xml")

    manifest = open_manifest(lab.workspace, origin, git=lab.git).manifest

    assert list(_rows(manifest)) == ["main/b"]
    file.write_text('<manifest><submanifest name="main"/></manifest>')
    with pytest.raises(EnvironmentLacksError, match="submanifest `main`"):
        open_manifest(lab.workspace, replace(origin), git=lab.git)
