# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What is kept in a build tree of who set what, and of what became of what was asked for."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sel4build.errors import Sel4BuildError
from sel4build.model.setting import Deviation, Setting
from sel4build.reading import parse_json, read_text
from sel4build.writing import write_if_changed

TREE_RECORD = ".sel4build-settings.json"
"""File name of the record inside the build directory."""
_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeRecord:
    """The settings of a tree by name, and the deviations, as they were when it was made."""

    settings: tuple[Setting, ...] = ()
    deviations: tuple[Deviation, ...] = ()


def write_tree_record(record: TreeRecord, build_dir: Path) -> None:
    """Keep `record` in the tree that it is about."""
    text = json.dumps({"version": _VERSION, **_plain(asdict(record))}, ensure_ascii=False)
    write_if_changed(build_dir / TREE_RECORD, text + "\n")


def read_tree_record(build_dir: Path) -> TreeRecord | None:
    """Return the record of a tree; None where there is none, or none that can be read."""
    path = build_dir / TREE_RECORD
    try:
        return parse_json(read_text(path), str(path), TreeRecord)
    except Sel4BuildError:
        return None


def _plain(table: Mapping[str, object]) -> dict[str, object]:
    return {
        name.replace("_", "-"): _plain_value(value)
        for name, value in table.items()
        if value is not None
    }


def _plain_value(value: object) -> object:
    if isinstance(value, dict):
        return _plain(value)
    if isinstance(value, tuple | list):
        return [_plain_value(each) for each in value]
    return value
