# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a file of a guest is, by its bytes."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sel4build.guests.formats import GuestForm, inspect_guest, why_pointer
from tests.kit.guests import (
    ANNEX_POINTER,
    CPIO,
    CPIO_GZ,
    LFS_POINTER,
    a_bzimage,
    a_zimage,
    an_arm64_image,
    an_elf,
    an_fdt,
)


@pytest.mark.parametrize(
    ("content", "form", "machine", "word_size"),
    [
        (an_arm64_image(), GuestForm.ARM64_IMAGE, "arm", 64),
        (a_zimage(), GuestForm.ZIMAGE, "arm", 32),
        (a_bzimage(), GuestForm.BZIMAGE, "x86", 64),
        (a_bzimage(word_size=32), GuestForm.BZIMAGE, "x86", 32),
        (an_elf(3), GuestForm.ELF, "x86", 32),
        (an_elf(62), GuestForm.ELF, "x86", 64),
        (an_elf(40), GuestForm.ELF, "arm", 32),
        (an_elf(183), GuestForm.ELF, "arm", 64),
        (an_elf(243), GuestForm.ELF, "machine 243", None),
        (an_fdt(), GuestForm.FDT, "", None),
        (b"/dts-v1/;\n/ { };\n", GuestForm.DTS, "", None),
        (CPIO, GuestForm.CPIO, "", None),
        (CPIO_GZ, GuestForm.GZIP, "", None),
        (b"\xfd7zXZ\x00...", GuestForm.XZ, "", None),
        (b"\x27\x05\x19\x56...", GuestForm.UIMAGE, "", None),
        (b"\x28\xb5\x2f\xfd...", GuestForm.ZSTD, "", None),
        (b"hello", GuestForm.UNKNOWN, "", None),
        (b"", GuestForm.UNKNOWN, "", None),
    ],
)
def test_each_form_is_known(
    content: bytes, form: GuestForm, machine: str, word_size: int | None
) -> None:
    facts = inspect_guest(content)
    assert (facts.form, facts.machine, facts.word_size) == (form, machine, word_size)
    assert facts.size_bytes == len(content)


def test_a_kernel_takes_the_memory_that_it_says() -> None:
    assert inspect_guest(an_arm64_image(100, image_size=5000)).memory_bytes == 5000
    assert inspect_guest(an_arm64_image(6000, image_size=5000)).memory_bytes == 6000
    assert inspect_guest(a_bzimage(1000, init_size=9000)).memory_bytes == 9000
    assert inspect_guest(a_zimage(100, start=0x8000, end=0x8000 + 700)).memory_bytes == 700
    assert inspect_guest(an_fdt(total=700)).memory_bytes == 700


def test_a_zimage_may_name_its_place() -> None:
    assert inspect_guest(a_zimage(start=0x8000)).load_address == 0x8000
    assert inspect_guest(a_zimage()).load_address is None


def test_an_old_boot_protocol_tells_neither_size_nor_mode() -> None:
    old = bytearray(a_bzimage(word_size=64, init_size=9000))
    old[0x206:0x208] = b"\x07\x02"
    facts = inspect_guest(bytes(old))
    assert (facts.word_size, facts.memory_bytes) == (32, len(old))


def test_a_gzip_file_that_ends_early_or_is_damaged_is_told() -> None:
    whole = gzip.compress(CPIO + bytes(range(256)) * 9000, mtime=0)
    assert not inspect_guest(whole).cut_off
    assert not inspect_guest(whole + bytes(512)).cut_off
    for broken in (whole[: len(whole) // 2], whole[:-1], whole[:-8] + bytes(8)):
        facts = inspect_guest(broken)
        assert facts.packed_cpio
        assert facts.cut_off


def test_what_a_gzip_file_holds_is_looked_at() -> None:
    assert inspect_guest(CPIO_GZ).packed_cpio
    assert not inspect_guest(gzip.compress(b"no archive")).packed_cpio
    assert not inspect_guest(b"\x1f\x8b\x08broken").packed_cpio


def test_pointers_are_told_from_files() -> None:
    assert "git lfs pull" in (why_pointer(LFS_POINTER) or "")
    assert "git annex get" in (why_pointer(ANNEX_POINTER) or "")
    assert why_pointer(b"a small file") is None
    assert why_pointer(LFS_POINTER + b"x" * 2000) is None


@given(st.binary(max_size=700) | st.binary(max_size=40).map(lambda tail: an_fdt()[:8] + tail))
def test_any_bytes_are_something(content: bytes) -> None:
    facts = inspect_guest(content)
    assert facts.size_bytes == len(content)
    assert str(facts.form)
