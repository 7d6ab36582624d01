# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Statements to projects: remotes first, then the default, then projects in document order.

The order and the precedence are those of git-repo's manifest_xml.py; where git-repo
drops a project in silence, it is a problem here.
"""

import dataclasses
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sel4build.errors import Span
from sel4build.manifest.extras import Extras, gather_extras
from sel4build.manifest.groups import select_projects
from sel4build.manifest.remotes import Remotes
from sel4build.manifest.statements import (
    ExtendStatement,
    ProjectStatement,
    RemoveStatement,
    Statement,
)
from sel4build.manifest.values import tidy_path
from sel4build.manifest.xml import Findings, Problem
from sel4build.model.manifest import Default, Project, Remote
from sel4build.model.paths import RelPath
from sel4build.reading import suggest

LOCAL_GROUP = "local:"
"""How the groups of local manifests begin: `local::` and the name of the file."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What the statements say together, or the problems that stand in the way."""

    projects: tuple[Project, ...] = ()
    remotes: tuple[Remote, ...] = ()
    default: Default = dataclasses.field(default_factory=Default)
    extras: Extras = dataclasses.field(default_factory=Extras)
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def resolve_statements(
    statements: Iterable[Statement], *, base_url: str | None, groups: Sequence[str] = ()
) -> Resolved:
    """Fill in remotes and defaults; `statements` are those of all files, includes in place.

    No two of the projects that `groups` selects may want the same place for a link or a copy.
    """
    statements = tuple(statements)
    problems: list[Problem] = []
    remotes = Remotes(base_url, problems)
    resolver = _Resolver(remotes, problems)
    warnings = resolver.warnings
    for each in statements:
        if isinstance(each, Remote):
            remotes.add(each)
    for each in statements:
        if isinstance(each, Default):
            remotes.add_default(each)
    extras = gather_extras(statements, remotes, problems)
    for each in statements:
        if isinstance(each, ProjectStatement):
            resolver.add_project(each)
        elif isinstance(each, ExtendStatement):
            resolver.extend_project(each)
        elif isinstance(each, RemoveStatement):
            resolver.remove_project(each)
    projects = resolver.projects()
    problems += _check_hooks(extras, projects, removed=resolver.removed)
    clashes = find_clashes(select_projects(projects, groups))
    problems += clashes.problems
    warnings += clashes.warnings
    problems += _inside_submanifests(projects, extras)
    if problems:
        return Resolved(problems=tuple(problems), warnings=tuple(warnings))
    return Resolved(
        projects=projects,
        remotes=remotes.all(),
        default=remotes.default,
        extras=extras,
        warnings=tuple(warnings),
    )


