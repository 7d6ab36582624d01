# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`catalog audit`."""

from typing import TYPE_CHECKING

import typer

from sel4build.cli.options import WorkspaceDir
from sel4build.cli.session import Invocation
from sel4build.errors import ExitCode, Span

if TYPE_CHECKING:
    from sel4build.api.auditing import Audit
    from sel4build.model.facts import Difference

app = typer.Typer(
    help="Check what is known of apps and platforms.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def catalog() -> None:
    """Hold the commands of the catalogue."""


@app.command("audit")
def audit(context: typer.Context, *, workspace: WorkspaceDir = None) -> int:
    """Compare the catalogue with the sources of a synced workspace.

    One line a difference, with our place and theirs. The exit code is 1 when there is any.
    """
    from sel4build.api import auditing

    session = context.ensure_object(Invocation).session()
    done = auditing.audit(session.context, workspace)
    session.report(
        "catalog-audit",
        {
            "apps": done.num_apps,
            "platforms": done.num_platforms,
            "differences": [_record(each) for each in done.differences],
        },
        lambda: _text(done),
    )
    return ExitCode.FAILED if done.differences else ExitCode.OK


def _text(done: "Audit") -> str:
    lines = "".join(f"{each}\n" for each in done.differences)
    count = len(done.differences)
    found = f"{count} difference{'' if count == 1 else 's'}" if count else "no difference"
    return f"{lines}{found} in {done.num_apps} apps and {done.num_platforms} platforms\n"


def _record(difference: "Difference") -> dict[str, object]:
    return {
        "subject": difference.subject,
        "key": difference.key,
        "ours": difference.ours,
        "theirs": difference.theirs,
        "our-place": _place(difference.our_span),
        "their-place": _place(difference.their_span),
        "text": str(difference),
    }


def _place(span: Span | None) -> dict[str, object] | None:
    return None if span is None else {"file": span.file, "line": span.line, "key": span.key}
