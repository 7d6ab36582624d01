# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Placeholders in lines of the catalogue, such as `{image}`; `{{` and `}}` stand for braces."""

import string
from collections.abc import Mapping


class UnfilledError(ValueError):
    """A line has a placeholder without a value, or braces that do not match."""


def fill_line(line: str, values: Mapping[str, str]) -> str:
    """Replace each `{name}` by its value.

    Raises UnfilledError for a name that has no value or an empty one.
    """
    try:
        parts = tuple(string.Formatter().parse(line))
    except ValueError as error:
        message = f"`{line}`: {error}"
        raise UnfilledError(message) from error
    return "".join(text + _value(name, line, values) for text, name, _, _ in parts)


def _value(name: str | None, line: str, values: Mapping[str, str]) -> str:
    if name is None:
        return ""
    value = values.get(name)
    if not value:
        message = f"`{line}`: nothing is known to put for `{{{name}}}`"
        raise UnfilledError(message)
    return value
