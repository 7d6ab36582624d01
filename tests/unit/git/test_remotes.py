# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of what git is told of a remote."""

import pytest

from sel4build.git.remotes import (
    GitRemote,
    is_plain_refspec,
    single_branch,
    why_bad_remote_name,
)


def test_a_remote_is_written_as_git_reads_it() -> None:
    remote = GitRemote(url='https://h/a"b\\c', name="o", push_url="ssh://p/a")

    assert remote.lines() == (
        '[remote "o"]',
        '\turl = "https://h/a\\"b\\\\c"',
        '\tpushurl = "ssh://p/a"',
        "\tfetch = +refs/heads/*:refs/remotes/o/*",
    )


def test_a_remote_of_one_branch_without_tags_says_so() -> None:
    remote = GitRemote(url="u", branch="dev/x", has_tags=False)

    assert remote.lines()[2:] == (
        "\tfetch = +refs/heads/dev/x:refs/remotes/origin/dev/x",
        "\ttagOpt = --no-tags",
    )


@pytest.mark.parametrize(
    ("upstream", "branch"),
    [
        ("main", "main"),
        ("refs/heads/a/b", "a/b"),
        ("refs/tags/v1", None),
        ("a" * 40, None),
        (None, None),
    ],
)
def test_only_a_branch_can_be_fetched_alone(upstream: str | None, branch: str | None) -> None:
    assert single_branch(upstream) == branch


@pytest.mark.parametrize("name", ["-x", "a b", "a..b", "a\nb", "", ".a", "a/", "a:b"])
def test_a_name_that_git_could_not_use_is_none(name: str) -> None:
    assert why_bad_remote_name(name)


@pytest.mark.parametrize(
    ("refspec", "is_plain"),
    [
        ("+refs/heads/*:refs/remotes/o/*", True),
        ("+refs/heads/main:refs/remotes/o/main", True),
        ("+refs/heads/x:refs/heads/x", False),
        ("+refs/notes/*:refs/notes/*", False),
    ],
)
def test_a_refspec_of_the_user_is_known(refspec: str, *, is_plain: bool) -> None:
    assert is_plain_refspec(refspec) is is_plain
