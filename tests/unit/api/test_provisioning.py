# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of installing what a host lacks: what is run, who is asked, and what is left alone."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sel4build.api.context import Context
from sel4build.api.provisioning import bring_missing
from sel4build.model.command import Command, Outcome
from sel4build.model.host import Finding
from tests.kit.configurations import write_program
from tests.kit.runner import FakeRunner, Recorder

GIT = Finding(what="git", found=True, detail="/usr/bin/git", why="every target", packages=("git",))
QEMU = Finding(
    what="qemu-system-acme",
    found=False,
    detail="not found",
    why="booting acme",
    packages=("qemu-acme", "qemu-acme-roms"),
)
COMPILER = Finding(
    what="compiler for aarch64",
    found=False,
    detail="not found",
    why="acme",
    packages=("gcc-acme",),
    requirement="acme-compiler==1.0",
)
NO_CMAKE = Finding(what="cmake", found=False, detail="not found", why="every target", cure="pip")

APT = (
    *("env", "DEBIAN_FRONTEND=noninteractive", "apt-get"),
    *("--yes", "-qq", "-o DPkg::Lock::Timeout=120"),
)


def apt(words: str, *, sudo: bool = False) -> str:
    return " ".join([*(("sudo", "-n") if sudo else ()), *APT, words])


def install(*packages: str, sudo: bool = False) -> str:
    words = ("install", "--no-install-recommends", *packages)
    return apt(" ".join(words), sudo=sudo)


def pip(*requirements: str) -> str:
    return " ".join((sys.executable, "-m", "pip", "install", "--quiet", *requirements))


def never(question: str) -> bool:
    raise AssertionError(question)


class FailingRunner(FakeRunner):
    """Fails the commands whose last word, or number in the order of running, is named."""

    def __init__(self, *fails: str | int) -> None:
        super().__init__()
        self.fails = fails

    def run(self, command: Command, **options: Any) -> Outcome:
        outcome = super().run(command, **options)
        if not {len(self.commands), command.argv[-1]}.isdisjoint(self.fails):
            return replace(outcome, returncode=100, output="no network\n")
        return outcome


@pytest.fixture(autouse=True)
def in_an_environment_as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setattr(sys, "prefix", "/somewhere/.venv")


def bring(
    tmp_path: Path,
    *findings: Finding,
    programs: tuple[str, ...] = ("apt-get",),
    runner: FakeRunner | None = None,
    agrees: Callable[[str], bool] = never,
) -> tuple[list[str], Recorder]:
    """Return what was run and what was told, on a host with these `programs`."""
    runner = runner or FakeRunner()
    told = Recorder()
    for name in programs:
        write_program(tmp_path / "bin" / name, "")
    context = Context(
        environ={"PATH": str(tmp_path / "bin")}, cwd=tmp_path, runner=runner, reporter=told
    )
    bring_missing(context, findings, agrees=agrees)
    return [" ".join(command.argv) for command in runner.commands], told


def test_nothing_is_run_where_nothing_is_missing(tmp_path: Path) -> None:
    assert bring(tmp_path, GIT) == ([], Recorder())


def test_what_has_neither_package_nor_requirement_is_left_alone(tmp_path: Path) -> None:
    assert bring(tmp_path, NO_CMAKE)[0] == []


def test_root_gets_debian_packages_in_one_command_without_being_asked(tmp_path: Path) -> None:
    commands, told = bring(tmp_path, QEMU, GIT)

    assert commands == [install("qemu-acme", "qemu-acme-roms")]
    assert told.events == [
        "note run `apt-get install --no-install-recommends qemu-acme qemu-acme-roms`",
        "start install qemu-acme qemu-acme-roms of None",
        "finish install qemu-acme qemu-acme-roms: done, ",
    ]


def test_package_lists_are_fetched_once_where_they_do_not_help(tmp_path: Path) -> None:
    commands, told = bring(tmp_path, QEMU, runner=FailingRunner(1))

    line = install("qemu-acme", "qemu-acme-roms")
    assert commands == [line, apt("update"), line]
    assert told.warnings == ()


def test_nothing_is_installed_from_lists_that_cannot_be_fetched(tmp_path: Path) -> None:
    commands, told = bring(tmp_path, QEMU, runner=FailingRunner(1, "update"))

    assert commands[1:] == [apt("update")]
    assert told.warnings == (f"`cd {tmp_path} && {apt('update')}` failed: no network",)
    assert told.events[-2] == "finish install qemu-acme qemu-acme-roms: failed, "


def test_a_compiler_comes_from_pip_and_its_debian_package_stays_away(tmp_path: Path) -> None:
    commands, _ = bring(tmp_path, COMPILER, QEMU)

    assert commands == [pip("acme-compiler==1.0"), install("qemu-acme", "qemu-acme-roms")]


def test_a_compiler_that_pip_cannot_bring_comes_from_debian(tmp_path: Path) -> None:
    commands, told = bring(tmp_path, COMPILER, runner=FailingRunner("acme-compiler==1.0"))

    assert commands == [pip("acme-compiler==1.0"), install("gcc-acme")]
    assert len(told.warnings) == 1


def test_pip_keeps_off_the_python_of_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", "/usr")

    assert bring(tmp_path, COMPILER)[0] == [install("gcc-acme")]


def test_another_user_is_asked_for_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    questions: list[str] = []

    def agrees(question: str) -> bool:
        questions.append(question)
        return True

    commands, _ = bring(tmp_path, QEMU, programs=("apt-get", "sudo"), agrees=agrees)

    assert questions == [
        "Run `sudo apt-get install --no-install-recommends qemu-acme qemu-acme-roms`?"
    ]
    assert commands == [install("qemu-acme", "qemu-acme-roms", sudo=True)]


@pytest.mark.parametrize(
    ("programs", "agrees"),
    [
        (("apt-get", "sudo"), lambda _question: False),
        (("apt-get",), never),
        (("sudo",), never),
    ],
    ids=["who-says-no", "without-sudo", "without-apt"],
)
def test_another_user_keeps_the_host(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    programs: tuple[str, ...],
    agrees: Callable[[str], bool],
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert bring(tmp_path, QEMU, programs=programs, agrees=agrees) == ([], Recorder())
