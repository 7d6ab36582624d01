# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Statements to projects: remotes first, then the default, then projects in document order.

The order and the precedence are those of git-repo's manifest_xml.py (FACTS 5.4); where git-repo
passes over a mistake in silence, it is a problem here.
"""

import dataclasses
from collections.abc import Iterable

from sel4build.errors import Span
from sel4build.git.safety import why_bad_url, without_credentials
from sel4build.manifest.document import (
    DefaultStatement,
    ExtendStatement,
    ProjectStatement,
    RemoveStatement,
    Statement,
)
from sel4build.manifest.urls import resolve_url
from sel4build.manifest.xml import Problem
from sel4build.model.manifest import LinkFile, Project, Remote
from sel4build.model.paths import RelPath
from sel4build.reading import suggest


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The projects by path, or the problems that stand in their way."""

    projects: tuple[Project, ...] = ()
    problems: tuple[Problem, ...] = ()


def resolve_statements(statements: Iterable[Statement], *, base_url: str | None) -> Resolved:
    """Fill in remotes and defaults; `statements` are those of all files, includes in place."""
    statements = tuple(statements)
    problems: list[Problem] = []
    remotes = _Remotes(base_url, problems)
    resolver = _Resolver(remotes, problems)
    for each in statements:
        if isinstance(each, Remote):
            remotes.add(each)
    for each in statements:
        if isinstance(each, DefaultStatement):
            remotes.add_default(each)
    for each in statements:
        if isinstance(each, ProjectStatement):
            resolver.add_project(each)
        elif isinstance(each, ExtendStatement):
            resolver.extend_project(each)
        elif isinstance(each, RemoveStatement):
            resolver.remove_project(each)
    projects = resolver.projects()
    problems += _clashes(projects)
    return Resolved(problems=tuple(problems)) if problems else Resolved(projects=projects)


class _Remotes:
    """The remotes and the default, as far as they are known."""

    def __init__(self, base_url: str | None, problems: list[Problem]) -> None:
        self.default = DefaultStatement(span=Span(file=""))
        self._base_url = base_url
        self._problems = problems
        self._remotes: dict[str, Remote] = {}

    def add(self, remote: Remote) -> None:
        """Take in a remote; a second one of the same name must be equal."""
        known = self._remotes.setdefault(remote.name, remote)
        if dataclasses.replace(known, span=None) != dataclasses.replace(remote, span=None):
            problem = f"remote `{remote.name}` differs from that of the same name at {known.span}"
            self._problems.append((remote.span, problem))

    def add_default(self, default: DefaultStatement) -> None:
        """Take in a default; a second one must be equal or empty."""
        span = default.span
        if dataclasses.replace(default, span=self.default.span) == self.default:
            return
        if default == DefaultStatement(span=span):
            return
        if self.default != DefaultStatement(span=self.default.span):
            problem = f"`default` differs from the one at {self.default.span}"
            self._problems.append((span, problem))
            return
        self.default = default
        if default.remote is not None:
            self.find(default.remote, span)

    def of(self, statement: ProjectStatement) -> Remote | None:
        """Return the remote of a project, or None with the problem noted."""
        name = statement.remote or self.default.remote
        if name is None:
            problem = f"project `{statement.name}` has no remote, and no default gives one"
            self._problems.append((statement.span, problem))
            return None
        if statement.remote is None and name not in self._remotes:
            return None  # reported at the default
        return self.find(name, statement.span)

    def find(self, name: str, span: Span) -> Remote | None:
        """Return the remote of that name, or None with the problem noted."""
        remote = self._remotes.get(name)
        if remote is None:
            problem = f"unknown remote `{name}`{_did_you_mean(name, self._remotes)}"
            self._problems.append((span, problem))
        return remote

    def url(self, remote: Remote, name: str, span: Span) -> str:
        """Return the URL of a project; what is wrong with it is noted."""
        url = resolve_url(remote.fetch, name, base=self._base_url)
        if url is None:
            problem = (
                f"remote `{remote.name}` has the relative URL `{remote.fetch}`, "
                "but this manifest has no URL of its own to join it to"
            )
            self._problems.append((span, problem))
            return ""
        if reason := why_bad_url(url):
            shown = without_credentials(url)
            self._problems.append((span, f"the URL of project `{name}` ({shown!r}) {reason}"))
        return url


