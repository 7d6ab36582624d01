# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import dataclasses
import os
from pathlib import Path

import pytest

from sel4build.errors import InputError
from sel4build.model.app import AppPlatform, OptionKind, OptionSpec, Variant
from sel4build.model.guest import GuestFile, GuestFiles, GuestImages
from sel4build.model.platform import BootMethod, ImageFormat, Sel4Arch
from sel4build.model.target import Target
from sel4build.package.plan import plan_package
from tests.kit.packages import a_package, a_request
from tests.kit.targets import CONSOLE, QEMU, a_board, a_pc, a_target, an_efi_form

GOLDEN_DIR = Path(__file__).parents[2] / "golden" / "package"
UPDATES = "SEL4BUILD_UPDATE_GOLDEN" in os.environ

NETWORK = BootMethod(
    title="over the network",
    format=ImageFormat.UIMAGE,
    where="U-Boot",
    commands=("dhcp", "tftpboot ${{addr}} {image}", "bootm {load}"),
    notes=("not `go {load}`: it would run the header",),
)
GRUB = BootMethod(
    title="with GRUB",
    format=ImageFormat.MULTIBOOT,
    where="GRUB",
    commands=("multiboot /boot/{kernel}", "module /boot/{image}", "boot"),
)
CARD = BootMethod(
    title="from a card", format=ImageFormat.ELF, where="host", commands=("cp {image} /mnt",)
)
GUEST = AppPlatform(
    platform="acme1",
    guest=GuestImages(linux="a/linux", dtb="a/{TREE}.dts", initrd="a/rootfs.cpio.gz"),
    console=CONSOLE,
    boot_first=("usb start 0",),
    variants=(
        Variant(option="OPEN", value="ON", boot_first=(), guest=GuestImages(dtb="a/open.dts")),
    ),
)
GUEST_OPTIONS = (
    OptionSpec(name="TREE", key="tree", summary="s", kind=OptionKind.TEXT, default="secure"),
    OptionSpec(name="OPEN", key="open", summary="s", kind=OptionKind.BOOL),
)


def _a_guest(*, is_open: bool = False) -> Target:
    target = a_target(a_board(form=ImageFormat.UIMAGE, boot=(NETWORK, CARD), qemu=None))
    chosen = {"open": "ON"} if is_open else {}
    return dataclasses.replace(
        target,
        app=dataclasses.replace(target.app, options=GUEST_OPTIONS),
        app_platform=GUEST,
        options=chosen,
        defines={"OPEN": "ON"} if is_open else {},
        replaced=GuestFiles(kernel=GuestFile(path="/my/linux", sha256="ab" * 32)),
    )


CASES = {
    "board-guest": _a_guest(),
    "board-guest-open": _a_guest(is_open=True),
    "board-uimage": a_target(
        a_board(form=ImageFormat.UIMAGE, boot=(CARD, NETWORK), qemu=None),
        num_nodes=4,
        defines={"Verbose": "ON"},
    ),
    "board-elf": a_target(a_board(boot=(CARD, NETWORK))),
    "board-efi-32": a_target(
        a_board(
            form=ImageFormat.EFI,
            sel4_arch=Sel4Arch.ARM_HYP,
            qemu=dataclasses.replace(QEMU, forms=(an_efi_form(),)),
        ),
        console=dataclasses.replace(CONSOLE, errors=()),
    ),
    "board-binary": a_target(a_board(form=ImageFormat.BINARY)),
    "pc": a_target(
        a_pc(
            boot=(GRUB,),
            qemu=dataclasses.replace(
                QEMU,
                machine="pc",
                virtualization="vmx",
                kvm_machine="q35,accel=kvm",
                kvm_cpu="host",
            ),
        ),
        needs_virtualization=True,
    ),
}


def _assert_is_golden(text: str, file: Path) -> None:
    if UPDATES:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert text == file.read_text()


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_description_of_a_package_is_the_expected_one(name: str, tmp_path: Path) -> None:
    package = a_package(CASES[name], tmp_path)
    for file in ("BOOT.md", "target.json"):
        _assert_is_golden((package.out_dir / file).read_text(), GOLDEN_DIR / name / file)


def test_every_golden_package_belongs_to_a_case() -> None:
    assert sorted(each.name for each in GOLDEN_DIR.iterdir()) == sorted(CASES)


def _instructions(target: Target, tmp_path: Path) -> str:
    return plan_package(a_request(target, tmp_path)).instructions


def test_a_platform_without_load_address_takes_that_of_the_image(tmp_path: Path) -> None:
    board = a_board(form=ImageFormat.UIMAGE, boot=(NETWORK,), load_address=None, qemu=None)
    assert "    bootm 0x100000" in _instructions(a_target(board), tmp_path)


def test_a_form_that_nothing_boots_is_said_so(tmp_path: Path) -> None:
    text = _instructions(a_target(a_board(form=ImageFormat.BINARY, qemu=None)), tmp_path)
    assert "No way to boot a raw binary on this platform is known." in text


@pytest.mark.parametrize("line", ["go {address}", "go {load", "multiboot {kernel}"])
def test_a_line_that_cannot_be_filled_is_an_error_of_the_catalogue(
    line: str, tmp_path: Path
) -> None:
    method = BootMethod(title="t", format=ImageFormat.ELF, where="U-Boot", commands=(line,))
    with pytest.raises(InputError, match="the boot lines of platform `acme1` are wrong"):
        _instructions(a_target(a_board(boot=(method,))), tmp_path)


def test_a_qemu_argument_that_cannot_be_filled_is_an_error_of_the_catalogue(
    tmp_path: Path,
) -> None:
    board = a_board(qemu=dataclasses.replace(QEMU, args=("{nothing}",)))
    with pytest.raises(InputError, match=r"nothing is known to put for `\{nothing\}`"):
        _instructions(a_target(board), tmp_path)
