# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Bring what a host lacks: packages of its distribution where the user may, else of Python."""

import os
import shlex
import sys
from collections.abc import Callable, Iterable

from sel4build.api.context import Context
from sel4build.catalog.host import load_host_data
from sel4build.configure.packages import find_manager, install_argv, unattended_argv
from sel4build.model.command import Command, Outcome
from sel4build.model.host import Finding, HostData, PackageManager
from sel4build.model.reporter import TaskEnd
from sel4build.process import find_program


def bring_missing(
    context: Context, findings: Iterable[Finding], *, agrees: Callable[[str], bool]
) -> None:
    """Install what the `findings` lack, as far as possible; the rest stays missing.

    pip is used without asking when this program runs in a virtual environment of its own.
    The distribution's packages are installed as root, or through sudo when `agrees` answers the
    question.
    """
    missing = tuple(each for each in findings if not each.found)
    requirements = sorted({each.requirement for each in missing if each.requirement})
    if requirements and _in_virtual_environment() and _install_with_pip(context, requirements):
        missing = tuple(each for each in missing if not each.requirement)
    packages = sorted({package for each in missing for package in each.packages})
    data = load_host_data(context.overlays)
    manager = find_manager(data, context.environ)
    if packages and manager is not None:
        _install_packages(context, packages, manager, data, agrees=agrees)


def _in_virtual_environment() -> bool:
    return sys.prefix != sys.base_prefix


def _install_with_pip(context: Context, requirements: list[str]) -> bool:
    task = f"install {' '.join(requirements)}"
    context.reporter.start(task)
    outcome = _run(context, (sys.executable, "-m", "pip", "install", "--quiet", *requirements))
    _finish(context, task, outcome)
    return outcome.succeeded


def _install_packages(
    context: Context,
    packages: list[str],
    manager: PackageManager,
    data: HostData,
    *,
    agrees: Callable[[str], bool],
) -> None:
    argv = install_argv(packages, manager, data)
    if argv is None:
        context.reporter.warn(f"not every package is known to {manager.name}")
        return
    prefix: tuple[str, ...] = ()
    if manager.needs_root and os.geteuid() != 0:
        if find_program("sudo", context.environ) is None:
            return
        if not agrees(f"Run `sudo {shlex.join(argv)}`?"):
            return
        # A program of ours has no terminal to ask on: sudo is to say so at once.
        prefix = ("sudo", "-n")
    install = (*prefix, *unattended_argv(argv, manager))
    task = f"install {' '.join(packages)}"
    context.reporter.note(f"run `{shlex.join((*prefix[:1], *argv))}`")
    context.reporter.start(task)
    outcome = _run(context, install)
    if not outcome.succeeded and manager.update:
        # The lists of packages may be old, or not there at all.
        outcome = _run(context, (*prefix, *unattended_argv(manager.update, manager)))
        if outcome.succeeded:
            outcome = _run(context, install)
    _finish(context, task, outcome)


def _run(context: Context, argv: tuple[str, ...]) -> Outcome:
    return context.runner.run(Command(argv=argv, cwd=context.cwd, env=context.environ))


def _finish(context: Context, task: str, outcome: Outcome) -> None:
    context.reporter.finish(task, end=TaskEnd.DONE if outcome.succeeded else TaskEnd.FAILED)
    if not outcome.succeeded:
        context.reporter.warn(f"`{outcome.command}` failed: {outcome.output.strip()[-400:]}")
