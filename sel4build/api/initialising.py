# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Make a workspace, lock its manifest, and bring its projects to what the lock says."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.api.building import Goal, run_goal
from sel4build.api.context import Context
from sel4build.api.preparing import prepare, toolchain_for
from sel4build.api.selecting import select_one, wanted_target
from sel4build.catalog import load_catalog
from sel4build.configure.programs import find_cmake, find_ninja
from sel4build.errors import InputError, Sel4BuildError
from sel4build.git.client import Git
from sel4build.lock import read_lock, resolve_lock, write_lock
from sel4build.manifest import (
    find_shipped_lock,
    list_manifests,
)
from sel4build.model.catalog import Catalog
from sel4build.model.lock import Lock, ManifestOrigin
from sel4build.model.target import Selection, Target
from sel4build.model.workspace import WantedTarget, Workspace, WorkspaceSpec
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.origin import open_manifest
from sel4build.workspace.spec import read_spec, write_spec
from sel4build.workspace.sync import SyncOutcome
from sel4build.workspace.sync import sync_workspace as apply_lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Initialised:
    """A workspace with the targets that were asked for."""

    workspace: Workspace
    targets: tuple[Target, ...]
    default: str
    """Id of the workspace's default target."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the targets."""
        return tuple(str(target.id) for target in self.targets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A lockfile as it is now, and the paths of the projects whose commit changed."""

    lock: Lock
    changed: tuple[str, ...]


def read_origin(
    context: Context, manifest: str | None, *, revision: str | None, file: str | None
) -> ManifestOrigin | None:
    """Tell what `--manifest NAME|URL|FILE` means; None where the app decides.

    A word is the name of a shipped manifest, else an existing file, else a URL. Raises InputError
    when the options for a repository come with something that is none.
    """
    if manifest is None:
        if revision is None and file is None:
            return None
        raise InputError(
            "`--manifest-branch` and `--manifest-file` belong to a manifest repository",
            hint="name it: `--manifest URL`",
        )
    if manifest in list_manifests(context.overlays):
        origin = ManifestOrigin(name=manifest)
    elif manifest.endswith(".xml") and "://" not in manifest:
        path = (context.cwd / manifest).absolute()
        if not path.is_file():
            message = f"manifest file `{manifest}` does not exist"
            raise InputError(message)
        origin = ManifestOrigin(path=str(path))
    else:
        url = manifest
        if "://" not in url and (context.cwd / url).is_dir():
            url = str((context.cwd / url).absolute())
        return ManifestOrigin(url=url, revision=revision, file=file or "default.xml")
    if revision is not None or file is not None:
        message = f"`{manifest}` is no manifest repository, so it has no branches and files"
        raise InputError(message, hint="leave out `--manifest-branch` and `--manifest-file`")
    return origin


def initialise(
    context: Context,
    directory: Path | None,
    selections: tuple[Selection, ...],
    *,
    origin: ManifestOrigin | None = None,
    toolchain: str | None = None,
    configure: bool = False,
) -> Initialised:
    """Make a workspace in `directory` for `selections`, or add them to the one that is there.

    Everything that can be refused is refused before network or disk is touched. A workspace that
    could not get so far as its lock is removed again; one that was interrupted later goes on.
    """
    catalog = load_catalog(context.overlays)
    targets = tuple(_select(context, catalog, selection) for selection in selections)
    workspace = Workspace((context.cwd / directory if directory else context.cwd).resolve())
    wishes = tuple(
        wanted_target(target, toolchain=toolchain, allow_broken=selection.allow_broken)
        for target, selection in zip(targets, selections, strict=True)
    )
    spec = _merged_spec(workspace, origin or _origin_of(targets), wishes, explicit=origin)
    _check_host(context, catalog, targets, wishes)
    is_new = not workspace.lock_file.is_file()
    careful = _removing_on_failure(workspace) if is_new else contextlib.nullcontext()
    with careful, workspace_lock(workspace, context.reporter):
        if is_new:
            _write_first_lock(context, workspace, spec)
        write_spec(spec, workspace)
    with workspace_lock(workspace, context.reporter):
        _sync(context, workspace)
        prepared = prepare(context, workspace)
        if configure:
            ids = tuple(str(target.id) for target in targets)
            run_goal(context, prepared, Goal.CONFIGURE, ids)
    return Initialised(workspace=workspace, targets=targets, default=next(iter(prepared.targets)))


def lock_workspace(context: Context, workspace: Workspace) -> Locked:
    """Resolve the manifest of `workspace` anew and write its lockfile."""
    with workspace_lock(workspace, context.reporter):
        spec = read_spec(workspace)
        previous = read_lock(workspace.lock_file) if workspace.lock_file.is_file() else None
        lock = _resolve(context, workspace, spec.manifest)
        write_lock(lock, workspace.lock_file)
    before = {} if previous is None else {each.path: each.commit for each in previous.projects}
    return Locked(
        lock=lock,
        changed=tuple(
            str(each.path) for each in lock.projects if before.get(each.path) != each.commit
        ),
    )


def sync_workspace(context: Context, workspace: Workspace) -> SyncOutcome:
    """Make the projects of `workspace` what its lockfile says; lock first where there is none."""
    with workspace_lock(workspace, context.reporter):
        if not workspace.lock_file.is_file():
            _write_first_lock(context, workspace, read_spec(workspace))
        return _sync(context, workspace)


def _select(context: Context, catalog: Catalog, selection: Selection) -> Target:
    target, notes = select_one(catalog, selection)
    for note in notes:
        context.reporter.note(note)
    return target


def _origin_of(targets: tuple[Target, ...]) -> ManifestOrigin:
    return ManifestOrigin(name=targets[0].app.manifest)


def _merged_spec(
    workspace: Workspace,
    origin: ManifestOrigin,
    wishes: tuple[WantedTarget, ...],
    *,
    explicit: ManifestOrigin | None,
) -> WorkspaceSpec:
    """Return what the workspace will want; raises InputError when it cannot be one workspace."""
    if not workspace.spec_file.is_file():
        _require_empty(workspace.root)
        return WorkspaceSpec(manifest=origin, targets=wishes)
    spec = read_spec(workspace)
    contradicts = explicit is not None and explicit != spec.manifest
    if contradicts or (spec.manifest.name is not None and spec.manifest.name != origin.name):
        message = (
            f"workspace `{workspace.root}` has the manifest `{spec.manifest}`, "
            f"but this target needs `{origin}`"
        )
        raise InputError(message, hint="give it a workspace of its own: name another folder")
    known = {wanted.id: wanted for wanted in spec.targets}
    known |= {wanted.id: wanted for wanted in wishes}
    return replace(spec, targets=tuple(known.values()))


def _require_empty(root: Path) -> None:
    if not root.exists():
        return
    if not root.is_dir():
        raise InputError(f"`{root}` is not a folder")
    # `.sel4build` alone is what an interrupted `init` may leave.
    others = sorted(each.name for each in root.iterdir() if each.name != ".sel4build")
    if others:
        message = f"folder `{root}` is not empty: it holds `{others[0]}`"
        hint = "name a new folder: `sel4build init ... DIR`"
        raise InputError(message, hint=hint)


def _check_host(
    context: Context,
    catalog: Catalog,
    targets: tuple[Target, ...],
    wishes: tuple[WantedTarget, ...],
) -> None:
    """Find every tool now: a lack of one should not show after minutes of fetching."""
    find_cmake(context.environ, context.runner)
    find_ninja(context.environ, context.runner)
    seen: set[tuple[str, str, str | None]] = set()
    for target, wanted in zip(targets, wishes, strict=True):
        key = (target.platform.sel4_arch, target.app.name, wanted.toolchain)
        if key not in seen:
            seen.add(key)
            toolchain_for(context, catalog, target, wanted)


@contextlib.contextmanager
def _removing_on_failure(workspace: Workspace) -> Iterator[None]:
    """Leave nothing half made: a folder that was new goes, one that was there is emptied again."""
    was_there = workspace.root.exists()
    try:
        yield
    except Sel4BuildError:
        shutil.rmtree(workspace.state_dir, ignore_errors=True)
        for file in (workspace.spec_file, workspace.lock_file):
            file.unlink(missing_ok=True)
        if not was_there:
            with contextlib.suppress(OSError):
                workspace.root.rmdir()
        raise


def _write_first_lock(context: Context, workspace: Workspace, spec: WorkspaceSpec) -> None:
    """Start from the lock that is shipped with the manifest, else resolve it."""
    name = spec.manifest.name
    shipped = None if name is None else find_shipped_lock(name, context.overlays)
    lock = _resolve(context, workspace, spec.manifest) if shipped is None else read_lock(shipped)
    write_lock(lock, workspace.lock_file)


def _resolve(context: Context, workspace: Workspace, origin: ManifestOrigin) -> Lock:
    git = git_of(context)
    opened = open_manifest(
        workspace, origin, git=git, overlays=context.overlays, reporter=context.reporter
    )
    return resolve_lock(
        opened.manifest,
        origin=origin,
        git=git,
        base_dir=workspace.root,
        manifest_commit=opened.commit,
        reporter=context.reporter,
    )


def _sync(context: Context, workspace: Workspace) -> SyncOutcome:
    return apply_lock(
        workspace,
        read_lock(workspace.lock_file),
        git=git_of(context),
        reporter=context.reporter,
        jobs=context.jobs,
    )


def git_of(context: Context) -> Git:
    """Return git as `context` has it."""
    return Git(runner=context.runner, environ=context.environ, cache_dir=context.cache_dir)
