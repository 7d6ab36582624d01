# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Names of targets."""

import pytest

from sel4build.model.guest import GuestFile, GuestFiles
from sel4build.model.target_id import TargetId
from sel4build.model.workspace import WantedTarget


@pytest.mark.parametrize("spelling", ["on", "ON", "1", "true", "Yes"])
def test_truths_have_one_name_however_they_are_written(spelling: str) -> None:
    named = TargetId.of("a", "p", 1, {}, {"insecure": spelling})
    assert named == TargetId.of("a", "p", 1, {}, {"insecure": "ON"})
    assert named != TargetId.of("a", "p", 1, {}, {"insecure": "off"})
    # What a variable of CMake holds is not known: nothing is taken for a truth.
    assert TargetId.of("a", "p", 1, {"A": "1"}) != TargetId.of("a", "p", 1, {"A": "ON"})


def test_files_of_the_users_make_another_target_by_their_paths() -> None:
    plain = WantedTarget(app="a", platform="p")
    one = WantedTarget(
        app="a", platform="p", guest=GuestFiles(kernel=GuestFile(path="x", sha256="1"))
    )
    changed = WantedTarget(app="a", platform="p", guest=GuestFiles(kernel=GuestFile(path="x")))
    as_initrd = WantedTarget(app="a", platform="p", guest=GuestFiles(initrd=GuestFile(path="x")))
    assert one.id == changed.id
    assert len({plain.id, one.id, as_initrd.id}) == 3
