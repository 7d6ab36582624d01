# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`explain`."""

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from sel4build.cli.choosing import (
    AppName,
    Defines,
    NamedOptions,
    NumNodes,
    PlatformName,
    read_define,
    read_option,
)
from sel4build.cli.options import AllowBroken, Targets, ToolchainName, WorkspaceDir
from sel4build.cli.session import Invocation

if TYPE_CHECKING:
    from sel4build.api.attributing import Attribution
    from sel4build.api.explaining import Explanation


def explain(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    targets: Targets = None,
    *,
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--setting",
            metavar="NAME",
            help="Only settings whose name holds this, in any case.",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what CMake keeps for itself.")
    ] = False,
    app: AppName = None,
    platform: PlatformName = None,
    num_nodes: NumNodes = None,
    option: NamedOptions = None,
    define: Defines = None,
    toolchain: ToolchainName = None,
    allow_broken: AllowBroken = False,
    workspace: WorkspaceDir = None,
) -> None:
    """Show every setting and who says so.

    Of a configured target it is what CMake has, with the file and line that says so; before that it
    follows from the catalogue and the sources. `--app` explains a target that the workspace does
    not have. The plain commands at the end do the same by hand.
    """
    from sel4build.api.explaining import explain_selection, explain_targets
    from sel4build.api.finding import open_workspace
    from sel4build.errors import UsageError
    from sel4build.model.target import Selection

    session = context.ensure_object(Invocation).session()
    if app is None and any((platform, num_nodes, option, define, toolchain, allow_broken)):
        message = "`--platform` and its like belong to `--app`"
        raise UsageError(message, hint="name the app too, or a target of the workspace")
    if app is None:
        place = open_workspace(session.context, workspace)
        explained = explain_targets(session.context, place, tuple(targets or ()))
    else:
        if targets:
            message = "a target is named by its id or by `--app`, not by both"
            raise UsageError(message, hint="leave one of them out")
        selection: Selection = Selection(
            app=app,
            platform=platform,
            num_nodes=num_nodes,
            options=tuple(read_option(word) for word in option or ()),
            defines=tuple(read_define(word) for word in define or ()),
            toolchain=toolchain,
            allow_broken=allow_broken,
        )
        explained = (explain_selection(session.context, selection, workspace),)
    names = tuple(setting or ())
    session.show(
        "explain",
        {"targets": [_record(each, names) for each in explained]},
        lambda: "\n".join(
            _text(each, names, everything=everything, width=session.width) for each in explained
        ),
    )


def _record(explanation: "Explanation", names: tuple[str, ...]) -> dict[str, object]:
    from sel4build.api.attributing import matching
    from sel4build.api.explaining import python_of
    from sel4build.api.reporting import deviation_record, second_pass_record

    configuration = explanation.configuration
    settings = matching(explanation.settings, names, everything=True)
    return {
        "target": str(explanation.target.id),
        "is-configured": explanation.is_configured,
        "settings": [_setting_record(each) for each in settings],
        "deviations": [deviation_record(each) for each in explanation.deviations],
        "second-pass": second_pass_record(explanation.second_pass),
        "toolchain": dict(configuration.toolchain) if configuration else None,
        "python": python_of(configuration)[0] if configuration else None,
        "build-dir": str(configuration.build_dir) if configuration else None,
        "commands": list(explanation.commands),
    }


def _setting_record(setting: "Attribution") -> dict[str, object]:
    return {
        "name": setting.name,
        "value": setting.value,
        "who": str(setting.who),
        "source": setting.source,
        "place": setting.place,
        "overridden": list(setting.overridden),
        "hidden-by": list(setting.hidden_by),
        "internal": setting.is_internal,
    }


def _text(
    explanation: "Explanation", names: tuple[str, ...], *, everything: bool, width: int
) -> str:
    from sel4build.api.attributing import matching
    from sel4build.api.explaining import python_of

    shown = tuple(matching(explanation.settings, names, everything=everything))
    lines = [f"{explanation.target.id}{_state(explanation)}\n"]
    configuration = explanation.configuration
    if configuration is not None and not names:
        python, whose = python_of(configuration)
        tool = configuration.toolchain
        lines.append(f"{tool['name']}: {tool['version']}\n{python} of {whose}\n")
    for source, group in groupby(shown, key=lambda each: each.source):
        lines.append(f"\n{source}\n")
        lines += [_setting_text(each, width) for each in group]
    if not shown:
        lines.append("\nno setting is called so\n" if names else "\nno setting\n")
    if not names:
        lines += _findings(explanation)
        lines += ["\n", *(f"{command}\n" for command in explanation.commands)]
    return "".join(lines)


def _state(explanation: "Explanation") -> str:
    if explanation.is_configured:
        return ", as CMake has it"
    return ", not configured: as it will be by the catalogue" + (
        " and the sources" if explanation.configuration else ""
    )


def _setting_text(setting: "Attribution", width: int) -> str:
    from sel4build.console.render import render_note

    said = f"{setting.name} = {setting.value}"
    if setting.place is not None:
        said += f"  ({setting.place})"
    text = render_note(said, width=width, indent="      ", first="  ")
    for over in setting.overridden:
        text += render_note(f"overrides {over}", width=width, indent="        ", first="      ")
    for hiding in setting.hidden_by if setting.is_given else ():
        text += render_note(f"hidden by {hiding}", width=width, indent="        ", first="      ")
    return text


def _findings(explanation: "Explanation") -> list[str]:
    from sel4build.api.steps import second_pass_texts

    target = str(explanation.target.id)
    told = [str(each) for each in explanation.deviations]
    if explanation.second_pass is not None:
        told += second_pass_texts(target, explanation.second_pass)
    return ["\n", *(f"warning: {each}\n" for each in told)] if told else []
