# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The Python of builds: whether the host's will do, and how one of ours is made."""

import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sel4build.catalog.host import load_host_data
from sel4build.configure.examining import ExaminedHost
from sel4build.configure.python import (
    PackageEnvironment,
    environment_of,
    make_environment,
    missing_modules,
)
from sel4build.configure.recollection import Recollection
from sel4build.errors import EnvironmentLacksError
from sel4build.model.command import Command
from sel4build.model.host import HostTool
from sel4build.process import Runner, SubprocessRunner
from tests.kit.configurations import write_program
from tests.kit.runner import Answer, FakeRunner, Recorder

TOOL = HostTool(name="snakes", summary="Snakes", modules=("json", "no_such_module"), locks=("l",))


def host(
    folder: Path, *, runner: Runner | None = None, environ: Mapping[str, str] | None = None
) -> ExaminedHost:
    return ExaminedHost(
        data=load_host_data(),
        environ={"PATH": str(folder), **(environ or {})},
        runner=runner or SubprocessRunner(),
        recollection=Recollection(folder=folder / "seen"),
        manager=None,
        is_root=True,
    )


def environment(folder: Path, text: str = "a==1\n") -> PackageEnvironment:
    lock = folder / "l"
    lock.write_text(text)
    return environment_of(TOOL, (lock,), folder / "cache")


def test_the_modules_that_cannot_be_imported_are_named(tmp_path: Path) -> None:
    (tmp_path / "python3").symlink_to(sys.executable)
    assert missing_modules(TOOL.modules, host(tmp_path)) == ("no_such_module",)
    assert missing_modules(("json",), host(tmp_path)) == ()


def test_a_module_that_breaks_when_it_is_imported_is_missing(tmp_path: Path) -> None:
    (tmp_path / "python3").symlink_to(sys.executable)
    (tmp_path / "broken_module.py").write_text("raise TypeError('not with this protobuf')")
    asked = host(tmp_path, environ={"PYTHONPATH": str(tmp_path)})
    assert missing_modules(("broken_module",), asked) == ("broken_module",)


def test_a_python_that_is_not_there_or_talks_nonsense(tmp_path: Path) -> None:
    assert missing_modules(TOOL.modules, host(tmp_path)) is None
    write_program(tmp_path / "python3", "echo hello")
    assert missing_modules(TOOL.modules, host(tmp_path)) == TOOL.modules
    (tmp_path / "python3").unlink()
    write_program(tmp_path / "python3", "exit 1")
    assert missing_modules(TOOL.modules, host(tmp_path)) == TOOL.modules


