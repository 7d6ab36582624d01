# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`doctor`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sel4build.cli.choosing import (
    AppName,
    CiBuildName,
    Defines,
    NamedOptions,
    NumNodes,
    PlatformName,
    read_define,
    read_option,
)
from sel4build.cli.options import AllowBroken, AllTargets, ToolchainName, WorkspaceDir
from sel4build.cli.session import Invocation
from sel4build.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from sel4build.model.host import Finding, HostData


def doctor(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    targets: AllTargets = None,
    *,
    app: AppName = None,
    platform: PlatformName = None,
    num_nodes: NumNodes = None,
    option: NamedOptions = None,
    define: Defines = None,
    ci_build: CiBuildName = None,
    toolchain: ToolchainName = None,
    allow_broken: AllowBroken = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Run the commands that bring what is missing.")
    ] = False,
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Use sudo without asking.")] = False,
    workspace: WorkspaceDir = None,
) -> int:
    """Look for what targets need on this host.

    Without a name it is all targets of the workspace, or outside of one what the bundled app needs.
    Outside of a workspace a target is named as `APP@PLATFORM`, or `APP@PLATFORM+n4` for four cores.
    """
    from sel4build.api.doctoring import examine
    from sel4build.api.remedying import remedy
    from sel4build.catalog.host import load_host_data
    from sel4build.model.host import Phase
    from sel4build.model.target import Selection

    invocation = context.ensure_object(Invocation)
    selection = Selection(
        app=app or "",
        platform=platform,
        num_nodes=num_nodes,
        options=tuple(read_option(word) for word in option or ()),
        defines=tuple(read_define(word) for word in define or ()),
        cmake_words=invocation.cmake_words,
        ci_build=ci_build,
        allow_broken=allow_broken,
    )
    chosen = None if selection == Selection() else selection
    if chosen is not None and targets:
        raise UsageError("a target is named by its id or by `--app`, not by both")
    session = invocation.session()

    def look() -> "tuple[Finding, ...]":
        return examine(
            session.context,
            workspace,
            tuple(targets or ()),
            selection=chosen,
            toolchain=toolchain,
        )

    findings = look()
    # In CI there is nobody to ask.
    goes_on = yes or bool(session.context.environ.get("CI"))
    tried: set[str] = set()
    # What belongs to a compiler is only known once the compiler is there.
    while fix and any(not each.found and each.what not in tried for each in findings):
        tried |= {each.what for each in findings if not each.found}
        remedy(session.context, findings, agrees=lambda question: goes_on or _ask(question))
        findings = look()
    data = load_host_data(session.context.overlays)
    session.show(
        "doctor",
        {"findings": [_finding_record(each, data) for each in findings]},
        lambda: "".join(_finding_text(each) for each in findings),
    )
    lacking = any(not each.found and each.phase is not Phase.ADVICE for each in findings)
    return ExitCode.ENVIRONMENT if lacking else ExitCode.OK


def _ask(question: str) -> bool:
    return sys.stdin.isatty() and typer.confirm(question, err=True)


def _finding_record(finding: "Finding", data: "HostData") -> dict[str, object]:
    from sel4build.configure.packages import every_spelling

    return {
        "what": finding.what,
        "found": finding.found,
        "detail": finding.detail,
        "why": finding.why,
        "targets": list(finding.targets),
        "phase": str(finding.phase),
        "cure": finding.cure,
        "packages": every_spelling(finding.packages, data),
    }


def _finding_text(finding: "Finding") -> str:
    from sel4build.api.doctoring import finding_line
    from sel4build.model.host import Phase

    words = {Phase.BUILD: "missing", Phase.BOOT: "missing", Phase.ADVICE: "advice"}
    word = "found" if finding.found else words[finding.phase]
    return f"{word:<8} {finding_line(finding)}\n"
