# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of atomic writing."""

import errno
import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sel4build.errors import EnvironmentLacksError
from sel4build.writing import (
    DiskFullError,
    explain_os_error,
    explaining_os_errors,
    is_device,
    render_toml_string,
    write_if_changed,
)


def test_a_new_file_is_written_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file"

    assert write_if_changed(path, "é\n")

    assert path.read_bytes() == b"\xc3\xa9\n"


def test_an_equal_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"same")
    before = path.stat()

    assert not write_if_changed(path, b"same")

    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_a_changed_file_of_the_same_size_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")

    assert write_if_changed(path, "two")

    assert path.read_text() == "two"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("old")
    link = tmp_path / "link"
    link.symlink_to(target)

    assert write_if_changed(link, "old")

    assert not link.is_symlink()
    assert target.read_text() == "old"


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert write_if_changed(pipe, "text")
        assert os.read(reader, 10) == b"text"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]


def test_devices_are_told_from_files_and_links(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("x")
    link.symlink_to("/dev/null")
    assert is_device(Path("/dev/null"))
    assert is_device(Path("/dev/stdout"))
    assert not any(map(is_device, (file, link, tmp_path, tmp_path / "none")))


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()

    with pytest.raises(EnvironmentLacksError, match="folder` cannot be written"):
        write_if_changed(path, "text")

    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EnvironmentLacksError, match="file/below` cannot be written"):
        write_if_changed(tmp_path / "file" / "below", "text")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, "no space left on the disk of `/w/file`"),
        (errno.EDQUOT, "no space left on the disk of `/w/file`"),
        (errno.EROFS, "`/w/file` lies on a file system that is mounted read-only"),
        (errno.EACCES, "no permission to write `/w/file`"),
        (errno.EPERM, "no permission to write `/w/file`"),
        (errno.EIO, "`/w/file` cannot be written: Input/output error"),
    ],
)
def test_each_cause_has_its_words(number: int, expected: str) -> None:
    error = explain_os_error(OSError(number, "Input/output error"), Path("/w/file"))

    assert error.message == expected


def test_other_exceptions_pass() -> None:
    with pytest.raises(KeyError), explaining_os_errors(Path("file")):
        raise KeyError


def test_a_full_disk_has_an_error_of_its_own() -> None:
    error = explain_os_error(OSError(errno.ENOSPC, "No space left on device"), Path("/w/file"))

    assert isinstance(error, DiskFullError)
    assert error.hint == "free some space, then run it again"


@given(st.text())
def test_a_spelt_string_is_read_back_by_toml(text: str) -> None:
    assert tomllib.loads(f"key = {render_toml_string(text)}") == {"key": text}
