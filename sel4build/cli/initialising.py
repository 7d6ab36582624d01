# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`init` and `sync`."""

from pathlib import Path
from typing import Annotated

import typer

from sel4build.cli.choosing import (
    AppName,
    CiBuildName,
    Defines,
    GuestBuildroot,
    GuestDtb,
    GuestInitrd,
    GuestKernel,
    NamedOptions,
    NumNodes,
    PlatformName,
    guest_wishes,
    read_define,
    read_option,
    require_choice,
)
from sel4build.cli.options import (
    AllowBroken,
    AllowedSigners,
    AllowUnsigned,
    AllowUnsignedManifest,
    Depth,
    Filter,
    GpgHome,
    Groups,
    IsFrozen,
    IsLocked,
    ManifestBranch,
    ManifestFile,
    ManifestName,
    Mirror,
    NoDoctor,
    Offline,
    Reference,
    ToolchainName,
    VerifySignatures,
    WorkspaceDir,
)
from sel4build.cli.session import Invocation
from sel4build.cli.wishes import (
    fetch_options,
    left_alone_record,
    signature_wishes,
    verified_records,
    verified_text,
)


def init(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help="Folder of the workspace.", show_default="the current one"
        ),
    ] = None,
    *,
    app: AppName = None,
    platform: PlatformName = None,
    num_nodes: NumNodes = None,
    option: NamedOptions = None,
    define: Defines = None,
    ci_build: CiBuildName = None,
    guest_kernel: GuestKernel = None,
    guest_initrd: GuestInitrd = None,
    guest_dtb: GuestDtb = None,
    guest_buildroot: GuestBuildroot = None,
    manifest: ManifestName = None,
    manifest_branch: ManifestBranch = None,
    manifest_file: ManifestFile = None,
    groups: Groups = None,
    toolchain: ToolchainName = None,
    allow_broken: AllowBroken = False,
    depth: Depth = None,
    filter_spec: Filter = None,
    reference: Reference = None,
    mirror: Mirror = None,
    offline: Offline = False,
    locked: IsLocked = False,
    frozen: IsFrozen = False,
    verify_signatures: VerifySignatures = False,
    allow_unsigned: AllowUnsigned = None,
    allow_unsigned_manifest: AllowUnsignedManifest = False,
    allowed_signers: AllowedSigners = None,
    gpg_home: GpgHome = None,
    no_doctor: NoDoctor = False,
) -> None:
    """Make a workspace, or add a target to it.

    Does the manifest, the lock, the sync and CMake, and says the next command. What stands behind
    `--` is read as upstream's init-build.sh reads it: `init -- -DCAMKES_VM_APP=APP -DPLATFORM=...`.
    """
    from sel4build.api.initialising import initialise, read_origin
    from sel4build.api.syncing import SyncWishes
    from sel4build.manifest.groups import split_groups
    from sel4build.model.target import Selection

    invocation = context.ensure_object(Invocation)
    require_choice(app, ci_build, (*(define or ()), *invocation.cmake_words))
    selection = Selection(
        app=app or "",
        platform=platform,
        num_nodes=num_nodes,
        options=tuple(read_option(word) for word in option or ()),
        defines=tuple(read_define(word) for word in define or ()),
        cmake_words=invocation.cmake_words,
        ci_build=ci_build,
        toolchain=toolchain,
        allow_broken=allow_broken,
    )
    session = invocation.session()
    origin = read_origin(session.context, manifest, revision=manifest_branch, file=manifest_file)
    done = initialise(
        session.context,
        directory,
        (selection,),
        origin=origin,
        configure=True,
        guest=guest_wishes(guest_kernel, guest_initrd, guest_dtb, guest_buildroot),
        sync_wishes=SyncWishes(
            fetch=fetch_options(depth, filter_spec, reference, mirror, offline),
            groups=None if groups is None else split_groups(groups),
            is_locked=locked,
            is_frozen=frozen,
            signatures=signature_wishes(
                session,
                is_wanted=verify_signatures,
                unsigned=allow_unsigned,
                unsigned_manifest=allow_unsigned_manifest,
                allowed_signers=allowed_signers,
                gpg_home=gpg_home,
            ),
        ),
        examines=not no_doctor,
    )
    id_ = done.ids[0]
    root = done.workspace.root
    go = "" if root == session.context.cwd.resolve() else f"cd {_quoted(root)} && "
    is_default = done.default == id_
    following = f"{go}sel4build build" + ("" if is_default else f" '{id_}'")
    session.report(
        "init",
        {"workspace": str(root), "target": id_, "next": following},
        lambda: (
            f"{id_} is configured in {done.workspace.build_dir(done.targets[0].id)}\n"
            f"next: {following}\n"
        ),
    )


def sync(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    workspace: WorkspaceDir = None,
    depth: Depth = None,
    filter_spec: Filter = None,
    reference: Reference = None,
    mirror: Mirror = None,
    offline: Offline = False,
    locked: IsLocked = False,
    frozen: IsFrozen = False,
    force: Annotated[
        list[str] | None,
        typer.Option(
            "--force",
            metavar="PROJECT",
            help="Move this project though you changed it; a reference keeps what you had.",
            show_default=False,
        ),
    ] = None,
    verify_signatures: VerifySignatures = False,
    allow_unsigned: AllowUnsigned = None,
    allow_unsigned_manifest: AllowUnsignedManifest = False,
    allowed_signers: AllowedSigners = None,
    gpg_home: GpgHome = None,
) -> None:
    """Make the projects what the lock says.

    What you changed is left alone and named.
    """
    from sel4build.api.finding import open_workspace
    from sel4build.api.syncing import SyncWishes, sync_workspace

    session = context.ensure_object(Invocation).session()
    place = open_workspace(session.context, workspace)
    wishes = SyncWishes(
        fetch=fetch_options(depth, filter_spec, reference, mirror, offline),
        forced=tuple(force or ()),
        is_locked=locked,
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
    outcome = sync_workspace(session.context, place, wishes=wishes)
    session.report(
        "sync",
        {
            "projects": outcome.num_projects,
            "moved": [str(path) for path in outcome.moved],
            "left-alone": [left_alone_record(each) for each in outcome.left_alone],
            "retired": [str(path) for path in outcome.retired],
            "links": [str(path) for path in outcome.links],
            "copies": [str(path) for path in outcome.copies],
            "signatures": verified_records(outcome.verified),
        },
        lambda: (
            f"{outcome.num_projects} projects, {len(outcome.moved)} moved, "
            f"{len(outcome.left_alone)} left alone\n" + verified_text(outcome.verified)
        ),
    )


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
