# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What `explain` says of an invented target: `explain/NAME.txt` and `explain/NAME.json`.

With SEL4BUILD_UPDATE_GOLDEN=1 in the environment they are written anew; look at the difference.
"""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.api.attributing import attribute_tree
from sel4build.api.explaining import Explanation
from sel4build.cli.explaining import _record, _text
from sel4build.configure.search import Declarations
from sel4build.configure.second_pass import SecondPass
from sel4build.configure.tree_record import TreeRecord
from sel4build.model.setting import Deviation, DeviationKind, Setting, Write, WriteKind
from tests.kit.configurations import a_configuration
from tests.kit.targets import a_target

_FOLDER = Path(__file__).parent / "explain"
_UPDATES = os.environ.get("SEL4BUILD_UPDATE_GOLDEN") == "1"
_ROOT = Path("/w")


def _write(
    kind: WriteKind, value: str, line: int, file: str = "projects/x/settings.cmake"
) -> Write:
    return Write(kind=kind, value=value, command="set", file=file, line=line)


def _explanation(*, failure: str | None = None) -> Explanation:
    """A tree with a setting of every kind, deviations, and a second run that differs or fails."""
    user = Write(kind=WriteKind.USER, value="4", command="-D", file="the command line")
    settings = (
        Setting(name="CMAKE_AR", value="/usr/bin/ar", type="FILEPATH"),
        Setting(name="HIDDEN", value="4", type="STRING", writes=(
            replace(user), _write(WriteKind.ORDINARY, "2048", 12))),
        Setting(name="NODES", value="1", type="STRING", writes=(
            user, _write(WriteKind.FORCE, "1", 7))),
        Setting(name="OPTION", value="ON", type="BOOL", writes=(
            _write(WriteKind.DEFAULT, "ON", 40, "kernel/config.cmake"),)),
        Setting(name="PLATFORM", value="acme1", type="STRING", writes=(
            _write(WriteKind.INITIAL, "acme1", 2),)),
        Setting(name="PREFIX", value="one-", type="STRING", writes=(
            _write(WriteKind.INITIAL, "one-", 3),)),
        Setting(name="WORDS", value="64", type="INTERNAL", writes=(
            _write(WriteKind.FORCE, "64", 97, "kernel/configs/seL4Config.cmake"),)),
    )  # fmt: skip
    deviations = (
        Deviation(kind=DeviationKind.UNREAD, name="TYPO", asked="1"),
        Deviation(
            kind=DeviationKind.HIDDEN,
            name="HIDDEN",
            asked="4",
            got="2048",
            place="projects/x/settings.cmake:12",
        ),
    )
    change = Deviation(
        kind=DeviationKind.UNSTABLE,
        name="TIMER",
        asked="ON",
        got="OFF",
        place="projects/x/CMakeLists.txt:63",
    )
    target = a_target(defines={"HIDDEN": "4", "NODES": "4"})
    configuration = replace(
        a_configuration(_ROOT / "build" / "x"), root=_ROOT, toolchain_variables=("PREFIX",)
    )
    record = TreeRecord(settings=settings, deviations=deviations)
    return Explanation(
        target=target,
        settings=attribute_tree(target, configuration, record, Declarations(files=(), root=_ROOT)),
        is_configured=True,
        commands=("cmake -S x", "ninja"),
        configuration=configuration,
        deviations=deviations,
        second_pass=SecondPass(changes=() if failure else (change,), failure=failure),
    )


_CASES = {
    "configured": (_explanation(), (), False),
    "everything": (_explanation(), (), True),
    "one-setting": (_explanation(), ("nodes",), False),
    "second-run-fails": (_explanation(failure="CMake Error at x:3: no"), (), False),
}


@pytest.mark.parametrize("name", sorted(_CASES))
def test_an_explanation_is_told_as_expected(name: str) -> None:
    explanation, names, everything = _CASES[name]
    record = json.dumps(_record(explanation, names), indent=1)
    told = {
        ".txt": _text(explanation, names, everything=everything, width=80),
        ".json": f"{record}\n",
    }
    for suffix, text in told.items():
        expected = _FOLDER / f"{name}{suffix}"
        if _UPDATES:
            expected.write_text(text, encoding="utf-8")
        assert text == expected.read_text(encoding="utf-8")


def test_no_expected_text_lacks_its_case() -> None:
    assert {each.stem for each in _FOLDER.iterdir()} == set(_CASES)
