# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Find where a variable of CMake's is declared, by the text of the files that CMake read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# Commands that put their first argument into the cache; those of seL4 are config_*.
_DECLARATION = re.compile(
    r"^[ \t]*(set|option|find_\w+|config_\w+|cmake_dependent_option)[ \t]*\(\s*([A-Za-z_][\w.-]*)\b"
    r"([^()]*)",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """The files to search, and the folder that places are told relative to."""

    files: tuple[Path, ...]
    root: Path

    def find(self, names: Iterable[str]) -> dict[str, str]:
        """Return `file:line` of the first declaration of each of `names` that has one."""
        wanted = set(names)
        found: dict[str, str] = {}
        for file in self.files:
            if not wanted:
                break
            try:
                text = file.read_text(errors="replace")
            except OSError:
                continue
            for match in _DECLARATION.finditer(text):
                command, name, rest = match.groups()
                if name in wanted and (command.lower() != "set" or "CACHE" in rest):
                    wanted.discard(name)
                    line = text.count("\n", 0, match.start(1)) + 1
                    found[name] = f"{self._told(file)}:{line}"
        return found

    def _told(self, file: Path) -> str:
        inside = file.is_relative_to(self.root)
        return file.relative_to(self.root).as_posix() if inside else str(file)
