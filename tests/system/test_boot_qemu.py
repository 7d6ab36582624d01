# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Real QEMU, with images of a few instructions and the QEMU facts of the catalogue."""

import dataclasses
import os
import subprocess
from pathlib import Path

import pytest

from sel4build.boot.host import survey_host
from sel4build.boot.plan import plan_boot
from sel4build.boot.run import explain_boot, run_boot
from sel4build.model.app import Console
from sel4build.model.image import BootOutcome, BootPlan, Verdict
from sel4build.model.platform import ImageFormat, Platform
from sel4build.model.target import Target
from sel4build.package.plan import load_package
from sel4build.process import SubprocessRunner
from sel4build.reading import read_toml
from tests.kit.images import (
    PeFields,
    a_com1_program,
    a_multiboot_kernel,
    a_pl011_program,
    a_uimage,
    an_arm64_image,
    an_efi_application,
    an_elf,
)
from tests.kit.packages import a_package
from tests.kit.targets import a_target

pytestmark = [pytest.mark.qemu, pytest.mark.timeout(120)]

PLATFORMS_DIR = Path(__file__).parents[2] / "platforms"
CONSOLE = Console(success=("hello from", "the guest login:"), errors=("ABORT",), timeout_s=60)
HELLO = "\x1b[2Jhello from\r\n\x1b[1mthe guest\x1b[0m login: "


def _platform(name: str) -> Platform:
    return read_toml(PLATFORMS_DIR / f"{name}.toml", Platform)


def _arm_target(form: ImageFormat = ImageFormat.ELF, *, num_nodes: int = 1) -> Target:
    defines = {} if form is ImageFormat.ELF else {"ElfloaderImage": form.value}
    platform = _platform("qemu-arm-virt")
    return a_target(platform, num_nodes=num_nodes, console=CONSOLE, defines=defines)


def _plan(target: Target, images: dict[str, bytes], folder: Path) -> BootPlan:
    """Package `images` in a folder whose name is hard on QEMU, and plan to boot them."""
    package = load_package(a_package(target, folder / "a, b ü", images=images).out_dir)
    return plan_boot(
        package,
        target,
        host=survey_host(target, package.format, environ=os.environ),
        environ=os.environ,
        scratch_dir=folder / "scratch: a, b ü",
        console_file=folder / "log" / "console.log",
    )


def _run(plan: BootPlan) -> BootOutcome:
    return run_boot(plan, runner=SubprocessRunner())


def _assert_passed(outcome: BootOutcome) -> None:
    error = explain_boot(outcome)
    assert error is None, "\n".join((error.message, *error.details))


def _arm_images(target: Target, code: bytes) -> dict[str, bytes]:
    load = target.platform.image.load_address or 0
    made = {
        ImageFormat.ELF: an_elf(code=code, load=load),
        ImageFormat.EFI: an_efi_application(code=code),
        ImageFormat.UIMAGE: a_uimage(payload=an_arm64_image(code), load=load),
        ImageFormat.BINARY: code,
    }
    return {target.image_name: made[target.image_format]}


@pytest.mark.parametrize("num_nodes", [1, 4])
def test_an_executable_boots(num_nodes: int, tmp_path: Path) -> None:
    target = _arm_target(num_nodes=num_nodes)
    outcome = _run(_plan(target, _arm_images(target, a_pl011_program(HELLO)), tmp_path))
    _assert_passed(outcome)
    assert outcome.console.startswith("hello from\nthe guest login:")


@pytest.mark.parametrize("form", [ImageFormat.EFI, ImageFormat.UIMAGE, ImageFormat.BINARY])
def test_the_other_forms_of_an_arm_image_boot_without_typing(
    form: ImageFormat, tmp_path: Path
) -> None:
    target = _arm_target(form)
    outcome = _run(_plan(target, _arm_images(target, a_pl011_program(HELLO)), tmp_path))
    _assert_passed(outcome)


def test_a_raw_binary_with_the_headers_of_an_efi_application_boots(tmp_path: Path) -> None:
    target = _arm_target(ImageFormat.BINARY)
    content = an_efi_application(
        code=a_pl011_program(HELLO), fields=PeFields(with_arm64_header=True)
    )
    _assert_passed(_run(_plan(target, {target.image_name: content}, tmp_path)))


def test_the_console_is_saved_byte_for_byte(tmp_path: Path) -> None:
    target = _arm_target()
    images = _arm_images(target, a_pl011_program(HELLO))
    outcome = _run(_plan(target, images, tmp_path))
    saved = outcome.plan.console_file.read_bytes()
    assert HELLO.rstrip().encode() in saved


