# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest

from sel4build.boot.host import HostFacts
from sel4build.boot.plan import check_bootable, plan_boot
from sel4build.boot.script import render_script
from sel4build.errors import EnvironmentLacksError, InputError, Sel4BuildError, UsageError
from sel4build.model.image import BootFile, BootPlan
from sel4build.model.paths import RelPath
from sel4build.model.platform import ImageFormat, QemuForm, QemuMachine
from sel4build.model.target import Target
from sel4build.package.plan import plan_package
from tests.kit.packages import a_request
from tests.kit.targets import CONSOLE, QEMU, a_board, a_pc, a_target, an_efi_form

HOST = HostFacts(
    program=Path("/bin/qemu"),
    firmware=Path("/fw/FIRMWARE.fd"),
    cpu_flags=frozenset({"vmx"}),
    has_kvm=True,
)
CONSOLE_ARGS = ("-nographic", "-serial", "stdio", "-monitor", "none", "-nic", "none", "-no-reboot")


def _plan(
    target: Target,
    tmp_path: Path,
    *,
    host: HostFacts = HOST,
    timeout_s: float | None = None,
    environ: Mapping[str, str] | None = None,
) -> BootPlan:
    package = plan_package(a_request(target, tmp_path)).package
    return plan_boot(
        package,
        target,
        host=host,
        environ=environ or {},
        scratch_dir=Path("/scratch, dir"),
        console_file=tmp_path / "console.log",
        timeout_s=timeout_s,
    )


def _with_qemu(**changes: object) -> QemuMachine:
    return dataclasses.replace(QEMU, **changes)  # type: ignore[arg-type]  # a test's shorthand


def test_an_executable_is_given_to_qemus_own_loader(tmp_path: Path) -> None:
    plan = _plan(a_target(num_nodes=4), tmp_path, environ={"LANG": "C"})
    assert plan.command.argv == (
        "/bin/qemu",
        *("-machine", "virt"),
        *("-cpu", "cortex-a53"),
        *("-m", "128M"),
        *("-smp", "4"),
        *CONSOLE_ARGS,
        *("-kernel", "demo-loader-image-arm-acme1"),
    )
    assert plan.command.cwd == tmp_path / "out" / "demo@acme1+n4"
    assert plan.command.env == {"LANG": "C"}
    assert (plan.scratch_dir, plan.files) == (None, ())
    assert (plan.success, plan.errors) == (CONSOLE.success, CONSOLE.errors)


def test_a_pc_gets_kernel_and_module_and_no_cpu_that_nobody_asked_for(tmp_path: Path) -> None:
    argv = _plan(a_target(a_pc()), tmp_path).command.argv
    assert argv[-4:] == ("-kernel", "kernel-pc", "-initrd", "demo-loader-image-pc")
    assert "-cpu" not in argv


def test_arguments_of_the_platform_come_before_those_of_the_form(tmp_path: Path) -> None:
    board = a_board(qemu=_with_qemu(args=("-dtb", "x"), max_num_nodes=4))
    argv = _plan(a_target(board, num_nodes=4), tmp_path).command.argv
    assert argv[-4:] == ("-dtb", "x", "-kernel", "demo-loader-image-arm-acme1")


def test_an_efi_application_lies_on_a_drive_beside_its_firmware(tmp_path: Path) -> None:
    board = a_board(form=ImageFormat.EFI, qemu=_with_qemu(forms=(an_efi_form(),)))
    plan = _plan(a_target(board), tmp_path)
    assert plan.command.argv[-4:] == (
        *("-bios", "/fw/FIRMWARE.fd"),
        *("-drive", "driver=vvfat,dir=/scratch,, dir,read-only=on"),
    )
    assert plan.scratch_dir == Path("/scratch, dir")
    assert plan.files == (
        BootFile(
            path=RelPath("EFI/BOOT/BOOTAA64.EFI"),
            source=tmp_path / "out/demo@acme1/demo-loader-image-arm-acme1",
        ),
    )


def test_a_script_is_written_for_u_boot(tmp_path: Path) -> None:
    form = QemuForm(
        format=ImageFormat.UIMAGE,
        args=("-bios", "{firmware}"),
        firmware=("/u-boot",),
        files={"image": "{image}"},
        script=("load ${{addr}} {image}", "bootm {load}"),
        script_file="boot.scr.uimg",
    )
    board = a_board(form=ImageFormat.UIMAGE, qemu=_with_qemu(forms=(form,)))
    plan = _plan(a_target(board), tmp_path)
    lines = ("load ${addr} demo-loader-image-arm-acme1", "bootm 0x40080000")
    assert plan.files[1] == BootFile(path=RelPath("boot.scr.uimg"), content=render_script(lines))


def test_a_raw_binary_is_put_where_the_platform_says(tmp_path: Path) -> None:
    form = QemuForm(format=ImageFormat.BINARY, args=("-device", "loader,file={image},addr={load}"))
    board = a_board(form=ImageFormat.BINARY, qemu=_with_qemu(forms=(form,)))
    argv = _plan(a_target(board), tmp_path).command.argv
    assert argv[-1] == "loader,file=demo-loader-image-arm-acme1,addr=0x40080000"


def test_the_time_is_the_apps_unless_another_is_asked_for(tmp_path: Path) -> None:
    assert _plan(a_target(), tmp_path).timeout_s == 30
    assert _plan(a_target(), tmp_path, timeout_s=2.5).timeout_s == 2.5


