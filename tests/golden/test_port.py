# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Trees in which one thing is broken: `port/NN-NAME.toml` beside `port/NN-NAME.expected`.

NN is the number of the only check that may fail. A case is added by adding the two files. With
SEL4BUILD_UPDATE_GOLDEN=1 in the environment the expected texts are written anew; look at the
difference before it is committed.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sel4build.porting.editing import apply_remedy
from sel4build.porting.files import SourceFiles
from sel4build.porting.finding import Finding, Verdict
from sel4build.porting.read import read_board
from sel4build.porting.registry import CHECKS, run_checks
from sel4build.reading import read_toml
from tests.kit.sel4_tree import Sel4Tree

_FOLDER = Path(__file__).parent / "port"
_CASES = sorted(_FOLDER.glob("*.toml"))
_UPDATES = os.environ.get("SEL4BUILD_UPDATE_GOLDEN") == "1"
_QUIET = (Verdict.PASS, Verdict.NOT_NEEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """One change to a file: a piece replaced, a whole text, or the file removed."""

    file: str
    old: str | None = None
    new: str = ""
    text: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    board: str = "acme"
    app: str = "vm_solo"
    is_mended: bool = False
    """What is written as the sources of remedies tell makes the check pass."""
    edits: tuple[_Edit, ...] = field(default=())


def _broken(case: _Case, root: Path) -> Sel4Tree:
    tree = Sel4Tree.create(root)
    for each in case.edits:
        if each.link is not None:
            tree.remove(each.file)
            (root / each.file).symlink_to(each.link)
        elif each.text is not None:
            tree.write(each.file, each.text)
        elif each.old is not None:
            tree.replace(each.file, each.old, each.new)
        else:
            tree.remove(each.file)
    return tree


def _findings(root: Path, case: _Case) -> tuple[Finding, ...]:
    return run_checks(read_board(SourceFiles(root), case.board, case.app))


def _rendered(findings: tuple[Finding, ...]) -> str:
    lines: list[str] = []
    for each in findings:
        outcome = each.outcome
        if outcome.verdict in _QUIET:
            continue
        lines.append(f"{each.check.number} {each.check.name}: {outcome.verdict}")
        if not outcome.problems:
            lines.append(f"  {outcome.summary}")
        for problem in outcome.problems:
            lines.append(f"  {problem.span}: {problem.text}")
            if problem.hint:
                lines.append(f"  hint: {problem.hint}")
            if problem.remedy:
                lines.append(f"  write {problem.remedy.where}:")
                lines += [f"    {line}".rstrip() for line in problem.remedy.text.splitlines()]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", _CASES, ids=lambda path: path.stem)
def test_one_broken_thing_is_told_by_its_check_alone(path: Path, tmp_path: Path) -> None:
    case = read_toml(path, _Case)
    _broken(case, tmp_path)
    findings = _findings(tmp_path, case)
    text = _rendered(findings)
    expected = path.with_suffix(".expected")
    if _UPDATES:
        expected.write_text(text, encoding="utf-8")

    number = int(path.stem.partition("-")[0])
    assert [each.check.number for each in findings if each.is_failure] == [number][: number > 0]
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", _CASES, ids=lambda path: path.stem)
def test_what_is_told_to_write_mends_the_check(path: Path, tmp_path: Path) -> None:
    case = read_toml(path, _Case)
    tree = _broken(case, tmp_path)
    failures = [each for each in _findings(tmp_path, case) if each.is_failure]
    remedies = [problem.remedy for each in failures for problem in each.outcome.problems]
    for remedy in sorted(filter(None, remedies), key=lambda each: -(each.after or each.line or 0)):
        before = tree.read(remedy.file) if (tmp_path / remedy.file).exists() else ""
        tree.write(remedy.file, apply_remedy(before, remedy))

    still = [each for each in _findings(tmp_path, case) if each.is_failure]
    assert (not still) is (case.is_mended or not failures), still


def test_every_check_that_can_fail_has_a_case_and_no_text_lacks_its_case() -> None:
    numbers = {int(each.stem.partition("-")[0]) for each in _CASES}
    assert numbers >= {each.number for each in CHECKS} - {9, 20}
    assert [each.stem for each in sorted(_FOLDER.glob("*.expected"))] == [
        each.stem for each in _CASES
    ]