def test_an_error_marker_fails_the_boot(tmp_path: Path) -> None:
    target = _arm_target()
    code = a_pl011_program("hello from\ndata ABORT\nthe guest login:")
    outcome = _run(_plan(target, _arm_images(target, code), tmp_path))
    assert (outcome.verdict, outcome.marker) == (Verdict.FAILED, "ABORT")


def test_a_machine_that_powers_off_before_the_marker_has_failed(tmp_path: Path) -> None:
    target = _arm_target()
    qemu = target.platform.qemu
    assert qemu is not None
    # Without a hypervisor mode, PSCI is called by hvc, as the program does.
    qemu = dataclasses.replace(qemu, machine="virt")
    target = dataclasses.replace(target, platform=dataclasses.replace(target.platform, qemu=qemu))
    code = a_pl011_program("hello from\n", then_off=True)
    outcome = _run(_plan(target, _arm_images(target, code), tmp_path))
    assert (outcome.verdict, outcome.marker) == (Verdict.ENDED, "the guest login:")
    assert outcome.returncode == 0


def test_a_machine_that_says_nothing_more_is_stopped(tmp_path: Path) -> None:
    target = _arm_target()
    plan = _plan(target, _arm_images(target, a_pl011_program("hello from")), tmp_path)
    outcome = _run(dataclasses.replace(plan, timeout_s=2))
    assert (outcome.verdict, outcome.marker) == (Verdict.TIMEOUT, "the guest login:")
    assert outcome.duration_s < 10


def test_a_qemu_that_refuses_its_arguments_is_quoted(tmp_path: Path) -> None:
    target = _arm_target()
    plan = _plan(target, _arm_images(target, a_pl011_program(HELLO)), tmp_path)
    command = dataclasses.replace(plan.command, argv=(*plan.command.argv, "-nonsense"))
    outcome = _run(dataclasses.replace(plan, command=command))
    error = explain_boot(outcome)
    assert error is not None
    assert (outcome.verdict, outcome.returncode) == (Verdict.ENDED, 1)
    assert "QEMU ended with status 1" in error.message
    assert any("-nonsense: invalid option" in line for line in error.details)


def _pc_target(name: str) -> Target:
    return a_target(_platform(name), console=CONSOLE)


def _pc_images(target: Target) -> dict[str, bytes]:
    load = 0x10_0000
    machine = "x86_64" if target.platform.word_size == 64 else "i386"
    kernel = a_multiboot_kernel(code=a_com1_program(HELLO, at=load + 12), load=load)
    return {
        target.kernel_name or "": kernel,
        target.image_name: an_elf(machine, load=0x100_0000),
    }


@pytest.mark.parametrize("name", ["x86_64", "ia32"])
def test_a_multiboot_kernel_boots_with_its_module(name: str, tmp_path: Path) -> None:
    target = _pc_target(name)
    _assert_passed(_run(_plan(target, _pc_images(target), tmp_path)))


def test_grub_boots_a_package_by_the_lines_of_the_catalogue(tmp_path: Path) -> None:
    target = _pc_target("x86_64")
    plan = _plan(target, _pc_images(target), tmp_path)
    lines = next(each.commands for each in target.platform.boot if each.where == "GRUB")
    names = {"kernel": target.kernel_name, "image": target.image_name}
    iso = _a_grub_iso(tmp_path, plan.command.cwd, tuple(line.format_map(names) for line in lines))
    argv = plan.command.argv[: plan.command.argv.index("-kernel")]
    command = dataclasses.replace(plan.command, argv=(*argv, "-cdrom", str(iso)))
    _assert_passed(_run(dataclasses.replace(plan, command=command)))


def _a_grub_iso(tmp_path: Path, out_dir: Path, lines: tuple[str, ...]) -> Path:
    """Return a bootable CD with the files of a package in `/boot`."""
    root = tmp_path / "iso"
    (root / "boot").mkdir(parents=True)
    for file in out_dir.iterdir():
        (root / "boot" / file.name).write_bytes(file.read_bytes())
    script = tmp_path / "early.cfg"
    script.write_text("\n".join(("set root=(cd)", *lines)))
    image = root / "boot" / "eltorito.img"
    modules = ("biosdisk", "iso9660", "multiboot", "boot")
    _start(
        *("grub-mkimage", "-O", "i386-pc-eltorito", "-p", "/boot"),
        *("-c", str(script), "-o", str(image), *modules),
    )
    iso = tmp_path / "boot.iso"
    _start(
        *("xorriso", "-as", "mkisofs", "-R", "-o", str(iso), "-b", "boot/eltorito.img"),
        *("-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", str(root)),
    )
    return iso


def _start(*argv: str) -> None:
    subprocess.run(argv, check=True, capture_output=True)
