# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""XML text to a tree of elements that know their place.

The standard library's trees forget line and column and expand entities; this reads the events of
expat itself, refuses declarations of entities and bounds size, depth and count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from sel4build.errors import ProblemsError, Span

Problem = tuple[Span | None, str]
"""A place and what is wrong there."""


@dataclass(slots=True)
class Findings:
    """What is wrong with a manifest, and what git-repo passes over in it without a word."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def take(self, other: "Findings") -> None:
        """Add what `other` has."""
        self.problems += other.problems
        self.warnings += other.warnings


MOST_BYTES = 16 * 1024 * 1024
_MOST_DEPTH = 16
_MOST_ELEMENTS = 250_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An element with its attributes, its child elements and the place of its start tag."""

    tag: str
    attributes: Mapping[str, str]
    children: tuple["Element", ...]
    span: Span
    text: str = ""
    """The text inside, without blanks around it."""
    text_span: Span | None = None
    raw_text: str = ""
    """The text inside as it stands."""


def parse_xml(content: bytes, file: str) -> Element:
    """Return the root element of `content`, which places name as `file`.

    Raises ProblemsError for anything that is not well-formed or goes beyond the bounds.
    """
    if len(content) > MOST_BYTES:
        problem = f"is larger than {MOST_BYTES // 1024 // 1024} MiB"
        raise problems_error(file, [(Span(file=file), problem)])
    builder = _TreeBuilder(file)
    try:
        return builder.parse(content)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code).removeprefix("not well-formed ").strip("()")
        span = Span(file=file, line=error.lineno, column=error.offset + 1)
        raise problems_error(file, [(span, f"not well-formed XML: {reason}")]) from error
    except (LookupError, ValueError) as error:  # an encoding that Python lacks or cannot use here
        problem = f"the encoding cannot be read: {error}"
        raise problems_error(file, [(Span(file=file, line=1, column=1), problem)]) from error


def problems_error(
    name: str, problems: Sequence[Problem], warnings: Sequence[Problem] = ()
) -> ProblemsError:
    """Return the error that reports all `problems` of the manifest `name`.

    `warnings` follow, marked as such: what was passed over may be why something else is missing.
    """
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    marked = ((span, f"warning: {text}") for span, text in dict.fromkeys(warnings))
    return ProblemsError(f"manifest `{name}` has {count}", (*problems, *marked))


@dataclass(slots=True)
class _Open:
    """An element whose end tag has not come yet."""

    tag: str
    attributes: dict[str, str]
    span: Span
    children: list[Element] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    text_span: Span | None = None


class _TreeBuilder:
    """Listens to expat and builds the tree."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[_Open] = []
        self._root: Element | None = None
        self._count = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._refuse_entity

    def parse(self, content: bytes) -> Element:
        """Parse the whole document."""
        self._parser.Parse(content, True)  # noqa: FBT003  positional in C
        if self._root is None:  # expat reports a missing root itself
            raise AssertionError
        return self._root

    def _span(self) -> Span:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber
        return Span(file=self._file, line=line, column=column + 1)

    def _refuse(self, problem: str) -> NoReturn:
        raise problems_error(self._file, [(self._span(), problem)])

    def _refuse_entity(self, name: str, *_declaration: object) -> None:
        self._refuse(f"the declaration of the entity `{name}` is refused: manifests need none")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            self._refuse(f"there are more than {_MOST_ELEMENTS} elements")
        if len(self._open) >= _MOST_DEPTH:
            self._refuse(f"elements are nested more than {_MOST_DEPTH} deep")
        self._open.append(_Open(tag, attributes, self._span()))

    def _end(self, _tag: str) -> None:
        done = self._open.pop()
        text = "".join(done.text)
        element = Element(
            tag=done.tag,
            attributes=done.attributes,
            children=tuple(done.children),
            span=done.span,
            text=text.strip(),
            text_span=done.text_span,
            raw_text=text,
        )
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element

    def _text(self, text: str) -> None:
        element = self._open[-1]
        element.text.append(text)
        if element.text_span is None and not text.isspace():
            element.text_span = self._span()
