# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import dataclasses
from pathlib import Path

import pytest

from sel4build.boot.host import HostFacts, parse_cpu_flags, survey_host
from sel4build.model.platform import ImageFormat
from tests.kit.targets import QEMU, a_board, a_target, an_efi_form

CPUINFO = "processor\t: 0\nflags\t\t: fpu vmx sse\n\nprocessor\t: 1\nflags\t\t: fpu vmx\n"


def _write(file: Path, text: str = "", *, mode: int = 0o644) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)


def test_what_the_host_has_is_found(tmp_path: Path) -> None:
    _write(tmp_path / "bin/qemu-system-aarch64", mode=0o755)
    _write(tmp_path / "opt/acme/FIRMWARE.fd")
    _write(tmp_path / "proc/cpuinfo", CPUINFO)
    _write(tmp_path / "dev/kvm")
    target = a_target(a_board(qemu=dataclasses.replace(QEMU, forms=(an_efi_form(),))))
    host = survey_host(
        target, ImageFormat.EFI, environ={"PATH": str(tmp_path / "bin")}, root=tmp_path
    )
    assert host == HostFacts(
        program=tmp_path / "bin/qemu-system-aarch64",
        firmware=tmp_path / "opt/acme/FIRMWARE.fd",
        cpu_flags=frozenset({"fpu", "vmx"}),
        has_kvm=True,
    )


def test_the_first_firmware_that_is_there_is_taken(tmp_path: Path) -> None:
    _write(tmp_path / "opt/acme/FIRMWARE.fd")
    _write(tmp_path / "usr/share/acme/FIRMWARE.fd")
    target = a_target(a_board(qemu=dataclasses.replace(QEMU, forms=(an_efi_form(),))))
    host = survey_host(target, ImageFormat.EFI, environ={}, root=tmp_path)
    assert host.firmware == tmp_path / "usr/share/acme/FIRMWARE.fd"


@pytest.mark.parametrize("form", list(ImageFormat))
def test_a_host_that_has_nothing_lacks_everything(form: ImageFormat, tmp_path: Path) -> None:
    environ = {"PATH": str(tmp_path)}
    assert survey_host(a_target(), form, environ=environ, root=tmp_path) == HostFacts()


def test_a_platform_without_qemu_needs_nothing(tmp_path: Path) -> None:
    target = a_target(a_board(qemu=None))
    assert survey_host(target, ImageFormat.ELF, environ={}, root=tmp_path) == HostFacts()


def test_only_flags_of_all_processors_count() -> None:
    assert parse_cpu_flags(CPUINFO) == {"fpu", "vmx"}
    assert parse_cpu_flags("Features\t: fp asimd\n") == {"fp", "asimd"}
    assert parse_cpu_flags("") == frozenset()
