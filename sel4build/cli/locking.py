# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`lock`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sel4build.cli.options import (
    AllowedSigners,
    AllowUnsigned,
    AllowUnsignedManifest,
    GpgHome,
    Offline,
    VerifySignatures,
    WorkspaceDir,
)
from sel4build.cli.session import Invocation, Session
from sel4build.cli.wishes import signature_wishes, verified_records, verified_text
from sel4build.errors import UsageError

if TYPE_CHECKING:
    from sel4build.api.locking import Locked, Move
    from sel4build.api.syncing import SyncWishes
    from sel4build.model.workspace import Workspace

_MOST_LINES = 20
_SHORT = 12

ExportXml: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--export-xml",
        metavar="FILE",
        help="Write the lock that is there as a pinned manifest, which repo reads.",
        show_default=False,
    ),
]
FromXml: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--from-xml",
        metavar="FILE",
        help="Take the lock from a pinned manifest instead.",
        show_default=False,
    ),
]


def lock(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    projects: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PROJECT]...",
            help="With `--update`: projects by path or name; without any, all of them.",
            show_default=False,
        ),
    ] = None,
    *,
    workspace: WorkspaceDir = None,
    update: Annotated[
        bool, typer.Option("--update", help="Ask again for what branches and tags are by now.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", "--locked", help="Write nothing; fail when the lockfile would change."
        ),
    ] = False,
    frozen: Annotated[
        bool,
        typer.Option("--frozen", help="Write nothing and resolve nothing; fail without lockfile."),
    ] = False,
    offline: Offline = False,
    export_xml: ExportXml = None,
    from_xml: FromXml = None,
    verify_signatures: VerifySignatures = False,
    allow_unsigned: AllowUnsigned = None,
    allow_unsigned_manifest: AllowUnsignedManifest = False,
    allowed_signers: AllowedSigners = None,
    gpg_home: GpgHome = None,
) -> None:
    """Resolve the manifest into the lockfile.

    Projects are not touched: `sel4build sync` does that. What is locked and still wanted stays.
    """
    from sel4build.api.finding import open_workspace
    from sel4build.api.locking import lock_workspace
    from sel4build.api.syncing import SyncWishes
    from sel4build.git.supply import FetchOptions

    chosen = {
        "--check": check,
        "--frozen": frozen,
        "--update": update,
        "--export-xml": export_xml is not None,
        "--from-xml": from_xml is not None,
    }
    _require_one(tuple(name for name, is_given in chosen.items() if is_given), projects or [])
    session = context.ensure_object(Invocation).session()
    place = open_workspace(session.context, workspace)
    wishes = SyncWishes(
        fetch=FetchOptions(is_offline=offline),
        is_frozen=frozen,
        signatures=signature_wishes(
            session,
            is_wanted=verify_signatures,
            unsigned=allow_unsigned,
            unsigned_manifest=allow_unsigned_manifest,
            allowed_signers=allowed_signers,
            gpg_home=gpg_home,
        ),
    )
    if check or frozen:
        _check(session, place, wishes)
    elif export_xml is not None:
        _export(session, place, export_xml)
    elif from_xml is not None:
        from sel4build.api.manifests import import_lock

        _show(session, place, import_lock(session.context, place, from_xml, wishes=wishes))
    else:
        wanted = tuple(projects or ()) if update else None
        locked = lock_workspace(session.context, place, update=wanted, wishes=wishes)
        _show(session, place, locked)


def _require_one(options: tuple[str, ...], projects: list[str]) -> None:
    if len(options) > 1:
        message = f"`{options[0]}` and `{options[1]}` exclude each other"
        raise UsageError(message, hint="choose one of them")
    if projects and options != ("--update",):
        message = f"`{projects[0]}` is named, but nothing is updated"
        raise UsageError(message, hint=f"write `sel4build lock --update {projects[0]}`")


def _check(session: Session, place: "Workspace", wishes: "SyncWishes") -> None:
    from sel4build.api.locking import check_lock

    checked = check_lock(session.context, place, wishes=wishes)
    count = len(checked.lock.projects)
    state = "used as it is" if wishes.is_frozen else "up to date"
    session.report(
        "lock-check",
        {
            "file": str(place.lock_file),
            "projects": count,
            "signatures": verified_records(checked.verified),
        },
        lambda: (
            f"{count} projects in {place.lock_file}, {state}\n" + verified_text(checked.verified)
        ),
    )


def _export(session: Session, place: "Workspace", file: Path) -> None:
    from sel4build.api.manifests import export_lock

    exported = export_lock(session.context, place, file)
    session.report(
        "lock-export",
        {"file": str(file), "projects": len(exported.projects)},
        lambda: f"{len(exported.projects)} projects in {file}\n",
    )


def _show(session: Session, place: "Workspace", locked: "Locked") -> None:
    session.report(
        "lock",
        {
            "file": str(place.lock_file),
            "projects": [
                {"path": str(each.path), "name": each.name, "commit": each.commit}
                for each in locked.lock.projects
            ],
            "changed": list(locked.changed),
            "removed": list(locked.removed),
            "moves": [_move_record(each) for each in locked.moves],
            "signatures": verified_records(locked.verified),
        },
        lambda: (
            "".join(f"{line}\n" for line in _lines(place, locked)) + verified_text(locked.verified)
        ),
    )


def _move_record(move: "Move") -> dict[str, object]:
    changes = move.changes
    log = None
    if changes is not None:
        log = [{"commit": each.commit, "subject": each.subject} for each in changes.added]
    return {
        "path": str(move.path),
        "name": move.name,
        "old": move.old,
        "new": move.new,
        "log": log,
        "dropped": changes.num_dropped if changes is not None else None,
    }


def _lines(place: "Workspace", locked: "Locked") -> Iterator[str]:
    from sel4build.console.controls import strip_controls

    moves = {each.path.text: each for each in locked.moves}
    yield (
        f"{len(locked.lock.projects)} projects in {place.lock_file}, {len(locked.changed)} changed"
    )
    for path in locked.changed:
        yield f"changed: {path}"
        move = moves.get(path)
        if move is None:
            continue
        yield f"  {move.old[:_SHORT]}..{move.new[:_SHORT]}"
        if move.changes is None:
            continue
        for each in move.changes.added[:_MOST_LINES]:
            yield f"    {each.commit[:_SHORT]} {strip_controls(each.subject)}"
        more = len(move.changes.added) - _MOST_LINES
        if more > 0:
            yield f"    and {more} more"
        if move.changes.num_dropped:
            yield f"    {move.changes.num_dropped} commits of before are not in it"
    for path in locked.removed:
        yield f"removed: {path}"