def test_python_is_asked_once_until_a_folder_of_its_packages_changes(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    write_program(tmp_path / "python3", "")
    said = json.dumps({"missing": [], "path": [str(packages)]})
    runner = FakeRunner({"python3": Answer(output=f"some noise\n{said}\n")})
    for num_commands in (1, 1):
        assert missing_modules(("json",), host(tmp_path, runner=runner)) == ()
        assert len(runner.commands) == num_commands
    (packages / "new").mkdir()
    assert missing_modules(("json",), host(tmp_path, runner=runner)) == ()
    assert len(runner.commands) == 2


def test_another_lock_or_python_has_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = environment(tmp_path).folder
    assert first == environment(tmp_path).folder
    assert first.name.startswith("snakes-")
    assert first != environment(tmp_path, "a==2\n").folder
    monkeypatch.setattr(sys, "base_prefix", "/opt/other")
    assert first != environment(tmp_path).folder


def _makes(wanted: PackageEnvironment) -> Any:
    def make(command: Command) -> None:
        if "venv" in command.argv:
            wanted.bin_dir.mkdir(parents=True)
            (wanted.bin_dir / "python3").write_text("")

    return make


def test_an_environment_is_made_once_from_hashes_alone(tmp_path: Path) -> None:
    wanted, told = environment(tmp_path), Recorder()
    runner = FakeRunner({Path(sys.executable).name: Answer(does=_makes(wanted))})
    environ = {"PATH": "/usr/bin", "PIP_TARGET": "/elsewhere", "PYTHONPATH": "/mine", "HOME": "/h"}
    assert not wanted.is_made
    for _ in range(2):
        make_environment(wanted, environ=environ, runner=runner, reporter=told)
    venv, install = runner.commands
    assert venv.argv == (sys.executable, "-m", "venv", str(wanted.folder))
    assert install.argv[0] == str(wanted.bin_dir / "python3")
    assert {"--require-hashes", "--no-deps", "--no-build-isolation"} < set(install.argv)
    assert install.argv[-1] == str(tmp_path / "l")
    assert install.env == {"PATH": "/usr/bin", "HOME": "/h"}
    assert told.events == ["start install Snakes of None", "finish install Snakes: done, "]
    assert wanted.is_made


def test_what_a_killed_run_has_left_is_made_anew(tmp_path: Path) -> None:
    wanted = environment(tmp_path)
    wanted.bin_dir.mkdir(parents=True)
    for name in ("python3", "half"):
        (wanted.bin_dir / name).write_text("")
    assert not wanted.is_made
    runner = FakeRunner({Path(sys.executable).name: Answer(does=_makes(wanted))})
    make_environment(wanted, environ={}, runner=runner, reporter=Recorder())
    assert [each.name for each in wanted.bin_dir.iterdir()] == ["python3"]
    assert wanted.is_made


def test_of_two_runs_one_installs_and_the_other_waits(tmp_path: Path) -> None:
    wanted = environment(tmp_path)
    first, second = Recorder(), Recorder()
    others: list[Future[None]] = []

    def make(command: Command) -> None:
        _makes(wanted)(command)
        if "venv" in command.argv:
            others.append(
                pool.submit(
                    make_environment, wanted, environ={}, runner=FakeRunner(), reporter=second
                )
            )
            while not second.events:
                time.sleep(0.01)

    runner = FakeRunner({Path(sys.executable).name: Answer(does=make)})
    with ThreadPoolExecutor() as pool:
        make_environment(wanted, environ={}, runner=runner, reporter=first)
        others[0].result()
    assert [each for each in second.events if "start" in each] == []
    assert "another run installs Snakes: wait for it" in second.events[0]


def test_a_pip_that_outlives_a_killed_run_still_holds_the_lock(tmp_path: Path) -> None:
    wanted = environment(tmp_path)
    held = tmp_path / "held"

    def leave(command: Command) -> None:
        _makes(wanted)(command)
        if "venv" not in command.argv:
            lock_file = wanted.folder.with_name(f".{wanted.folder.name}.lock")
            ask = f"readlink /proc/self/fd/* | grep -Fx '{lock_file}'"
            done = subprocess.run(
                ("sh", "-c", ask), check=False, capture_output=True, close_fds=False
            )
            held.write_bytes(done.stdout)

    name = Path(sys.executable).name
    runner = FakeRunner({name: Answer(does=leave), "python3": Answer(does=leave)})
    make_environment(wanted, environ={}, runner=runner, reporter=Recorder())
    assert held.read_text().strip().endswith(".lock")


def test_an_install_that_fails_leaves_nothing_that_counts(tmp_path: Path) -> None:
    wanted, told = environment(tmp_path), Recorder()
    output = "Collecting a\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n"
    answers = {
        Path(sys.executable).name: Answer(does=_makes(wanted)),
        "python3": Answer(output=output, returncode=1, does=_makes(wanted)),
    }
    runner = FakeRunner(answers)
    with pytest.raises(EnvironmentLacksError, match="Snakes could not be installed") as caught:
        make_environment(wanted, environ={}, runner=runner, reporter=told)
    assert caught.value.details[0] == "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"
    assert told.events[-1] == "finish install Snakes: failed, "
    assert not wanted.is_made


@pytest.mark.parametrize("has_pip", [True, False])
def test_a_python_without_ensurepip_takes_the_hosts_pip_or_says_what_lacks(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    has_pip: bool,  # noqa: FBT001
) -> None:
    real = importlib.util.find_spec

    def find(name: str) -> object:
        if name == "ensurepip":
            return None
        return (real("json") if has_pip else None) if name == "pip" else real(name)

    monkeypatch.setattr(importlib.util, "find_spec", find)
    wanted = environment(tmp_path)
    runner = FakeRunner({Path(sys.executable).name: Answer(does=_makes(wanted))})
    if not has_pip:
        with pytest.raises(EnvironmentLacksError, match="lacks ensurepip and pip") as caught:
            make_environment(wanted, environ={}, runner=runner, reporter=Recorder())
        assert "python3-venv" in (caught.value.hint or "")
        return
    make_environment(wanted, environ={}, runner=runner, reporter=Recorder())
    venv, install = runner.commands
    assert "--without-pip" in venv.argv
    python = str(wanted.bin_dir / "python3")
    assert install.argv[:5] == (sys.executable, "-m", "pip", "--python", python)
