# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Turn parsed tables into frozen dataclasses by their annotations, collecting every problem.

Understood are `str`, `int`, `float`, `bool`, a StrEnum, `RelPath`, `object` (anything), a NewType
over one of them, `tuple[X, ...]`, `frozenset[X]`, `Mapping[str, X]`, a dataclass, and `X | None`.
Fields called `span` and `spans` are never read: they are filled with the place of the table, and
with the places of its keys and of the keys one level below (`KEY.SUBKEY`).
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Hashable, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from sel4build.errors import Span
from sel4build.model.paths import RelPath
from sel4build.reading.places import KeyPath, Places
from sel4build.reading.suggestion import suggest

_T = TypeVar("_T")
_SPAN = "span"
_SPANS = "spans"
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"),
    (int, "a whole number"),
    (float, "a number"),
    (str, "a string"),
    (list, "an array"),
    (dict, "a table"),
)


class _Wrong:
    """Stands for a value that has a problem; the problem is noted already."""


_WRONG = _Wrong()
_Reader = Callable[["Conversion", object, KeyPath], object]


@dataclasses.dataclass(kw_only=True)
class Conversion:
    """One conversion under way: where things stand, and what was found wrong so far."""

    places: Places
    ignores_unknown_keys: bool = False
    """Unknown keys are warnings, not problems."""
    problems: list[tuple[Span, str]] = dataclasses.field(default_factory=list)
    warnings: list[tuple[Span, str]] = dataclasses.field(default_factory=list)

    def problem(self, path: KeyPath, text: str) -> _Wrong:
        """Note a problem at `path` and return what stands for the value."""
        self.problems.append((self.places.span(path), text))
        return _WRONG

    def unknown_key(self, path: KeyPath, text: str) -> None:
        """Note a key that no field takes."""
        noted = self.warnings if self.ignores_unknown_keys else self.problems
        noted.append((self.places.span(path), text))


def convert(table: Mapping[str, object], cls: type[_T], conversion: Conversion) -> _T | None:
    """Return `table` as a `cls`, or None with every problem noted in `conversion`."""
    value = _reader_of(typing.cast("Hashable", cls))(conversion, table, ())
    return value if isinstance(value, cls) else None


@functools.cache
def _reader_of(annotation: Hashable) -> _Reader:
    if isinstance(annotation, typing.NewType):
        return _reader_of(annotation.__supertype__)
    if annotation is object:
        return _read_anything
    if isinstance(annotation, type):
        return _reader_of_class(annotation)
    return _reader_of_generic(annotation)


def _reader_of_class(cls: type) -> _Reader:
    if cls in {str, int, bool, float}:
        return functools.partial(_read_plain, cls)
    if cls is RelPath:
        return _read_path
    if issubclass(cls, StrEnum):
        return functools.partial(_read_enum, cls)
    if dataclasses.is_dataclass(cls):
        return _DataclassReader(cls)
    return _reader_of_generic(cls)


