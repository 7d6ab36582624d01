# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Make a workspace for targets, or add targets to one."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.api.building import Goal, run_goal
from sel4build.api.context import Context
from sel4build.api.doctoring import Wish, require_host
from sel4build.api.finding import find_workspace
from sel4build.api.guests import GuestWishes, with_guest
from sel4build.api.knowing import correct_catalog
from sel4build.api.learning import (
    asked_of,
    forgetting_refused,
    origin_to_learn_from,
    require_in_sources,
)
from sel4build.api.own_apps import name_app
from sel4build.api.preparing import prepare, toolchain_for
from sel4build.api.selecting import Chosen, RejectedError, resolve_paths, select_one, wanted_target
from sel4build.api.syncing import (
    SyncWishes,
    find_verifier,
    git_of,
    require_match,
    sync_held,
    write_first_lock,
)
from sel4build.api.verifying import recorded_policy
from sel4build.catalog import load_catalog
from sel4build.configure.programs import find_cmake, find_ninja
from sel4build.errors import InputError, InterruptedByUserError
from sel4build.lock.resolve import without_secret
from sel4build.manifest import list_manifests
from sel4build.model.catalog import Catalog
from sel4build.model.lock import ManifestOrigin
from sel4build.model.target import Selection, Target
from sel4build.model.workspace import WantedTarget, Workspace, WorkspaceSpec
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.spec import read_spec, write_spec
from sel4build.writing import write_if_changed

# What a shell, a linker script or a CMake list of upstream's takes for a separator or a quote.
_STRANGE = re.compile(r"""[\s;:,'"`$&|<>()\[\]{}*?!#%\\]""")
# What CMake itself, or the option of a compiler that holds a path, does so.
_IMPOSSIBLE = re.compile(r"""[\n;,"$|<>\[\]?\\]""")


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
    elif "://" not in manifest and (
        manifest.endswith(".xml") or (context.cwd / manifest).is_file()
    ):
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


def initialise(  # noqa: PLR0913 - each is an input of its own
    context: Context,
    directory: Path | None,
    selections: tuple[Selection, ...],
    *,
    origin: ManifestOrigin | None = None,
    toolchain: str | None = None,
    configure: bool = False,
    sync_wishes: SyncWishes | None = None,
    examines: bool = True,
    guest: GuestWishes | None = None,
) -> Initialised:
    """Make a workspace in `directory` for `selections`, or add them to the one that is there.

    Everything that can be refused is refused before network or disk is touched. A workspace that
    got no project is removed again; one that was interrupted goes on when this is called again.
    """
    workspace = _place(context, directory)
    before = read_spec(workspace) if workspace.spec_file.is_file() else None
    overlays = context.overlays if before is None else context.overlays_of(workspace, before)
    catalog = load_catalog(overlays)
    for note in catalog.notes:
        context.reporter.note(note)
    if before is not None:
        selections = tuple(name_app(context, workspace, each) for each in selections)
        catalog = correct_catalog(context, workspace, catalog, asked_of(selections))
    try:
        if guest is not None:
            selections = tuple(
                with_guest(context, catalog, each, wishes=guest, workspace=workspace)
                for each in selections
            )
        chosen = tuple(_select(context, catalog, selection) for selection in selections)
    except RejectedError as error:
        first = origin_to_learn_from(catalog, selections, origin, error)
        if before is not None or first is None:
            raise
        _bring_first(context, workspace, first, overlays, sync_wishes or SyncWishes())
        return initialise(
            context,
            workspace.root,
            selections,
            origin=first,
            toolchain=toolchain,
            configure=configure,
            sync_wishes=sync_wishes,
            examines=examines,
            guest=guest,
        )
    targets = tuple(each.target for each in chosen)
    wishes = _wished(chosen, selections, toolchain)
    sync_wishes = sync_wishes or SyncWishes()
    groups = sync_wishes.groups
    wanted_origin = _with_groups(
        origin or ManifestOrigin(name=targets[0].app.manifest), groups, before
    )
    explicit = origin is not None or groups is not None
    if before is None:
        _require_empty(workspace.root)
    else:
        _require_same_manifest(workspace, before, wanted_origin, explicit=explicit)
    _check_place(workspace, targets)
    _check_host(context, catalog, targets, wishes)
    if examines:
        is_offline = sync_wishes.fetch.is_offline
        _examine(context, overlays, catalog, targets, wishes, workspace, is_offline=is_offline)
    absent = _absent_folders(workspace)
    with workspace_lock(workspace, context.reporter):
        with _undoing_on_failure(workspace, absent):
            # Another process may have been here while this one waited.
            spec = _current_spec(workspace, wanted_origin)
            _require_same_manifest(workspace, spec, wanted_origin, explicit=explicit)
            signatures = recorded_policy(spec.signatures, sync_wishes.signatures, workspace)
            without, spec = spec, replace(_extended(spec, overlays, wishes), signatures=signatures)
            write_spec(spec, workspace)
            _bring(context, workspace, spec, sync_wishes)
        if before is None:
            require_in_sources(context, workspace, catalog, selections, without)
        prepared = prepare(context, workspace)
        if configure:
            ids = tuple(str(target.id) for target in targets)
            with forgetting_refused(context, workspace, before):
                run_goal(context, prepared, Goal.CONFIGURE, ids)
    return Initialised(workspace=workspace, targets=targets, default=next(iter(prepared.targets)))


