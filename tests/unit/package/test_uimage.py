# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from sel4build.model.platform import ImageFormat
from sel4build.package.fields import MalformedImageError
from sel4build.package.inspection import inspect_bytes
from tests.kit.images import a_uimage


@pytest.mark.parametrize(
    ("machine", "word_size"), [("aarch64", 64), ("arm", 32), ("i386", 32), ("x86_64", 64)]
)
def test_a_uimage_tells_what_its_header_says(machine: str, word_size: int) -> None:
    facts = inspect_bytes(a_uimage(machine, load=0x8200_0000), name="image")
    assert facts.format is ImageFormat.UIMAGE
    assert (facts.machine, facts.word_size) == (machine, word_size)
    assert (facts.entry, facts.load_address) == (0x8200_0000, 0x8200_0000)
    assert (facts.uimage_os, facts.uimage_type) == ("linux", "kernel")


def test_numbers_without_a_name_are_told_as_they_are() -> None:
    facts = inspect_bytes(a_uimage(arch=99, system=98, kind=97), name="image")
    assert (facts.machine, facts.word_size) == ("uImage architecture 99", None)
    assert (facts.uimage_os, facts.uimage_type) == ("98", "97")


def test_every_flipped_byte_behind_the_magic_number_is_noticed() -> None:
    content = a_uimage()
    for offset in range(4, len(content)):
        spoilt = bytearray(content)
        spoilt[offset] ^= 0x10
        with pytest.raises(MalformedImageError, match="checksum"):
            inspect_bytes(bytes(spoilt), name="image")


def test_a_uimage_cut_anywhere_is_refused() -> None:
    content = a_uimage()
    for length in range(4, len(content)):
        with pytest.raises(MalformedImageError):
            inspect_bytes(content[:length], name="image")


def test_bytes_behind_the_payload_are_refused() -> None:
    with pytest.raises(MalformedImageError, match="3 bytes follow its payload"):
        inspect_bytes(a_uimage() + b"abc", name="image")


def test_an_empty_payload_is_refused() -> None:
    with pytest.raises(MalformedImageError, match="its payload is empty"):
        inspect_bytes(a_uimage(payload=b""), name="image")
