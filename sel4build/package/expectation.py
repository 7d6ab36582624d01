# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Compare an image with the form and the architecture that its target must have."""

from sel4build.errors import WorkError
from sel4build.model.catalog import ImageFormat, Platform, Sel4Arch
from sel4build.model.image import ArtifactKind, ImageFacts
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


def known_forms(platform: Platform) -> tuple[ImageFormat, ...]:
    """Return the forms that the catalogue can boot on `platform`, the usual one first."""
    forms = [platform.image.format, *(method.format for method in platform.boot)]
    if platform.qemu is not None:
        forms.extend(form.format for form in platform.qemu.forms)
    return tuple(dict.fromkeys(forms))


def choose_form(platform: Platform, *, elfloader_image: str | None) -> ImageFormat:
    """Return the form that the build makes: what CMake says, where the catalogue can boot that.

    `elfloader_image` means nothing to a platform that has no elfloader. Raises WorkError naming
    both when CMake's form is not one of the catalogue's.
    """
    usual = platform.image.format
    if usual is ImageFormat.MULTIBOOT or elfloader_image is None:
        return usual
    forms = known_forms(platform)
    found = next((form for form in forms if form.value == elfloader_image.lower()), None)
    if found is None:
        expected = " or ".join(f"`{form}`" for form in forms)
        message = (
            f"CMake makes images of the form `{elfloader_image}` (`ElfloaderImage`), "
            f"but platform `{platform.name}` boots {expected}"
        )
        raise WorkError(message, span=platform.span)
    return found


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
