# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Guests of the user's own: from files to what a target records, and to what its build sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from sel4build.api.context import Context
from sel4build.api.selecting import select_one
from sel4build.errors import InputError
from sel4build.guests.buildroot import find_images
from sel4build.guests.files import ReadGuest, read_guest
from sel4build.guests.fit import GuestProblem, check_fit, check_form, check_start
from sel4build.guests.laying import Replacement, apply_layout, plan_layout
from sel4build.model.catalog import Catalog
from sel4build.model.guest import GuestFile, GuestFiles, GuestRole
from sel4build.model.target import Selection, Target
from sel4build.model.workspace import WantedTarget, Workspace
from sel4build.targets.replacing import find_root
from sel4build.workspace.spec import read_spec, write_spec


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestWishes:
    """Files that are to take the place of an app's, as the user names them."""

    files: Mapping[GuestRole, Path] = field(default_factory=dict)
    buildroot: Path | None = None
    """Folder in which Buildroot has worked; `files` win over what is in it."""


def with_guest(
    context: Context,
    catalog: Catalog,
    selection: Selection,
    *,
    wishes: GuestWishes,
    workspace: Workspace,
) -> Selection:
    """Return `selection` with the files of `wishes`, read and checked for its target.

    Raises InputError with all that is wrong with them.
    """
    found: dict[GuestRole, Path] = {}
    if wishes.buildroot is not None:
        plain = select_one(catalog, selection).target
        images = find_images(context.cwd / wishes.buildroot, plain)
        for note in images.notes:
            context.reporter.note(note)
        found.update(images.files)
    found.update({role: context.cwd / path for role, path in wishes.files.items()})
    if not found:
        return selection
    read = {role: read_guest(role, path) for role, path in found.items()}
    files = {
        role: GuestFile(path=_recorded_path(each.path, workspace), sha256=each.sha256)
        for role, each in read.items()
    }
    chosen = replace(selection, guest=GuestFiles.of(files))
    check_guest(select_one(catalog, chosen).target, read)
    return chosen


def check_guest(target: Target, read: Mapping[GuestRole, ReadGuest]) -> None:
    """Raise InputError with every reason why `read` cannot be the guest of `target`."""
    wrong = [
        (f"guest {role} `{each.path}` cannot be used: {problem.text}", problem)
        for role, each in read.items()
        if (problem := check_form(role, each.facts, target)) is not None
    ]
    if not wrong:
        facts = {role: each.facts for role, each in read.items()}
        unfit = check_fit(facts, target)
        wrong = [(f"the guest of `{target.id}` does not fit: {each.text}", each) for each in unfit]
    if wrong:
        (message, first), *others = wrong
        details = tuple(f"also: {text}{_in_brackets(each)}" for text, each in others)
        raise InputError(message, hint=first.hint, details=details)


def check_stock_guest(context: Context, target: Target, workspace: Workspace) -> None:
    """Raise InputError for a file of the app's that is a pointer or empty.

    Files of the user's have to fit beside them. What else is wrong with files that are all the
    app's is a warning, since they are not the user's choice, and upstream builds them: one that is
    missing (other revisions of the sources may name another), those that do not fit the guest's
    memory, a kernel that upstream's extract-vmlinux makes an empty file of, ending well, and one
    that is cut off.
    """
    read: dict[GuestRole, ReadGuest] = {}
    replaced = target.replaced.by_role()
    for role in GuestRole:
        stock = target.guest_file(role)
        if role in replaced:
            read[role] = _read_recorded(role, replaced[role], workspace)
        elif stock is not None:
            path = workspace.root / stock
            if not path.exists() and not path.is_symlink():
                context.reporter.warn(f"guest {role} `{stock}` of `{target.app.name}` is missing")
                continue
            read[role] = read_guest(role, path)
    if replaced:
        check_guest(target, read)
    else:
        for each in check_fit({role: file.facts for role, file in read.items()}, target):
            context.reporter.warn(f"the guest of `{target.id}` does not fit: {each.text}")
    kernel = read.get(GuestRole.KERNEL)
    unusable = check_start(kernel.facts, target) if kernel is not None else None
    if unusable is not None:
        stock = target.guest_file(GuestRole.KERNEL)
        context.reporter.warn(
            f"guest kernel `{stock}` of `{target.app.name}`: {unusable.text}, and the guest will"
            " not start; `init --guest-kernel FILE` gives it another"
        )


def lay_guest(target: Target, workspace: Workspace) -> Mapping[str, str]:
    """Lay the files of the user's for CMake, and return the variables that lead it there."""
    replaced = target.replaced.by_role()
    place = workspace.guests_dir / str(target.id)
    replacements = []
    for role, file in replaced.items():
        stock = target.guest_file(role) or ""
        root = find_root(target, stock)
        if root is None:  # refused when it was selected
            continue
        replacements.append(
            Replacement(
                root=root,
                stock=PurePosixPath(stock).relative_to(root.path),
                file=_read_recorded(role, file, workspace),
            )
        )
    if not replacements:
        return {}
    layout = plan_layout(tuple(replacements), workspace_root=workspace.root, place=place)
    place.mkdir(parents=True, exist_ok=True)
    apply_layout(layout)
    return layout.variables


def refresh_guests(context: Context, workspace: Workspace) -> None:
    """Record what changed in the user's files since they were recorded, and say so.

    The caller holds the workspace.
    """
    spec = read_spec(workspace)
    targets = tuple(_refreshed(context, wanted, workspace) for wanted in spec.targets)
    if targets != spec.targets:
        write_spec(replace(spec, targets=targets), workspace)


def _refreshed(context: Context, wanted: WantedTarget, workspace: Workspace) -> WantedTarget:
    files = dict(wanted.guest.by_role())
    for role, file in files.items():
        path = workspace.root / file.path
        if not path.is_file():
            continue  # told by the target that needs it
        now = read_guest(role, path).sha256
        if now != file.sha256:
            context.reporter.note(
                f"guest {role} `{file.path}` of `{wanted.id}` changed:"
                f" recorded in `{workspace.spec_file.name}`"
            )
            files[role] = replace(file, sha256=now)
    return replace(wanted, guest=GuestFiles.of(files))


def _read_recorded(role: GuestRole, file: GuestFile, workspace: Workspace) -> ReadGuest:
    return read_guest(role, workspace.root / file.path)


def _recorded_path(path: Path, workspace: Workspace) -> str:
    """Return `path` relative to the workspace where it is inside, else absolute."""
    absolute = path.resolve()
    if absolute.is_relative_to(workspace.root):
        return absolute.relative_to(workspace.root).as_posix()
    return str(absolute)


def _in_brackets(problem: GuestProblem) -> str:
    return f" ({problem.hint})" if problem.hint else ""
