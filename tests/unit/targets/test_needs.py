# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Which needs of an app hold for a target."""

from dataclasses import replace

import pytest

from sel4build.model.app import OptionKind, OptionSpec
from sel4build.model.host import Need
from sel4build.model.platform import ImageFormat
from sel4build.targets.needs import needs_of
from tests.kit.targets import a_board, a_target

OPTION = OptionSpec(name="EXTRA", summary="more", kind=OptionKind.BOOL, default="OFF")


@pytest.mark.parametrize(
    ("need", "defines", "holds"),
    [
        (Need(tool="t", why="w"), {}, True),
        (Need(tool="t", why="w", platforms=("acme1",)), {}, True),
        (Need(tool="t", why="w", platforms=("other",)), {}, False),
        (Need(tool="t", why="w", sel4_archs=("aarch64",)), {}, True),
        (Need(tool="t", why="w", sel4_archs=("ia32",)), {}, False),
        (Need(tool="t", why="w", formats=("uimage",)), {}, True),
        (Need(tool="t", why="w", formats=("elf", "efi")), {}, False),
        (Need(tool="t", why="w", formats=("elf",)), {"ElfloaderImage": "elf"}, True),
        (Need(tool="t", why="w", when={"EXTRA": "ON"}), {}, False),
        (Need(tool="t", why="w", when={"EXTRA": "OFF"}), {}, True),
        (Need(tool="t", why="w", when={"EXTRA": "ON"}), {"EXTRA": "ON"}, True),
        (Need(tool="t", why="w", unless_set=("DTB",)), {}, True),
        (Need(tool="t", why="w", unless_set=("DTS", "DTB")), {"DTB": "/a"}, False),
        (Need(tool="t", why="w", unless_set=("DTB",)), {"DTB": ""}, True),
    ],
)
def test_a_need_holds_where_all_its_conditions_do(
    need: Need,
    defines: dict[str, str],
    holds: bool,  # noqa: FBT001
) -> None:
    target = a_target(a_board(form=ImageFormat.UIMAGE), defines=defines)
    app = replace(target.app, needs=(need,), options=(OPTION,))
    assert (needs_of(replace(target, app=app)) == (need,)) is holds
