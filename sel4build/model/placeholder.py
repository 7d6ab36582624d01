# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Placeholders in lines of the catalogue: `{image}` is ours, `${loadaddr}` is U-Boot's own."""

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"(?<!\$)\{([a-z-]+)\}")


def fill_line(line: str, values: Mapping[str, str]) -> str:
    """Replace each `{name}` by its value and leave `${name}` alone.

    Raises KeyError with the name of a placeholder that has no value, or an empty one.
    """

    def replace(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if not value:
            raise KeyError(match[1])
        return value

    return _PLACEHOLDER.sub(replace, line)
