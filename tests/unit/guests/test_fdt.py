# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Device tree blobs as source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sel4build.errors import InputError
from sel4build.guests.fdt import decompile_fdt
from tests.kit.guests import an_fdt


def test_a_blob_becomes_a_source_with_the_same_bytes() -> None:
    assert decompile_fdt(an_fdt(), file="x") == (
        "/dts-v1/;\n"
        "/memreserve/ 0x1000 0x2000;\n\n"
        "/ {\n"
        "\tcompatible = [61 63 6d 65 00];\n"
        "\tsoc@0 {\n"
        "\t\tranges;\n"
        "\t};\n"
        "};\n"
    )


@given(st.integers(0, len(an_fdt()) - 1))
def test_a_blob_that_is_cut_off_is_refused(size: int) -> None:
    with pytest.raises(InputError, match="device tree `x` is damaged"):
        decompile_fdt(an_fdt()[:size], file="x")


def test_a_token_that_is_none_is_refused() -> None:
    blob = bytearray(an_fdt())
    blob[40 + 32 + 3] = 7
    with pytest.raises(InputError, match="damaged"):
        decompile_fdt(bytes(blob), file="x")
