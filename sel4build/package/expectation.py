# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Compare an image with the form and the architecture that its target must have."""

from sel4build.errors import WorkError
from sel4build.model.image import ArtifactKind, ImageFacts
from sel4build.model.platform import ImageFormat, Sel4Arch
from sel4build.model.target import Target

_WORD = {
    ImageFormat.ELF: "an ELF executable",
    ImageFormat.EFI: "an EFI application",
    ImageFormat.UIMAGE: "a uImage",
    ImageFormat.BINARY: "a raw binary",
    ImageFormat.MULTIBOOT: "a multiboot kernel",
}
_MACHINES = {
    Sel4Arch.AARCH64: ("aarch64", 64),
    Sel4Arch.ARM_HYP: ("arm", 32),
    Sel4Arch.IA32: ("i386", 32),
    Sel4Arch.X86_64: ("x86_64", 64),
}
# The multiboot specifications load 32-bit executables only: a 64-bit kernel is wrapped in one.
_MULTIBOOT_MACHINE = ("i386", 32)
_BOOTABLE_UIMAGE = "kernel"


def name_form(form: ImageFormat) -> str:
    """Return the words for `form`, with their article."""
    return _WORD[form]


def choose_form(target: Target, *, elfloader_image: str | None) -> ImageFormat:
    """Return the form of the images of `target`, on which CMake and the catalogue agree.

    `elfloader_image` is what CMake's cache says; it means nothing to a platform that has no
    elfloader. Raises WorkError naming both forms when they differ.
    """
    form = target.image_format
    if form is ImageFormat.MULTIBOOT or not elfloader_image:
        return form
    if elfloader_image.lower() != form.value:
        message = (
            f"CMake makes images of the form `{elfloader_image}` (`ElfloaderImage`), "
            f"but `{target.id}` needs `{form}`"
        )
        raise WorkError(message, span=target.platform.span)
    return form


def check_image(
    facts: ImageFacts, target: Target, *, name: str, kind: ArtifactKind, form: ImageFormat
) -> ImageFacts:
    """Return the facts that hold for `name` when it is taken as what `target` needs.

    `form` is that of the whole package. Raises WorkError naming what the file is and what it
    should be.
    """
    wanted = ImageFormat.ELF if kind is ArtifactKind.MULTIBOOT_MODULE else form
    if wanted is ImageFormat.BINARY and facts.can_be_jumped_to:
        facts = ImageFacts(
            format=wanted, machine=facts.machine, word_size=facts.word_size, can_be_jumped_to=True
        )
    if facts.format is not wanted:
        message = (
            f"image `{name}` is {name_form(facts.format)}, "
            f"but `{target.id}` needs {name_form(wanted)}"
        )
        raise WorkError(message, hint=_FORM_HINT)
    _check_machine(facts, target, name=name, kind=kind)
    if facts.format is ImageFormat.UIMAGE and facts.uimage_type != _BOOTABLE_UIMAGE:
        message = (
            f"image `{name}` is a uImage of type `{facts.uimage_type}`, "
            f"but `{target.id}` needs type `{_BOOTABLE_UIMAGE}`"
        )
        raise WorkError(message)
    return facts


_FORM_HINT = "compare `ElfloaderImage` in the build tree with what `sel4build explain` says"


def _check_machine(facts: ImageFacts, target: Target, *, name: str, kind: ArtifactKind) -> None:
    """Check for whom the code is; a raw binary does not say."""
    if facts.machine is None:
        return
    is_kernel = kind is ArtifactKind.KERNEL_IMAGE
    sel4_arch = target.platform.sel4_arch
    machine, word_size = _MULTIBOOT_MACHINE if is_kernel else _MACHINES[sel4_arch]
    if (facts.machine, facts.word_size) == (machine, word_size):
        return
    found = facts.machine if facts.word_size is None else f"{facts.word_size}-bit {facts.machine}"
    message = (
        f"image `{name}` is for {found}, "
        f"but `{target.id}` (`{sel4_arch}`) needs {word_size}-bit {machine}"
    )
    raise WorkError(message, hint="check which compiler was chosen: `sel4build explain`")
