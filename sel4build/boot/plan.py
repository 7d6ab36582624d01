# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Plan how QEMU plays the board of a package, or say in one line why it cannot."""

from collections.abc import Mapping
from pathlib import Path

from sel4build.boot.host import HostFacts
from sel4build.boot.script import render_script
from sel4build.errors import EnvironmentLacksError, InputError, UsageError
from sel4build.model.command import Command
from sel4build.model.image import ArtifactKind, BootFile, BootPlan, Package
from sel4build.model.paths import RelPath
from sel4build.model.placeholder import fill_line
from sel4build.model.platform import ImageFormat, QemuForm, QemuMachine
from sel4build.model.qemu import QemuPlaces, compose_qemu_argv, find_qemu_form, needs_kvm
from sel4build.model.target import Target


def plan_boot(
    package: Package,
    target: Target,
    *,
    host: HostFacts,
    environ: Mapping[str, str],
    scratch_dir: Path,
    console_file: Path,
    timeout_s: float | None = None,
) -> BootPlan:
    """Return the machine to start for `package`, the package of `target`.

    The time is that of the app unless `timeout_s` is given. Raises UsageError when the platform
    exists as a board only, InputError when QEMU cannot play it so, and EnvironmentLacksError when
    this host lacks QEMU, firmware or virtualization.
    """
    qemu, form = check_bootable(target, package.format, host=host, out_dir=package.out_dir)
    places = QemuPlaces(
        program=str(_require_program(target, qemu, host)),
        firmware=_require_firmware(target, form, host),
        scratch=str(scratch_dir),
        **_image_paths(package),
    )
    try:
        argv = compose_qemu_argv(target, qemu, form, places=places)
        files = _lay_files(form, target, places, package.out_dir)
    except ValueError as error:
        message = f"the QEMU facts of platform `{target.platform.name}` are wrong: {error}"
        raise InputError(message, span=target.platform.span) from error
    console = target.console
    if not console.success or not all((*console.success, *console.errors)):
        message = f"app `{target.app.name}` has no success marker to wait for"
        raise InputError(message, span=target.app_platform.span)
    return BootPlan(
        target=target.id,
        command=Command(argv=argv, cwd=package.out_dir, env=dict(environ)),
        scratch_dir=scratch_dir if files else None,
        files=files,
        success=console.success,
        errors=console.errors,
        timeout_s=console.timeout_s if timeout_s is None else timeout_s,
        console_file=console_file,
    )


def check_bootable(
    target: Target, image_format: ImageFormat, *, host: HostFacts, out_dir: Path
) -> tuple[QemuMachine, QemuForm]:
    """Return how QEMU plays `target` in this form; `out_dir` is where its package is or will be.

    Raises what `plan_boot` raises, so that a boot which cannot be is refused before it is built.
    """
    qemu = _require_qemu(target, out_dir)
    form = _require_form(target, image_format, qemu, out_dir)
    _check_nodes(target, qemu)
    _check_virtualization(target, qemu, host, out_dir)
    _require_program(target, qemu, host)
    _require_firmware(target, form, host)
    return qemu, form


def _image_paths(package: Package) -> dict[str, str]:
    """Return the files by the names of their placeholders; the module is the x86 image.

    The machine runs in their folder and gets bare names: QEMU splits the argument of `-initrd` at
    spaces and commas, which a folder may have in its name.
    """
    roles = {
        ArtifactKind.IMAGE: "image",
        ArtifactKind.MULTIBOOT_MODULE: "image",
        ArtifactKind.KERNEL_IMAGE: "kernel",
    }
    return {roles[artifact.kind]: artifact.name for artifact in package.artifacts}


def _lay_files(
    form: QemuForm, target: Target, places: QemuPlaces, out_dir: Path
) -> tuple[BootFile, ...]:
    """Return the files that the machine reads from its scratch folder."""
    names = places.values(target)
    files = [
        BootFile(path=RelPath.parse(path), source=out_dir / fill_line(source, names))
        for path, source in sorted(form.files.items())
    ]
    if form.script and form.script_file is not None:
        script = render_script(tuple(fill_line(line, names) for line in form.script))
        files.append(BootFile(path=RelPath.parse(form.script_file), content=script))
    return tuple(files)


def _require_qemu(target: Target, out_dir: Path) -> QemuMachine:
    if target.platform.qemu is None:
        message = f"QEMU cannot play platform `{target.platform.name}`"
        raise UsageError(message, hint=_by_hand(out_dir))
    return target.platform.qemu


def _require_form(
    target: Target, image_format: ImageFormat, qemu: QemuMachine, out_dir: Path
) -> QemuForm:
    form = find_qemu_form(qemu, image_format)
    if form is None:
        message = (
            f"QEMU takes no image of the form `{image_format}` "
            f"for platform `{target.platform.name}`"
        )
        raise InputError(message, span=target.platform.span, hint=_by_hand(out_dir))
    return form


def _check_nodes(target: Target, qemu: QemuMachine) -> None:
    most = qemu.max_num_nodes
    if most is not None and target.num_nodes > most:
        message = (
            f"QEMU plays platform `{target.platform.name}` with at most {most} nodes, "
            f"but `{target.id}` has {target.num_nodes}"
        )
        raise InputError(message, span=target.platform.span)


def _check_virtualization(
    target: Target, qemu: QemuMachine, host: HostFacts, out_dir: Path
) -> None:
    if not needs_kvm(target):
        return
    need = (
        f"the guests of `{target.id}` need a CPU with `{qemu.virtualization}`, "
        "which QEMU gets from the host and cannot emulate"
    )
    if qemu.virtualization not in host.cpu_flags:
        message = f"{need}, but the CPU of this host does not have it"
        raise EnvironmentLacksError(message, hint=_by_hand(out_dir))
    if not host.has_kvm:
        message = f"{need}, but `/dev/kvm` cannot be used"
        raise EnvironmentLacksError(
            message, hint="load the kernel module `kvm`, and join the group that owns `/dev/kvm`"
        )


def _require_program(target: Target, qemu: QemuMachine, host: HostFacts) -> Path:
    if host.program is None:
        message = f"`{qemu.binary}` was not found; booting `{target.id}` here needs it"
        raise EnvironmentLacksError(message, hint=f"apt-get install {qemu.debian_package}")
    return host.program


def _require_firmware(target: Target, form: QemuForm, host: HostFacts) -> str:
    if not form.firmware:
        return ""
    if host.firmware is not None:
        return str(host.firmware)
    places = ", ".join(f"`{place}`" for place in form.firmware)
    message = (
        f"the firmware that starts an image of the form `{form.format}` in QEMU was not found; "
        f"booting `{target.id}` here needs it"
    )
    package = form.firmware_package
    raise EnvironmentLacksError(
        message,
        hint=f"apt-get install {package}" if package else None,
        details=(f"looked for {places}",),
    )


def _by_hand(out_dir: Path) -> str:
    return f"boot it by hand: see `{out_dir / 'BOOT.md'}`"
