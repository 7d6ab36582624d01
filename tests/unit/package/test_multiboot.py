# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from sel4build.model.platform import ImageFormat
from sel4build.package.inspection import inspect_bytes
from sel4build.package.multiboot import find_multiboot_versions
from tests.kit.images import (
    a_multiboot2_header,
    a_multiboot_header,
    a_multiboot_kernel,
    an_elf,
)


def test_a_kernel_with_a_header_is_of_the_multiboot_form() -> None:
    facts = inspect_bytes(a_multiboot_kernel(), name="kernel")
    assert facts.format is ImageFormat.MULTIBOOT
    assert (facts.machine, facts.word_size) == ("i386", 32)
    assert facts.multiboot_versions == (1,)
    assert facts.entry == 0x10_000C


def test_both_headers_may_be_there() -> None:
    code = a_multiboot_header() + bytes(4) + a_multiboot2_header()
    assert inspect_bytes(an_elf("i386", code=code), name="k").multiboot_versions == (1, 2)


def test_other_machines_have_no_multiboot() -> None:
    facts = inspect_bytes(an_elf("aarch64", code=a_multiboot_header()), name="image")
    assert facts.format is ImageFormat.ELF


@pytest.mark.parametrize(
    ("offset", "found"), [(0, (1,)), (4, (1,)), (2, ()), (8180, (1,)), (8184, ())]
)
def test_a_header_counts_when_it_is_aligned_within_8_kib(
    offset: int, found: tuple[int, ...]
) -> None:
    content = bytes(offset) + a_multiboot_header() + bytes(64)
    assert find_multiboot_versions(content) == found


@pytest.mark.parametrize(
    ("offset", "found"), [(0, (2,)), (8, (2,)), (4, ()), (32752, (2,)), (32760, ())]
)
def test_a_second_header_counts_when_it_is_aligned_within_32_kib(
    offset: int, found: tuple[int, ...]
) -> None:
    content = bytes(offset) + a_multiboot2_header() + bytes(64)
    assert find_multiboot_versions(content) == found


def test_a_wrong_checksum_is_no_header_but_a_later_one_counts() -> None:
    spoilt = a_multiboot_header()[:-1] + b"\0"
    assert find_multiboot_versions(spoilt) == ()
    assert find_multiboot_versions(spoilt + a_multiboot_header()) == (1,)


def test_a_header_cut_short_is_none() -> None:
    header = a_multiboot_header()
    assert all(find_multiboot_versions(header[:length]) == () for length in range(len(header)))