def _reader_of_generic(annotation: object) -> _Reader:
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin in {types.UnionType, typing.Union}:
        (inner,) = (each for each in arguments if each is not type(None))
        return _reader_of(inner)  # TOML has no null: None is what a missing key leaves
    if origin is tuple:
        return functools.partial(_read_array, tuple, _reader_of(arguments[0]))
    if origin is frozenset:
        return functools.partial(_read_array, frozenset, _reader_of(arguments[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return functools.partial(_read_mapping, _reader_of(arguments[1]))
    message = f"the reader knows no {annotation!r}"
    raise TypeError(message)


def _kind_of(value: object) -> str:
    return next((text for kind, text in _KINDS if isinstance(value, kind)), "a date or time")


def _expected(kind: str, value: object, conversion: Conversion, path: KeyPath) -> _Wrong:
    return conversion.problem(path, f"expected {kind}, not {_kind_of(value)}")


def _read_anything(_conversion: Conversion, value: object, _path: KeyPath) -> object:
    return value


def _read_plain(kind: type, conversion: Conversion, value: object, path: KeyPath) -> object:
    if type(value) is kind:  # exact: `true` is no number
        return value
    if kind is float and type(value) is int:
        return _float(value, conversion, path)
    return _expected(dict(_KINDS)[kind], value, conversion, path)


def _float(value: int, conversion: Conversion, path: KeyPath) -> float | _Wrong:
    try:
        return float(value)
    except OverflowError:
        return conversion.problem(path, "the number is too large")


def _read_path(conversion: Conversion, value: object, path: KeyPath) -> object:
    if not isinstance(value, str):
        return _expected("a path", value, conversion, path)
    try:
        return RelPath.parse(value)
    except ValueError as error:
        return conversion.problem(path, str(error))


def _read_enum(enum: type[StrEnum], conversion: Conversion, value: object, path: KeyPath) -> object:
    if not isinstance(value, str):
        return _expected("a string", value, conversion, path)
    try:
        return enum(value)
    except ValueError:
        choices = ", ".join(f"`{each}`" for each in enum)
        text = f"{value!r} is not one of {choices}{_did_you_mean(value, enum)}"
        return conversion.problem(path, text)


def _read_array(
    kind: type[tuple[object, ...]] | type[frozenset[object]],
    reader: _Reader,
    conversion: Conversion,
    value: object,
    path: KeyPath,
) -> object:
    if not isinstance(value, list):
        return _expected("an array", value, conversion, path)
    items = [reader(conversion, each, (*path, index)) for index, each in enumerate(value)]
    return _WRONG if any(each is _WRONG for each in items) else kind(items)


def _read_mapping(reader: _Reader, conversion: Conversion, value: object, path: KeyPath) -> object:
    if not isinstance(value, Mapping):
        return _expected("a table", value, conversion, path)
    items = {key: reader(conversion, each, (*path, key)) for key, each in value.items()}
    return _WRONG if any(each is _WRONG for each in items.values()) else items


def _did_you_mean(name: str, choices: Iterable[str]) -> str:
    meant = suggest(name, choices)
    return f"; did you mean `{meant}`?" if meant else ""


def _spans(conversion: Conversion, value: Mapping[str, object], path: KeyPath) -> dict[str, Span]:
    """Return the places of the keys of `value`, and of those of its tables as `KEY.SUBKEY`."""
    spans = {}
    for key, each in value.items():
        spans[key] = conversion.places.span((*path, key))
        if isinstance(each, Mapping):
            for inner in each:
                spans[f"{key}.{inner}"] = conversion.places.span((*path, key, inner))
    return spans


class _DataclassReader:
    """Reads a table into one class; the schema is looked up once."""

    def __init__(self, cls: type) -> None:
        self._cls = cls
        hints = typing.get_type_hints(cls)
        fields = [each for each in dataclasses.fields(cls) if each.init]
        names = {each.name for each in fields}
        self._has_span = _SPAN in names
        self._has_spans = _SPANS in names
        self._names: dict[str, str] = {}
        self._readers: dict[str, _Reader] = {}
        self._required: set[str] = set()
        for each in fields:
            if each.name in {_SPAN, _SPANS}:
                continue
            key = each.name.replace("_", "-")
            self._names[key] = each.name
            self._readers[key] = _reader_of(hints[each.name])
            if each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING:
                self._required.add(key)

    def __call__(self, conversion: Conversion, value: object, path: KeyPath) -> object:
        if not isinstance(value, Mapping):
            return _expected("a table", value, conversion, path)
        arguments: dict[str, object] = {}
        is_wrong = False
        for key, each in value.items():
            reader = self._readers.get(key)
            if reader is None:
                self._note_unknown(conversion, key, path)
                continue
            read = reader(conversion, each, (*path, key))
            is_wrong = is_wrong or read is _WRONG
            arguments[self._names[key]] = read
        for key in self._names:
            if key in self._required and key not in value:
                conversion.problem(path, f"key `{key}` is missing")
                is_wrong = True
        if is_wrong:
            return _WRONG
        if self._has_span:
            arguments[_SPAN] = conversion.places.span(path)
        if self._has_spans:
            arguments[_SPANS] = _spans(conversion, value, path)
        return self._made(conversion, arguments, path)

    def _made(self, conversion: Conversion, arguments: dict[str, object], path: KeyPath) -> object:
        try:
            return self._cls(**arguments)
        except ValueError as error:  # the class checks what its annotations cannot say
            return conversion.problem(path, str(error))

    def _note_unknown(self, conversion: Conversion, key: str, path: KeyPath) -> None:
        did_you_mean = _did_you_mean(key, self._names)
        conversion.unknown_key((*path, key), f"unknown key `{key}`{did_you_mean}")
