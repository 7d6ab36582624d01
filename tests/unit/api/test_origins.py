# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What `--manifest` means."""

from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.initialising import read_origin
from sel4build.errors import InputError
from sel4build.model.lock import ManifestOrigin


def _read(
    folder: Path, manifest: str | None, *, revision: str | None = None, file: str | None = None
) -> ManifestOrigin | None:
    return read_origin(Context(environ={}, cwd=folder), manifest, revision=revision, file=file)


def test_without_the_option_the_app_decides(tmp_path: Path) -> None:
    assert _read(tmp_path, None) is None


@pytest.mark.parametrize(("revision", "file"), [("main", None), (None, "a.xml")])
def test_a_branch_or_file_of_no_manifest_is_refused(
    tmp_path: Path, revision: str | None, file: str | None
) -> None:
    with pytest.raises(InputError, match="belong to a manifest repository"):
        _read(tmp_path, None, revision=revision, file=file)


def test_the_name_of_a_shipped_manifest_comes_first(tmp_path: Path) -> None:
    (tmp_path / "bringup").mkdir()
    assert _read(tmp_path, "bringup") == ManifestOrigin(name="bringup")


@pytest.mark.parametrize("name", ["m.xml", "manifest"])
def test_a_file_is_meant_by_its_absolute_path(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    assert _read(tmp_path, name) == ManifestOrigin(path=str(tmp_path / name))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"`sub/m\.xml` does not exist"):
        _read(tmp_path, "sub/m.xml")


@pytest.mark.parametrize("manifest", ["bringup", "m.xml"])
@pytest.mark.parametrize(("revision", "file"), [("main", None), (None, "a.xml")])
def test_only_a_repository_has_branches_and_files(
    tmp_path: Path, manifest: str, revision: str | None, file: str | None
) -> None:
    (tmp_path / "m.xml").write_text("")
    with pytest.raises(InputError, match="no manifest repository"):
        _read(tmp_path, manifest, revision=revision, file=file)


def test_a_folder_is_a_repository(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    found = _read(tmp_path, "repo", revision="v1", file="a.xml")
    assert found == ManifestOrigin(url=str(tmp_path / "repo"), revision="v1", file="a.xml")


@pytest.mark.parametrize("url", ["https://example.com/m.xml", "git@example.com:m", "ssh://x/y"])
def test_everything_else_is_a_url(tmp_path: Path, url: str) -> None:
    assert _read(tmp_path, url) == ManifestOrigin(url=url, file="default.xml")
