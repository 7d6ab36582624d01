# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Load a manifest: read its files, put includes in their place, resolve, report all problems."""

import dataclasses
from collections.abc import Iterator, Sequence

from sel4build.errors import ProblemsError, Span
from sel4build.git.safety import without_credentials
from sel4build.manifest.document import parse_document
from sel4build.manifest.files import ManifestFiles, ManifestReader
from sel4build.manifest.groups import select_projects
from sel4build.manifest.resolve import LOCAL_GROUP, resolve_statements
from sel4build.manifest.statements import (
    ExtendStatement,
    IncludeStatement,
    ProjectStatement,
    Statement,
)
from sel4build.manifest.xml import Problem, problems_error
from sel4build.model.manifest import Manifest


def load_manifest(files: ManifestFiles, *, groups: Sequence[str] = ()) -> Manifest:
    """Return the resolved manifest, local manifests and all.

    Raises ProblemsError with every problem of every file, each at `file:line:column`, and
    EnvironmentLacksError when a file cannot be read. That `groups` selects nothing is a problem
    too; projects that it does not select are in the manifest all the same.
    """
    loader = _Loader(files)
    statements = tuple(loader.load_all())
    problems = loader.problems
    shown = files.shown(files.file)
    if problems:
        raise problems_error(shown, problems)
    resolved = resolve_statements(statements, base_url=files.url, groups=groups)
    problems.extend(resolved.problems)
    if not problems and not resolved.projects:
        problems.append((Span(file=shown), "the manifest names no project"))
    elif not problems and not select_projects(resolved.projects, groups):
        wanted = ",".join(groups) or "default"
        problem = f"the groups `{wanted}` select none of {len(resolved.projects)} projects"
        problems.append((Span(file=shown), problem))
    if problems:
        raise problems_error(shown, problems)
    extras = resolved.extras
    return Manifest(
        origin=without_credentials(files.url) if files.url else shown,
        projects=resolved.projects,
        digest=loader.digest,
        remotes=resolved.remotes,
        default=resolved.default,
        notice=extras.notice,
        manifest_server=extras.manifest_server,
        repo_hooks=extras.repo_hooks,
        superproject=extras.superproject,
        contact_url=extras.contact_url,
        submanifests=extras.submanifests,
    )


class _Loader:
    """Reads one manifest with its includes."""

    def __init__(self, files: ManifestFiles, *, reader: ManifestReader | None = None) -> None:
        self.problems: list[Problem] = []
        self._files = files
        self._reader = reader or ManifestReader(files)

    @property
    def digest(self) -> str:
        """sha256 (hex) over all files."""
        return self._reader.digest

    def load_all(self) -> Iterator[Statement]:
        """Yield the statements of the manifest, then those of the local ones."""
        yield from self.load(self._files.file)
        for name in self._files.local_names():
            local = _Loader(self._files.local(name), reader=self._reader.beside(name))
            group = frozenset({f"{LOCAL_GROUP}:{name.removesuffix('.xml')}"})
            for statement in local.load(name):
                yield _inheriting(statement, revision=None, groups=group)
            self.problems.extend(local.problems)

    def load(
        self, name: str, *, via: tuple[str, ...] = (), span: Span | None = None
    ) -> Iterator[Statement]:
        """Yield the statements of the file `name`, each include replaced by those of its file.

        `via` are the files that led here, outermost first.
        """
        shown = self._files.shown(name)
        try:
            document = parse_document(self._reader.read(name), shown)
        except ValueError as error:
            self.problems.append((span or Span(file=shown), str(error)))
            return
        except ProblemsError as error:
            self.problems.extend(error.problems)
            return
        for statement in document:
            if isinstance(statement, IncludeStatement):
                yield from self._include(statement, via=(*via, name))
            else:
                yield statement

    def _include(self, include: IncludeStatement, *, via: tuple[str, ...]) -> Iterator[Statement]:
        name = include.name.text
        if name in via:
            cycle = " -> ".join([*via[via.index(name) :], name])
            self.problems.append((include.span, f"includes go round in a circle: {cycle}"))
            return
        for statement in self.load(name, via=via, span=include.span):
            yield _inheriting(statement, revision=include.revision, groups=include.groups)


def _inheriting(statement: Statement, *, revision: str | None, groups: frozenset[str]) -> Statement:
    """Return `statement` as an include changes it; projects in others are left as they are."""
    match statement:
        case ProjectStatement():
            return dataclasses.replace(
                statement,
                inherited_revision=statement.inherited_revision or revision,
                groups=statement.groups | groups,
            )
        case ExtendStatement():
            return dataclasses.replace(statement, groups=statement.groups | groups)
        case _:
            return statement
