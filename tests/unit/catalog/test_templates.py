# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
from dataclasses import replace

import pytest

from sel4build.catalog.templates import fill_fields, render_variables, why_bad_template
from sel4build.model.platform import ImageFormat, Sel4Arch
from tests.kit.targets import a_board


def test_addresses_are_hexadecimal_and_numbers_decimal() -> None:
    fields = fill_fields("app", a_board(load_address=0x4800_0000), 3)
    assert fields["uart-address"] == "0x9000000"
    assert fields["load-address"] == "0x48000000"
    assert fields["num-nodes"] == "3"
    assert fields["word-size"] == "64"


def test_what_a_platform_lacks_is_empty_and_left_out() -> None:
    board = a_board(load_address=None)
    fields = fill_fields("app", board, 1)
    templates = {"A": "{uart-shift}", "B": "{load-address}", "C": "{app}", "D": ""}
    assert render_variables(templates, fields) == {"C": "app"}
    shifted = replace(board, uart=replace(board.uart, shift=0))
    assert fill_fields("app", shifted, 1)["uart-shift"] == "0"


def test_a_multiboot_image_has_no_elfloader() -> None:
    board = a_board(form=ImageFormat.MULTIBOOT, sel4_arch=Sel4Arch.IA32)
    fields = fill_fields("app", board, 1)
    assert (fields["image-format"], fields["elfloader-image"]) == ("multiboot", "")


@pytest.mark.parametrize("template", ["", "text", "{app}", "{app}-{num-nodes}", "{{literal}}"])
def test_text_and_known_fields_make_a_template(template: str) -> None:
    assert why_bad_template(template) is None


@pytest.mark.parametrize(
    "template", ["{", "}", "{}", "{0}", "{App}", "{app:>9}", "{app!r}", "{a.b}"]
)
def test_anything_else_in_braces_is_refused(template: str) -> None:
    assert why_bad_template(template) is not None
