# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the folder that upstream memoises in."""

from pathlib import Path

import pytest

from sel4build.configure.memo import known_memo_dirs, memo_dir_of, take_over_host_tools
from sel4build.errors import EnvironmentLacksError
from tests.kit.configurations import a_chosen_toolchain

ARCHIVE = "capDL-tool/0123abcd/code.tar.gz"


def write_archive(memo_dir: Path, content: str = "tool", name: str = ARCHIVE) -> None:
    archive = memo_dir / name
    archive.parent.mkdir(parents=True)
    archive.write_text(content)


def test_each_compiler_has_a_folder_of_its_own(tmp_path: Path) -> None:
    one = memo_dir_of(a_chosen_toolchain(fingerprint="a" * 64), tmp_path)
    two = memo_dir_of(a_chosen_toolchain(fingerprint="b" * 64), tmp_path)

    assert one == tmp_path / "sel4" / ("a" * 16)
    assert two != one


def test_the_folders_of_the_stock_flow_come_before_our_own(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / "cache" / "sel4" / name).mkdir(parents=True)

    environ = {"SEL4_CACHE_DIR": "/named", "HOME": "/home/u"}
    assert known_memo_dirs(tmp_path / "cache", tmp_path / "w", environ) == (
        Path("/named"),
        Path("/home/u/.sel4_cache"),
        tmp_path / "w" / ".sel4_cache",
        tmp_path / "cache" / "sel4" / "a",
        tmp_path / "cache" / "sel4" / "b",
    )


def test_a_host_without_a_home_has_the_folder_of_the_workspace(tmp_path: Path) -> None:
    assert known_memo_dirs(tmp_path, tmp_path / "w", {}) == (tmp_path / "w" / ".sel4_cache",)


def test_a_host_tool_is_taken_from_the_first_place_that_has_it(tmp_path: Path) -> None:
    write_archive(tmp_path / "one", "first")
    write_archive(tmp_path / "two", "second")

    sources = (tmp_path / "none", tmp_path / "one", tmp_path / "two")
    take_over_host_tools(tmp_path / "memo", sources)

    assert (tmp_path / "memo" / ARCHIVE).read_text() == "first"
    assert [each.name for each in (tmp_path / "memo" / ARCHIVE).parent.iterdir()] == ["code.tar.gz"]


def test_a_host_tool_that_is_there_is_kept(tmp_path: Path) -> None:
    write_archive(tmp_path / "memo", "mine")
    write_archive(tmp_path / "one", "other")

    take_over_host_tools(tmp_path / "memo", (tmp_path / "one", tmp_path / "memo"))

    assert (tmp_path / "memo" / ARCHIVE).read_text() == "mine"


def test_what_was_compiled_for_the_target_is_not_shared(tmp_path: Path) -> None:
    write_archive(tmp_path / "one", name="musllibc/0123abcd/code.tar.gz")

    take_over_host_tools(tmp_path / "memo", (tmp_path / "one",))

    assert not (tmp_path / "memo").exists()


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    write_archive(tmp_path / "one")
    (tmp_path / "memo").write_text("a file")

    with pytest.raises(EnvironmentLacksError, match="cannot be written"):
        take_over_host_tools(tmp_path / "memo", (tmp_path / "one",))
