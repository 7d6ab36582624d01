# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Reading a file of a guest."""

import hashlib
from pathlib import Path

import pytest

from sel4build.errors import InputError
from sel4build.guests.files import read_guest
from sel4build.model.guest import GuestRole
from tests.kit.guests import ANNEX_POINTER, LFS_POINTER, a_zimage


def test_a_file_is_read_with_its_digest(tmp_path: Path) -> None:
    file = tmp_path / "linux"
    file.write_bytes(a_zimage())
    read = read_guest(GuestRole.KERNEL, file)
    assert read.sha256 == hashlib.sha256(a_zimage()).hexdigest()
    assert read.content == a_zimage()


@pytest.mark.parametrize(
    ("content", "why", "hint"),
    [
        (LFS_POINTER, "is a Git LFS pointer, not the file itself", "run `git lfs pull`"),
        (ANNEX_POINTER, "is a git-annex pointer, not the file itself", "run `git annex get`"),
        (b"", "is empty", ""),
    ],
)
def test_what_is_no_file_itself_is_refused(
    tmp_path: Path, content: bytes, why: str, hint: str
) -> None:
    file = tmp_path / "linux"
    file.write_bytes(content)
    with pytest.raises(InputError, match=why) as refused:
        read_guest(GuestRole.KERNEL, file)
    assert hint in (refused.value.hint or "")


def test_what_is_not_there_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_guest(GuestRole.DTB, tmp_path / "none")
    with pytest.raises(InputError, match="is a folder"):
        read_guest(GuestRole.DTB, tmp_path)
    link = tmp_path / "link"
    link.symlink_to("nowhere")
    with pytest.raises(InputError, match="is a dead link: `nowhere`"):
        read_guest(GuestRole.DTB, link)
    annexed = tmp_path / "annexed"
    annexed.symlink_to(".git/annex/objects/a/b")
    with pytest.raises(InputError, match="points into git-annex") as refused:
        read_guest(GuestRole.DTB, annexed)
    assert "git annex get" in (refused.value.hint or "")
