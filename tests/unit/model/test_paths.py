# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of relative paths from outside."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sel4build.model.manifest import is_commit_id, why_reserved
from sel4build.model.paths import RelPath, find_colliding, why_unsafe


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("/a", "is absolute"),
        ("a~1", "contains `~`"),
        ("a\\b", "contains a backslash"),
        ("a\u200db", "contains an invisible Unicode character"),
        ("a\nb", "contains a control character"),
        ("a\x00b", "contains a control character"),
        (".", "contains the component `.`"),
        ("a/../b", "contains the component `..`"),
        ("a/.GIT/b", "contains the component `.GIT`"),
        (".Repo/x", "contains the component `.Repo`"),
        ("a//b", "contains the component ``"),
    ],
)
def test_what_git_repo_refuses_is_refused(text: str, reason: str) -> None:
    assert why_unsafe(text) == reason
    with pytest.raises(ValueError, match="path "):
        RelPath.parse(text)


@pytest.mark.parametrize("text", ["a", "a/b.c", "é/ü x", "...", ".github/x", "a/"])
def test_usual_paths_pass(text: str) -> None:
    assert RelPath.parse(text).text == text.rstrip("/")


def test_a_lone_dot_passes_where_it_may() -> None:
    assert str(RelPath.parse(".", allow_dot=True)) == "."
    assert RelPath.parse("a/b").parts == ("a", "b")


@given(st.text(alphabet=st.sampled_from("./\\~ab.git\n\u200d "), max_size=12))
@example("a/../../b")
@example("a/b/../../..")
def test_a_path_never_leads_out_of_its_root(text: str) -> None:
    if why_unsafe(text) is not None:
        return
    root = Path("/some/root")
    place = Path(os.path.normpath(RelPath.parse(text).below(root)))

    assert place.is_relative_to(root)
    assert place != root


@pytest.mark.parametrize("text", [".sel4build/x", "sel4build.toml", "SEL4BUILD.lock", ".gitdirs"])
def test_places_of_ours_are_reserved(text: str) -> None:
    assert why_reserved(RelPath(text)) is not None
    assert why_reserved(RelPath(f"a/{text}")) is None


def test_only_a_full_id_is_a_commit() -> None:
    assert is_commit_id("0123456789abcdef0123456789abcdef01234567")
    assert not is_commit_id("0123456")
    assert not is_commit_id("0123456789ABCDEF0123456789abcdef01234567")
    assert not is_commit_id("0123456789abcdef0123456789abcdef01234567\n")


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["a", "b/c", "a/b"], ()),
        (["kernel", "Kernel"], (("Kernel", "kernel"),)),
        (["foo", "FOO/bar"], (("FOO", "foo"),)),
        (["X/a", "x/b", "x/c"], (("X", "x"),)),
        (["caf\u00e9", "cafe\u0301"], (("cafe\u0301", "caf\u00e9"),)),
        (["stra\u00dfe", "strasse"], (("strasse", "stra\u00dfe"),)),
    ],
)
def test_what_differs_in_case_or_spelling_alone_is_found(
    paths: list[str], expected: tuple[tuple[str, str], ...]
) -> None:
    found = find_colliding(map(RelPath, paths))

    assert tuple((one.text, other.text) for one, other in found) == expected
