# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`demo`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sel4build.cli.session import Invocation, Session
from sel4build.console.style import Colour
from sel4build.errors import ExitCode, Sel4BuildError

if TYPE_CHECKING:
    from sel4build.api.demonstrating import Demonstration, DemoRow

_HEAD = ("platform", "format", "image", "bytes", "sha256", "toolchain")


def demo(
    context: typer.Context,
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Folder to make the workspace in.")
    ] = Path("sel4build-demo"),
    *,
    yes: Annotated[
        bool, typer.Option("-y", "--yes", help="Install what is missing without asking.")
    ] = False,
) -> int:
    """Show the whole way on the bundled app.

    Builds it for every platform, and boots it wherever QEMU plays one.
    """
    from sel4build.api.demonstrating import demonstrate

    session = context.ensure_object(Invocation).session()
    live = None if session.options.quiet else sys.stderr.write
    shown = demonstrate(
        session.context, directory, agrees=lambda question: yes or _ask(question), on_text=live
    )
    session.complain(_errors(shown))
    session.report("demo", _record(shown), lambda: _text(session, shown))
    return _exit_code(shown)


def _exit_code(shown: "Demonstration") -> ExitCode:
    if shown.succeeded:
        return ExitCode.OK
    errors = tuple(_errors(shown))
    lacking = {each.exit_code for each in errors} == {ExitCode.ENVIRONMENT}
    return ExitCode.ENVIRONMENT if lacking else ExitCode.FAILED


def _ask(question: str) -> bool:
    return sys.stdin.isatty() and typer.confirm(question, err=True)


def _errors(shown: "Demonstration") -> Iterator[Sel4BuildError]:
    from sel4build.boot.run import explain_boot

    yield from (row.error for row in shown.rows if row.error is not None)
    yield from shown.unbooted
    yield from (error for each in shown.outcomes if (error := explain_boot(each)) is not None)


def _record(shown: "Demonstration") -> dict[str, object]:
    from sel4build.api.booting import outcome_record

    return {
        "directory": str(shown.directory),
        "images": [
            dict(zip(_HEAD, row, strict=True)) for each in shown.rows for row in _cells(each)
        ],
        "missing": [
            {"what": each.what, "why": each.why, "cure": each.cure}
            for each in shown.findings
            if not each.found
        ],
        "boots": [outcome_record(each) for each in shown.outcomes],
        "succeeded": shown.succeeded,
    }


def _cells(row: "DemoRow") -> list[tuple[str, ...]]:
    if row.package is None:
        reason = row.error.message if row.error is not None else "not made"
        return [(row.platform.name, "-", reason, "-", "-", row.toolchain)]
    return [
        (
            row.platform.name,
            str(row.package.format),
            artifact.name,
            str(artifact.size_bytes),
            artifact.sha256[:16],
            row.toolchain,
        )
        for artifact in row.package.artifacts
    ]


def _text(session: Session, shown: "Demonstration") -> str:
    from sel4build.api.doctoring import finding_line
    from sel4build.console.render import render_table

    lines = [render_table(_HEAD, [cell for row in shown.rows for cell in _cells(row)]), "\n"]
    lines += [f"missing: {finding_line(each)}\n" for each in shown.findings if not each.found]
    lines += [
        f"{each.plan.target}: {each.verdict} after {each.duration_s:.1f} s,"
        f" console in {each.plan.console_file}\n"
        for each in shown.outcomes
    ]
    made = sum(row.package is not None for row in shown.rows)
    passed = sum(each.verdict == "passed" for each in shown.outcomes)
    verdict = (
        f"{made} of {len(shown.rows)} platforms have their image,"
        f" {passed} of {len(shown.outcomes) + len(shown.unbooted)} boots passed\n"
    )
    colour = Colour.GOOD if shown.succeeded else Colour.ERROR
    return "".join(lines) + session.palette.paint(verdict.strip(), colour) + "\n"
