# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from sel4build.console.controls import strip_controls


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("login: \r\n", "login: \n"),
        ("\x1b[2J\x1b[01;01Hlogin:", "login:"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b[?25lhidden\x1b[=3h", "hidden"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]0;title\x1b\\text", "text"),
        ("\x1bPdata\x1b\\text", "text"),
        ("\x1b(Btext\x1bc", "text"),
        ("a\x00b\x07c\x08d\x7fe\x9bf", "abcdef"),
        ("größe ☃", "größe ☃"),
        ("\x1b]8;;http://x\x1b\\link", "link"),
        ("a\x1bbc", "ac"),
        ("\x9b31m", "31m"),
        ("\x1b[31\nnext line", "\nnext line"),
        ("\x1b]never ended\nnext line", "\nnext line"),
        ("\x1b\nnext line", "\nnext line"),
        ("\x1b[\x1b[1mtext", "text"),
        ("\x1b[1é", "é"),
        ("text\x1b[3", "text"),
    ],
)
def test_control_sequences_are_not_shown(text: str, shown: str) -> None:
    assert strip_controls(text) == shown
