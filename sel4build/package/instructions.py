# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`BOOT.md`: the lines to type for this board and this image form, and what to wait for."""

import shlex
from collections.abc import Iterator, Mapping

from sel4build.errors import InputError
from sel4build.model.guest import GuestRole
from sel4build.model.image import Artifact, ArtifactKind, Package
from sel4build.model.placeholder import UnfilledError, fill_line
from sel4build.model.platform import BootMethod, ImageFormat, QemuForm, QemuMachine
from sel4build.model.qemu import QemuPlaces, compose_qemu_argv, find_qemu_form, needs_kvm
from sel4build.model.target import Target
from sel4build.package.expectation import name_form
from sel4build.package.record import guest_sources

INSTRUCTIONS_NAME = "BOOT.md"
_ROLES = {
    ArtifactKind.IMAGE: "image",
    ArtifactKind.KERNEL_IMAGE: "kernel",
    ArtifactKind.MULTIBOOT_MODULE: "module",
}


def render_instructions(package: Package, target: Target) -> str:
    """Return the text of `BOOT.md`.

    Raises InputError when the catalogue's lines have a placeholder that nothing fills.
    """
    values = _values(package, target)
    methods = [method for method in target.platform.boot if method.format is package.format]
    sections = [_heading(package, target)]
    if target.guest.linux is not None:
        sections.append(_guest_section(target))
    sections.extend(_method_section(method, values, target) for method in methods)
    if target.platform.qemu is not None:
        sections.append(_qemu_section(target, target.platform.qemu, package.format, values))
    if len(sections) == 1:
        sections.append(f"No way to boot {name_form(package.format)} on this platform is known.")
    sections.append(_markers_section(target))
    return "\n\n".join(sections) + "\n"


def _values(package: Package, target: Target) -> Mapping[str, str]:
    """Return what the placeholders of the lines to type stand for."""
    names = {artifact.kind: artifact.name for artifact in package.artifacts}
    load = target.platform.image.load_address
    if load is None:
        load = package.artifacts[0].facts.load_address
    return {
        "image": names.get(ArtifactKind.IMAGE) or names.get(ArtifactKind.MULTIBOOT_MODULE, ""),
        "kernel": names.get(ArtifactKind.KERNEL_IMAGE, ""),
        "load": "" if load is None else f"{load:#x}",
    }


def _heading(package: Package, target: Target) -> str:
    nodes = "1 node" if target.num_nodes == 1 else f"{target.num_nodes} nodes"
    lines = [
        f"# Boot {target.id}",
        "",
        f"`{target.app.name}` for {target.platform.title}, {nodes}: {name_form(package.format)}.",
        "",
        "| File | What it is | Size (bytes) | Load address | Entry |",
        "|---|---|---:|---|---|",
        *(_artifact_row(artifact) for artifact in package.artifacts),
        "",
        "Check that the files are whole:",
        "",
        *_block(("sha256sum -c SHA256SUMS",)),
    ]
    return "\n".join(lines)


def _artifact_row(artifact: Artifact) -> str:
    facts = artifact.facts
    load = "-" if facts.load_address is None else f"{facts.load_address:#x}"
    entry = "-" if facts.entry is None else f"{facts.entry:#x}"
    if facts.format is ImageFormat.EFI and facts.entry is not None:
        entry = f"{facts.entry:#x} behind the start"
    size = artifact.size_bytes
    return f"| `{artifact.name}` | {_ROLES[artifact.kind]} | {size} | {load} | {entry} |"


def _guest_section(target: Target) -> str:
    lines = ["## The guest", "", "| File | From |", "|---|---|"]
    lines += [f"| {name} | {source} |" for name, source in _guest_rows(target)]
    chosen = ", ".join(f"`{name}={value}`" for name, value in sorted(target.options.items()))
    if chosen:
        lines += ["", f"Options: {chosen}."]
    return "\n".join(lines)


def _guest_rows(target: Target) -> Iterator[tuple[str, str]]:
    names = {GuestRole.KERNEL: "kernel", GuestRole.INITRD: "initrd", GuestRole.DTB: "device tree"}
    for role, file in guest_sources(target).items():
        shown = file if file.startswith("sha256:") else f"`{file}`"
        if role is GuestRole.DTB and not target.gives_dtb:
            shown += " is in the image, but the VMM makes the guest's own (`--option dtb-file=off`)"
        yield names[role], shown


def _method_section(method: BootMethod, values: Mapping[str, str], target: Target) -> str:
    title = method.title[:1].upper() + method.title[1:]
    lines = [f"## {title}", "", f"{_where(method.where)}:", ""]
    first = target.boot_first if method.where == "U-Boot" else ()
    lines += _block((*first, *_fill(method.commands, values, target)))
    notes = _fill(method.notes, values, target)
    if first:
        needed = ", ".join(f"`{line}`" for line in first)
        notes = (*notes, f"{needed} comes first: the guest takes the devices as U-Boot leaves them")
    if notes:
        lines += ["", *(f"- {note}" for note in notes)]
    return "\n".join(lines)


def _where(where: str) -> str:
    """Say where to type; `host` is the machine that this file is read on."""
    return "On the host" if where == "host" else f"In {where}"


def _qemu_section(
    target: Target, qemu: QemuMachine, image_format: ImageFormat, values: Mapping[str, str]
) -> str:
    form = find_qemu_form(qemu, image_format)
    if form is None:
        return f"## QEMU\n\nQEMU cannot be given {name_form(image_format)} for this platform."
    lines = ["## QEMU", "", "In the workspace:", ""]
    lines += _block((f"sel4build boot {shlex.quote(target.id.text)}",))
    if not form.files and not form.script:
        lines += ["", "Or by hand, in the folder of this file:", ""]
        lines += _block((_qemu_line(target, qemu, form, values),))
    lines += ["", f"- QEMU comes with `apt-get install {qemu.debian_package}`."]
    if form.firmware_package:
        lines.append(f"- The firmware comes with `apt-get install {form.firmware_package}`.")
    if needs_kvm(target):
        lines.append(
            f"- The guests need a CPU with `{qemu.virtualization}` and `/dev/kvm`: "
            "emulation is not enough."
        )
    return "\n".join(lines)


def _qemu_line(target: Target, qemu: QemuMachine, form: QemuForm, values: Mapping[str, str]) -> str:
    places = QemuPlaces(
        program=qemu.binary,
        image=values["image"],
        kernel=values["kernel"],
        firmware=form.firmware[0] if form.firmware else "",
    )
    try:
        return shlex.join(compose_qemu_argv(target, qemu, form, places=places))
    except UnfilledError as error:
        raise _unfilled(error, target) from error


def _markers_section(target: Target) -> str:
    console = target.console
    lines = ["## What to wait for", "", "The console shows, in this order:", ""]
    lines += _block(console.success)
    if console.errors:
        lines += ["", "Any of these means that it failed:", "", *_block(console.errors)]
    lines += ["", f"It should take no longer than {console.timeout_s} s."]
    return "\n".join(lines)


def _block(lines: tuple[str, ...]) -> list[str]:
    """Return the lines indented, which Markdown shows as they are."""
    return [f"    {line}" for line in lines]


def _fill(lines: tuple[str, ...], values: Mapping[str, str], target: Target) -> tuple[str, ...]:
    try:
        return tuple(fill_line(line, values) for line in lines)
    except UnfilledError as error:
        raise _unfilled(error, target) from error


def _unfilled(error: UnfilledError, target: Target) -> InputError:
    message = f"the boot lines of platform `{target.platform.name}` are wrong: {error}"
    return InputError(message, span=target.platform.span)
