# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the options of `sync`."""

from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from sel4build.lock import write_lock
from sel4build.model.lock import ManifestOrigin
from sel4build.model.workspace import WorkspaceSpec
from sel4build.workspace.spec import write_spec
from tests.kit.cli import CliOutcome, World
from tests.kit.git_remote import run_git
from tests.kit.lab import Lab
from tests.kit.locks import a_lock

pytestmark = pytest.mark.tools


class _Place:
    """A workspace whose manifest is a file."""

    def __init__(self, folder: Path) -> None:
        self.lab = Lab(folder)
        self.one = self.lab.project("one")
        self.manifest = folder / "manifest.xml"
        self.write_manifest(self.one.commit)
        self.origin = ManifestOrigin(path=str(self.manifest))
        write_spec(WorkspaceSpec(manifest=self.origin), self.lab.workspace)

    def write_manifest(self, revision: str) -> None:
        folder = self.lab.remote("one").path.parent
        self.manifest.write_text(
            f'<manifest><remote name="o" fetch="file://{folder}"/>'
            f'<project name="one.git" path="one" remote="o" revision="{revision}"/></manifest>'
        )

    def run(self, *argv: str) -> CliOutcome:
        return World(self.lab.folder).run(*argv, cwd=self.lab.workspace.root)


@pytest.fixture
def place(tmp_path: Path) -> _Place:
    return _Place(tmp_path)


@pytest.mark.parametrize("option", ["--locked", "--frozen"])
def test_a_missing_lock_is_refused_where_one_is_demanded(place: _Place, option: str) -> None:
    outcome = place.run("sync", option)

    outcome.failed(ExitCode.INVALID, "there is no lockfile")
    assert "sel4build lock" in outcome.stderr
    assert not place.lab.workspace.lock_file.exists()


def test_locked_refuses_a_manifest_that_has_changed(place: _Place) -> None:
    place.run("sync").ok()
    place.run("sync", "--locked").ok()
    place.write_manifest("main")

    place.run("sync", "--locked").failed(ExitCode.INVALID, "the manifest has changed since")
    place.run("sync", "--frozen").ok()


def test_another_manifest_in_the_spec_wants_another_lock(place: _Place) -> None:
    place.run("sync").ok()
    other = WorkspaceSpec(manifest=ManifestOrigin(name="bringup"))
    write_spec(other, place.lab.workspace)

    outcome = place.run("sync")

    outcome.failed(ExitCode.INVALID, "is out of date")
    assert "hint: renew it: `sel4build lock`" in outcome.stderr
    place.run("sync", "--frozen").ok()


def test_depth_cuts_the_history(place: _Place) -> None:
    newer = place.lab.project("one", {"file": "2"})
    place.write_manifest(newer.commit)

    place.run("sync", "--depth", "1").ok()

    assert run_git("rev-list", "--count", "HEAD", cwd=place.lab.path("one")) == "1"


def test_offline_syncs_from_files(place: _Place) -> None:
    place.run("sync", "--offline").ok()


@pytest.mark.parametrize("option", ["--mirror", "--reference"])
def test_a_folder_that_is_not_there_is_refused(place: _Place, option: str) -> None:
    place.run("sync", option, "nowhere").failed(ExitCode.USAGE, "nowhere")


def test_force_names_a_project_by_path_or_name(place: _Place) -> None:
    place.run("sync").ok()
    for word in ("one/", "one.git"):
        place.lab.path("one/file").write_text("mine")

        outcome = place.run("sync", "--force", word).ok()

        assert "is kept as `refs/sel4build/backup/" in outcome.stderr
        assert place.lab.path("one/file").read_text() == "one"
    place.run("sync", "--force", "other").failed(ExitCode.INVALID, "`other`")


def test_a_lock_made_by_hand_of_the_same_manifest_is_taken(place: _Place) -> None:
    write_lock(a_lock(place.one, origin=place.origin), place.lab.workspace.lock_file)

    assert place.run("sync", "--json").ok().object("sync")["moved"] == ["one"]
