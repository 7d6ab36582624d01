# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The values of one element that obeys the grammar; every wrong one is noted with its place."""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from sel4build.errors import Span
from sel4build.git.safety import why_bad_revision
from sel4build.manifest.groups import split_groups
from sel4build.manifest.xml import Element, Findings
from sel4build.model.manifest import Annotation, CopyFile, LinkFile, why_reserved
from sel4build.model.paths import RelPath, why_unsafe

_T = TypeVar("_T")
_TRUE = frozenset({"yes", "true", "1"})
_FALSE = frozenset({"no", "false", "0"})
_MOST_DIGITS = 9
_SLASHES = re.compile("/+")


class Values:
    """Reads attributes and children of an element. An empty attribute counts as missing."""

    def __init__(self, element: Element, findings: Findings, *, is_nested: bool = False) -> None:
        self._element = element
        self._findings = findings
        self.is_nested = is_nested
        """True for what stands in an element of its own kind."""

    @property
    def span(self) -> Span:
        """Where the element stands."""
        return self._element.span

    @property
    def raw_text(self) -> str:
        """The text inside, blanks and all."""
        return self._element.raw_text

    def note(self, problem: str) -> None:
        """Note a problem of this element."""
        self._findings.problems.append((self._element.span, problem))

    def warn(self, warning: str) -> None:
        """Note what is passed over in this element."""
        self._findings.warnings.append((self._element.span, warning))

    def text(self, key: str) -> str | None:
        """Return an attribute, or None."""
        return self._element.attributes.get(key) or None

    def has(self, key: str) -> bool:
        """Tell whether an attribute is there, be it empty."""
        return key in self._element.attributes

    def required(self, key: str) -> str:
        """Return an attribute that the grammar demands."""
        return self._element.attributes[key]

    def inner(self, tag: str) -> "Iterator[Values]":
        """Yield the children of a tag."""
        for child in self._element.children:
            if child.tag == tag:
                yield Values(child, self._findings, is_nested=tag == self._element.tag)

    def path(
        self, key: str, *, allow_dot: bool = False, may_be_folder: bool = False
    ) -> RelPath | None:
        """Return a path. A slash at the end makes it that of a folder, as in git-repo."""
        text = self.text(key) or ""
        if text.endswith("/") and not may_be_folder:
            self.note(f"attribute `{key}` ({text!r}) ends in a slash, but cannot be a folder")
            return None
        return self._parsed(key, lambda text: RelPath.parse(_tidy(text), allow_dot=allow_dot))

    def wanted_path(self, key: str) -> RelPath | None:
        """Return the path of a project that is looked for: nothing is ever laid there."""
        text = self.text(key)
        return None if text is None else RelPath(_tidy(text))

    def project_place(self, key: str) -> RelPath | None:
        """Return the path of a project."""
        if (self.text(key) or "").rstrip("/") == ".":
            self.note(f"attribute `{key}` is `.`, but the workspace itself can be no project")
            return None
        return self.place(key, may_be_folder=True)

    def place(self, key: str, *, may_be_folder: bool = False) -> RelPath | None:
        """Return a path in the workspace at which something is to be laid."""
        path = self.path(key, may_be_folder=may_be_folder)
        if path is not None and not self.is_nested:
            self.check_place(key, path)
        return path

    def check_place(self, key: str, path: RelPath) -> None:
        """Note when nothing may be laid at `path`."""
        if reason := why_reserved(path):
            self.note(f"attribute `{key}`: path {path.text!r} {reason}")

    def check_last_segment(self, key: str) -> None:
        """Note when the end of an attribute cannot be the name of a folder."""
        text = self.required(key)
        segment = text.rpartition("/")[2]
        reason = why_unsafe(text if key == "name" else segment)
        if reason := reason or why_reserved(RelPath(segment)):
            self.note(f"attribute `{key}`: path {text!r} {reason}")

    def revision(self, key: str) -> str | None:
        """Return a branch, tag or commit."""
        text = self.text(key)
        reason = why_bad_revision(text) if text else None
        if reason is not None:
            self.note(f"attribute `{key}` ({text!r}) {reason}")
        return text

    def groups(self, key: str) -> frozenset[str]:
        """Return a set of groups."""
        return frozenset(split_groups(self.text(key) or ""))

    def count(self, key: str) -> int | None:
        """Return a whole number above zero."""
        text = self.text(key)
        if text is None:
            return None
        try:
            number = int(text) if len(text) <= _MOST_DIGITS else 0
        except ValueError:
            number = 0
        if number <= 0:
            limit = f"between 1 and {10**_MOST_DIGITS - 1}"
            self.note(f"attribute `{key}` ({text!r}) is not a whole number {limit}")
            return None
        return number

    def choice(self, key: str) -> bool | None:
        """Return a boolean, or None where it is not given or is none, as git-repo does."""
        text = (self.text(key) or "").lower()
        if not text:
            return None
        if text not in _TRUE | _FALSE:
            warning = f"attribute `{key}` ({self.text(key)!r}) is neither `true` nor `false`"
            self.warn(f"{warning}, and is passed over")
            return None
        return text in _TRUE

    def boolean(self, key: str, *, default: bool) -> bool:
        """Return a boolean."""
        choice = self.choice(key)
        return default if choice is None else choice

    def links(self) -> tuple[LinkFile, ...]:
        """Return the linkfiles, each once."""
        found = []
        for values in self.inner("linkfile"):
            src = values.path("src", allow_dot=True, may_be_folder=True)
            dest = values.place("dest")
            if src is not None and dest is not None:
                found.append(LinkFile(src=src, dest=dest))
        return tuple(dict.fromkeys(found))

    def copies(self) -> tuple[CopyFile, ...]:
        """Return the copyfiles, each once; neither end may be a folder."""
        found = []
        for values in self.inner("copyfile"):
            src, dest = values.path("src"), values.place("dest")
            if src is not None and dest is not None:
                found.append(CopyFile(src=src, dest=dest))
        return tuple(dict.fromkeys(found))

    def annotations(self) -> tuple[Annotation, ...]:
        """Return the annotations, in order."""
        return tuple(
            Annotation(
                name=values.required("name"),
                value=values.required("value"),
                keep=values.keep(),
            )
            for values in self.inner("annotation")
        )

    def keep(self) -> bool:
        """Return whether an annotation is shown by an export."""
        text = (self.text("keep") or "true").lower()
        if text not in {"true", "false"}:
            self.note("attribute `keep` is neither `true` nor `false`")
        return text == "true"

    def _parsed(self, key: str, parse: Callable[[str], _T]) -> _T | None:
        text = self.text(key)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.note(f"attribute `{key}`: {error}")
            return None


def tidy_path(text: str) -> RelPath:
    """Return a path that was found to be safe, with single slashes and none at its end."""
    return RelPath(_tidy(text).rstrip("/"))


def _tidy(text: str) -> str:
    """Return `text` with slashes that follow each other as one, as the system reads them."""
    return _SLASHES.sub("/", text)
