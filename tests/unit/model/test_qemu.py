# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import dataclasses

import pytest

from sel4build.model.platform import ImageFormat, QemuForm
from sel4build.model.qemu import fill_word, find_qemu_form, needs_kvm
from tests.kit.targets import QEMU, a_board, a_pc, a_target, an_efi_form


def test_a_comma_is_doubled_inside_a_list_of_properties_only() -> None:
    values = {"scratch": "/a, b"}
    assert fill_word("driver=vvfat,dir={scratch}", values) == "driver=vvfat,dir=/a,, b"
    assert fill_word("{scratch}", values) == "/a, b"


@pytest.mark.parametrize(
    ("form", "args"),
    [
        (ImageFormat.ELF, ("-kernel", "{image}")),
        (ImageFormat.MULTIBOOT, ("-kernel", "{kernel}", "-initrd", "{image}")),
        (ImageFormat.EFI, None),
        (ImageFormat.UIMAGE, None),
        (ImageFormat.BINARY, None),
    ],
)
def test_qemu_takes_some_forms_by_itself(form: ImageFormat, args: tuple[str, ...] | None) -> None:
    found = find_qemu_form(QEMU, form)
    assert (found and found.args) == args


def test_a_form_of_the_catalogue_comes_before_qemus_own_way() -> None:
    own = QemuForm(format=ImageFormat.ELF, args=("-device", "loader,file={image}"))
    qemu = dataclasses.replace(QEMU, forms=(an_efi_form(), own))
    assert find_qemu_form(qemu, ImageFormat.ELF) is own


@pytest.mark.parametrize("has_guests", [True, False])
def test_kvm_is_needed_by_guests_on_a_platform_that_says_so(*, has_guests: bool) -> None:
    assert needs_kvm(a_target(a_pc(), needs_virtualization=has_guests)) is has_guests
    assert not needs_kvm(a_target(a_board(), needs_virtualization=has_guests))
    assert not needs_kvm(a_target(a_board(qemu=None), needs_virtualization=has_guests))
