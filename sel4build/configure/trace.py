# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read CMake's trace for who set which variable.

CMake writes a line of JSON a command (cmake(1), `--trace-format=json-v1`). All of it would cost an
eighth of a configuration's processor time; of the files in which upstream sets its variables it
costs nothing that can be measured.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sel4build.model.setting import WriteKind

TRACED_FILES = (
    "CMakeLists.txt",
    "settings.cmake",
    "app_settings.cmake",
    "camkes_vm_settings.cmake",
    "easy-settings.cmake",
    "application_settings.cmake",
    "environment_flags.cmake",
    "simulation.cmake",
    "seL4Config.cmake",
    "config.cmake",
)
"""Names of the files of upstream that set cache variables, the initial cache apart."""
_DECLARING = frozenset({"config_option", "config_string", "config_choice"})
"""Commands of seL4's whose first argument is a cache variable that keeps a value which is there."""
_WITH_VALUE_THIRD = {
    "option": WriteKind.DEFAULT,
    "cmake_dependent_option": WriteKind.DEFAULT,
    "config_set": WriteKind.FORCE,
}
_FINDING = frozenset({"find_program", "find_path", "find_library", "find_file"})
_MOST_AFTER_CACHE = 4
# A line of any other command is not worth decoding.
_WORTHWHILE = re.compile(
    r'"cmd":"(?:set|unset|option|config_[a-z]+|cmake_dependent_option|find_[a-z]+)"', re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedWrite:
    """A command of the trace that may set `name`; files are absolute."""

    name: str
    kind: WriteKind
    value: str | None
    command: str
    file: str
    line: int


def trace_words(trace_file: Path, traced: Iterable[str]) -> tuple[str, ...]:
    """Return what CMake is told, so that it writes the commands of the `traced` files."""
    return (
        "--trace-expand",
        "--trace-format=json-v1",
        f"--trace-redirect={trace_file}",
        *(f"--trace-source={name}" for name in traced),
    )


def read_trace(lines: Iterable[str]) -> Iterator[TracedWrite]:
    """Yield the commands of a trace that set variables, in order; a broken line is passed over."""
    for line in lines:
        if _WORTHWHILE.search(line) is None:
            continue
        try:
            record = json.loads(line)
            command = str(record["cmd"]).lower()
            words = [str(word) for word in record["args"]]
            file, number = str(record["file"]), int(record["line"])
        except (ValueError, KeyError, TypeError):
            continue
        read = _read_command(command, words)
        if read is not None:
            kind, value = read
            yield TracedWrite(
                name=words[0], kind=kind, value=value, command=command, file=file, line=number
            )


def _read_command(command: str, words: list[str]) -> tuple[WriteKind, str | None] | None:
    if not words:
        return None
    if command == "set":
        return _read_set(words)
    if command in _WITH_VALUE_THIRD:
        return _WITH_VALUE_THIRD[command], next(iter(words[2:]), None)
    if command in _DECLARING:
        return WriteKind.DEFAULT, _after(words, "DEFAULT")
    return (WriteKind.DEFAULT, None) if command in _FINDING else None


def _read_set(words: list[str]) -> tuple[WriteKind, str | None] | None:
    """Tell apart `set(NAME VALUE... CACHE TYPE DOC [FORCE])` and the ordinary form."""
    for length in (3, _MOST_AFTER_CACHE):
        if len(words) > length and words[-length] == "CACHE":
            is_forced = length == _MOST_AFTER_CACHE
            # An INTERNAL entry implies FORCE (cmake-commands(7), set).
            kind = (
                WriteKind.FORCE if is_forced or words[-length + 1] == "INTERNAL" else WriteKind.SET
            )
            return kind, ";".join(words[1:-length])
    if len(words) == 1:
        return None  # an unset in other words
    values = words[1:-1] if words[-1] == "PARENT_SCOPE" else words[1:]
    return WriteKind.ORDINARY, ";".join(values)


def _after(words: list[str], keyword: str) -> str | None:
    try:
        return words[words.index(keyword) + 1]
    except (ValueError, IndexError):
        return None
