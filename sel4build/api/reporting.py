# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What operations made, as rows that a command can show."""

from dataclasses import dataclass
from pathlib import Path

from sel4build.api.building import Built, Goal
from sel4build.package.plan import load_package


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltRow:
    """One target after a run, with the sentence that tells of it."""

    target: str
    folder: Path
    images: tuple[dict[str, object], ...]
    text: str

    @property
    def record(self) -> dict[str, object]:
        """The row as `--json` shows it."""
        return {"target": self.target, "folder": str(self.folder), "images": list(self.images)}


def built_rows(built: Built, goal: Goal) -> tuple[BuiltRow, ...]:
    """Return a row for each target that reached `goal`."""
    failed = {id_ for id_, _ in built.failures}
    return tuple(_row(built, goal, id_) for id_ in built.ids if id_ not in failed)


def _row(built: Built, goal: Goal, id_: str) -> BuiltRow:
    workspace = built.prepared.workspace
    target = built.prepared.targets[id_]
    if goal is Goal.CONFIGURE:
        folder = workspace.build_dir(target.id)
        return BuiltRow(target=id_, folder=folder, images=(), text=f"{id_}: configured in {folder}")
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
    )
