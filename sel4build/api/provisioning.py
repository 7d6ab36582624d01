# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Bring what a host lacks: Debian packages where the user may, Python packages otherwise."""

import os
import sys
from collections.abc import Callable, Iterable

from sel4build.api.context import Context
from sel4build.api.doctoring import Finding
from sel4build.model.command import Command, Outcome
from sel4build.model.reporter import TaskEnd
from sel4build.process import find_program

# A machine that has just started may still be at its own updates.
_APT_GET = (
    *("env", "DEBIAN_FRONTEND=noninteractive"),  # sudo clears the environment
    *("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"),
)


def bring_missing(
    context: Context, findings: Iterable[Finding], *, agrees: Callable[[str], bool]
) -> None:
    """Install what the `findings` lack, as far as possible; the rest stays missing.

    pip is used without asking when this program runs in a virtual environment of its own.
    Debian's packages are installed as root, or through sudo when `agrees` answers the question.
    """
    missing = tuple(each for each in findings if not each.found)
    requirements = sorted({each.requirement for each in missing if each.requirement})
    if requirements and _in_virtual_environment() and _install_with_pip(context, requirements):
        missing = tuple(each for each in missing if not each.requirement)
    packages = sorted({package for each in missing for package in each.packages})
    if packages:
        _install_with_apt(context, packages, agrees=agrees)


def _in_virtual_environment() -> bool:
    return sys.prefix != sys.base_prefix


def _install_with_pip(context: Context, requirements: list[str]) -> bool:
    task = f"install {' '.join(requirements)}"
    context.reporter.start(task)
    outcome = _run(context, (sys.executable, "-m", "pip", "install", "--quiet", *requirements))
    _finish(context, task, outcome)
    return outcome.succeeded


def _install_with_apt(
    context: Context, packages: list[str], *, agrees: Callable[[str], bool]
) -> None:
    if find_program("apt-get", context.environ) is None:
        return
    prefix: tuple[str, ...] = ()
    if os.geteuid() != 0:
        if find_program("sudo", context.environ) is None:
            return
        if not agrees(f"Install {' '.join(packages)} with sudo apt-get?"):
            return
        # A program of ours has no terminal to ask on: sudo is to say so at once.
        prefix = ("sudo", "-n")
    apt_get = (*prefix, *_APT_GET)
    install = (*apt_get, "install", "--yes", "--no-install-recommends", *packages)
    task = f"install {' '.join(packages)}"
    context.reporter.start(task)
    outcome = _run(context, install)
    if not outcome.succeeded:
        # The lists of packages may be old, or not there at all.
        outcome = _run(context, (*apt_get, "update"))
        if outcome.succeeded:
            outcome = _run(context, install)
    _finish(context, task, outcome)


def _run(context: Context, argv: tuple[str, ...]) -> Outcome:
    return context.runner.run(Command(argv=argv, cwd=context.cwd, env=context.environ))


def _finish(context: Context, task: str, outcome: Outcome) -> None:
    context.reporter.finish(task, end=TaskEnd.DONE if outcome.succeeded else TaskEnd.FAILED)
    if not outcome.succeeded:
        context.reporter.warn(f"`{outcome.command}` failed: {outcome.output.strip()[-400:]}")
