# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`port check` and `port new`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sel4build.cli.options import WorkspaceDir
from sel4build.cli.session import Invocation
from sel4build.errors import ExitCode

if TYPE_CHECKING:
    from sel4build.api.beginning import Begun
    from sel4build.api.porting import PortReport
    from sel4build.porting.finding import Finding, Problem

app = typer.Typer(
    help="Check and begin the port of a board.", no_args_is_help=True, rich_markup_mode=None
)

_Board: TypeAlias = Annotated[
    str, typer.Argument(metavar="BOARD", help="The board, as `PLATFORM` names it.")
]
_App: TypeAlias = Annotated[
    str, typer.Option("--app", metavar="APP", help="The VM application to port.")
]
_INDENT = " " * 16


@app.command()
def check(
    context: typer.Context,
    board: _Board,
    *,
    app_name: _App = "vm_minimal",
    docs: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Checkout of seL4's documentation.", show_default=False),
    ] = None,
    ci_actions: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Checkout of seL4's ci-actions.", show_default=False),
    ] = None,
    workspace: WorkspaceDir = None,
) -> int:
    """Look whether the sources have all that a board needs to run VMs.

    Twenty checks, each with its place and what to write where. Fails when one of them does.
    """
    from sel4build.api.porting import check_port

    session = context.ensure_object(Invocation).session()
    report = check_port(
        session.context,
        board,
        app=app_name,
        directory=workspace,
        docs=docs,
        ci_actions=ci_actions,
    )
    session.show("port-check", _report_record(report), lambda: _report_text(report))
    return ExitCode.FAILED if report.failures else ExitCode.OK


@app.command()
def new(
    context: typer.Context,
    board: _Board,
    *,
    like: Annotated[
        str, typer.Option(metavar="BOARD", help="A board that the app runs on, to go by.")
    ] = "qemu-arm-virt",
    app_name: _App = "vm_minimal",
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder to write into, fit for `--data-dir`.",
            show_default="port-BOARD",
        ),
    ] = None,
    workspace: WorkspaceDir = None,
) -> None:
    """Begin the port of a board that seL4 has and the VM apps do not.

    Writes skeletons and a patch for the sources, and entries of a catalogue. Touches no file that
    exists, and nothing in the workspace.
    """
    from sel4build.api.beginning import begin_port

    session = context.ensure_object(Invocation).session()
    begun = begin_port(
        session.context, board, like=like, app=app_name, directory=workspace, into=into
    )
    session.report("port-new", _begun_record(begun), lambda: _begun_text(begun))


def _begun_record(begun: "Begun") -> dict[str, object]:
    return {
        "board": begun.board,
        "app": begun.app,
        "like": begun.like,
        "folder": str(begun.folder),
        "files": [
            {
                "path": str(each.path),
                "what": each.what,
                "written": each.is_new,
                "todos": each.todos,
            }
            for each in begun.files
        ],
        "obstacles": [_finding_record(each) for each in begun.obstacles],
        "steps": list(begun.steps),
    }


def _begun_text(begun: "Begun") -> str:
    lines = [f"port of {begun.app} to {begun.board}, with guests as on {begun.like}"]
    for each in begun.files:
        state = "written" if each.is_new else "kept   "
        todos = f", {each.todos} TODO" if each.todos else ""
        lines.append(f"{state}  {each.path.relative_to(begun.folder)}: {each.what}{todos}")
    for finding in begun.obstacles:
        check = finding.check
        lines.append(f"no skeleton mends check {check.number}: {finding.outcome.summary}")
    lines.append("next:")
    lines += [f"  {number}. {step}" for number, step in enumerate(begun.steps, start=1)]
    return "\n".join(lines) + "\n"


def _report_record(report: "PortReport") -> dict[str, object]:
    return {
        "board": report.board,
        "app": report.app,
        "passed": not report.failures,
        "checks": [_finding_record(each) for each in report.findings],
    }


def _finding_record(finding: "Finding") -> dict[str, object]:
    outcome = finding.outcome
    return {
        "number": finding.check.number,
        "name": finding.check.name,
        "title": finding.check.title,
        "need": str(finding.check.need),
        "verdict": str(outcome.verdict),
        "summary": outcome.summary,
        "place": str(outcome.span) if outcome.span else None,
        "problems": [_problem_record(each) for each in outcome.problems],
    }


def _problem_record(problem: "Problem") -> dict[str, object]:
    remedy = problem.remedy
    return {
        "text": problem.text,
        "place": str(problem.span) if problem.span else None,
        "hint": problem.hint,
        "write": None
        if remedy is None
        else {
            "file": remedy.file,
            "after-line": remedy.after,
            "line": remedy.line,
            "in-place-of": remedy.old,
            "text": remedy.text,
        },
    }


def _report_text(report: "PortReport") -> str:
    lines = [f"port of {report.app} to {report.board}"]
    for each in report.findings:
        check, outcome = each.check, each.outcome
        head = f"{check.number:>2}  {outcome.verdict:<10}  {check.name:<17}"
        if not outcome.problems:
            place = f" ({outcome.span})" if outcome.span else ""
            lines.append(f"{head}{outcome.summary}{place}")
            continue
        lines.append(f"{head}{check.title}")
        for problem in outcome.problems:
            lines.extend(_INDENT + line if line else "" for line in _problem_lines(problem))
    lines.append(_verdict_line(report))
    return "\n".join(lines) + "\n"


def _problem_lines(problem: "Problem") -> Iterator[str]:
    place = f"{problem.span}: " if problem.span else ""
    yield f"{place}{problem.text}"
    if problem.hint is not None:
        yield f"hint: {problem.hint}"
    remedy = problem.remedy
    if remedy is None:
        return
    if remedy.old is not None:
        yield f"write {remedy.where}:"
    elif remedy.after is None:
        yield f"write into {remedy.file}:"
    else:
        yield f"write into {remedy.file}, after line {remedy.after}:"
    for line in remedy.text.splitlines():
        yield f"    {line}" if line else ""


def _verdict_line(report: "PortReport") -> str:
    failures = report.failures
    if not failures:
        return f"nothing that {report.app} needs on {report.board} fails"
    names = ", ".join(f"{each.check.number} ({each.check.name})" for each in failures)
    count = "1 check fails" if len(failures) == 1 else f"{len(failures)} checks fail"
    return f"{count}: {names}"
