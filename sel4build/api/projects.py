# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Do one thing in every project of a workspace: run a command, show changes, search."""

import concurrent.futures
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sel4build.api.context import Context
from sel4build.api.syncing import git_of
from sel4build.errors import InputError, NothingSelectedError, WorkError
from sel4build.git.capture import Captured, capture, capture_git
from sel4build.git.client import Git
from sel4build.lock import read_lock
from sel4build.manifest.groups import matches
from sel4build.model.lock import LockedProject
from sel4build.model.manifest import with_implied_groups
from sel4build.model.workspace import Workspace
from sel4build.process import explain_status
from sel4build.workspace.submodules import with_submodules

_PLAIN = re.compile(r"[A-Za-z0-9_/.-]+")
_REMOTE = re.compile(r'^\[remote "([^"\\]+)"\]', re.MULTILINE)
_MATCH = re.compile(r"([^\0]*)\0(\d+)[:\0](.*)")
_NO_MATCH = 1

_R = TypeVar("_R")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRun:
    """What a command did in one project; `problem` is empty when it succeeded."""

    project: LockedProject
    output: str = ""
    status: int | None = None
    """The exit status; negative is a signal, None when it was not run."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDiff:
    """What is changed in one project, as git shows it."""

    path: str
    diff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A line that was found; `file` is relative to the project at `path`."""

    path: str
    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrepOptions:
    """How lines are compared."""

    ignore_case: bool = False
    fixed: bool = False


def choose_projects(
    workspace: Workspace, words: Iterable[str], *, groups: Sequence[str] = ()
) -> tuple[LockedProject, ...]:
    """Return the locked projects that `words` name by path or name; all without any.

    With `groups` only those that this list selects. Raises InputError when there is no lockfile or
    no such project, NothingSelectedError when none is in the groups.
    """
    if not workspace.lock_file.is_file():
        message = f"there is no lockfile `{workspace.lock_file}`"
        raise InputError(message, hint="make it and the projects: `sel4build sync`")
    projects = with_submodules(workspace, read_lock(workspace.lock_file)).lock.projects
    chosen: set[str] = set()
    for word in words:
        name = word.rstrip("/")
        found = {each.path.text for each in projects if name in {each.path.text, each.name}}
        if not found:
            message = f"the lock has no project `{word}`"
            raise InputError(message, hint="name its path, as `sel4build status` shows it")
        chosen |= found
    named = tuple(each for each in projects if not chosen or each.path.text in chosen)
    return _of_groups(named, tuple(groups)) if groups else named


def _of_groups(
    projects: tuple[LockedProject, ...], groups: tuple[str, ...]
) -> tuple[LockedProject, ...]:
    found = tuple(
        each
        for each in projects
        if matches(with_implied_groups(each.groups, name=each.name, path=each.path), groups)
    )
    if not found:
        known = sorted({group for each in projects for group in each.groups})
        hint = f"there are {', '.join(f'`{each}`' for each in known)}" if known else None
        message = f"no project is in the groups `{','.join(groups)}`"
        raise NothingSelectedError(message, hint=hint)
    return found


def run_in_projects(
    context: Context,
    workspace: Workspace,
    command: Sequence[str],
    *,
    projects: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
    on_done: Callable[[ProjectRun], None] = lambda _run: None,
) -> tuple[ProjectRun, ...]:
    """Run `command` in every project, one after the other unless the context has jobs.

    `on_done` gets each run in the order of the projects. As with `repo`, a first word that is more
    than a name or path of a program goes to `/bin/sh -c`.
    """
    chosen = choose_projects(workspace, projects, groups=groups)
    argv = compose_command(command)

    def run(index: int, project: LockedProject) -> ProjectRun:
        place = project.path.below(workspace.root)
        if not _is_there(place):
            return ProjectRun(project=project, problem="is not there")
        env = {
            **context.environ,
            **compose_variables(project, remote=_remote_of(project, place)),
            "REPO_I": str(index),
            "REPO_COUNT": str(len(chosen)),
        }
        done = capture(context.runner, argv, cwd=place, env=env)
        problem = "" if done.outcome.succeeded else explain_status(done.outcome)
        status = done.outcome.returncode
        return ProjectRun(project=project, output=done.text, status=status, problem=problem)

    runs = []
    numbered = tuple(enumerate(chosen, start=1))
    jobs = context.jobs or 1
    for each in _in_order(git_of(context), numbered, lambda item: run(*item), jobs=jobs):
        on_done(each)
        runs.append(each)
    return tuple(runs)


def compose_command(words: Sequence[str]) -> tuple[str, ...]:
    """Return what is started for the words of `forall -c`; the rule is that of git-repo.

    A first word of letters, digits and `_/.-` is a program. Anything else is a script, whose `$0`
    is itself and whose `$1` is the second word.
    """
    if _PLAIN.fullmatch(words[0]):
        return tuple(words)
    return ("/bin/sh", "-c", words[0], *words)