class _Resolver:
    """What is known so far, statement by statement."""

    def __init__(self, remotes: Remotes, problems: list[Problem]) -> None:
        self._remotes = remotes
        self._problems = problems
        self._projects: dict[RelPath, Project] = {}
        self._by_name: dict[str, dict[RelPath, None]] = {}
        self.removed: set[str] = set()
        self.warnings: list[Problem] = []

    def projects(self) -> tuple[Project, ...]:
        """Return the projects, sorted by path."""
        return tuple(self._projects[path] for path in sorted(self._projects))

    def add_project(self, statement: ProjectStatement, *, parent: Project | None = None) -> None:
        """Add a project at a path of its own, and those in it."""
        name = statement.name if parent is None else posixpath.join(parent.name, statement.name)
        # git-repo joins the name first, so that a path that is left out holds the parent's name.
        path = statement.path or tidy_path(name)
        if parent is not None:
            path = RelPath(f"{parent.path}/{path}")
        if path in self._projects:
            other = self._projects[path]
            problem = (
                f"path `{path}` of project `{name}` is also that of "
                f"project `{other.name}` at {other.span}"
            )
            self._problems.append((statement.span, problem))
            return
        project = self._project(statement, name, path)
        if project is None:
            return
        self._put(project)
        for child in statement.children:
            self.add_project(child, parent=project)

    def _project(self, statement: ProjectStatement, name: str, path: RelPath) -> Project | None:
        subject, span = f"project `{name}`", statement.span
        default = self._remotes.default
        remote = self._remotes.of(statement.remote, subject=subject, span=span)
        if remote is None:
            return None
        choices = (statement.revision, statement.inherited_revision)
        revision = self._remotes.revision(remote, *choices, subject=subject, span=span)
        if revision is None:
            return None
        return Project(
            name=name,
            path=path,
            remote=remote.name,
            url=self._remotes.url(remote, name, span),
            revision=revision,
            upstream=statement.upstream or default.upstream,
            dest_branch=statement.dest_branch or default.dest_branch,
            git_remote=remote.alias or remote.name,
            push_url=self._remotes.push_url(remote, name, span),
            groups=_explicit(statement.groups, name, path),
            links=statement.links,
            copies=statement.copies,
            annotations=statement.annotations,
            clone_depth=statement.clone_depth,
            sync_c=default.sync_c or bool(statement.sync_c),  # as git-repo's project.py
            sync_s=default.sync_s if statement.sync_s is None else statement.sync_s,
            sync_tags=default.sync_tags if statement.sync_tags is None else statement.sync_tags,
            sync_strategy=statement.sync_strategy,
            rebase=statement.rebase,
            force_path=statement.force_path,
            span=span,
        )

    def _put(self, project: Project) -> None:
        self._projects[project.path] = project
        self._by_name.setdefault(project.name, {})[project.path] = None

    def _drop(self, project: Project) -> None:
        del self._projects[project.path]
        del self._by_name[project.name][project.path]

    def extend_project(self, statement: ExtendStatement) -> None:
        """Change each project of the name, at `path` only when that is given."""
        found = self._matching(statement.name, statement.path)
        if statement.name not in self._by_name:
            self._note_missing("extend-project", statement)
        elif not found:
            place = f"project `{statement.name}` is not at path `{statement.path}`"
            self.warnings.append((statement.span, f"`extend-project` changes nothing: {place}"))
        remote = None
        if statement.remote is not None:
            remote = self._remotes.find(statement.remote, statement.span)
        for project in found:
            if statement.revision is not None:  # git-repo guards a change only
                self._check_base(project, statement.base_rev, statement.span)
            self._drop(project)
            extended = self._extended(project, statement, remote)
            if extended.path in self._projects:
                problem = f"path `{extended.path}` is taken by another project"
                self._problems.append((statement.span, problem))
                continue
            self._put(extended)

    def remove_project(self, statement: RemoveStatement) -> None:
        """Drop what matches; nothing to drop is a problem unless it is optional."""
        found = self._matching(statement.name, statement.path)
        if not found and not statement.is_optional:
            self._note_missing("remove-project", statement)
        for project in found:
            self._check_base(project, statement.base_rev, statement.span)
            self._drop(project)
            self.removed.add(project.name)
        if statement.name is not None and statement.path is None:
            self._by_name.pop(statement.name, None)

    def _extended(
        self, project: Project, statement: ExtendStatement, remote: Remote | None
    ) -> Project:
        if remote is not None:
            project = dataclasses.replace(
                project,
                remote=remote.name,
                url=self._remotes.url(remote, project.name, statement.span),
                git_remote=remote.alias or remote.name,
                push_url=self._remotes.push_url(remote, project.name, statement.span),
            )
        path = statement.dest_path or project.path
        # As in git-repo: a project that is extended is not local, and one that is moved stays in
        # the group of its first path and gets into none of its new one.
        first = project.first_path or project.path
        groups = {each for each in project.groups | statement.groups if not _is_local(each)}
        if path != project.path:
            groups.add(f"path:{first}")
        return dataclasses.replace(
            project,
            path=path,
            first_path=first,
            groups=_explicit(groups, project.name, path),
            revision=statement.revision or project.revision,
            upstream=statement.upstream or project.upstream,
            dest_branch=statement.dest_branch or project.dest_branch,
            links=tuple(dict.fromkeys((*project.links, *statement.links))),
            copies=tuple(dict.fromkeys((*project.copies, *statement.copies))),
            annotations=(*project.annotations, *statement.annotations),
        )

    def _matching(self, name: str | None, path: RelPath | None) -> list[Project]:
        paths: Iterable[RelPath] = self._by_name.get(name, {}) if name else self._projects
        if path is not None:
            paths = (path,) if path in paths else ()
        return [self._projects[each] for each in paths]

    def _check_base(self, project: Project, base_rev: str | None, span: Span) -> None:
        if base_rev is not None and base_rev != project.revision:
            problem = (
                f"project `{project.name}` is at revision `{project.revision}`, "
                f"not at the `{base_rev}` that `base-rev` expects"
            )
            self._problems.append((span, problem))

    def _note_missing(self, tag: str, statement: ExtendStatement | RemoveStatement) -> None:
        names = {each for each, paths in self._by_name.items() if paths}
        self._problems.append((statement.span, _why_missing(tag, statement, names)))


