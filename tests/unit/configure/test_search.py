# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
from pathlib import Path

import pytest

from sel4build.configure.search import Declarations

TEXT = """\
set(PLAIN 1)
set(A "x"
    CACHE STRING "doc")
  option(B "doc" ON)
config_choice(
    C
    C_CONFIG "doc" "x;y")
# set(D 1 CACHE STRING "")
message(STATUS "set(E 1 CACHE)")
find_program(F dtc)
"""


@pytest.mark.parametrize(("name", "line"), [("A", 2), ("B", 4), ("C", 5), ("F", 10)])
def test_a_declaration_is_found_by_its_line(tmp_path: Path, name: str, line: int) -> None:
    file = tmp_path / "w" / "x.cmake"
    file.parent.mkdir()
    file.write_text(TEXT)
    search = Declarations(files=(tmp_path / "gone.cmake", file), root=tmp_path / "w")
    assert search.find([name]) == {name: f"x.cmake:{line}"}


@pytest.mark.parametrize("name", ["PLAIN", "D", "E", "C_CONFIG", "dtc"])
def test_what_declares_nothing_is_not_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.cmake").write_text(TEXT)
    assert Declarations(files=(tmp_path / "x.cmake",), root=tmp_path).find([name]) == {}


def test_the_first_file_has_the_word_and_outside_places_are_told_in_full(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.cmake").write_text("option(B x)\n")
    files = (tmp_path / "one.cmake", tmp_path / "two.cmake")
    found = Declarations(files=files, root=tmp_path / "w").find(["B"])
    assert found == {"B": f"{tmp_path}/one.cmake:1"}
