# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Who set a variable of CMake's to what, and what became of what was asked for."""

from dataclasses import dataclass
from enum import StrEnum


class WriteKind(StrEnum):
    """How a command treats a value that is there already."""

    INITIAL = "initial"
    """Our initial cache."""
    USER = "user"
    """`-D` of the user's."""
    SET = "set"
    """`set(... CACHE ...)`: only where there is none."""
    FORCE = "force"
    """`set(... CACHE ... FORCE)`: whatever there is."""
    DEFAULT = "default"
    """The declaration of an option: the value that it has where nobody says another."""
    ORDINARY = "ordinary"
    """`set(...)` without CACHE: hides the cache's value in its folder and below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One command that set a variable."""

    kind: WriteKind
    value: str | None = None
    """None where the command does not spell it."""
    command: str
    file: str
    """Relative to the workspace where it lies there."""
    line: int | None = None

    @property
    def place(self) -> str:
        """`file:line`."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A variable of a configured tree: the value in force, and all who set it, in order."""

    name: str
    value: str
    type: str
    """CMake's type of the cache entry."""
    writes: tuple[Write, ...] = ()
    """Those that had an effect; the last one has the word."""
    disabled: bool = False
    """An option that is off since what it depends on is not there."""

    @property
    def source(self) -> Write | None:
        """Who has the last word on the cache's value."""
        lasting = [each for each in self.writes if each.kind is not WriteKind.ORDINARY]
        return lasting[-1] if lasting else None

    @property
    def hidden_by(self) -> tuple[Write, ...]:
        """Ordinary variables of another value that hide the cache's in some folders."""
        return tuple(
            each
            for each in self.writes
            if each.kind is WriteKind.ORDINARY and each.value != self.value
        )

    @property
    def overwritten(self) -> tuple[Write, ...]:
        """Those who asked for another value; the default of an option asks for nothing."""
        return tuple(
            each
            for each in self.writes
            if each.kind not in {WriteKind.ORDINARY, WriteKind.DEFAULT}
            and each.value not in {None, self.value}
        )


class DeviationKind(StrEnum):
    """What became of something that was asked for, other than was asked."""

    OVERWRITTEN = "overwritten"
    """The cache has another value."""
    HIDDEN = "hidden"
    """The cache has it, but an ordinary variable hides it."""
    UNREAD = "unread"
    """No CMake file read it."""
    UNSTABLE = "unstable"
    """Another run of CMake would change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One difference between what was asked for, or first configured, and what is in force."""

    kind: DeviationKind
    name: str
    asked: str
    got: str | None = None
    """None where there is no value."""
    place: str | None = None
    """`file:line` of what made it so, where that is known."""

    def __str__(self) -> str:
        """Tell it in a sentence."""
        where = f" ({self.place})" if self.place else ""
        match self.kind:
            case DeviationKind.OVERWRITTEN:
                return f"`{self.name}`: asked for `{self.asked}`, CMake has `{self.got}`{where}"
            case DeviationKind.HIDDEN:
                return (
                    f"`{self.name}`: asked for `{self.asked}`, but the sources use"
                    f" `{self.got}`{where}"
                )
            case DeviationKind.UNREAD:
                return f"`-D {self.name}` was not read by any CMake file"
            case DeviationKind.UNSTABLE:
                return f"`{self.name}` from `{self.asked}` to `{self.got or ''}`{where}"