def _why_missing(tag: str, statement: ExtendStatement | RemoveStatement, names: set[str]) -> str:
    name, path = statement.name, statement.path
    wanted = [f"`{name}`"] if name else []
    wanted += [f"path `{path}`"] if path else []
    problem = f"`{tag}` names a project that is not there: {' at '.join(wanted)}"
    if name is not None and name not in names:
        problem += _did_you_mean(name, names)
    return problem


def _explicit(groups: Iterable[str], name: str, path: RelPath) -> frozenset[str]:
    """Return `groups` without those that the project is in anyway."""
    return frozenset(groups) - {"all", f"name:{name}", f"path:{path}"}


def _is_local(group: str) -> bool:
    return group.startswith(LOCAL_GROUP)


def _check_hooks(
    extras: Extras, projects: tuple[Project, ...], *, removed: set[str]
) -> list[Problem]:
    """Let `repo-hooks` go with its project; one of a project that never was is a problem."""
    hooks = extras.repo_hooks
    if hooks is None or any(each.name == hooks.project for each in projects):
        return []
    if hooks.project in removed:
        extras.repo_hooks = None
        return []
    meant = _did_you_mean(hooks.project, {each.name for each in projects})
    problem = f"`repo-hooks` names a project that is not there: `{hooks.project}`{meant}"
    return [(extras.hooks_span, problem)]


def _inside_submanifests(projects: tuple[Project, ...], extras: Extras) -> Iterator[Problem]:
    """Yield the projects that lie where a submanifest puts its own."""
    paths = {
        each.path or RelPath((each.revision or each.name).rpartition("/")[2]): each.name
        for each in extras.submanifests
    }
    for project in projects:
        for place in (*_parents(project.path), project.path):
            if place in paths:
                where = f"where submanifest `{paths[place]}` has its projects"
                yield project.span, f"path `{project.path}` of project `{project.name}` is {where}"


def find_clashes(projects: tuple[Project, ...]) -> Findings:
    """Return the places that two projects want for themselves, or links and copies of theirs.

    Of the links and copies of one project at a place the last copy counts, else the last link.
    """
    findings = Findings()
    problems = findings.problems
    holders = {each.path: f"the path of project `{each.name}`" for each in projects}
    folders = {parent for path in holders for parent in _parents(path)}
    leaves: dict[RelPath, str] = {}
    for project in projects:
        own: set[RelPath] = set()
        for kind, dest in _leaves(project):
            if dest in own:
                warning = f"project `{project.name}` has two links or copies at `{dest}`"
                findings.warnings.append((project.span, f"{warning}: the last {kind} counts"))
            elif dest in holders or dest in folders:
                taken = holders.get(dest, "a folder that holds a project")
                problem = f"{kind} `{dest}` of project `{project.name}` is {taken}"
                problems.append((project.span, problem))
                continue
            own.add(dest)
            holders[dest] = f"also a {kind} of project `{project.name}`"
            leaves[dest] = kind
    for project in projects:
        patterns = (each.dest for each in project.links if each.is_pattern)
        for dest in patterns:
            if dest in leaves:
                problem = f"the folder `{dest}` of project `{project.name}` is {holders[dest]}"
                problems.append((project.span, problem))
        for path in _places(project):
            problems += _below(path, project, leaves)
    return findings


def _leaves(project: Project) -> Iterator[tuple[str, RelPath]]:
    """Yield what may lie only once at a place, and what counts last."""
    for link in project.links:
        if not link.is_pattern:
            yield "linkfile", link.dest
    for copy in project.copies:
        yield "copyfile", copy.dest


def _places(project: Project) -> tuple[RelPath, ...]:
    return (
        project.path,
        *(each.dest for each in project.links),
        *(each.dest for each in project.copies),
    )


def _below(path: RelPath, project: Project, leaves: Mapping[RelPath, str]) -> list[Problem]:
    above = next((each for each in _parents(path) if each in leaves), None)
    if above is None:
        return []
    problem = f"`{path}` of project `{project.name}` lies below the {leaves[above]} `{above}`"
    return [(project.span, problem)]


def _parents(path: RelPath) -> list[RelPath]:
    return [RelPath("/".join(path.parts[:length])) for length in range(1, len(path.parts))]


def _did_you_mean(name: str, choices: Iterable[str]) -> str:
    meant = suggest(name, choices)
    return f"; did you mean `{meant}`?" if meant else ""
