# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of colours, and of taking them away."""

import io
from collections.abc import Mapping

import pytest

from sel4build.console.style import Colour, ColourChoice, Palette, choose_palette


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_text_is_painted_and_the_colour_ended() -> None:
    assert Palette(enabled=True).paint("x", Colour.ERROR) == "\x1b[1;31mx\x1b[0m"


def test_text_stays_as_it_is_without_colours() -> None:
    assert Palette(enabled=False).paint("x", Colour.ERROR) == "x"


@pytest.mark.parametrize(
    ("choice", "stream", "environ", "enabled"),
    [
        (ColourChoice.AUTO, Terminal(), {}, True),
        (ColourChoice.AUTO, io.StringIO(), {}, False),
        (ColourChoice.AUTO, Terminal(), {"NO_COLOR": "1"}, False),
        (ColourChoice.AUTO, Terminal(), {"NO_COLOR": ""}, True),
        (ColourChoice.AUTO, Terminal(), {"TERM": "dumb"}, False),
        (ColourChoice.ALWAYS, io.StringIO(), {"NO_COLOR": "1"}, True),
        (ColourChoice.NEVER, Terminal(), {}, False),
    ],
)
def test_the_option_counts_first_then_no_color_then_the_terminal(
    choice: ColourChoice, stream: io.StringIO, environ: Mapping[str, str], *, enabled: bool
) -> None:
    assert choose_palette(choice, stream, environ).enabled is enabled