def _a_guest_target(**changes: object) -> Target:
    qemu = dataclasses.replace(
        QEMU,
        machine="pc",
        virtualization="vmx",
        kvm_machine="q35,accel=kvm",
        kvm_cpu="host",
        **changes,  # type: ignore[arg-type]  # a test's shorthand
    )
    return a_target(a_pc(qemu=qemu), needs_virtualization=True)


def test_guests_that_need_virtualization_run_on_kvm(tmp_path: Path) -> None:
    argv = _plan(_a_guest_target(), tmp_path).command.argv
    assert argv[1:5] == ("-machine", "q35,accel=kvm", "-cpu", "host")


def test_an_app_without_guests_needs_no_virtualization(tmp_path: Path) -> None:
    host = HostFacts(program=Path("/bin/qemu"))
    assert _plan(a_target(a_pc()), tmp_path, host=host).command.argv[1:3] == ("-machine", "pc")


@pytest.mark.parametrize(
    ("host", "reason", "hint"),
    [
        (
            dataclasses.replace(HOST, cpu_flags=frozenset()),
            "but the CPU of this host does not have it",
            "boot it by hand: see",
        ),
        (
            dataclasses.replace(HOST, has_kvm=False),
            "but `/dev/kvm` cannot be used",
            "load the kernel module `kvm`",
        ),
    ],
)
def test_a_host_without_virtualization_is_refused_with_the_reason(
    host: HostFacts, reason: str, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(EnvironmentLacksError) as caught:
        _plan(_a_guest_target(), tmp_path, host=host)
    assert caught.value.message == (
        "the guests of `demo@acmepc` need a CPU with `vmx`, "
        f"which QEMU gets from the host and cannot emulate, {reason}"
    )
    assert (caught.value.hint or "").startswith(hint)


def test_a_missing_qemu_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentLacksError) as caught:
        _plan(a_target(), tmp_path, host=dataclasses.replace(HOST, program=None))
    assert caught.value.message == (
        "`qemu-system-aarch64` was not found; booting `demo@acme1` here needs it"
    )
    assert caught.value.hint == "apt-get install qemu-system-arm"


@pytest.mark.parametrize("package", ["acme-firmware", None])
def test_a_missing_firmware_is_named_with_the_command_that_installs_it(
    package: str | None, tmp_path: Path
) -> None:
    form = dataclasses.replace(an_efi_form(), firmware_package=package)
    board = a_board(form=ImageFormat.EFI, qemu=_with_qemu(forms=(form,)))
    with pytest.raises(EnvironmentLacksError) as caught:
        _plan(a_target(board), tmp_path, host=dataclasses.replace(HOST, firmware=None))
    assert "the form `efi` in QEMU was not found" in caught.value.message
    assert caught.value.hint == (f"apt-get install {package}" if package else None)
    assert caught.value.details == (
        "looked for `/usr/share/acme/FIRMWARE.fd`, `/opt/acme/FIRMWARE.fd`",
    )


def test_a_board_that_qemu_cannot_play_is_sent_to_its_instructions(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="QEMU cannot play platform `acme1`") as caught:
        _plan(a_target(a_board(qemu=None)), tmp_path)
    assert caught.value.hint == (
        f"boot it by hand: see `{tmp_path / 'out' / 'demo@acme1' / 'BOOT.md'}`"
    )


@pytest.mark.parametrize(
    ("target", "error", "reason"),
    [
        (
            a_target(a_board(form=ImageFormat.BINARY)),
            InputError,
            "QEMU takes no image of the form `binary` for platform `acme1`",
        ),
        (
            a_target(a_board(qemu=dataclasses.replace(QEMU, max_num_nodes=2)), num_nodes=4),
            InputError,
            "with at most 2 nodes, but `demo@acme1+n4` has 4",
        ),
        (
            a_target(console=dataclasses.replace(CONSOLE, success=())),
            InputError,
            "app `demo` has no success marker to wait for",
        ),
    ],
)
def test_what_qemu_cannot_do_is_refused(
    target: Target, error: type[Sel4BuildError], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(error) as caught:
        _plan(target, tmp_path)
    assert caught.value.message.endswith(reason)


@pytest.mark.parametrize(
    "form",
    [
        QemuForm(format=ImageFormat.ELF, args=("-kernel", "{program}")),
        QemuForm(format=ImageFormat.ELF, args=("-kernel", "{image")),
        QemuForm(format=ImageFormat.ELF, args=(), files={"../image": "{image}"}),
        QemuForm(format=ImageFormat.ELF, args=(), script=("x",), script_file="/boot.scr"),
    ],
)
def test_wrong_facts_of_a_platform_are_an_error_of_the_catalogue(
    form: QemuForm, tmp_path: Path
) -> None:
    board = a_board(qemu=_with_qemu(forms=(form,)))
    package = plan_package(a_request(a_target(), tmp_path)).package
    with pytest.raises(InputError, match="the QEMU facts of platform `acme1` are wrong"):
        plan_boot(
            package,
            a_target(board),
            host=HOST,
            environ={},
            scratch_dir=tmp_path / "scratch",
            console_file=tmp_path / "console.log",
        )


def test_a_boot_that_cannot_be_is_refused_before_there_is_a_package(tmp_path: Path) -> None:
    lacking = dataclasses.replace(HOST, program=None)
    target, out_dir = a_target(), tmp_path / "out"
    with pytest.raises(EnvironmentLacksError, match="`qemu-system-aarch64` was not found"):
        check_bootable(target, target.image_format, host=lacking, out_dir=out_dir)
    assert check_bootable(target, target.image_format, host=HOST, out_dir=out_dir)[0] is QEMU
    assert not out_dir.exists()
