# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from sel4build.model.platform import ImageFormat
from sel4build.package.fields import MalformedImageError
from sel4build.package.inspection import inspect_bytes
from tests.kit.images import PeFields, an_efi_application


@pytest.mark.parametrize(
    ("machine", "word_size"), [("aarch64", 64), ("arm", 32), ("i386", 32), ("x86_64", 64)]
)
def test_an_efi_application_tells_its_machine_and_entry(machine: str, word_size: int) -> None:
    facts = inspect_bytes(an_efi_application(machine), name="image")
    assert facts.format is ImageFormat.EFI
    assert (facts.machine, facts.word_size) == (machine, word_size)
    assert (facts.entry, facts.load_address) == (4096, None)


@pytest.mark.parametrize("machine", ["aarch64", "arm"])
def test_a_preferred_base_is_the_load_address(machine: str) -> None:
    content = an_efi_application(machine, fields=PeFields(base=0x4000_0000))
    assert inspect_bytes(content, name="image").load_address == 0x4000_0000


def test_an_unknown_machine_is_named_by_its_number() -> None:
    assert inspect_bytes(an_efi_application("vax"), name="image").machine == "PE machine 0xfff"


def test_the_header_of_an_arm64_image_says_that_it_may_be_jumped_to() -> None:
    plain = inspect_bytes(an_efi_application(), name="image")
    both = inspect_bytes(an_efi_application(fields=PeFields(with_arm64_header=True)), name="image")
    assert (plain.can_be_jumped_to, both.can_be_jumped_to) == (False, True)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (PeFields(signature=b"NE\0\0"), "it starts with MZ, but has no PE signature"),
        (PeFields(magic=0x107), "0x107 is neither PE32 nor PE32+"),
        (PeFields(subsystem=3), "its PE subsystem is 3, but an EFI application has 10"),
        (PeFields(optional_size=96), "an optional header of 96 bytes is too short"),
        (PeFields(num_directories=16), "its 16 data directories exceed the optional header"),
        (PeFields(num_sections=0), "it has no sections"),
        (PeFields(num_sections=1), "the entry 0x1000 lies in no section"),
        (PeFields(raw_size=4096), "section 1 should end at byte 7681"),
        (PeFields(optional_size=0xFFFF), "the optional header should end at byte"),
        (PeFields(num_sections=0xFFFF), "the section table should end at byte"),
    ],
)
def test_a_header_that_contradicts_itself_is_refused(fields: PeFields, reason: str) -> None:
    with pytest.raises(MalformedImageError) as caught:
        inspect_bytes(an_efi_application(fields=fields), name="image")
    assert caught.value.message.startswith(f"image `image` is damaged: {reason}")


def test_padding_that_objcopy_leaves_out_is_not_missed() -> None:
    content = an_efi_application(fields=PeFields(raw_size=512 + 511))
    assert inspect_bytes(content, name="image").format is ImageFormat.EFI


@pytest.mark.parametrize("machine", ["aarch64", "arm"])
def test_an_application_cut_before_its_last_padding_is_refused(machine: str) -> None:
    content = an_efi_application(machine)
    for length in range(2, 4096 + 1):
        with pytest.raises(MalformedImageError):
            inspect_bytes(content[:length], name="image")
