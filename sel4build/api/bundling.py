# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Carry a workspace to where no network is: one file with all that a sync needs."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.syncing import git_of
from sel4build.errors import InputError, WorkError
from sel4build.git.bundles import read_bundle, write_bundle
from sel4build.git.client import Git
from sel4build.git.failure import GitError
from sel4build.lock import read_lock
from sel4build.lock.file import parse_lock
from sel4build.model.lock import Lock
from sel4build.model.manifest import CommitId
from sel4build.model.workspace import Workspace
from sel4build.workspace.archive import unpack_archive, write_archive
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.spec import parse_spec, read_spec
from sel4build.writing import explaining_os_errors, write_if_changed

_SPEC, _LOCK, _MANIFEST = "sel4build.toml", "sel4build.lock", "manifest.bundle"
_LOCAL = "local/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """A bundle that was made, or a workspace that was made of one."""

    place: Path
    num_projects: int


def create_bundle(context: Context, workspace: Workspace, file: Path) -> Bundled:
    """Write all that the lock of `workspace` names to `file`.

    Raises InputError when there is no lockfile, WorkError when a commit is not in the workspace.
    """
    dest = context.cwd / file
    git = git_of(context)
    with workspace_lock(workspace, context.reporter), _scratch(workspace) as scratch:
        spec = read_spec(workspace)
        if not workspace.lock_file.is_file():
            message = f"there is no lockfile `{workspace.lock_file}`"
            raise InputError(message, hint="make it and the projects: `sel4build sync`")
        lock = read_lock(workspace.lock_file)
        files = {_SPEC: workspace.spec_file, _LOCK: workspace.lock_file}
        for each in sorted(workspace.local_manifests_dir.glob("*.xml")):
            files[f"{_LOCAL}{each.name}"] = each
        if spec.manifest.path is not None:
            context.reporter.warn(
                f"manifest file `{spec.manifest.path}` is not in the bundle: "
                "a sync goes without it, a new lock does not"
            )
        for name, path, source, commit in _repositories(workspace, lock):
            made = scratch / f"{len(files)}.bundle"
            try:
                write_bundle(git, source, commit, dest=made, scratch=scratch / f"{len(files)}.git")
            except GitError as error:
                message = f"`{path}` cannot be bundled: {error.reason}"
                raise WorkError(message, hint="run `sel4build sync` first") from error
            files[name] = made
        write_archive(files, dest)
    return Bundled(place=dest, num_projects=len(lock.projects))


def extract_bundle(context: Context, file: Path, directory: Path) -> Bundled:
    """Make a workspace in the new folder `directory` of a bundle; its sync needs no network.

    Every digest is checked before anything is used. Raises InputError for what is not right.
    """
    source = context.cwd / file
    workspace = Workspace((context.cwd / directory).resolve())
    root = workspace.root
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        message = f"`{root}` is there already and not an empty folder"
        raise InputError(message, hint="name a new folder")
    with (
        _undoing_on_failure(root),
        workspace_lock(workspace, context.reporter),
        _scratch(workspace) as scratch,
    ):
        lock = _fill(git_of(context), workspace, unpack_archive(source, scratch), source)
    return Bundled(place=root, num_projects=len(lock.projects))


def _fill(git: Git, workspace: Workspace, places: dict[str, Path], source: Path) -> Lock:
    """Put what was unpacked in its place; `sel4build.toml` comes last."""
    absent = [name for name in (_SPEC, _LOCK) if name not in places]
    if absent:
        message = f"bundle `{source}` has no `{absent[0]}`"
        raise InputError(message)
    spec_text, lock_text = (places[name].read_bytes() for name in (_SPEC, _LOCK))
    parse_spec(spec_text.decode("utf-8", "replace"), f"{source}: {_SPEC}")
    lock = parse_lock(lock_text.decode("utf-8", "replace"), f"{source}: {_LOCK}")
    wanted = {name: path for name, path, _source, _commit in _repositories(workspace, lock)}
    local = {name for name in places if name.startswith(_LOCAL)}
    if places.keys() != {_SPEC, _LOCK, *wanted, *local}:
        message = f"bundle `{source}` does not hold what its lockfile names"
        raise InputError(message)
    for name, path, dest, commit in _repositories(workspace, lock, is_new=True):
        try:
            read_bundle(git, places[name], commit, dest=dest)
        except GitError as error:
            message = f"bundle `{source}`: `{path}` cannot be read: {error.reason}"
            raise InputError(message) from error
    for name in sorted(local):
        dest = workspace.local_manifests_dir / name.removeprefix(_LOCAL)
        write_if_changed(dest, places[name].read_bytes())
    write_if_changed(workspace.lock_file, lock_text)
    write_if_changed(workspace.spec_file, spec_text)
    return lock


def _repositories(
    workspace: Workspace, lock: Lock, *, is_new: bool = False
) -> Iterator[tuple[str, str, Path, CommitId]]:
    """Yield the name in the archive, the path, the git directory and the commit of each.

    In a workspace that is new, a project has only the home that its first sync takes over.
    """
    if lock.manifest_commit is not None:
        yield _MANIFEST, "manifest", workspace.manifest_dir / ".git", lock.manifest_commit
    for number, each in enumerate(lock.projects):
        git_dir = each.path.below(workspace.root) / ".git"
        place = workspace.git_home(each.path) if is_new else git_dir
        yield f"objects/{number:04}.bundle", each.path.text, place, each.commit


@contextlib.contextmanager
def _scratch(workspace: Workspace) -> Iterator[Path]:
    with explaining_os_errors(workspace.state_dir):
        workspace.state_dir.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="bundle-", dir=workspace.state_dir))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _undoing_on_failure(root: Path) -> Iterator[None]:
    """Remove what was made in a folder that was empty or absent."""
    was_there = root.is_dir()
    try:
        yield
    except BaseException:
        if was_there:
            for each in root.iterdir():
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        else:
            shutil.rmtree(root, ignore_errors=True)
        raise
