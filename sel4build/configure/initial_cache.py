# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Write the initial cache: the script that speaks to CMake before the project does.

Values travel as bracket arguments, in which CMake expands and escapes nothing (cmake-language(7),
"Bracket Argument").
"""

import re
from collections.abc import Mapping

from sel4build.errors import InputError

_HEADER = "# Written by sel4build: what this build is. Read before the settings script.\n"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.+/-]*")


def render_initial_cache(variables: Mapping[str, str]) -> str:
    """Return the script that sets each of `variables` as a cache entry, in order of name.

    Raises InputError for a name that CMake would not read back or a value with a line break.
    """
    lines = [_HEADER]
    for name in sorted(variables):
        value = variables[name]
        if _NAME.fullmatch(name) is None:
            message = f"`{name}` is not the name of a CMake variable"
            raise InputError(message)
        if any(character in value for character in "\n\r\0"):
            message = f"the value of `{name}` contains a line break"
            raise InputError(message, hint="CMake's cache holds one line for each value")
        if not _is_unicode(value):
            message = f"the value of `{name}` contains bytes that are not UTF-8"
            raise InputError(message, hint="CMake reads its scripts as UTF-8; use another name")
        lines.append(f'set({name} {_bracketed(value)} CACHE STRING "set by sel4build")\n')
    return "".join(lines)


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # surrogates stand for undecodable bytes (PEP 383)
        return False
    return True


def _bracketed(value: str) -> str:
    """Quote `value` with the shortest bracket that does not end inside it."""
    level = 0
    # A value that ends in `]` would merge with the closing bracket of level 0.
    while f"]{'=' * level}]" in value + "]":
        level += 1
    fence = "=" * level
    return f"[{fence}[{value}]{fence}]"
