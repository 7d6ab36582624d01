# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Colours with a fixed meaning, and none at all where they are not wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO


class Colour(StrEnum):
    """What a colour says: SGR codes of ECMA-48."""

    ERROR = "1;31"
    WARNING = "1;33"
    HINT = "36"
    GOOD = "32"
    FAINT = "2"
    STRONG = "1"


class ColourChoice(StrEnum):
    """The values of `--color`."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Palette:
    """Paints text, or leaves it as it is."""

    enabled: bool

    def paint(self, text: str, colour: Colour) -> str:
        """Return `text` in `colour` when colours are on."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self.enabled else text


def choose_palette(choice: ColourChoice, stream: TextIO, environ: Mapping[str, str]) -> Palette:
    """Decide on colours: the option first, then NO_COLOR (no-color.org), then the terminal."""
    if choice is ColourChoice.AUTO:
        wanted = not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        return Palette(wanted and stream.isatty())
    return Palette(choice is ColourChoice.ALWAYS)
