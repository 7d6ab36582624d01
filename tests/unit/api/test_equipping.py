# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Which Python a build gets: one of ours that is there, the user's, or one that has to be made."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.equipping import (
    environment_for,
    examined_host,
    look_for_memo,
    look_for_modules,
    make_environments,
    python_dir_of,
    tool_state,
)
from sel4build.catalog.host import load_host_data
from sel4build.configure.ready import ToolSources, add_ready_tool, memo_file
from sel4build.errors import EnvironmentLacksError
from sel4build.model.command import Command
from sel4build.model.host import HostData, Need
from sel4build.model.target import Target
from tests.kit.configurations import write_program
from tests.kit.git_remote import run_git
from tests.kit.runner import Answer, FakeRunner, Recorder
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


def test_what_lacks_is_installed_and_said(tmp_path: Path, target: Target) -> None:
    user = context(tmp_path, "pyfdt")
    host = examined_host(user, DATA, remembers=False)
    environment = environment_for(user, TOOL)

    def make(command: Command) -> None:
        if "venv" in command.argv:
            environment.bin_dir.mkdir(parents=True)
            (environment.bin_dir / "python3").write_text("")

    runner = FakeRunner({Path(sys.executable).name: Answer(does=make)})
    make_environments(replace(user, runner=runner), DATA, (target,), host)
    assert environment.is_made
    assert isinstance(user.reporter, Recorder)
    assert user.reporter.events[0].startswith("note `python3` lacks `pyfdt`: install what is ")


CAPDL = DATA.tools["capdl"]


def _project(root: Path) -> str:
    project = root / "projects" / "capdl"
    (project / "capDL-tool").mkdir(parents=True)
    (project / "capDL-tool" / "Main.hs").write_text("main")
    for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "-m", "First")):
        run_git(*words, cwd=project)
    return run_git("rev-parse", "HEAD", cwd=project)


def _real(folder: Path) -> Context:
    environ = {**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    return Context(environ=environ, cwd=folder)


def test_a_memo_is_found_for_the_commit_of_the_workspace_alone(tmp_path: Path) -> None:
    user, root = _real(tmp_path), tmp_path / "w"
    assert look_for_memo(user, CAPDL, root) is None
    commit = _project(root)
    assert look_for_memo(user, CAPDL, root) is None
    other = memo_file(user.cache_dir / "sel4" / "one", "capDL-tool", "e" * 40)
    right = memo_file(user.cache_dir / "sel4" / "two", "capDL-tool", commit)
    other.parent.mkdir(parents=True)
    other.write_bytes(b"")
    assert look_for_memo(user, CAPDL, root) is None
    right.parent.mkdir(parents=True)
    right.write_bytes(b"")
    finding = look_for_memo(user, CAPDL, root)
    assert finding is not None
    assert finding.detail == str(right)
    (root / "projects" / "capdl" / "capDL-tool" / "Main.hs").write_text("edited")
    assert look_for_memo(user, CAPDL, root) is None  # upstream builds changed sources itself


def test_a_ready_tool_is_found_for_the_same_sources(tmp_path: Path) -> None:
    user, root = _real(tmp_path), tmp_path / "w"
    sources = ToolSources(commit=_project(root))
    (tmp_path / "given").write_bytes(b"tool")
    ready = add_ready_tool("parse-capDL", tmp_path / "given", sources, user.cache_dir)
    finding = look_for_memo(user, CAPDL, root)
    assert finding is not None
    assert finding.detail == str(ready.file)


def test_without_git_it_is_not_claimed_that_the_sources_are_wrong(tmp_path: Path) -> None:
    root = tmp_path / "w"
    _project(root)
    user = Context(environ={"PATH": "/nowhere", "HOME": str(tmp_path)}, cwd=tmp_path)
    assert tool_state(user, CAPDL, root).why_not == ""
    (root / "projects" / "capdl" / ".git").rename(tmp_path / "gone")
    assert "no repository" in tool_state(_real(tmp_path), CAPDL, root).why_not
