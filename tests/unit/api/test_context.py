# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What follows from the environment of a run."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.model.lock import ManifestOrigin
from sel4build.model.workspace import Workspace, WorkspaceSpec


@pytest.mark.parametrize(
    ("environ", "cache_dir"),
    [
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/sel4build"),
        ({"HOME": "/h"}, "/h/.cache/sel4build"),
        ({"XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache/sel4build"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/sel4build"),
        ({"HOME": ""}, "/.cache/sel4build"),
        ({}, "/.cache/sel4build"),
    ],
)
def test_the_cache_is_where_xdg_says(environ: Mapping[str, str], cache_dir: str) -> None:
    assert Context(environ=environ, cwd=Path("/")).cache_dir == Path(cache_dir)


def test_data_folders_of_the_run_win_over_those_of_the_workspace() -> None:
    spec = WorkspaceSpec(manifest=ManifestOrigin(name="m"), data_dirs=("own", "/both"))
    context = Context(environ={}, cwd=Path("/"), overlays=(Path("/both"), Path("/now")))
    assert context.overlays_of(Workspace(Path("/w")), spec) == (
        *(Path("/w/own"), Path("/both"), Path("/now")),
    )


def test_jobs_are_one_a_core_unless_said() -> None:
    assert Context(environ={}, cwd=Path("/"), jobs=3).num_jobs == 3
    assert Context(environ={}, cwd=Path("/")).num_jobs >= 1
