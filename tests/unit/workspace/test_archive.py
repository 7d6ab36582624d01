# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the file of a bundle."""

import os
from pathlib import Path

from sel4build.workspace.archive import write_archive


def test_an_archive_goes_through_a_pipe_as_to_a_file(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("text")
    write_archive({"sel4build.lock": lock}, tmp_path / "file")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_archive({"sel4build.lock": lock}, pipe)
        written = os.read(reader, 1 << 16)
    finally:
        os.close(reader)
    assert written == (tmp_path / "file").read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "lock", "pipe"]
