# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the names in the store, and of places that are asked before a remote."""

from pathlib import Path

import pytest

from sel4build.git.store import normalised_url, store_name
from sel4build.git.supply import FetchOptions, Wanted, find_places
from sel4build.model.manifest import CommitId


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://GitHub.com/seL4/seL4.git", "https://github.com/seL4/seL4.git/"),
        ("https://token@github.com/a.git", "https://github.com/a.git"),
        ("https://me:secret@github.com:443/a.git", "HTTPS://github.com/a.git"),
        ("ssh://git@host:22/a", "ssh://git:pw@HOST/a"),
        ("file:///srv/a/", "file:///srv/a"),
    ],
)
def test_spellings_of_one_repository_have_one_name(one: str, other: str) -> None:
    assert normalised_url(one) == normalised_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://host/a.git", "https://host/b.git"),
        ("https://host/A", "https://host/a"),
        ("https://host:8443/a", "https://host/a"),
        ("ssh://me@host/a", "ssh://you@host/a"),
        ("host:a", "host/a"),
    ],
)
def test_different_repositories_have_different_names(one: str, other: str) -> None:
    assert store_name(one) != store_name(other)


@pytest.mark.parametrize("url", ["https://h/" + "x" * 400, "git@h:../../é/..", "/srv/a b", ".."])
def test_a_name_is_one_component_that_fits(url: str) -> None:
    name = store_name(url, depth=7)

    assert "/" not in name
    assert name.endswith("@depth-7.git")
    assert len(name.encode()) < 240


def _repository(path: Path) -> Path:
    (path / "objects").mkdir(parents=True)
    (path / "HEAD").write_text("")
    return path


def _wanted(name: str = "seL4.git", url: str = "https://github.com/seL4/seL4.git") -> Wanted:
    return Wanted(commit=CommitId("a" * 40), url=url, name=name, path="kernel")


@pytest.mark.parametrize(
    "name",
    [
        "seL4.git",
        "seL4",
        "github.com/seL4/seL4.git",
        "github.com.seL4.seL4.git",
        "https%3A%2F%2Fgithub.com%2FseL4%2FseL4.git.git",
    ],
)
def test_a_mirror_is_found_by_each_of_its_usual_names(tmp_path: Path, name: str) -> None:
    place = _repository(tmp_path / name)

    assert list(find_places(_wanted(), FetchOptions(mirrors=(tmp_path,)))) == [place]


@pytest.mark.parametrize(
    "name", [".gitdirs/kernel.git", "kernel/.git", ".repo/project-objects/seL4.git"]
)
def test_a_reference_is_a_workspace_of_any_kind(tmp_path: Path, name: str) -> None:
    place = _repository(tmp_path / name)

    assert list(find_places(_wanted(), FetchOptions(references=(tmp_path,)))) == [place]
    assert list(find_places(_wanted(), FetchOptions(mirrors=(tmp_path,)))) == []


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    _repository(tmp_path / "outside.git")
    inside = tmp_path / "inside"
    inside.mkdir()
    options = FetchOptions(mirrors=(inside,), references=(inside,))

    for name in ("../outside.git", "a/../../outside.git", str(tmp_path / "outside.git")):
        assert list(find_places(_wanted(name, url=name), options)) == []
