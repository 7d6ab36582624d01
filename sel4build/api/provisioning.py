# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Bring what a host lacks: Debian packages where the user may, Python packages otherwise."""

import os
import sys
from collections.abc import Callable, Iterable

from sel4build.api.context import Context
from sel4build.api.doctoring import Finding
from sel4build.model.command import Command
from sel4build.model.reporter import TaskEnd
from sel4build.process import find_program


def bring_missing(
    context: Context, findings: Iterable[Finding], *, agrees: Callable[[str], bool]
) -> None:
    """Install what the `findings` lack, as far as possible; the rest stays missing.

    pip is used without asking when this program runs in a virtual environment of its own.
    Debian's packages are installed as root, or through sudo when `agrees` answers the question.
    """
    missing = tuple(each for each in findings if not each.found)
    requirements = sorted({each.requirement for each in missing if each.requirement})
    if requirements and sys.prefix != sys.base_prefix:
        command = (sys.executable, "-m", "pip", "install", "--quiet", *requirements)
        if _install(context, command, f"install {' '.join(requirements)}"):
            missing = tuple(each for each in missing if not each.requirement)
    packages = sorted({package for each in missing for package in each.packages})
    if packages:
        _install_packages(context, packages, agrees=agrees)


def _install_packages(
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
        prefix = ("sudo", "-n")
    _install(context, (*prefix, "apt-get", "update", "-qq"), "update the package lists")
    _install(
        context,
        (*prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages),
        f"install {' '.join(packages)}",
    )


def _install(context: Context, argv: tuple[str, ...], task: str) -> bool:
    context.reporter.start(task)
    command = Command(
        argv=argv,
        cwd=context.cwd,
        env={**context.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    outcome = context.runner.run(command)
    context.reporter.finish(task, end=TaskEnd.DONE if outcome.succeeded else TaskEnd.FAILED)
    if not outcome.succeeded:
        context.reporter.warn(f"`{command}` failed: {outcome.output.strip()[-400:]}")
    return outcome.succeeded
