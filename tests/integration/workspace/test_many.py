# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of workspaces with very many projects: what one costs does not depend on the others."""

import time
import tracemalloc
from pathlib import Path

import pytest

from sel4build.lock import parse_lock, render_lock
from sel4build.manifest import ManifestFiles, load_manifest
from sel4build.model.workspace import Workspace
from sel4build.workspace.observe import observe_workspace
from sel4build.workspace.plan import Action, plan_sync
from tests.kit.locks import a_lock, a_locked_project

_FEW, _MANY = 400, 4_000
_MOST_BYTES_EACH = 12_000


def _peak(action: object) -> int:
    """Return the most memory that `action` takes, in bytes."""
    assert callable(action)
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _plan(folder: Path, count: int) -> None:
    lock = a_lock(
        *(a_locked_project(f"d{n % 97}/p{n}", links=(("file", f"l{n}"),)) for n in range(count))
    )
    read = parse_lock(render_lock(lock), str(folder / "sel4build.lock"))
    plan = plan_sync(read, observe_workspace(Workspace(folder), read))
    assert [step.action for step in plan.projects] == [Action.CREATE] * count


def _load(folder: Path, count: int) -> None:
    projects = "".join(f'<project name="p{n}" path="d{n % 97}/p{n}"/>' for n in range(count))
    text = '<manifest><remote name="o" fetch="https://h"/><default remote="o" revision="main"/>'
    (folder / "m.xml").write_text(f"{text}{projects}</manifest>")
    manifest = load_manifest(ManifestFiles(root_dir=folder, file="m.xml"))
    assert len(manifest.projects) == count


@pytest.mark.parametrize("work", [_plan, _load])
def test_memory_and_time_grow_no_faster_than_the_number_of_projects(
    tmp_path: Path, work: object
) -> None:
    assert callable(work)
    few = _peak(lambda: work(tmp_path, _FEW))
    many = _peak(lambda: work(tmp_path, _MANY))
    assert many - few < (_MANY - _FEW) * _MOST_BYTES_EACH

    started = time.process_time()
    work(tmp_path, _FEW)
    few_s = time.process_time() - started
    work(tmp_path, _MANY)
    many_s = time.process_time() - started - few_s
    assert many_s < 3 * few_s * _MANY / _FEW
