# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of opening a manifest that comes from a repository."""

from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError, InputError, ProblemsError
from sel4build.git import Git
from sel4build.lock import resolve_lock
from sel4build.model.lock import ManifestOrigin
from sel4build.workspace.origin import open_manifest
from sel4build.workspace.sync import sync_workspace
from tests.kit.git_remote import GitRemote, a_git
from tests.kit.lab import Lab
from tests.kit.runner import FakeRunner

pytestmark = pytest.mark.tools

_MANIFEST = (
    '<manifest><remote name="o" fetch="."/><default remote="o" revision="main"/>'
    '<include name="more.xml"/></manifest>'
)
_MORE = '<manifest><project name="{}.git" path="projects/a"/></manifest>'


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def remote(lab: Lab) -> GitRemote:
    remote = lab.remote("manifest")
    remote.commit({"default.xml": _MANIFEST, "more.xml": _MORE.format("a")})
    return remote


def test_a_manifest_is_checked_out_at_its_branch_and_followed(lab: Lab, remote: GitRemote) -> None:
    origin = ManifestOrigin(url=remote.url)
    first = open_manifest(lab.workspace, origin, git=lab.git, reporter=lab.recorder)
    newer = remote.commit({"default.xml": _MANIFEST, "more.xml": _MORE.format("b")})

    second = open_manifest(lab.workspace, origin, git=lab.git)

    assert first.manifest.projects[0].url == f"file://{lab.folder}/remotes/a.git"
    assert second.manifest.projects[0].name == "b.git"
    assert (second.commit, second.commit == first.commit) == (newer, False)
    assert lab.recorder.events[0] == "start manifest of None"
    assert lab.recorder.events[1].startswith("finish manifest: done")


@pytest.mark.parametrize("kind", ["branch", "tag", "full tag", "commit"])
def test_a_branch_a_tag_and_a_commit_may_be_asked_for(
    lab: Lab, remote: GitRemote, kind: str
) -> None:
    wanted = remote.commit({"own.xml": _MANIFEST, "more.xml": _MORE.format("c")}, branch="side")
    remote.tag("v1", wanted, is_annotated=True)
    revision = {"branch": "side", "tag": "v1", "full tag": "refs/tags/v1", "commit": wanted}[kind]
    origin = ManifestOrigin(url=remote.url, revision=revision, file="own.xml")

    opened = open_manifest(lab.workspace, origin, git=lab.git)

    assert opened.commit == wanted
    assert opened.manifest.projects[0].name == "c.git"


def test_a_manifest_by_name_needs_no_git(lab: Lab) -> None:
    git = Git(runner=FakeRunner(), environ={}, cache_dir=lab.folder)

    opened = open_manifest(lab.workspace, ManifestOrigin(name="bringup"), git=git)

    assert opened.commit is None
    assert opened.manifest.projects[0].name == "bringup"


def test_the_checkout_is_ours_and_is_mended(lab: Lab, remote: GitRemote) -> None:
    origin = ManifestOrigin(url=remote.url)
    open_manifest(lab.workspace, origin, git=lab.git)
    (lab.workspace.manifest_dir / "default.xml").write_text("broken")
    (lab.workspace.manifest_dir / ".git" / "index.lock").write_text("")

    opened = open_manifest(lab.workspace, origin, git=lab.git)

    assert opened.manifest.projects[0].name == "a.git"


def test_the_whole_way_from_a_manifest_repository(lab: Lab, remote: GitRemote) -> None:
    commit = lab.remote("a").commit({"file": "x"})
    origin = ManifestOrigin(url=remote.url)
    opened = open_manifest(lab.workspace, origin, git=lab.git)

    lock = resolve_lock(
        opened.manifest,
        origin=origin,
        git=lab.git,
        base_dir=lab.workspace.root,
        manifest_commit=opened.commit,
    )
    sync_workspace(lab.workspace, lock, git=lab.git)

    assert lab.head("projects/a") == commit
    assert lock.manifest_commit == opened.commit


def test_a_missing_branch_is_wrong_input(lab: Lab, remote: GitRemote) -> None:
    origin = ManifestOrigin(url=remote.url, revision="nix")

    with pytest.raises(InputError) as caught:
        open_manifest(lab.workspace, origin, git=lab.git, reporter=lab.recorder)

    assert caught.value.message == (
        f"the manifest could not be fetched from `{remote.url}` at revision `nix`: "
        "the remote has no branch or tag `nix`"
    )
    assert lab.recorder.events[-1] == "finish manifest: failed, "


def test_a_missing_file_is_wrong_input(lab: Lab, remote: GitRemote) -> None:
    with pytest.raises(ProblemsError) as caught:
        open_manifest(lab.workspace, ManifestOrigin(url=remote.url, file="nix.xml"), git=lab.git)

    assert "file `nix.xml` does not exist" in caught.value.details[0]


def test_an_unreachable_manifest_is_the_hosts_lack(lab: Lab) -> None:
    with pytest.raises(EnvironmentLacksError, match="the manifest could not be fetched"):
        open_manifest(lab.workspace, ManifestOrigin(url=f"{lab.folder}/nix"), git=lab.git)


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (ManifestOrigin(url="ext::sh -c x"), "names a remote helper"),
        (ManifestOrigin(url="https://h/x", revision="-x"), "begins with"),
        (ManifestOrigin(url="https://h/x", file="../x"), "contains the component"),
    ],
)
def test_values_that_git_must_not_see_are_refused(
    lab: Lab, origin: ManifestOrigin, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        open_manifest(lab.workspace, origin, git=lab.git)

    assert not lab.workspace.state_dir.exists()


def test_a_bundled_source_may_hold_no_manifest(lab: Lab) -> None:
    origin = ManifestOrigin(url="sel4build:bundled/bringup")

    with pytest.raises(ProblemsError):
        open_manifest(lab.workspace, origin, git=a_git(lab.folder))
