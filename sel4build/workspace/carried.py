# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Files of the user's that a workspace needs beside its projects, on their way in a bundle.

They are local manifests, a manifest that is a file in the workspace, and folders of data. A folder
that lies elsewhere becomes one of the new workspace, whose `sel4build.toml` names it there.
"""

import dataclasses
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from sel4build.errors import InputError
from sel4build.model.paths import RelPath
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.reading import parse_json
from sel4build.writing import explaining_os_errors

_LOCAL = "local_manifests"
_DATA = "data-dirs"
_OWN = frozenset({".gitdirs", ".sel4build", "build", "out", "sel4build.lock", "sel4build.toml"})
_MOST_FILES = 20_000
_EXECUTABLE = 0o100


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CarriedFile:
    """A file in a bundle by the name of its member, and where it belongs in the workspace."""

    member: str
    dest: RelPath
    executable: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    files: tuple[CarriedFile, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What is carried: the files, where they lie now, and what is wanted of the new workspace."""

    spec: WorkspaceSpec
    files: tuple[CarriedFile, ...] = ()
    places: Mapping[str, Path] = dataclasses.field(default_factory=dict)
    """By the name of the member."""
    left_out: tuple[str, ...] = ()
    """What cannot come along, each with its reason."""

    def render(self) -> str:
        """Return the table of the files."""
        rows = [
            {"member": each.member, "dest": each.dest.text, "executable": each.executable}
            for each in self.files
        ]
        return json.dumps({"version": 1, "files": rows}, indent=1) + "\n"


def collect_files(workspace: Workspace, spec: WorkspaceSpec) -> Carried:
    """Find what belongs to `workspace`; raises EnvironmentLacksError when it cannot be read."""
    left_out: list[str] = []
    found: dict[str, Path] = {}
    with explaining_os_errors(workspace.root):
        for place in _walk(workspace.local_manifests_dir, left_out, suffix=".xml"):
            found[f"{_LOCAL}/{place.relative_to(workspace.local_manifests_dir)}"] = place
        if spec.manifest.path is not None:
            manifest = Path(os.path.normpath(workspace.root / spec.manifest.path))
            if manifest.is_relative_to(workspace.root):
                for place in sorted({manifest, *manifest.parent.glob("*.xml")}):
                    found[place.relative_to(workspace.root).as_posix()] = place
            else:
                left_out.append(
                    f"manifest file `{spec.manifest.path}`: a sync goes without it, a new lock "
                    "does not"
                )
        folders = []
        for number, folder in enumerate(spec.data_dirs):
            source = Path(os.path.normpath(workspace.root / folder))
            name = f"{_DATA}/{number}"
            if source.is_relative_to(workspace.root) and source != workspace.root:
                name = source.relative_to(workspace.root).as_posix()
            folders.append(name)
            for place in _walk(source, left_out):
                found[f"{name}/{place.relative_to(source).as_posix()}"] = place
    files, places = _number(found, left_out)
    return Carried(
        spec=dataclasses.replace(spec, data_dirs=tuple(folders)),
        files=files,
        places=places,
        left_out=tuple(left_out),
    )


def parse_carried(text: str, file: str) -> tuple[CarriedFile, ...]:
    """Return the table that `text` spells; raise InputError for a place that is none of theirs."""
    files = parse_json(text, file, _Table).files
    if len({each.dest for each in files}) != len(files) or len(files) > _MOST_FILES:
        message = f"`{file}` names a file twice, or too many"
        raise InputError(message)
    for each in files:
        if each.dest.parts[0].casefold() in _OWN:
            message = f"`{file}` names `{each.dest}`, which belongs to sel4build"
            raise InputError(message)
    return files


def place_file(workspace: Workspace, carried: CarriedFile, source: Path) -> None:
    """Put a file where it belongs in a new workspace, whose folders are all ours."""
    dest = carried.dest.below(workspace.root)
    with explaining_os_errors(dest):
        dest.parent.mkdir(parents=True, exist_ok=True)
        source.replace(dest)
        if carried.executable:
            dest.chmod(dest.stat().st_mode | 0o111)


def _walk(folder: Path, left_out: list[str], *, suffix: str = "") -> Iterator[Path]:
    """Yield the plain files below `folder`, sorted; what is no such file is told."""
    if not folder.is_dir():
        return
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            place = Path(parent) / name
            if name.startswith(".") or not name.endswith(suffix):
                continue
            if place.is_symlink() or not place.is_file():
                left_out.append(f"`{place}`, which is no plain file")
            else:
                yield place


def _number(
    found: Mapping[str, Path], left_out: list[str]
) -> tuple[tuple[CarriedFile, ...], dict[str, Path]]:
    files: list[CarriedFile] = []
    places: dict[str, Path] = {}
    for dest in sorted(found):
        try:
            path = RelPath.parse(dest)
        except ValueError as error:
            left_out.append(str(error))
            continue
        member = f"files/{len(files):05}"
        is_executable = bool(found[dest].stat().st_mode & _EXECUTABLE)
        files.append(CarriedFile(member=member, dest=path, executable=is_executable))
        places[member] = found[dest]
    return tuple(files), places
