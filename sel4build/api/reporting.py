# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What operations made, as rows that a command can show."""

from dataclasses import dataclass
from pathlib import Path

from sel4build.api.building import Built, Goal
from sel4build.configure.second_pass import SecondPass, read_second_pass
from sel4build.configure.tree_record import TreeRecord, read_tree_record
from sel4build.model.setting import Deviation
from sel4build.package.plan import load_package


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltRow:
    """One target after a run, with the sentence that tells of it."""

    target: str
    folder: Path
    images: tuple[dict[str, object], ...]
    text: str
    deviations: tuple[Deviation, ...] = ()
    """What became of what CMake was given, where that is not as given."""
    second_pass: SecondPass | None = None
    """What another run of CMake would change; None where that is not known."""

    @property
    def record(self) -> dict[str, object]:
        """The row as `--json` shows it."""
        return {
            "target": self.target,
            "folder": str(self.folder),
            "images": list(self.images),
            "deviations": [deviation_record(each) for each in self.deviations],
            "second-pass": second_pass_record(self.second_pass),
        }


def deviation_record(deviation: Deviation) -> dict[str, object]:
    """Return a deviation as `--json` shows it."""
    return {
        "kind": str(deviation.kind),
        "name": deviation.name,
        "asked": deviation.asked,
        "got": deviation.got,
        "place": deviation.place,
    }


def second_pass_record(found: SecondPass | None) -> dict[str, object] | None:
    """Return what another run of CMake would do as `--json` shows it."""
    if found is None:
        return None
    return {
        "is-stable": not found.changes and found.failure is None,
        "changes": [deviation_record(each) for each in found.changes],
        "failure": found.failure,
    }


def built_rows(built: Built, goal: Goal) -> tuple[BuiltRow, ...]:
    """Return a row for each target that reached `goal`."""
    failed = {id_ for id_, _ in built.failures}
    return tuple(_row(built, goal, id_) for id_ in built.ids if id_ not in failed)


def _row(built: Built, goal: Goal, id_: str) -> BuiltRow:
    workspace = built.prepared.workspace
    target = built.prepared.targets[id_]
    folder = workspace.build_dir(target.id)
    record = read_tree_record(folder) or TreeRecord()
    found = read_second_pass(folder)
    if goal is Goal.CONFIGURE:
        return BuiltRow(
            target=id_,
            folder=folder,
            images=(),
            text=f"{id_}: configured in {folder}",
            deviations=record.deviations,
            second_pass=found,
        )
    package = load_package(workspace.out_dir(target.id))
    images = tuple(
        {
            "name": artifact.name,
            "kind": str(artifact.kind),
            "format": str(artifact.facts.format),
            "size": artifact.size_bytes,
            "sha256": artifact.sha256,
        }
        for artifact in package.artifacts
    )
    listed = ", ".join(
        f"{artifact.name} ({artifact.facts.format}, {artifact.size_bytes} bytes)"
        for artifact in package.artifacts
    )
    return BuiltRow(
        target=id_,
        folder=package.out_dir,
        images=images,
        text=f"{id_}: {listed} in {package.out_dir}",
        deviations=record.deviations,
        second_pass=found,
    )
