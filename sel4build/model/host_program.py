# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A program that was found on this host."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class HostProgram:
    """A program of this host by its native executable, never a wrapper script."""

    path: Path
    version: tuple[int, ...]

    @property
    def version_text(self) -> str:
        """The version with dots."""
        return ".".join(str(part) for part in self.version)
