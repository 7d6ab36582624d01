# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The strict reader: TOML text to a frozen dataclass, or all of its problems at once.

Keys are kebab-case, fields snake_case; the annotations of the class are the schema. Hidden here:
how a place in the text is found for a key, since tomllib tells none.
"""

import json
import logging
import re
import tomllib
from pathlib import Path
from typing import TypeVar

from sel4build import __version__
from sel4build.errors import EnvironmentLacksError, InputError, ProblemsError, Span
from sel4build.reading.convert import Conversion, convert
from sel4build.reading.places import Places, render_key
from sel4build.reading.suggestion import suggest

__all__ = ["parse_json", "parse_toml", "read_text", "read_toml", "render_key", "suggest"]

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_VERSION = re.compile(r"([0-9]{1,6})\.([0-9]{1,6})", re.ASCII)


def read_toml(
    path: Path, cls: type[_T], *, file: str | None = None, major: int = 1, minor: int = 0
) -> _T:
    """Read `path` as a `cls`; places name it as `file`, by default the path itself.

    Raises ProblemsError as `parse_toml` does, and what `read_text` raises.
    """
    file = str(path) if file is None else file
    return parse_toml(read_text(path, file=file), file, cls, major=major, minor=minor)


def parse_toml(text: str, file: str, cls: type[_T], *, major: int = 1, minor: int = 0) -> _T:
    """Return the `cls` that `text` spells, or raise one ProblemsError with all that is wrong.

    The text must carry `version`: `MAJOR` as an integer or `"MAJOR.MINOR"`. The major number of a
    format only changes together with that of the program. With a newer minor number, keys that are
    not known are warnings, since they may not matter.
    """
    table = _parse(text, file)
    return _convert(table, cls, Conversion(places=Places(text, file)), major=major, minor=minor)


def parse_json(text: str, file: str, cls: type[_T], *, major: int = 1, minor: int = 0) -> _T:
    """Return the `cls` that a JSON object spells; rules and errors are those of `parse_toml`.

    For state that we write ourselves: places are key paths, without lines.
    """
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _problems_error(file, [(Span(file=file), f"not valid JSON: {error}")]) from error
    conversion = Conversion(places=Places("", file))
    if not isinstance(table, dict):
        conversion.problem((), "expected an object")
        raise _problems_error(file, conversion.problems)
    return _convert(table, cls, conversion, major=major, minor=minor)


def _convert(
    table: dict[str, object], cls: type[_T], conversion: Conversion, *, major: int, minor: int
) -> _T:
    written = table.pop("version", None)
    found = _check_version(written, conversion, major=major)
    conversion.ignores_unknown_keys = found is not None and found[1] > minor
    value = convert(table, cls, conversion)
    for span, warning in conversion.warnings:
        _LOG.warning("%s: %s", span, warning)
    if value is None or conversion.problems:
        raise _problems_error(conversion.places.file, conversion.problems)
    return value


def read_text(path: Path, *, file: str | None = None) -> str:
    """Return the UTF-8 text of `path`.

    Raises InputError when there is no such file, ProblemsError with the line of the first wrong
    byte, and EnvironmentLacksError when the file cannot be read.
    """
    file = str(path) if file is None else file
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        message = f"file `{file}` does not exist"
        raise InputError(message) from error
    except OSError as error:
        message = f"file `{file}` cannot be read: {error.strerror}"
        raise EnvironmentLacksError(message) from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        span = Span(file=file, line=content.count(b"\n", 0, error.start) + 1)
        raise _problems_error(file, [(span, "the text is not UTF-8")]) from error


def _parse(text: str, file: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and int() on thousands of digits
        message = str(error)
        at = _AT.search(message)
        span = Span(file=file)
        if at is not None:
            message = message[: at.start()]
            line = int(at[1]) if at[1] else text.count("\n") + 1
            span = Span(file=file, line=line, column=int(at[2]) if at[2] else None)
        problem = f"not valid TOML: {message[:1].lower()}{message[1:]}"
        raise _problems_error(file, [(span, problem)]) from error
    except RecursionError as error:
        problem = "not valid TOML: values are nested too deeply"
        raise _problems_error(file, [(Span(file=file), problem)]) from error


def _check_version(
    written: object, conversion: Conversion, *, major: int
) -> tuple[int, int] | None:
    """Return the (major, minor) that is `written`, or None with the problem noted."""
    if written is None:
        conversion.problem((), f"key `version` is missing; this program reads `version = {major}`")
        return None
    found = _split_version(written)
    if found is None:
        conversion.problem(("version",), 'expected a whole number or "MAJOR.MINOR"')
        return None
    if found[0] == major:
        return found
    needed = f"sel4build {found[0]}.0 or newer" if found[0] > major else "an older sel4build"
    problem = (
        f"format version {found[0]} needs {needed}; sel4build {__version__} reads version {major}"
    )
    span = conversion.places.span(("version",))
    raise _problems_error(conversion.places.file, [(span, problem)])


def _split_version(written: object) -> tuple[int, int] | None:
    if isinstance(written, int) and not isinstance(written, bool):
        return written, 0
    match = _VERSION.fullmatch(written) if isinstance(written, str) else None
    return (int(match[1]), int(match[2])) if match else None


def _problems_error(file: str, problems: list[tuple[Span, str]]) -> ProblemsError:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return ProblemsError(f"`{file}` has {count}", tuple(problems))
