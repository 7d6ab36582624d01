# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The effects that every operation may need, passed in by whoever calls."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sel4build.model.reporter import Reporter, SilentReporter
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.process import Runner, SubprocessRunner


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The world as an operation sees it."""

    environ: Mapping[str, str]
    cwd: Path
    runner: Runner = field(default_factory=SubprocessRunner)
    reporter: Reporter = field(default_factory=SilentReporter)
    overlays: tuple[Path, ...] = ()
    """Folders of the user's own data, later ones win."""
    jobs: int | None = None
    """Jobs to run at once; None for one a core."""

    @property
    def cache_dir(self) -> Path:
        """The user cache (XDG Base Directory Specification)."""
        base = self.environ.get("XDG_CACHE_HOME", "")
        if not Path(base).is_absolute():
            base = str(Path(self.environ.get("HOME") or "/") / ".cache")
        return Path(base) / "sel4build"

    def overlays_of(self, workspace: Workspace, spec: WorkspaceSpec) -> tuple[Path, ...]:
        """Return the data folders of `workspace` and those given for this run, which win."""
        recorded = (workspace.root / folder for folder in spec.data_dirs)
        return tuple(dict.fromkeys((*recorded, *self.overlays)))

    @property
    def num_jobs(self) -> int:
        """Jobs to run at once."""
        return self.jobs or len(os.sched_getaffinity(0))
