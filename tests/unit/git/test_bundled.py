# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the repositories that are made from shipped sources."""

import os
from pathlib import Path

import pytest

from sel4build import resources
from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.git.bundled import compose_objects, open_bundled


def test_the_commit_depends_on_nothing_but_names_and_bytes() -> None:
    sources = {"b/c": b"1", "b.c": b"#!/bin/sh\n", "a": b""}

    _, commit = compose_objects(sources)
    _, again = compose_objects(dict(reversed(sources.items())))

    assert commit == again == "d93f4a548ba86bdc56784296c9b57e8225c97beb"


def test_a_repository_is_made_once(tmp_path: Path) -> None:
    first = open_bundled("bringup", cache_dir=tmp_path)
    before = (first.git_dir / "HEAD").stat().st_ino

    second = open_bundled("bringup", cache_dir=tmp_path)

    assert second == first
    assert (first.git_dir / "HEAD").stat().st_ino == before
    assert [each.name for each in first.git_dir.parent.iterdir()] == [first.git_dir.name]


def test_a_commit_of_an_earlier_release_is_used_while_the_cache_has_it(tmp_path: Path) -> None:
    commit = "a" * 40
    git_dir = tmp_path / "bundled" / "bringup" / f"{commit}.git"
    git_dir.mkdir(parents=True)

    assert open_bundled("bringup", cache_dir=tmp_path, commit=commit).git_dir == git_dir
    assert open_bundled("bringup", cache_dir=tmp_path, commit="b" * 40).commit != "b" * 40


def test_an_unknown_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no source `nix`"):
        open_bundled("nix", cache_dir=tmp_path)


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "bundled").write_text("")

    with pytest.raises(EnvironmentLacksError, match="cannot be written"):
        open_bundled("bringup", cache_dir=tmp_path)


def test_another_process_may_be_faster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = os.rename

    def lose(made: Path, git_dir: Path) -> None:
        Path(git_dir).mkdir()
        (Path(git_dir) / "HEAD").write_text("theirs")
        rename(made, git_dir)

    monkeypatch.setattr(os, "rename", lose)
    found = open_bundled("bringup", cache_dir=tmp_path)

    assert (found.git_dir / "HEAD").read_text() == "theirs"
    assert [each.name for each in found.git_dir.parent.iterdir()] == [found.git_dir.name]


def test_what_builds_leave_behind_is_no_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "apps" / "own" / "source"
    (source / "__pycache__").mkdir(parents=True)
    (source / "__pycache__" / "x.pyc").write_text("x")
    (source / ".hidden").write_text("x")
    (source / "a").write_text("x")
    monkeypatch.setattr(resources, "data_root", lambda _kind: tmp_path / "apps")

    _, expected = compose_objects({"a": b"x"})
    assert open_bundled("own", cache_dir=tmp_path).commit == expected
    (source / "dangling").symlink_to("nowhere")
    with pytest.raises(EnvironmentLacksError, match="cannot be read"):
        open_bundled("own", cache_dir=tmp_path)
