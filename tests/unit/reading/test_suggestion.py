# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
from sel4build.reading import suggest


def test_a_slip_of_the_finger_is_recognised() -> None:
    assert suggest("vm_minimla", ["vm_multi", "vm_minimal"]) == "vm_minimal"


def test_case_does_not_matter() -> None:
    assert suggest("vmpcisupport", ["VmPCISupport"]) == "VmPCISupport"


def test_what_resembles_nothing_has_no_suggestion() -> None:
    assert suggest("frobnicate", ["tk1", "tx1"]) is None
    assert suggest("x", []) is None


def test_of_two_equally_near_the_order_of_the_choices_does_not_matter() -> None:
    assert suggest("tx3", ["tx2", "tx1"]) == suggest("tx3", ["tx1", "tx2"])


def test_the_likeness_that_is_asked_for_can_be_raised() -> None:
    assert suggest("tx3", ["tx2"], cutoff=0.9) is None


def test_an_endless_name_is_not_compared() -> None:
    assert suggest("a" * 1000, ["a" * 999]) is None


def test_the_first_word_of_just_one_name_is_enough() -> None:
    assert suggest("QEMU", ["qemu-arm-virt", "tk1"]) == "qemu-arm-virt"
    assert suggest("vm", ["vm_multi", "vm_virtio_net"]) is None
