# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""No tree of sources is an error to the checks of a port, and what they find hangs together."""

import shutil
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sel4build.porting.editing import apply_remedy
from sel4build.porting.fdt import parse_blob
from sel4build.porting.files import SourceFiles
from sel4build.porting.finding import Remedy, Verdict
from sel4build.porting.memory import Interval, subtract
from sel4build.porting.read import read_board
from sel4build.porting.registry import CHECKS, run_checks
from tests.kit.sel4_tree import FILES, Sel4Tree

_PIECES = st.sampled_from(
    [
        "set(",
        ")",
        "if(",
        "endif()",
        "{",
        "}",
        "<0x0>",
        '"',
        "0x",
        ":12",
        "};",
        "\x00",
        "&{/",
        "elseif(",
        "reg",
        "dtb([",
        "]",
        ";",
        "#if",
    ]
)
_GARBAGE = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=12).map("".join))
_CHANGES = st.lists(
    st.tuples(
        st.sampled_from(sorted(FILES)),
        st.sampled_from(["remove", "cut", "insert", "replace", "folder"]),
        st.integers(min_value=0, max_value=2000),
        _GARBAGE,
    ),
    min_size=1,
    max_size=4,
)


def _change(tree: Sel4Tree, change: tuple[str, str, int, str]) -> None:
    path, kind, place, garbage = change
    file = tree.root / path
    if not file.is_file():
        return
    content = file.read_bytes()
    match kind:
        case "remove":
            file.unlink()
        case "folder":
            file.unlink()
            file.mkdir()
        case "cut":
            file.write_bytes(content[:place])
        case "insert":
            piece = garbage.encode("utf-8", errors="surrogatepass")
            file.write_bytes(content[:place] + piece + content[place:])
        case _:
            file.write_bytes(garbage.encode("utf-16", errors="surrogatepass"))


@settings(max_examples=30)
@given(
    changes=_CHANGES,
    board=st.sampled_from(["acme", "zeta1", "zeta", "nowhere", "a.b", "../x", ""]),
    app=st.sampled_from(["vm_solo", "vm_duo", "nothing", "..", ""]),
)
def test_no_tree_is_an_error(
    tmp_path: Path, changes: list[tuple[str, str, int, str]], board: str, app: str
) -> None:
    root = tmp_path / "tree"
    shutil.rmtree(root, ignore_errors=True)
    tree = Sel4Tree.create(root)
    for change in changes:
        _change(tree, change)

    findings = run_checks(read_board(SourceFiles(root), board, app))

    assert [each.check.number for each in findings] == list(range(1, len(CHECKS) + 1))
    for each in findings:
        has_problems = each.outcome.verdict in {Verdict.FAIL, Verdict.WARNING}
        assert bool(each.outcome.problems) is has_problems, each
        assert each.outcome.summary, each


@given(st.binary(max_size=200))
def test_no_blob_is_an_error(content: bytes) -> None:
    parse_blob(b"\xd0\x0d\xfe\xed" + content, "a.dtb")


_INTERVALS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda each: Interval.of(*each)),
    max_size=5,
)


@given(_INTERVALS, _INTERVALS)
def test_what_is_left_of_intervals_is_what_nobody_took(
    given_: list[Interval], taken: list[Interval]
) -> None:
    def bytes_of(intervals: list[Interval]) -> set[int]:
        return {byte for each in intervals for byte in range(each.start, each.end)}

    assert bytes_of(list(subtract(given_, taken))) == bytes_of(given_) - bytes_of(taken)


@given(st.text("ab\n", max_size=30), st.integers(0, 12), st.text("xy", min_size=1, max_size=5))
def test_whole_lines_leave_all_others_as_they_are(text: str, after: int, new: str) -> None:
    done = apply_remedy(text, Remedy(file="f", text=new + "\n", after=after)).splitlines()

    assert new in done
    done.remove(new)
    assert done == text.splitlines()
