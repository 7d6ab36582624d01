# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a rule says when it refuses, and how names of the user are shown in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sel4build.errors import Span

_MOST_SHOWN = 60  # characters of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A Rejection that does not know its selection yet."""

    rule: str
    reason: str
    hint: str | None = None
    span: Span | None = None


def show(name: str) -> str:
    """Return `name` in backticks, or escaped and quoted where it holds what cannot be seen."""
    if len(name) > _MOST_SHOWN:
        name = name[:_MOST_SHOWN] + "..."
    return f"`{name}`" if name.isprintable() and "`" not in name and name.strip() else repr(name)


def show_all(names: Iterable[str]) -> str:
    """Return `names` in backticks with commas between, sorted."""
    return ", ".join(f"`{each}`" for each in sorted(names))