def _bring_first(
    context: Context,
    workspace: Workspace,
    origin: ManifestOrigin,
    overlays: tuple[Path, ...],
    wishes: SyncWishes,
) -> None:
    """Make a workspace without a target, so that its sources can be asked."""
    _require_empty(workspace.root)
    context.reporter.note("not in the catalogue: the sources are synced first, and then decide")
    absent = _absent_folders(workspace)
    with workspace_lock(workspace, context.reporter), _undoing_on_failure(workspace, absent):
        spec = _extended(
            WorkspaceSpec(manifest=_with_groups(origin, wishes.groups, None)), overlays, ()
        )
        signatures = recorded_policy(spec.signatures, wishes.signatures, workspace)
        spec = replace(spec, signatures=signatures)
        write_spec(spec, workspace)
        _bring(context, workspace, spec, wishes)


def _bring(context: Context, workspace: Workspace, spec: WorkspaceSpec, wishes: SyncWishes) -> None:
    """Lock where that is needed, and sync."""
    git = git_of(context, wishes).knowing([spec.manifest.url])
    verifier = find_verifier(context, workspace, spec, git=git, wishes=wishes)
    if not workspace.lock_file.is_file():
        git = write_first_lock(context, workspace, spec, wishes=wishes, verifier=verifier)
    elif wishes.is_locked:
        require_match(context, workspace, spec, git=git, is_locked=True)
    sync_held(context, workspace, git=git, wishes=wishes, verifier=verifier)


def _wished(
    chosen: tuple[Chosen, ...], selections: tuple[Selection, ...], toolchain: str | None
) -> tuple[WantedTarget, ...]:
    return tuple(
        wanted_target(
            each.target,
            toolchain=each.toolchain or toolchain,
            allow_broken=selection.allow_broken,
        )
        for each, selection in zip(chosen, selections, strict=True)
    )


def _with_groups(
    origin: ManifestOrigin, groups: tuple[str, ...] | None, before: WorkspaceSpec | None
) -> ManifestOrigin:
    """Return `origin` with the groups that were asked for, else with those that are there."""
    if groups is None:
        groups = before.manifest.groups if before else ()
    return replace(origin, groups=groups)


def _select(context: Context, catalog: Catalog, selection: Selection) -> Chosen:
    chosen = select_one(catalog, resolve_paths(catalog, selection, context.cwd))
    for note in chosen.notes:
        context.reporter.note(note)
    return chosen


def _place(context: Context, directory: Path | None) -> Workspace:
    """Return where the workspace is or will be: the one around the current folder, or there."""
    if directory is None:
        return find_workspace(context) or Workspace(context.cwd.resolve())
    return Workspace((context.cwd / directory).resolve())


