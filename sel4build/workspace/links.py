# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Lay the links that a manifest asks for, as git-repo lays them: relative symbolic links."""

from pathlib import Path

from sel4build.errors import InputError
from sel4build.workspace.observe import Presence, observe_link
from sel4build.workspace.plan import LinkStep
from sel4build.workspace.state import LaidLink
from sel4build.writing import explaining_os_errors


def lay_link(root: Path, step: LinkStep) -> str | None:
    """Make or replace the symbolic link of `step`; return why not when its place is taken.

    A link to what is not there is laid, as git-repo does. Raises InputError when its source lies
    behind a symbolic link or is a device or pipe (git-repo, project.py, refuses such links too),
    EnvironmentLacksError when it cannot be written.
    """
    _check_source(root, step)
    # Looked at again: projects have placed their files since the plan was made.
    found = observe_link(root, step.link.dest)
    if found.presence is Presence.OTHER:
        return found.reason
    dest = step.link.dest.below(root)
    beside = dest.with_name(f".{dest.name}.new")
    with explaining_os_errors(dest):
        dest.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        beside.symlink_to(step.target)
        beside.replace(dest)
    return None


def remove_link(root: Path, link: LaidLink) -> bool:
    """Remove a link of an earlier sync; return false when something else is there by now."""
    if observe_link(root, link.dest).target != link.target:
        return False
    place = link.dest.below(root)
    with explaining_os_errors(place):
        place.unlink()
    return True


def _check_source(root: Path, step: LinkStep) -> None:
    place = step.project.path.below(root)
    what = f"linkfile `{step.link.dest}` of project `{step.project.name}`"
    for part in () if step.link.src.text == "." else step.link.src.parts:
        place /= part
        if place.is_symlink():
            message = f"{what}: its source lies behind the symbolic link `{place}`"
            raise InputError(message)
    if place.exists() and not (place.is_file() or place.is_dir()):
        message = f"{what}: its source `{place}` is neither a file nor a folder"
        raise InputError(message)


def leads_nowhere(root: Path, step: LinkStep) -> bool:
    """Tell whether the source of a link is not there."""
    return not (step.project.path.below(root) / step.link.src.text).exists()
