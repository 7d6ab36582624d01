# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`why-not`."""

from typing import TYPE_CHECKING

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
    require_choice,
)
from sel4build.cli.options import WorkspaceDir
from sel4build.cli.session import Invocation
from sel4build.errors import ExitCode

if TYPE_CHECKING:
    from sel4build.api.why_not import Ruling, WhyNot


def why_not(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    app: AppName = None,
    platform: PlatformName = None,
    num_nodes: NumNodes = None,
    option: NamedOptions = None,
    define: Defines = None,
    ci_build: CiBuildName = None,
    workspace: WorkspaceDir = None,
) -> int:
    """Tell why a target does not work.

    Names the rule and its places, in a workspace also those in the sources, and the commands that
    work and are nearest. Ends with 0 when it would work, and with 5 when not.
    """
    from sel4build.api.why_not import why_not
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
    )
    session = invocation.session()
    answer = why_not(session.context, selection, workspace)
    session.show("why-not", _record(answer), lambda: _text(answer))
    return ExitCode.OK if answer.target is not None else ExitCode.NOTHING_SELECTED


def _record(answer: "WhyNot") -> dict[str, object]:
    return {
        "works": answer.target is not None,
        "target": str(answer.target.id) if answer.target else None,
        "notes": list(answer.notes),
        "rules": [_ruling_record(each) for each in answer.rulings],
        "nearest": [
            {"change": str(each.change), "target": each.target, "command": each.command}
            for each in answer.nearest
        ],
    }


def _ruling_record(ruling: "Ruling") -> dict[str, object]:
    rejection = ruling.rejection
    return {
        "rule": rejection.rule,
        "reason": rejection.reason,
        "hint": rejection.hint,
        "place": str(rejection.span) if rejection.span else None,
        "sources": [str(each) for each in ruling.sources],
    }


def _text(answer: "WhyNot") -> str:
    notes = [f"note: {each}\n" for each in answer.notes]
    if answer.target is not None:
        return "".join((f"{answer.target.id} would work\n", *notes))
    lines = []
    for each in answer.rulings:
        lines.append(f"{each.rejection.rule}: {each.rejection.reason}\n")
        places = (each.rejection.span, *each.sources)
        lines += [f"  --> {place}\n" for place in places if place is not None]
        lines += [f"  {each.rejection.hint}\n"] if each.rejection.hint else []
    if answer.nearest:
        lines.append("nearest that works:\n")
        lines += [f"  {each.command}\n" for each in answer.nearest]
    return "".join((*lines, *notes))
