# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Load a manifest: read its files, put includes in their place, resolve, report all problems."""

import dataclasses
from collections.abc import Iterator

from sel4build.errors import ProblemsError, Span
from sel4build.git.safety import without_credentials
from sel4build.manifest.document import (
    IncludeStatement,
    ProjectStatement,
    Statement,
    parse_document,
)
from sel4build.manifest.files import ManifestFiles, ManifestReader
from sel4build.manifest.resolve import resolve_statements
from sel4build.manifest.xml import Problem, problems_error
from sel4build.model.manifest import Manifest


def load_manifest(files: ManifestFiles) -> Manifest:
    """Return the resolved manifest.

    Raises ProblemsError with every problem of every file, each at `file:line:column`, and
    EnvironmentLacksError when a file cannot be read.
    """
    loader = _Loader(files)
    statements = tuple(loader.load(files.file))
    problems = loader.problems
    if not problems:
        resolved = resolve_statements(statements, base_url=files.url)
        problems.extend(resolved.problems)
        if not problems and resolved.projects:
            origin = without_credentials(files.url) if files.url else files.shown(files.file)
            return Manifest(origin=origin, projects=resolved.projects, digest=loader.digest)
    if not problems:
        problems.append((Span(file=files.shown(files.file)), "the manifest names no project"))
    raise problems_error(files.shown(files.file), problems)


class _Loader:
    """Reads one manifest with its includes."""

    def __init__(self, files: ManifestFiles) -> None:
        self.problems: list[Problem] = []
        self._files = files
        self._reader = ManifestReader(files)

    @property
    def digest(self) -> str:
        """sha256 (hex) over all files."""
        return self._reader.digest

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
            if isinstance(statement, ProjectStatement):
                inherited = statement.inherited_revision or include.revision
                yield dataclasses.replace(statement, inherited_revision=inherited)
            else:
                yield statement
