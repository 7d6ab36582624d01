# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`forall`, `diff` and `grep`."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sel4build.cli.options import WorkspaceDir
from sel4build.cli.session import Invocation
from sel4build.errors import ExitCode, UsageError, WorkError

if TYPE_CHECKING:
    from sel4build.api.projects import ProjectRun

_COMMAND_FLAG = "-c"

Projects: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PROJECT]...",
        help="Projects by path or name; without any, all of them.",
        show_default=False,
    ),
]


def forall(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PROJECT]... -c COMMAND [ARG]...",
            help="Projects by path or name, all without any; then the command.",
            show_default=False,
        ),
    ] = None,
    *,
    has_command: Annotated[
        bool, typer.Option(_COMMAND_FLAG, help="What follows is the command.")
    ] = False,
    show_path: Annotated[
        bool, typer.Option("-p", "--show-path", help="Head the output of each project.")
    ] = False,
    groups: Annotated[
        str | None,
        typer.Option(
            "-g",
            "--groups",
            metavar="GROUP,...",
            help="Only in projects of these groups; `-GROUP` takes some away again.",
            show_default=False,
        ),
    ] = None,
    workspace: WorkspaceDir = None,
) -> int:
    """Run a command in every project.

    A first word that is more than the name of a program goes to `/bin/sh -c`, the others are its
    `$1` and so on. The command sees what that of `repo` sees: REPO_PROJECT, REPO_PATH,
    REPO_OUTERPATH, REPO_INNERPATH, REPO_REMOTE, REPO_PROJECT_FETCH_URL, REPO_LREV (the commit),
    REPO_RREV (as the manifest writes it), REPO_UPSTREAM, REPO_DEST_BRANCH, REPO_I, REPO_COUNT and
    REPO__NAME for each annotation. `-j N`, before `-c`, runs N at once; output is shown in order
    all the same.
    """
    from sel4build.api.finding import open_workspace
    from sel4build.api.projects import run_in_projects
    from sel4build.manifest.groups import split_groups

    wanted = () if groups is None else split_groups(groups)

    chosen, command = _split(words or [], has_command=has_command)
    session = context.ensure_object(Invocation).session()
    place = open_workspace(session.context, workspace)

    def show(run: "ProjectRun") -> None:
        if not session.options.json:
            head = f"project {run.project.path}/\n" if show_path else ""
            session.show("forall", {}, lambda: head + run.output)

    runs = run_in_projects(
        session.context, place, command, projects=chosen, groups=wanted, on_done=show
    )
    if session.options.json:
        session.show("forall", {"projects": [_run_record(each) for each in runs]}, str)
    failed = [each for each in runs if each.problem]
    if not failed:
        return ExitCode.OK
    message = f"the command failed in {len(failed)} of {len(runs)} projects"
    lines = tuple(f"`{each.project.path}`: {each.problem}" for each in failed)
    session.complain([WorkError(message, details=lines)])
    return ExitCode.FAILED


def diff(
    context: typer.Context, projects: Projects = None, *, workspace: WorkspaceDir = None
) -> None:
    """Show what is changed in projects.

    All of it is one patch, which `patch -p1` takes in the folder of a workspace.
    """
    from sel4build.api.finding import open_workspace
    from sel4build.api.projects import diff_projects

    session = context.ensure_object(Invocation).session()
    place = open_workspace(session.context, workspace)
    diffs = diff_projects(session.context, place, tuple(projects or ()))
    session.show(
        "diff",
        {"projects": [{"path": each.path, "diff": each.diff} for each in diffs]},
        lambda: "\n".join(f"project {each.path}/\n{each.diff}" for each in diffs),
    )


def grep(
    context: typer.Context,
    pattern: Annotated[str, typer.Argument(metavar="PATTERN", help="A basic regular expression.")],
    projects: Projects = None,
    *,
    ignore_case: Annotated[
        bool, typer.Option("-i", "--ignore-case", help="Take capital letters for small ones.")
    ] = False,
    fixed: Annotated[
        bool, typer.Option("-F", "--fixed-strings", help="Take the pattern as it is.")
    ] = False,
    workspace: WorkspaceDir = None,
) -> int:
    """Search the tracked files of projects.

    As with `grep`, the exit status is 1 when nothing is found.
    """
    from sel4build.api.finding import open_workspace
    from sel4build.api.projects import GrepOptions, grep_projects

    session = context.ensure_object(Invocation).session()
    place = open_workspace(session.context, workspace)
    matches = grep_projects(
        session.context,
        place,
        pattern,
        projects=tuple(projects or ()),
        options=GrepOptions(ignore_case=ignore_case, fixed=fixed),
    )
    session.show(
        "grep",
        {
            "matches": [
                {"path": each.path, "file": each.file, "line": each.line, "text": each.text}
                for each in matches
            ]
        },
        lambda: "".join(f"{each.path}/{each.file}:{each.line}:{each.text}\n" for each in matches),
    )
    return ExitCode.OK if matches else ExitCode.FAILED


def _split(words: list[str], *, has_command: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part projects from the command, which stands behind `-c`."""
    chosen: list[str] = []
    if not has_command and _COMMAND_FLAG in words:
        at = words.index(_COMMAND_FLAG)
        chosen, words = words[:at], words[at + 1 :]
        has_command = True
    if not has_command or not words or not words[0]:
        hint = "such as `sel4build forall -c git log -1 --oneline`"
        raise UsageError("there is no command: write it behind `-c`", hint=hint)
    return tuple(chosen), tuple(words)


def _run_record(run: "ProjectRun") -> dict[str, object]:
    return {
        "path": run.project.path.text,
        "name": run.project.name,
        "status": run.status,
        "problem": run.problem or None,
        "output": run.output,
    }
