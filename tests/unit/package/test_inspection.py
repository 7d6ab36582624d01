# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
from pathlib import Path

import pytest

from sel4build.errors import WorkError
from sel4build.model.platform import ImageFormat
from sel4build.package.inspection import inspect_image
from tests.kit.images import a_uimage


def test_a_file_is_inspected_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "image.elf").write_bytes(a_uimage())
    assert inspect_image(tmp_path / "image.elf").format is ImageFormat.UIMAGE


def test_anything_without_a_magic_number_is_a_raw_binary(tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(b"\x7fEL")
    facts = inspect_image(tmp_path / "image")
    assert (facts.format, facts.machine, facts.entry) == (ImageFormat.BINARY, None, None)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "image").touch()
    with pytest.raises(WorkError, match="image `image` is damaged: it is empty"):
        inspect_image(tmp_path / "image")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match=r"cannot be read: No such file"):
        inspect_image(tmp_path / "image")
