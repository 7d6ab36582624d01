# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Load a manifest: read its files, put includes in their place, resolve, report all problems."""

import dataclasses
from collections.abc import Iterator, Sequence

from sel4build.errors import ProblemsError, Span
from sel4build.git.safety import without_credentials
from sel4build.manifest.document import parse_document
from sel4build.manifest.files import ManifestFiles, ManifestReader
from sel4build.manifest.groups import why_nothing_selected
from sel4build.manifest.resolve import LOCAL_GROUP, resolve_statements
from sel4build.manifest.statements import (
    ExtendStatement,
    IncludeStatement,
    ProjectStatement,
    Statement,
)
from sel4build.manifest.xml import Findings, problems_error
from sel4build.model.manifest import Manifest


def load_manifest(
    files: ManifestFiles,
    *,
    groups: Sequence[str] = (),
    part_groups: frozenset[str] | None = None,
) -> Manifest:
    """Return the resolved manifest, local manifests and all.

    Raises ProblemsError with every problem of every file, each at `file:line:column`, and
    EnvironmentLacksError when a file cannot be read. What git-repo passes over is passed over too,
    with a warning. That `groups` selects nothing is what the manifest lacks; projects that it does
    not select are in the manifest all the same.

    A submanifest has `part_groups`, which all its projects are in. The submanifests of a manifest
    are not read here.
    """
    loader = _Loader(files)
    statements = tuple(_in_groups(each, part_groups or frozenset()) for each in loader.load_all())
    problems, warnings = loader.findings.problems, loader.findings.warnings
    shown = files.shown(files.file)
    if problems:
        raise problems_error(shown, problems, warnings)
    resolved = resolve_statements(statements, base_url=files.url, groups=groups)
    problems.extend(resolved.problems)
    warnings.extend(resolved.warnings)
    if problems:
        raise problems_error(shown, problems, warnings)
    extras = resolved.extras
    reason = None
    if part_groups is None and not extras.submanifests:
        reason = why_nothing_selected(resolved.projects, groups)
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
        warnings=tuple(dict.fromkeys(warnings)),
        lack=(Span(file=shown), reason) if reason else None,
    )


class _Loader:
    """Reads one manifest with its includes."""

    def __init__(self, files: ManifestFiles, *, reader: ManifestReader | None = None) -> None:
        self.findings = Findings()
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
                yield _in_groups(statement, group)
            self.findings.take(local.findings)

    def load(
        self, name: str, *, via: tuple["_Step", ...] = (), span: Span | None = None
    ) -> Iterator[Statement]:
        """Yield the statements of the file `name`, each include replaced by those of its file.

        `via` are the includes that led here, outermost first.
        """
        revision = via[-1].revision if via else None
        shown = self._files.shown(name)
        try:
            document = parse_document(self._reader.read(name), shown, self.findings)
        except ValueError as error:
            self.findings.problems.append((span or Span(file=shown), str(error)))
            return
        except ProblemsError as error:
            self.findings.problems.extend(error.problems)
            return
        for statement in document:
            if isinstance(statement, IncludeStatement):
                of_include = statement.revision if statement.has_revision else revision
                yield from self._include(statement, via=(*via, _Step(name, of_include)))
            elif isinstance(statement, ProjectStatement) and not statement.has_revision:
                yield dataclasses.replace(statement, inherited_revision=revision)
            else:
                yield statement

    def _include(
        self, include: IncludeStatement, *, via: tuple["_Step", ...]
    ) -> Iterator[Statement]:
        name = include.name.text
        files = [each.file for each in via]
        if name in files:
            cycle = " -> ".join([*files[files.index(name) :], name])
            problem = f"includes go round in a circle: {cycle}"
            self.findings.problems.append((include.span, problem))
            return
        for statement in self.load(name, via=via, span=include.span):
            yield _in_groups(statement, include.groups)


@dataclasses.dataclass(frozen=True, slots=True)
class _Step:
    """An include on the way to a file: the file that has it, and the revision that it hands on."""

    file: str
    revision: str | None


def _in_groups(statement: Statement, groups: frozenset[str]) -> Statement:
    """Return `statement` in more groups; projects in others are left as they are."""
    match statement:
        case ProjectStatement() | ExtendStatement():
            return dataclasses.replace(statement, groups=statement.groups | groups)
        case _:
            return statement