def compose_variables(project: LockedProject, *, remote: str) -> dict[str, str]:
    """Return the variables that git-repo gives to the commands of `forall`.

    A lock knows no submanifest, so that both paths of those are the plain ones.
    """
    written = project.revision or project.commit
    variables = {
        "REPO_PROJECT": project.name,
        "REPO_PATH": project.path.text,
        "REPO_OUTERPATH": "",
        "REPO_INNERPATH": project.path.text,
        "REPO_PROJECT_FETCH_URL": project.url,
        "REPO_REMOTE": remote,
        "REPO_LREV": project.commit,
        "REPO_RREV": written,
        # What floats has its own revision for its upstream here.
        "REPO_UPSTREAM": "" if project.upstream in {None, written} else str(project.upstream),
        "REPO_DEST_BRANCH": project.dest_branch or "",
    }
    for note in project.annotations:
        variables[f"REPO__{note.name}"] = note.value
    # What an environment cannot hold (execve(2)).
    return {
        name: value
        for name, value in variables.items()
        if "=" not in name and "\0" not in name + value
    }


def diff_projects(
    context: Context, workspace: Workspace, projects: tuple[str, ...] = ()
) -> tuple[ProjectDiff, ...]:
    """Return what differs from the commit that is checked out, in each project that is changed.

    Names of files are seen from the workspace, so that all of it together is one patch.
    """
    git = git_of(context)

    def diff(project: LockedProject) -> ProjectDiff:
        path = project.path.text
        prefixes = (f"--src-prefix=a/{path}/", f"--dst-prefix=b/{path}/")
        options = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty", *prefixes)
        done = capture_git(git, workspace.root / path, "diff", *options, "HEAD", "--")
        _require(done.outcome.succeeded, project, done)
        return ProjectDiff(path=path, diff=done.text)

    found = _in_present(context, git, workspace, projects, diff)
    return tuple(each for each in found if each.diff)


def grep_projects(
    context: Context,
    workspace: Workspace,
    pattern: str,
    *,
    projects: tuple[str, ...] = (),
    options: GrepOptions | None = None,
) -> tuple[Match, ...]:
    """Return the lines of tracked text files that match `pattern`, a basic regular expression."""
    git = git_of(context)
    options = options or GrepOptions()
    words = ["grep", "-n", "-z", "-I", "--full-name", "--no-color", "--no-recurse-submodules"]
    words += ["--ignore-case"] * options.ignore_case + ["--fixed-strings"] * options.fixed

    def grep(project: LockedProject) -> tuple[Match, ...]:
        place = project.path.below(workspace.root)
        done = capture_git(git, place, *words, "-e", pattern, "--")
        _require(done.outcome.returncode in {0, _NO_MATCH}, project, done)
        return tuple(_matches(project.path.text, done.text))

    found = _in_present(context, git, workspace, projects, grep)
    return tuple(match for matches in found for match in matches)


def _matches(path: str, text: str) -> Iterator[Match]:
    for line in text.split("\n"):
        match = _MATCH.fullmatch(line)
        if match is not None:
            yield Match(path=path, file=match[1], line=int(match[2]), text=match[3])


def _in_present(
    context: Context,
    git: Git,
    workspace: Workspace,
    words: tuple[str, ...],
    work: Callable[[LockedProject], _R],
) -> tuple[_R, ...]:
    """Do `work` in the projects that are there, many at once; name those that are not."""
    chosen = choose_projects(workspace, words)
    present = tuple(each for each in chosen if _is_there(each.path.below(workspace.root)))
    missing = [each.path.text for each in chosen if each not in present]
    if missing:
        context.reporter.warn(f"not there, so left out: {', '.join(missing)}")
    return tuple(_in_order(git, present, work, jobs=context.num_jobs))


_T = TypeVar("_T")


def _in_order(
    git: Git, items: Sequence[_T], work: Callable[[_T], _R], *, jobs: int
) -> Iterator[_R]:
    """Yield the results in the order of `items`; an interrupt ends what runs."""
    pool = concurrent.futures.ThreadPoolExecutor(jobs)
    try:
        futures = [pool.submit(work, each) for each in items]
        for future in futures:
            yield future.result()
    except BaseException:
        git.interrupt()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _require(is_good: bool, project: LockedProject, done: Captured) -> None:  # noqa: FBT001
    if not is_good:
        message = f"git failed in project `{project.path}`: it {explain_status(done.outcome)}"
        lines = tuple(done.text.splitlines()[-20:])
        raise WorkError(message, details=lines, hint=f"run it by hand: `{done.outcome.command}`")


def _is_there(place: Path) -> bool:
    return os.path.lexists(place / ".git")


def _remote_of(project: LockedProject, work_tree: Path) -> str:
    """Return the name of the project's remote, or of the first where that is not there."""
    try:
        names = _REMOTE.findall((work_tree / ".git" / "config").read_text())
    except (OSError, ValueError):
        names = []
    return project.remote if project.remote in names or not names else str(names[0])
