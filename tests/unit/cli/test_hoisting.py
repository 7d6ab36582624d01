# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of letting global options stand anywhere."""

import pytest

from sel4build.cli.hoisting import hoist_global_options, split_cmake_words


@pytest.mark.parametrize(
    ("line", "hoisted"),
    [
        ("build x -q", "-q build x"),
        ("build --json -vv --verbose x", "--json -vv --verbose build x"),
        ("build -qv", "-qv build"),
        ("build -j 8 x", "-j 8 build x"),
        ("build -j8 x", "-j8 build x"),
        ("build --jobs 8", "--jobs 8 build"),
        ("build --jobs=8", "--jobs=8 build"),
        ("list apps --data-dir a --data-dir=b", "--data-dir a --data-dir=b list apps"),
        ("--color never build --color=always", "--color never --color=always build"),
        ("build x", "build x"),
        ("", ""),
        ("init -D A=-q --app x", "init -D A=-q --app x"),
        ("build --jobsy 8 -verbose -junk", "build --jobsy 8 -verbose -junk"),
        ("build -j -- x", "-j -- build x"),
        ("forall -q -c git log -q", "-q forall -c git log -q"),
        ("build -c x -q", "-q build -c x"),
        ("build -q -- -q --json x", "-q build -- -q --json x"),
    ],
)
def test_global_options_come_to_the_front_in_their_order(line: str, hoisted: str) -> None:
    assert hoist_global_options(line.split()) == tuple(hoisted.split())


@pytest.mark.parametrize("option", ["-j", "--jobs", "--color", "--data-dir"])
def test_an_option_without_its_value_does_not_take_the_command_for_it(option: str) -> None:
    assert hoist_global_options(["build", "x", "-q", option]) == ("-q", option)


@pytest.mark.parametrize(
    ("words", "kept", "behind"),
    [
        ("init -- -DA=1 -G Ninja", "init", "-DA=1 -G Ninja"),
        ("--json -j 4 init DIR --app a -- -DA=1", "--json -j 4 init DIR --app a", "-DA=1"),
        ("-j 4 forall -- init", "-j 4 forall -- init", ""),
        ("--data-dir init build -- x", "--data-dir init build -- x", ""),
        ("init --app a", "init --app a", ""),
        ("-- init", "-- init", ""),
    ],
)
def test_words_for_cmake_are_those_behind_the_dashes_of_init(
    words: str, kept: str, behind: str
) -> None:
    assert split_cmake_words(words.split()) == (tuple(kept.split()), tuple(behind.split()))
