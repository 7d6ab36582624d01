# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The values of one element that obeys the grammar; every wrong one is noted with its place."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from sel4build.errors import Span
from sel4build.git.safety import why_bad_revision
from sel4build.manifest.groups import split_groups
from sel4build.manifest.xml import Element, Problem
from sel4build.model.manifest import Annotation, CopyFile, LinkFile, why_reserved
from sel4build.model.paths import RelPath, why_unsafe

_T = TypeVar("_T")
_TRUE = frozenset({"yes", "true", "1"})
_FALSE = frozenset({"no", "false", "0"})
_MOST_DIGITS = 9


class Values:
    """Reads attributes and children of an element. An empty attribute counts as missing."""

    def __init__(
        self, element: Element, problems: list[Problem], *, is_nested: bool = False
    ) -> None:
        self._element = element
        self._problems = problems
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
        self._problems.append((self._element.span, problem))

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
                yield Values(child, self._problems, is_nested=tag == self._element.tag)

    def path(self, key: str, *, allow_dot: bool = False) -> RelPath | None:
        """Return a path."""
        return self._parsed(key, lambda text: RelPath.parse(text, allow_dot=allow_dot))

    def place(self, key: str) -> RelPath | None:
        """Return a path in the workspace at which something is to be laid."""
        path = self.path(key)
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
        is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
        if not is_number or int(text) == 0:
            self.note(f"attribute `{key}` ({text!r}) is not a whole number above 0")
            return None
        return int(text)

    def choice(self, key: str) -> bool | None:
        """Return a boolean, or None where it is not given."""
        text = (self.text(key) or "").lower()
        if not text:
            return None
        if text not in _TRUE | _FALSE:
            self.note(f"attribute `{key}` is neither `true` nor `false`")
        return text in _TRUE

    def boolean(self, key: str, *, default: bool) -> bool:
        """Return a boolean."""
        choice = self.choice(key)
        return default if choice is None else choice

    def links(self) -> tuple[LinkFile, ...]:
        """Return the linkfiles, each once."""
        found = []
        for values in self.inner("linkfile"):
            src, dest = values.path("src", allow_dot=True), values.place("dest")
            if src is not None and dest is not None:
                found.append(LinkFile(src=src, dest=dest))
        return tuple(dict.fromkeys(found))

    def copies(self) -> tuple[CopyFile, ...]:
        """Return the copyfiles, each once; neither end may be a folder."""
        found = []
        for values in self.inner("copyfile"):
            for key in ("src", "dest"):
                if values.required(key).endswith("/"):
                    values.note(f"attribute `{key}` of a copyfile names a folder")
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
