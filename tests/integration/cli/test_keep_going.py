# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Of several targets, those that can be made are made, and the others each have their error."""

from pathlib import Path

import pytest

from sel4build.api.building import Goal, reach
from sel4build.api.context import Context
from sel4build.api.reporting import built_rows
from sel4build.errors import ExitCode
from sel4build.model.workspace import Workspace
from tests.kit.cli import BRINGUP, TARGET, World

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]


def test_an_error_belongs_to_the_target_whose_step_raised_it(world: World, tmp_path: Path) -> None:
    world.run("init", *BRINGUP, cwd=tmp_path).ok()
    init = world.run("init", *BRINGUP, "--num-nodes", "2", "--json", cwd=tmp_path).ok()
    other = init.object("init")["target"]
    # Nothing that packaging says of this names the target.
    (tmp_path / "out" / other).parent.mkdir()
    (tmp_path / "out" / other).write_text("in the way")
    context = Context(environ=world.environ, cwd=tmp_path)
    ids = (TARGET, other)
    built = reach(context, Workspace(tmp_path), Goal.PACKAGE, ids, keep_going=True)
    assert [id_ for id_, _ in built.failures] == [other]
    assert built.failures[0][1].exit_code is not ExitCode.INTERNAL
    assert [row.target for row in built_rows(built, Goal.PACKAGE)] == [TARGET]
