# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Carry a workspace to where no network is: one file with all that a sync needs."""

import contextlib
import hashlib
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
from sel4build.model.manifest import CommitId, is_commit_id
from sel4build.model.workspace import Workspace
from sel4build.workspace.archive import unpack_archive, write_archive
from sel4build.workspace.carried import CarriedFile, collect_files, parse_carried, place_file
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.spec import parse_spec, read_spec, render_spec
from sel4build.workspace.submodules import learn_submodules, with_submodules
from sel4build.writing import explaining_os_errors, write_if_changed

_SPEC, _LOCK, _FILES = "sel4build.toml", "sel4build.lock", "files.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """A bundle that was made, or a workspace that was made of one."""

    place: Path
    num_projects: int


def create_bundle(context: Context, workspace: Workspace, file: Path) -> Bundled:
    """Write all that the lock of `workspace` names to `file`, and the user's files that it needs.

    Raises InputError when there is no lockfile, WorkError when a commit is not in the workspace.
    """
    dest = context.cwd / file
    git = git_of(context)
    with workspace_lock(workspace, context.reporter), _scratch(workspace) as scratch:
        spec = read_spec(workspace)
        if not workspace.lock_file.is_file():
            message = f"there is no lockfile `{workspace.lock_file}`"
            raise InputError(message, hint="make it and the projects: `sel4build sync`")
        whole = with_submodules(workspace, read_lock(workspace.lock_file))
        if whole.unread:
            message = f"submodules of `{whole.unread[0].path}` are not there yet"
            raise WorkError(message, hint="run `sel4build sync` first")
        carried = collect_files(workspace, spec)
        for reason in carried.left_out:
            context.reporter.warn(f"not in the bundle: {reason}")
        files = {_LOCK: workspace.lock_file, **carried.places}
        spec_text = render_spec(carried.spec) if carried.spec != spec else None
        files[_SPEC] = _written(scratch / _SPEC, spec_text) or workspace.spec_file
        if carried.files:
            files[_FILES] = scratch / _FILES
            files[_FILES].write_text(carried.render())
        for each in _repositories(workspace, whole.lock):
            files |= _bundle(git, each, scratch)
        write_archive(files, dest)
    return Bundled(place=dest, num_projects=len(whole.lock.projects))


def _written(path: Path, text: str | None) -> Path | None:
    if text is None:
        return None
    path.write_text(text)
    return path


def _bundle(git: Git, repository: "_Repository", scratch: Path) -> dict[str, Path]:
    made = scratch / f"{repository.key}.bundle"
    try:
        cut = write_bundle(
            git,
            repository.git_dir,
            repository.commit,
            dest=made,
            scratch=scratch / f"{repository.key}.git",
        )
    except GitError as error:
        message = f"`{repository.subject}` cannot be bundled: {error.reason}"
        hint = "run `sel4build sync` first, without `--filter`"
        raise WorkError(message, hint=hint) from error
    if not cut:
        return {repository.member: made}
    shallow = scratch / f"{repository.key}.shallow"
    shallow.write_text("".join(f"{each}\n" for each in cut))
    return {repository.member: made, repository.shallow_member: shallow}


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
    carried: tuple[CarriedFile, ...] = ()
    if _FILES in places:
        text = places[_FILES].read_bytes().decode("utf-8", "replace")
        carried = parse_carried(text, f"{source}: {_FILES}")
    used = {_SPEC, _LOCK, *({_FILES} if carried else ()), *(each.member for each in carried)}
    whole = _fill_repositories(git, workspace, lock, places, source, used)
    if places.keys() != used:
        raise _not_what_is_named(source)
    for each in carried:
        place_file(workspace, each, places[each.member])
    write_if_changed(workspace.lock_file, lock_text)
    write_if_changed(workspace.spec_file, spec_text)
    return whole


def _fill_repositories(
    git: Git,
    workspace: Workspace,
    lock: Lock,
    places: dict[str, Path],
    source: Path,
    used: set[str],
) -> Lock:
    """Make all git directories, note their members in `used`, and return the lock with submodules.

    Which submodules there are is read from the commits themselves.
    """
    while True:
        whole = with_submodules(workspace, lock)
        for each in _repositories(workspace, whole.lock, is_new=True):
            if each.member in used:
                continue
            if each.member not in places:
                raise _not_what_is_named(source)
            used.add(each.member)
            cut: tuple[CommitId, ...] = ()
            if each.shallow_member in places:
                used.add(each.shallow_member)
                cut = _read_cut(places[each.shallow_member], source)
            try:
                read_bundle(git, places[each.member], each.commit, dest=each.git_dir, cut=cut)
            except GitError as error:
                message = f"bundle `{source}`: `{each.subject}` cannot be read: {error.reason}"
                raise InputError(message) from error
        if not learn_submodules(workspace, whole.unread, git=git, are_placed=False):
            return whole.lock


def _read_cut(place: Path, source: Path) -> tuple[CommitId, ...]:
    lines = place.read_bytes().decode("utf-8", "replace").splitlines()
    if not all(map(is_commit_id, lines)):
        message = f"bundle `{source}`: a history is cut off at what is no commit"
        raise InputError(message)
    return tuple(map(CommitId, lines))


def _not_what_is_named(source: Path) -> InputError:
    return InputError(f"bundle `{source}` does not hold what its lockfile names")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repository:
    """A repository in a bundle, and in a workspace."""

    subject: str
    git_dir: Path
    commit: CommitId

    @property
    def key(self) -> str:
        return hashlib.sha256(self.subject.encode()).hexdigest()[:16]

    @property
    def member(self) -> str:
        return f"objects/{self.key}.bundle"

    @property
    def shallow_member(self) -> str:
        return f"objects/{self.key}.shallow"


def _repositories(
    workspace: Workspace, lock: Lock, *, is_new: bool = False
) -> Iterator[_Repository]:
    """Yield those of the manifest, of submanifests and of projects.

    In a workspace that is new, a project has only the home that its first sync takes over.
    """
    if lock.manifest_commit is not None:
        git_dir = workspace.manifest_dir / ".git"
        yield _Repository(subject="the manifest", git_dir=git_dir, commit=lock.manifest_commit)
    for part in lock.submanifests:
        git_dir = workspace.submanifest_dir(part.path) / ".git"
        subject = f"submanifest {part.path}"
        yield _Repository(subject=subject, git_dir=git_dir, commit=part.commit)
    for each in lock.projects:
        git_dir = each.path.below(workspace.root) / ".git"
        place = workspace.git_home(each.path) if is_new else git_dir
        yield _Repository(subject=each.path.text, git_dir=place, commit=each.commit)


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
