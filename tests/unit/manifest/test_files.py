# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of finding manifests, and of those that we ship."""

from pathlib import Path

import pytest

from sel4build.errors import InputError
from sel4build.lock import load_shipped_lock, why_outdated
from sel4build.manifest import (
    ManifestFiles,
    find_manifest,
    find_shipped_lock,
    list_manifests,
    load_manifest,
)
from sel4build.model.lock import ManifestOrigin


def _overlay(folder: Path, name: str) -> Path:
    manifests = folder / "manifests"
    manifests.mkdir()
    (manifests / f"{name}.xml").write_text("<manifest/>")
    return folder


def test_shipped_manifests_are_listed_with_those_of_overlays(tmp_path: Path) -> None:
    names = list_manifests([_overlay(tmp_path, "mine")])

    assert {"bringup", "camkes-vm-examples", "mine"} <= set(names)
    assert list(names) == sorted(names)


def test_the_last_overlay_wins(tmp_path: Path) -> None:
    overlay = _overlay(tmp_path, "bringup")

    found = find_manifest(ManifestOrigin(name="bringup"), base_dir=tmp_path, overlays=[overlay])

    assert found == ManifestFiles(root_dir=overlay / "manifests", file="bringup.xml")
    assert find_shipped_lock("bringup", [overlay]) is None


@pytest.mark.parametrize(
    ("name", "hint"), [("bringpu", "did you mean `bringup`?"), ("../zzzzzzz", "choose one of")]
)
def test_an_unknown_name_is_answered_with_the_known_ones(
    tmp_path: Path, name: str, hint: str
) -> None:
    with pytest.raises(InputError, match="there is no manifest") as caught:
        find_manifest(ManifestOrigin(name=name), base_dir=tmp_path)

    assert hint in (caught.value.hint or "")


def test_a_path_is_relative_to_the_base_and_stands_for_a_repository(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "own.xml").write_text("<manifest/>")

    found = find_manifest(ManifestOrigin(path="m/own.xml"), base_dir=tmp_path)

    assert (found.root_dir, found.file) == (tmp_path / "m", "own.xml")
    assert found.url == str((tmp_path / "m").resolve())


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"manifest file `m/own\.xml` does not exist"):
        find_manifest(ManifestOrigin(path="m/own.xml"), base_dir=tmp_path)


def test_a_url_is_not_looked_up_in_files(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        find_manifest(ManifestOrigin(url="https://h/x"), base_dir=tmp_path)


@pytest.mark.parametrize("name", ["bringup", "camkes-vm-examples"])
def test_each_shipped_manifest_loads(name: str, tmp_path: Path) -> None:
    origin = ManifestOrigin(name=name)

    manifest = load_manifest(find_manifest(origin, base_dir=tmp_path))

    lock = load_shipped_lock(origin)
    if lock is not None:
        assert why_outdated(lock, origin=origin, digest=manifest.digest) is None
        assert [each.path for each in lock.projects] == [each.path for each in manifest.projects]
        assert [each.links for each in lock.projects] == [each.links for each in manifest.projects]
        assert [each.upstream for each in lock.projects] == [
            each.revision for each in manifest.projects
        ]


def test_the_vm_examples_have_nineteen_projects_and_a_lock() -> None:
    lock = load_shipped_lock(ManifestOrigin(name="camkes-vm-examples"))

    assert lock is not None
    assert len(lock.projects) == 19
    assert load_shipped_lock(ManifestOrigin(name="bringup")) is None
    assert load_shipped_lock(ManifestOrigin(path="x.xml")) is None
