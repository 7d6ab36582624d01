# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from sel4build.errors import WorkError
from sel4build.model.image import ArtifactKind, ImageFacts
from sel4build.model.platform import ImageFormat, Sel4Arch
from sel4build.model.target import Target
from sel4build.package.expectation import check_image, choose_form
from sel4build.package.inspection import inspect_bytes
from tests.kit.images import (
    PeFields,
    a_multiboot_kernel,
    a_uimage,
    an_efi_application,
    an_elf,
)
from tests.kit.targets import a_board, a_pc, a_target


def _check(content: bytes, target: Target, kind: ArtifactKind = ArtifactKind.IMAGE) -> ImageFacts:
    facts = inspect_bytes(content, name="image")
    return check_image(facts, target, name="image", kind=kind, form=target.image_format)


@pytest.mark.parametrize("said", ["uimage", "UIMAGE", None, ""])
def test_the_form_is_that_of_the_platform_when_cmake_agrees_or_is_silent(said: str | None) -> None:
    target = a_target(a_board(form=ImageFormat.UIMAGE))
    assert choose_form(target, elfloader_image=said) is ImageFormat.UIMAGE


def test_a_form_that_differs_from_the_catalogues_is_an_error_naming_both() -> None:
    target = a_target(a_board(form=ImageFormat.UIMAGE))
    with pytest.raises(WorkError) as caught:
        choose_form(target, elfloader_image="efi")
    assert caught.value.message == (
        "CMake makes images of the form `efi` (`ElfloaderImage`), but `demo@acme1` needs `uimage`"
    )


def test_the_form_that_the_user_chose_is_the_one_needed() -> None:
    target = a_target(defines={"ElfloaderImage": "efi"})
    assert choose_form(target, elfloader_image="efi") is ImageFormat.EFI


def test_a_pc_has_no_elfloader_whatever_cmakes_cache_says() -> None:
    assert choose_form(a_target(a_pc()), elfloader_image="elf") is ImageFormat.MULTIBOOT


def test_an_image_of_the_right_form_and_machine_passes() -> None:
    facts = _check(an_elf("aarch64"), a_target())
    assert facts.load_address == 0x4008_0000


def test_another_form_is_an_error_naming_both() -> None:
    with pytest.raises(WorkError) as caught:
        _check(a_uimage(), a_target())
    assert caught.value.message == (
        "image `image` is a uImage, but `demo@acme1` needs an ELF executable"
    )


@pytest.mark.parametrize("content", [an_elf(), a_uimage(), an_efi_application()])
def test_no_other_form_passes_for_a_raw_binary(content: bytes) -> None:
    target = a_target(a_board(form=ImageFormat.BINARY))
    with pytest.raises(WorkError, match="needs a raw binary"):
        _check(content, target)


def test_an_image_that_is_efi_application_and_raw_binary_in_one_passes_for_either() -> None:
    content = an_efi_application(fields=PeFields(with_arm64_header=True))
    raw = _check(content, a_target(a_board(form=ImageFormat.BINARY)))
    efi = _check(content, a_target(a_board(form=ImageFormat.EFI)))
    assert (raw.format, raw.entry) == (ImageFormat.BINARY, None)
    assert (efi.format, efi.entry) == (ImageFormat.EFI, 4096)


def test_code_for_another_machine_is_an_error_naming_both() -> None:
    with pytest.raises(WorkError) as caught:
        _check(an_elf("arm"), a_target())
    assert caught.value.message == (
        "image `image` is for 32-bit arm, but `demo@acme1` (`aarch64`) needs 64-bit aarch64"
    )


def test_a_machine_without_a_word_size_is_named_too() -> None:
    target = a_target(a_board(form=ImageFormat.UIMAGE))
    with pytest.raises(WorkError, match=r"is for uImage architecture 99, but"):
        _check(a_uimage(arch=99), target)


def test_a_raw_binary_does_not_say_for_whom_it_is() -> None:
    facts = _check(b"code", a_target(a_board(form=ImageFormat.BINARY)))
    assert facts.format is ImageFormat.BINARY


def test_a_uimage_that_is_no_kernel_is_refused() -> None:
    target = a_target(a_board(form=ImageFormat.UIMAGE))
    with pytest.raises(WorkError, match="type `ramdisk`, but `demo@acme1` needs type `kernel`"):
        _check(a_uimage(kind=3), target)


@pytest.mark.parametrize(
    ("sel4_arch", "module"), [(Sel4Arch.X86_64, "x86_64"), (Sel4Arch.IA32, "i386")]
)
def test_a_pc_takes_a_32_bit_kernel_and_a_module_of_its_own_word_size(
    sel4_arch: Sel4Arch, module: str
) -> None:
    target = a_target(a_pc(sel4_arch=sel4_arch))
    assert _check(a_multiboot_kernel(), target, ArtifactKind.KERNEL_IMAGE).multiboot_versions
    _check(an_elf(module), target, ArtifactKind.MULTIBOOT_MODULE)


def test_a_kernel_without_multiboot_header_is_refused() -> None:
    with pytest.raises(WorkError, match="needs a multiboot kernel"):
        _check(an_elf("i386"), a_target(a_pc()), ArtifactKind.KERNEL_IMAGE)


def test_kernel_and_module_in_each_others_place_are_refused() -> None:
    with pytest.raises(WorkError, match="is a multiboot kernel, but"):
        _check(a_multiboot_kernel(), a_target(a_pc()), ArtifactKind.MULTIBOOT_MODULE)
