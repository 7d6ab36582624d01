# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Words that bash took apart at `=`."""

from pathlib import Path

import pytest

from sel4build.cli.completing import Joined, join_split_words
from tests.kit.cli import World

_INIT = ("sel4build", "init", "--app", "vm_minimal", "--platform", "tk1", "--option")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def _asked(*words: str, place: int | None = None) -> dict[str, str]:
    return {
        "_SEL4BUILD_COMPLETE": "complete_bash",
        "COMP_WORDS": "\n".join(words),
        "COMP_CWORD": str(len(words) - 1 if place is None else place),
    }


def test_a_value_is_put_behind_its_option() -> None:
    joined = join_split_words(_asked("sel4build", "init", "--option", "rootfs", "=", "m"))
    variables = {"COMP_WORDS": "sel4build\ninit\n--option\nrootfs=m", "COMP_CWORD": "3"}
    assert joined == Joined(variables=variables, is_split=True)


def test_words_behind_a_split_one_keep_their_place() -> None:
    joined = join_split_words(_asked("sel4build", "init", "--option", "a", "=", "b", "--ap"))
    variables = {"COMP_WORDS": "sel4build\ninit\n--option\na=b\n--ap", "COMP_CWORD": "4"}
    assert joined == Joined(variables=variables, is_split=False)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"COMP_WORDS": "a\n=\nb", "COMP_CWORD": "2"},
        _asked("sel4build", "init", "--option", "rootfs=m"),
        {**_asked("sel4build", "a", "="), "COMP_CWORD": "?"},
    ],
)
def test_what_is_not_split_stays(environ: dict[str, str]) -> None:
    assert join_split_words(environ) is None


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        (("rootfs", "="), ["initrd", "mmcblk0p2"]),
        (("rootfs", "=", "m"), ["mmcblk0p2"]),
        (("rootfs=m",), ["rootfs=mmcblk0p2"]),
        (("rootf",), ["rootfs="]),
    ],
)
def test_bash_is_told_what_stands_behind_the_break(
    world: World, words: tuple[str, ...], answers: list[str]
) -> None:
    done = world.having(**_asked(*_INIT, *words)).spawn(cwd=world.folder)
    assert done.stdout.split() == answers
