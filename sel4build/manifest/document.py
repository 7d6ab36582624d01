# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""One manifest file as typed statements, in document order, each value checked by itself.

What needs more than one statement (remotes, defaults, includes) is done by `resolve`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sel4build.errors import Span
from sel4build.git.safety import why_bad_revision
from sel4build.manifest.grammar import ROOT, check_child, check_root, is_extension
from sel4build.manifest.xml import Element, Problem, parse_xml, problems_error
from sel4build.model.manifest import LinkFile, Remote, why_reserved
from sel4build.model.paths import RelPath

_T = TypeVar("_T")
_TRUE = frozenset({"yes", "true", "1"})
_FALSE = frozenset({"no", "false", "0"})
_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultStatement:
    """`<default>`: what a project takes when it does not say."""

    remote: str | None = None
    revision: str | None = None
    upstream: str | None = None
    dest_branch: str | None = None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStatement:
    """`<project>`. `inherited_revision` comes from the `<include>` that brought the file."""

    name: str
    path: RelPath
    remote: str | None = None
    revision: str | None = None
    inherited_revision: str | None = None
    upstream: str | None = None
    dest_branch: str | None = None
    links: tuple[LinkFile, ...] = ()
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendStatement:
    """`<extend-project>`: change a project that was named before."""

    name: str
    path: RelPath | None = None
    dest_path: RelPath | None = None
    remote: str | None = None
    revision: str | None = None
    upstream: str | None = None
    dest_branch: str | None = None
    base_rev: str | None = None
    links: tuple[LinkFile, ...] = ()
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveStatement:
    """`<remove-project>`: drop projects that were named before, by name, by path or by both."""

    name: str | None = None
    path: RelPath | None = None
    is_optional: bool = False
    base_rev: str | None = None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludeStatement:
    """`<include>`: another file of the same manifest, read in place."""

    name: RelPath
    revision: str | None = None
    span: Span


Statement = (
    Remote
    | DefaultStatement
    | ProjectStatement
    | ExtendStatement
    | RemoveStatement
    | IncludeStatement
)


def parse_document(content: bytes, file: str) -> tuple[Statement, ...]:
    """Return the statements of one manifest file.

    Raises ProblemsError with everything that is wrong in it.
    """
    root = parse_xml(content, file)
    problems = check_root(root)
    statements: list[Statement] = []
    for child in root.children if root.tag == ROOT else ():
        wrong = check_child(child, root)
        if not wrong and not is_extension(child.tag):
            statement = _Parser(wrong).statement(child)
            statements += [] if statement is None else [statement]
        problems += wrong
    if problems:
        raise problems_error(file, problems)
    return tuple(statements)


class _Parser:
    """Turns an element that obeys the grammar into a statement, noting every wrong value."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._parsers: dict[str, Callable[[Element], Statement | None]] = {
            "remote": self._remote,
            "default": self._default,
            "project": self._project,
            "extend-project": self._extend,
            "remove-project": self._remove,
            "include": self._include,
        }

    def statement(self, element: Element) -> Statement | None:
        """Return the statement, or None with the problem noted."""
        return self._parsers[element.tag](element)

    def _remote(self, element: Element) -> Remote:
        if element.attributes["fetch"].startswith("-"):
            self._note(element, "attribute `fetch` begins with `-`")
        return Remote(
            name=element.attributes["name"],
            fetch=element.attributes["fetch"],
            revision=self._revision(element, "revision"),
            span=element.span,
        )

    def _default(self, element: Element) -> DefaultStatement:
        return DefaultStatement(
            remote=_text(element, "remote"),
            revision=self._revision(element, "revision"),
            upstream=self._revision(element, "upstream"),
            dest_branch=self._revision(element, "dest-branch"),
            span=element.span,
        )

    def _project(self, element: Element) -> ProjectStatement | None:
        # The name is part of the URL, yet git-repo holds it to the rules of a path.
        name = self._path(element, "name")
        path = self._place(element, "path") if _text(element, "path") else name
        if name is None or path is None:
            return None
        return ProjectStatement(
            name=element.attributes["name"].rstrip("/"),
            path=path,
            remote=_text(element, "remote"),
            revision=self._revision(element, "revision"),
            upstream=self._revision(element, "upstream"),
            dest_branch=self._revision(element, "dest-branch"),
            links=self._links(element),
            span=element.span,
        )

    def _extend(self, element: Element) -> ExtendStatement:
        return ExtendStatement(
            name=element.attributes["name"].rstrip("/"),
            path=self._path(element, "path"),
            dest_path=self._place(element, "dest-path"),
            remote=_text(element, "remote"),
            revision=self._revision(element, "revision"),
            upstream=self._revision(element, "upstream"),
            dest_branch=self._revision(element, "dest-branch"),
            base_rev=self._revision(element, "base-rev"),
            links=self._links(element),
            span=element.span,
        )

    def _remove(self, element: Element) -> RemoveStatement:
        name = _text(element, "name")
        if name is None and _text(element, "path") is None:
            self._note(element, "element `remove-project` needs the attribute `name` or `path`")
        return RemoveStatement(
            name=name.rstrip("/") if name else None,
            path=self._path(element, "path"),
            is_optional=self._boolean(element, "optional"),
            base_rev=self._revision(element, "base-rev"),
            span=element.span,
        )

    def _include(self, element: Element) -> IncludeStatement | None:
        name = self._path(element, "name")
        revision = self._revision(element, "revision")
        if name is None:
            return None
        return IncludeStatement(name=name, revision=revision, span=element.span)

    def _links(self, element: Element) -> tuple[LinkFile, ...]:
        links = (self._link(child) for child in element.children if child.tag == "linkfile")
        return tuple(dict.fromkeys(each for each in links if each is not None))

    def _link(self, element: Element) -> LinkFile | None:
        src = self._path(element, "src", allow_dot=True)
        dest = self._place(element, "dest")
        if src is not None and not _GLOB.isdisjoint(src.text):
            self._note(element, f"a pattern in attribute `src` (`{src}`) is not supported")
            return None
        return None if src is None or dest is None else LinkFile(src=src, dest=dest)

    def _path(self, element: Element, key: str, *, allow_dot: bool = False) -> RelPath | None:
        def parse(text: str) -> RelPath:
            return RelPath.parse(text, allow_dot=allow_dot)

        return self._parsed(element, key, parse)

    def _place(self, element: Element, key: str) -> RelPath | None:
        """Return a path in the workspace at which something is to be laid."""

        def parse(text: str) -> RelPath:
            path = RelPath.parse(text)
            if reason := why_reserved(path):
                message = f"path {text!r} {reason}"
                raise ValueError(message)
            return path

        return self._parsed(element, key, parse)

    def _revision(self, element: Element, key: str) -> str | None:
        text = _text(element, key)
        reason = why_bad_revision(text) if text else None
        if reason is not None:
            self._note(element, f"attribute `{key}` ({text!r}) {reason}")
        return text

    def _boolean(self, element: Element, key: str) -> bool:
        text = (_text(element, key) or "false").lower()
        if text not in _TRUE | _FALSE:
            self._note(element, f"attribute `{key}` is neither `true` nor `false`")
        return text in _TRUE

    def _parsed(self, element: Element, key: str, parse: Callable[[str], _T]) -> _T | None:
        text = _text(element, key)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self._note(element, f"attribute `{key}`: {error}")
            return None

    def _note(self, element: Element, problem: str) -> None:
        self._problems.append((element.span, problem))


def _text(element: Element, key: str) -> str | None:
    """Return an attribute; an empty one counts as missing, as in git-repo."""
    return element.attributes.get(key) or None
