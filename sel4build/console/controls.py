# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a text shows on a terminal, without the control sequences that terminals act on."""

import re
from enum import Enum, auto
from typing import assert_never

_ESC = "\x1b"
_BEL = "\x07"
_KEPT_CONTROLS = "\n\t"
# ECMA-48, 5.6: strings opened by DCS, SOS, OSC, PM and APC run up to ST (ESC \\); terminals end an
# OSC at BEL too.
_STRING_OPENERS = "PX]^_"
_CONTROL = re.compile(r"[^\n\t\x20-\x7e\xa0-\U0010ffff]")


class _State(Enum):
    TEXT = auto()
    ESCAPE = auto()
    CONTROL = auto()
    STRING = auto()


class ControlStripper:
    """Drops control sequences (ECMA-48) and control characters from a stream of text.

    Newlines and tabs stay. How the stream is cut into pieces makes no difference.
    """

    def __init__(self) -> None:
        """Start outside of any sequence."""
        self._state = _State.TEXT

    def feed(self, piece: str) -> str:
        """Return what `piece` shows."""
        return "".join(char for char in piece if self._shows(char))

    def _shows(self, char: str) -> bool:
        """Move on by one character and tell whether it is text."""
        if char == _ESC:
            self._state = _State.ESCAPE
            return False
        match self._state:
            case _State.TEXT:
                pass
            case _State.ESCAPE:
                self._state = _after_escape(char)
                if " " <= char <= "~":
                    return False
            case _State.CONTROL:
                # Parameters and intermediates, then one final byte (5.4). A newline is no part of
                # a sequence: noise on a line must not eat the next one.
                if " " <= char <= "?":
                    return False
                self._state = _State.TEXT
                if "@" <= char <= "~":
                    return False
            case _State.STRING:
                if char not in {_BEL, "\n"}:
                    return False
                self._state = _State.TEXT
            case _:
                assert_never(self._state)
        return char in _KEPT_CONTROLS or _is_graphic(char)


def strip_controls(text: str) -> str:
    """Return `text` without control sequences."""
    return ControlStripper().feed(text)


def plain_text(text: str) -> str:
    """Return `text` without control sequences, each carriage return taken for the end of a line."""
    if _CONTROL.search(text) is None:
        return text
    return strip_controls(text.replace("\r\n", "\n").replace("\r", "\n"))


def _after_escape(char: str) -> _State:
    if char == "[":
        return _State.CONTROL
    if char in _STRING_OPENERS:
        return _State.STRING
    # ESC, intermediates, final byte (5.3, ECMA-35 13.2.1).
    return _State.ESCAPE if " " <= char <= "/" else _State.TEXT


def _is_graphic(char: str) -> bool:
    """Tell whether `char` is outside of C0, DEL and C1 (ECMA-48, 5.2)."""
    return " " <= char < "\x7f" or char > "\x9f"