class _Resolver:
    """What is known so far, statement by statement."""

    def __init__(self, remotes: "_Remotes", problems: list[Problem]) -> None:
        self._remotes = remotes
        self._problems = problems
        self._projects: dict[RelPath, Project] = {}

    def projects(self) -> tuple[Project, ...]:
        """Return the projects, sorted by path."""
        return tuple(self._projects[path] for path in sorted(self._projects))

    def add_project(self, statement: ProjectStatement) -> None:
        """Add a project at a path of its own."""
        if statement.path in self._projects:
            other = self._projects[statement.path]
            problem = (
                f"path `{statement.path}` of project `{statement.name}` is also that of "
                f"project `{other.name}` at {other.span}"
            )
            self._problems.append((statement.span, problem))
            return
        remote = self._remotes.of(statement)
        if remote is None:
            return
        # Precedence: project, include, remote, default (git-repo, manifest_xml.py).
        revision = (
            statement.revision
            or statement.inherited_revision
            or remote.revision
            or self._remotes.default.revision
        )
        if revision is None:
            problem = f"project `{statement.name}` has no revision, and no default gives one"
            self._problems.append((statement.span, problem))
            return
        self._projects[statement.path] = Project(
            name=statement.name,
            path=statement.path,
            remote=remote.name,
            url=self._remotes.url(remote, statement.name, statement.span),
            revision=revision,
            upstream=statement.upstream or self._remotes.default.upstream,
            dest_branch=statement.dest_branch or self._remotes.default.dest_branch,
            links=statement.links,
            span=statement.span,
        )

    def extend_project(self, statement: ExtendStatement) -> None:
        """Change each project of the name, at `path` only when that is given."""
        found = self._matching(statement.name, statement.path)
        if not found:
            self._note_missing("extend-project", statement)
        remote = None
        if statement.remote is not None:
            remote = self._remotes.find(statement.remote, statement.span)
        for project in found:
            self._check_base(project, statement.base_rev, statement.span)
            del self._projects[project.path]
            extended = self._extended(project, statement, remote)
            if extended.path in self._projects:
                problem = f"path `{extended.path}` is taken by another project"
                self._problems.append((statement.span, problem))
                continue
            self._projects[extended.path] = extended

    def remove_project(self, statement: RemoveStatement) -> None:
        """Drop what matches; nothing to drop is a problem unless it is optional."""
        found = self._matching(statement.name, statement.path)
        if not found and not statement.is_optional:
            self._note_missing("remove-project", statement)
        for project in found:
            self._check_base(project, statement.base_rev, statement.span)
            del self._projects[project.path]

    def _extended(
        self, project: Project, statement: ExtendStatement, remote: Remote | None
    ) -> Project:
        url = self._remotes.url(remote, project.name, statement.span) if remote else project.url
        return dataclasses.replace(
            project,
            path=statement.dest_path or project.path,
            remote=remote.name if remote else project.remote,
            url=url,
            revision=statement.revision or project.revision,
            upstream=statement.upstream or project.upstream,
            dest_branch=statement.dest_branch or project.dest_branch,
            links=tuple(dict.fromkeys((*project.links, *statement.links))),
        )

    def _matching(self, name: str | None, path: RelPath | None) -> list[Project]:
        return [
            each
            for each in self._projects.values()
            if name in {None, each.name} and path in {None, each.path}
        ]

    def _check_base(self, project: Project, base_rev: str | None, span: Span) -> None:
        if base_rev is not None and base_rev != project.revision:
            problem = (
                f"project `{project.name}` is at revision `{project.revision}`, "
                f"not at the `{base_rev}` that `base-rev` expects"
            )
            self._problems.append((span, problem))

    def _note_missing(self, tag: str, statement: ExtendStatement | RemoveStatement) -> None:
        name, path = statement.name, statement.path
        wanted = [f"`{name}`"] if name else []
        wanted += [f"path `{path}`"] if path else []
        problem = f"`{tag}` names a project that is not there: {' at '.join(wanted)}"
        names = {each.name for each in self._projects.values()}
        if name is not None and name not in names:
            problem += _did_you_mean(name, names)
        self._problems.append((statement.span, problem))


def _clashes(projects: tuple[Project, ...]) -> list[Problem]:
    """Return the places that two projects or links want for themselves."""
    problems: list[Problem] = []
    holders = {each.path: f"the path of project `{each.name}`" for each in projects}
    folders = {parent for path in holders for parent in _parents(path)}
    links: dict[RelPath, LinkFile] = {}
    for project in projects:
        for link in project.links:
            if link.dest in holders or link.dest in folders:
                taken = holders.get(link.dest, "a folder that holds a project")
                problem = f"linkfile `{link.dest}` of project `{project.name}` is {taken}"
                problems.append((project.span, problem))
                continue
            holders[link.dest] = f"also a linkfile of project `{project.name}`"
            links[link.dest] = link
    for project in projects:
        for path in (project.path, *(each.dest for each in project.links)):
            above = next((each for each in _parents(path) if each in links), None)
            if above is not None:
                problem = f"`{path}` of project `{project.name}` lies below the linkfile `{above}`"
                problems.append((project.span, problem))
    return problems


def _parents(path: RelPath) -> list[RelPath]:
    return [RelPath("/".join(path.parts[:length])) for length in range(1, len(path.parts))]


def _did_you_mean(name: str, choices: Iterable[str]) -> str:
    meant = suggest(name, choices)
    return f"; did you mean `{meant}`?" if meant else ""
