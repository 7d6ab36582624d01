# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Which Python a build gets: one of ours that is there, the user's, or one that has to be made."""

from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.equipping import (
    environment_for,
    examined_host,
    look_for_modules,
    make_environments,
    python_dir_of,
)
from sel4build.catalog.host import load_host_data
from sel4build.errors import EnvironmentLacksError
from sel4build.model.host import HostData, Need
from sel4build.model.target import Target
from tests.kit.configurations import write_program
from tests.kit.runner import FakeRunner, Recorder
from tests.kit.targets import a_target

DATA = load_host_data()
TOOL = DATA.tools["camkes-python"]


@pytest.fixture
def target() -> Target:
    plain = a_target()
    need = Need(tool="camkes-python", why="generate")
    return replace(plain, app=replace(plain.app, needs=(need,)))


def context(folder: Path, *missing: str) -> Context:
    names = ", ".join(f'"{name}"' for name in missing)
    write_program(folder / "bin" / "python3", f'echo \'{{"missing": [{names}], "path": []}}\'')
    environ = {"PATH": str(folder / "bin"), "HOME": str(folder)}
    return Context(environ=environ, cwd=folder, reporter=Recorder())


def make_by_hand(context: Context) -> Path:
    environment = environment_for(context, TOOL)
    environment.bin_dir.mkdir(parents=True)
    (environment.bin_dir / "python3").write_text("")
    (environment.folder / "sel4build.json").write_text("{}")
    return environment.bin_dir


def chosen(context: Context, data: HostData, target: Target) -> Path | None:
    return python_dir_of(context, data, target, examined_host(context, data, remembers=False))


def test_the_users_python_will_do_when_it_has_the_packages(tmp_path: Path, target: Target) -> None:
    user = context(tmp_path)
    assert chosen(user, DATA, target) is None
    finding = look_for_modules(user, TOOL, examined_host(user, DATA, remembers=False))
    assert (finding.found, finding.detail) == (True, "those of `python3` on PATH")


def test_a_python_without_the_packages_is_replaced(tmp_path: Path, target: Target) -> None:
    user = context(tmp_path, "pyfdt")
    assert chosen(user, DATA, target) == environment_for(user, TOOL).bin_dir
    assert chosen(user, DATA, a_target()) is None


def test_an_environment_of_ours_that_is_there_is_always_taken(
    tmp_path: Path, target: Target
) -> None:
    user = context(tmp_path)
    made = make_by_hand(user)
    assert chosen(user, DATA, target) == made
    finding = look_for_modules(user, TOOL, examined_host(user, DATA, remembers=False))
    assert finding.detail == f"ours, {made.parent}"


def test_without_a_network_it_is_said_what_lacks(tmp_path: Path, target: Target) -> None:
    user = replace(context(tmp_path, "pyfdt", "ply"), runner=context(tmp_path, "pyfdt").runner)
    host = examined_host(user, DATA, remembers=False)
    with pytest.raises(EnvironmentLacksError, match="`python3` lacks `pyfdt`") as caught:
        make_environments(user, DATA, (target,), host, is_offline=True)
    assert "sel4build tools install" in (caught.value.hint or "")


@pytest.mark.parametrize("is_made", [True, False])
def test_nothing_is_installed_where_nothing_lacks(
    tmp_path: Path,
    target: Target,
    is_made: bool,  # noqa: FBT001
) -> None:
    user = context(tmp_path)
    if is_made:
        user = context(tmp_path, "pyfdt")
        make_by_hand(user)
    host = examined_host(user, DATA, remembers=False)
    idle = replace(user, runner=FakeRunner())
    make_environments(idle, DATA, (target,), host)
    assert isinstance(idle.runner, FakeRunner)
    assert idle.runner.commands == []
