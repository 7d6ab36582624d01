# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What `init` records, and what it does not."""

from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.learning import forgetting_refused
from sel4build.errors import EnvironmentLacksError, Sel4BuildError, WorkError
from sel4build.model.lock import ManifestOrigin
from sel4build.model.workspace import WantedTarget, Workspace, WorkspaceSpec
from sel4build.workspace.spec import read_spec, write_spec
from tests.kit.runner import Recorder

_OLD = WantedTarget(app="a", platform="p")
_NEW = WantedTarget(app="a", platform="q")
_BEFORE = WorkspaceSpec(manifest=ManifestOrigin(name="m"), targets=(_OLD,))
_REFUSED = WorkError(
    "cmake ended with status 1",
    details=("CMake Error at projects/x/apps/a/settings.cmake:15 (message):", "  q: no"),
)


def _fail(folder: Path, error: Sel4BuildError, before: WorkspaceSpec | None) -> tuple[str, ...]:
    workspace, recorder = Workspace(folder), Recorder()
    spec = WorkspaceSpec(
        manifest=ManifestOrigin(name="m"),
        targets=(*(before.targets if before is not None else ()), _NEW),
    )
    write_spec(spec, workspace)
    context = Context(environ={}, cwd=folder, reporter=recorder)
    with pytest.raises(type(error)), forgetting_refused(context, workspace, before):
        raise error
    return (*(str(each.id) for each in read_spec(workspace).targets), *recorder.events)


def test_what_the_sources_refuse_is_not_recorded(tmp_path: Path) -> None:
    kept = _fail(tmp_path, _REFUSED, _BEFORE)
    assert kept == ("a@p", "note `a@q` is not recorded: the sources refuse it")


def test_a_first_target_that_is_refused_leaves_none(tmp_path: Path) -> None:
    assert _fail(tmp_path, _REFUSED, None)[0].startswith("note `a@q` is not recorded")


@pytest.mark.parametrize(
    "error",
    [
        EnvironmentLacksError("no compiler"),
        WorkError("cmake ended with status 1", details=("CMake Error at x/CMakeLists.txt:1 (y):",)),
    ],
)
def test_what_may_be_cured_stays_recorded(tmp_path: Path, error: Sel4BuildError) -> None:
    assert _fail(tmp_path, error, _BEFORE) == ("a@p", "a@q")
