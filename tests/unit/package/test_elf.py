# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from sel4build.model.platform import ImageFormat
from sel4build.package.fields import MalformedImageError
from sel4build.package.inspection import inspect_bytes
from tests.kit.images import CODE, ElfFields, an_elf


@pytest.mark.parametrize(
    ("machine", "word_size"), [("aarch64", 64), ("arm", 32), ("i386", 32), ("x86_64", 64)]
)
def test_an_executable_tells_its_machine_entry_and_load_address(
    machine: str, word_size: int
) -> None:
    facts = inspect_bytes(an_elf(machine, load=0x6000_0000, entry=0x6000_0004), name="image")
    assert facts.format is ImageFormat.ELF
    assert (facts.machine, facts.word_size) == (machine, word_size)
    assert (facts.entry, facts.load_address) == (0x6000_0004, 0x6000_0000)


def test_the_load_address_is_the_physical_one() -> None:
    facts = inspect_bytes(an_elf("i386", load=0x10_0000, virtual=0xE010_0000), name="image")
    assert (facts.entry, facts.load_address) == (0x10_0000, 0x10_0000)


def test_an_unknown_machine_is_named_by_its_number() -> None:
    assert inspect_bytes(an_elf("vax"), name="image").machine == "ELF machine 4095"


def test_an_executable_without_section_headers_is_whole() -> None:
    content = an_elf(fields=ElfFields(with_sections=False))
    assert inspect_bytes(content, name="image").format is ImageFormat.ELF


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (ElfFields(elf_class=3), "3 is no ELF class"),
        (ElfFields(byte_order=2), "it is not little-endian"),
        (ElfFields(version=2), "its ELF version is not 1"),
        (ElfFields(kind=1), "ELF type 1 is no executable"),
        (ElfFields(ehsize=52), "52 bytes is no size of a 64-bit ELF header"),
        (ElfFields(phentsize=32), "32 bytes is no size of a program header"),
        (ElfFields(shentsize=40), "40 bytes is no size of a section header"),
        (ElfFields(phnum=0), "it has no program headers"),
        (ElfFields(segment_kind=4), "it has no segment to load"),
        (ElfFields(filesz=64), "segment 0 is larger in the file than in memory"),
        (ElfFields(filesz=999, memsz=999), "segment 0 should end at byte 1127"),
    ],
)
def test_a_header_that_contradicts_itself_is_refused(fields: ElfFields, reason: str) -> None:
    with pytest.raises(MalformedImageError) as caught:
        inspect_bytes(an_elf(fields=fields), name="image")
    assert caught.value.message.startswith(f"image `image` is damaged: {reason}")


def test_a_segment_beyond_the_memory_of_its_machine_is_refused() -> None:
    content = an_elf("arm", load=0xFFFF_FFF0)
    with pytest.raises(MalformedImageError, match="ends beyond 32-bit memory"):
        inspect_bytes(content, name="image")


def test_an_entry_outside_of_the_image_is_refused() -> None:
    with pytest.raises(MalformedImageError, match="the entry 0x1234 lies in no segment"):
        inspect_bytes(an_elf(entry=0x1234), name="image")


@pytest.mark.parametrize("machine", ["aarch64", "arm"])
def test_an_executable_cut_anywhere_is_refused(machine: str) -> None:
    content = an_elf(machine)
    for length in range(4, len(content)):
        with pytest.raises(MalformedImageError):
            inspect_bytes(content[:length], name="image")


def test_the_code_of_the_kit_is_not_taken_for_a_header() -> None:
    assert inspect_bytes(CODE, name="image").format is ImageFormat.BINARY
