# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Options that several commands take, each spelt out once."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Targets: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TARGET]...",
        help="Targets by id or by the unique start of one; without any, the workspace's first.",
        show_default=False,
    ),
]
AllTargets: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TARGET]...",
        help="Targets by id or by the unique start of one; without any, all of the workspace.",
        show_default=False,
    ),
]
ManifestName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--manifest",
        metavar="NAME|URL|FILE",
        help="Manifest: one that is shipped, a git repository, or an XML file.",
        show_default="the app's",
    ),
]
ManifestBranch: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--manifest-branch",
        metavar="REVISION",
        help="Branch, tag or commit of the manifest repository.",
        show_default="its HEAD",
    ),
]
ManifestFile: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--manifest-file",
        metavar="FILE",
        help="File in the manifest repository.",
        show_default="default.xml",
    ),
]
Groups: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "-g",
        "--groups",
        metavar="GROUP,...",
        help="Take the projects of these groups; `-GROUP` takes some away again.",
        show_default="default",
    ),
]
ToolchainName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--toolchain",
        metavar="NAME[:PREFIX]",
        help="Use this toolchain, or its compiler with this prefix or triple, such as"
        " gcc:arm-none-eabi-, instead of the first that works.",
        show_default=False,
    ),
]
AllowBroken: TypeAlias = Annotated[
    bool,
    typer.Option("--allow-broken", help="Build an app that is known to be broken in the sources."),
]
WorkspaceDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "-C",
        "--workspace",
        metavar="DIR",
        help="Workspace to work in, by default the one around the current folder.",
        show_default=False,
    ),
]
Depth: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--depth",
        min=1,
        metavar="N",
        help="Fetch only the last N commits of each history.",
        show_default="all",
    ),
]
Filter: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--filter",
        metavar="SPEC",
        help="Leave objects out as git does, such as `blob:none`; git fetches them when needed.",
        show_default=False,
    ),
]
Reference: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--reference",
        metavar="DIR",
        help="Workspace whose objects are copied before a remote is asked.",
        show_default=False,
    ),
]
Mirror: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--mirror",
        metavar="DIR",
        help="Folder of bare repositories that are asked before a remote.",
        show_default=False,
    ),
]
Offline: TypeAlias = Annotated[
    bool, typer.Option("--offline", help="Use no network; name what is missing.")
]
IsLocked: TypeAlias = Annotated[
    bool,
    typer.Option("--locked", help="Fail unless the lockfile is there and matches the manifest."),
]
IsFrozen: TypeAlias = Annotated[
    bool,
    typer.Option("--frozen", help="Use the lockfile as it is; fail when there is none."),
]
VerifySignatures: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--verify-signatures",
        help="Demand that every commit is signed by a key that you trust.",
    ),
]
AllowUnsigned: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-unsigned",
        metavar="PROJECT",
        help="Projects that need no signature, by path, name, or a pattern such as `tools/*`.",
        show_default=False,
    ),
]
AllowUnsignedManifest: TypeAlias = Annotated[
    bool,
    typer.Option("--allow-unsigned-manifest", help="The manifest's repository needs no signature."),
]
AllowedSigners: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--allowed-signers",
        metavar="FILE",
        help="The ssh keys that count.",
        show_default="those of your git configuration",
    ),
]
GpgHome: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--gpg-home",
        metavar="DIR",
        help="A gpg keyring of which every key counts.",
        show_default="the trusted keys of yours",
    ),
]
NoDoctor: TypeAlias = Annotated[
    bool,
    typer.Option("--no-doctor", help="Do not look at the host first."),
]
