# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the rules by which a project's URL is made."""

import re
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sel4build.manifest.urls import is_absolute, resolve_url


@pytest.mark.parametrize(
    ("base", "fetch", "expected"),
    [
        ("https://github.com/seL4/X.git", ".", "https://github.com/seL4/seL4.git"),
        ("https://github.com/seL4/X.git", "..", "https://github.com/seL4.git"),
        ("https://github.com/seL4/X.git", "../seL4", "https://github.com/seL4/seL4.git"),
        ("https://github.com/seL4/X.git/", "../SEL4PROJ/", "https://github.com/SEL4PROJ/seL4.git"),
        ("https://github.com/seL4/X.git", "../../../x", "https://github.com/x/seL4.git"),
        ("https://github.com/seL4/X.git", "/x", "https://github.com/x/seL4.git"),
        ("https://github.com/seL4/X.git", "y//z", "https://github.com/seL4/y/z/seL4.git"),
        ("git@github.com:seL4/X", "../seL4", "ssh://git@github.com/seL4/seL4.git"),
        ("ssh://git@github.com:22/seL4/X", "../seL4", "ssh://git@github.com:22/seL4/seL4.git"),
        ("/srv/git/seL4/X.git", "../seL4", "/srv/git/seL4/seL4.git"),
        ("file:///srv/git/seL4/X.git", "../seL4", "file:///srv/git/seL4/seL4.git"),
        ("../manifest", "../seL4", "../seL4/seL4.git"),
        (
            "https://github.com/seL4/X.git",
            "https://example.com/a",
            "https://example.com/a/seL4.git",
        ),
        ("https://github.com/seL4/X.git", "git@h:a", "ssh://git@h/a/seL4.git"),
        ("https://github.com/seL4/X.git", "/", "https://github.com/seL4.git"),
        ("https://github.com/seL4/X.git", "//h/a", "https://h/a/seL4.git"),
        ("/srv/git/X.git", "//h/a", "//h/a/seL4.git"),
        ("a/X.git", "//h/a", "h/a/seL4.git"),
        (None, "https://git.example.com/git/", "https://git.example.com/git/seL4.git"),
        (None, "sel4build:bundled", "sel4build:bundled/seL4.git"),
        (None, "../seL4", None),
    ],
)
def test_urls_are_those_of_git_repo(base: str | None, fetch: str, expected: str | None) -> None:
    assert resolve_url(fetch, "seL4.git", base=base) == expected


@pytest.mark.parametrize(
    ("fetch", "expected"),
    [("https://h", True), ("host:path", True), ("u@h:p", True), ("../x", False), ("a/b:c", False)],
)
def test_a_scheme_or_a_host_makes_a_url_absolute(fetch: str, *, expected: bool) -> None:
    assert is_absolute(fetch) is expected


_SEGMENTS = st.lists(st.sampled_from(["a", "b.git", "..", ".", "x-y"]), min_size=1, max_size=6)
_BASES = st.sampled_from(
    ["https://h.example/", "http://h:80/", "/srv/", "file:///srv/", "https://h.example/a/b/"]
)


@given(base=_BASES, path=_SEGMENTS, fetch=_SEGMENTS, is_rooted=st.booleans())
def test_joining_agrees_with_urllib(
    base: str, path: list[str], fetch: list[str], *, is_rooted: bool
) -> None:
    manifest = base + "/".join([*(each for each in path if each not in {".", ".."}), "X.git"])
    relative = ("/" if is_rooted else "") + "/".join(fetch)
    # git-repo's way: a scheme that urljoin knows, put on and taken off again.
    prefix = "gopher://" if manifest.startswith("/") else ""
    joined = urllib.parse.urljoin(prefix + manifest, relative)
    joined = re.sub("^gopher://", "", joined)

    assert resolve_url(relative, "p", base=manifest) == joined.rstrip("/") + "/p"
