# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from sel4build.model.placeholder import UnfilledError, fill_line


@pytest.mark.parametrize(
    ("line", "filled"),
    [
        ("dhcp", "dhcp"),
        ("tftpboot {load} {image}", "tftpboot 0x1000 the image"),
        ("load ${{addr}} {image}", "load ${addr} the image"),
        ("", ""),
    ],
)
def test_placeholders_are_replaced_and_doubled_braces_stand_for_one(line: str, filled: str) -> None:
    assert fill_line(line, {"load": "0x1000", "image": "the image"}) == filled


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("go {where}", "nothing is known to put for `{where}`"),
        ("go {empty}", "nothing is known to put for `{empty}`"),
        ("go {}", "nothing is known to put for `{}`"),
        ("go {load", "`go {load`: "),
        ("go }", "`go }`: "),
    ],
)
def test_a_line_that_cannot_be_filled_says_why(line: str, reason: str) -> None:
    with pytest.raises(UnfilledError) as caught:
        fill_line(line, {"load": "0x1000", "empty": ""})
    assert reason in str(caught.value)