def _require_same_manifest(
    workspace: Workspace, spec: WorkspaceSpec, origin: ManifestOrigin, *, explicit: bool
) -> None:
    """Raise InputError when a target needs another manifest than the workspace has.

    A manifest of the user's own may hold any app.
    """
    if without_secret(spec.manifest) == without_secret(origin) or (
        spec.manifest.name is None and not explicit
    ):
        return
    message = (
        f"workspace `{workspace.root}` has the manifest `{without_secret(spec.manifest)}`, "
        f"but this target needs `{without_secret(origin)}`"
    )
    raise InputError(message, hint="give it a workspace of its own: name another folder")


def _extended(
    spec: WorkspaceSpec, overlays: tuple[Path, ...], wishes: tuple[WantedTarget, ...]
) -> WorkspaceSpec:
    known = {wanted.id: wanted for wanted in (*spec.targets, *wishes)}
    data_dirs = dict.fromkeys((*spec.data_dirs, *map(str, overlays)))
    return replace(spec, data_dirs=tuple(data_dirs), targets=tuple(known.values()))


def _check_place(workspace: Workspace, targets: tuple[Target, ...]) -> None:
    """Raise InputError when the build cannot take the name of the folder."""
    for target in targets:
        pattern = _STRANGE if target.app.plain_path else _IMPOSSIBLE
        strange = pattern.search(str(workspace.root))
        if strange is not None:
            message = (
                f"`{target.app.name}` cannot be built below `{workspace.root}`: "
                f"its build breaks at the character {strange.group()!r} of a path"
            )
            hint = "choose a folder whose whole path has no blanks and no quotes"
            raise InputError(message, hint=hint)


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


def _examine(
    context: Context,
    overlays: tuple[Path, ...],
    catalog: Catalog,
    targets: tuple[Target, ...],
    wishes: tuple[WantedTarget, ...],
    workspace: Workspace,
    *,
    is_offline: bool,
) -> None:
    pairs = zip(targets, wishes, strict=True)
    require_host(
        replace(context, overlays=overlays),
        catalog,
        tuple(Wish(target=target, toolchain=wanted.toolchain) for target, wanted in pairs),
        workspace=workspace,
        is_offline=is_offline,
    )


def _current_spec(workspace: Workspace, origin: ManifestOrigin) -> WorkspaceSpec:
    return read_spec(workspace) if workspace.spec_file.is_file() else WorkspaceSpec(manifest=origin)


def _absent_folders(workspace: Workspace) -> tuple[Path, ...]:
    """Return the folders that a workspace here needs first and that are not there, inner first."""
    folders = (workspace.state_dir, *workspace.state_dir.parents)
    return tuple(folder for folder in folders if not folder.exists())


@contextlib.contextmanager
def _undoing_on_failure(workspace: Workspace, absent: tuple[Path, ...]) -> Iterator[None]:
    """Leave nothing half made in a workspace that was to be new; the caller holds it.

    The folders of `absent` were made for it. What an interrupt leaves goes on, once it is locked.
    """
    files = (workspace.spec_file, workspace.lock_file)
    if workspace.lock_file.is_file():
        yield
        return
    text = workspace.spec_file.read_bytes() if workspace.spec_file.is_file() else None
    try:
        yield
    except BaseException as error:
        is_locked = workspace.lock_file.is_file()
        interrupted = isinstance(error, (KeyboardInterrupt, InterruptedByUserError))
        if is_locked and (interrupted or _has_more_than(workspace, *files, workspace.state_dir)):
            raise
        for file in files:
            file.unlink(missing_ok=True)
        if text is not None:
            write_if_changed(workspace.spec_file, text)
        if workspace.state_dir in absent:
            shutil.rmtree(workspace.state_dir, ignore_errors=True)
        for folder in absent[1:]:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _has_more_than(workspace: Workspace, *paths: Path) -> bool:
    return any(each not in paths for each in workspace.root.iterdir())
