# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The command line of QEMU for a target: a function of the catalogue's facts, and of nothing else.

It is here, and not where machines are started, because a package tells its reader the same line.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sel4build.model.placeholder import fill_line
from sel4build.model.platform import ImageFormat, QemuForm, QemuMachine
from sel4build.model.target import Target

# What QEMU's own loader takes on every machine.
_PLAIN_FORMS = {
    ImageFormat.ELF: QemuForm(format=ImageFormat.ELF, args=("-kernel", "{image}")),
    ImageFormat.MULTIBOOT: QemuForm(
        format=ImageFormat.MULTIBOOT, args=("-kernel", "{kernel}", "-initrd", "{image}")
    ),
}
# One serial port on stdout without QEMU's monitor on it; no window, no network, and a guest that
# resets itself ends the run.
_CONSOLE = ("-nographic", "-serial", "stdio", "-monitor", "none", "-nic", "none", "-no-reboot")


@dataclass(frozen=True, slots=True, kw_only=True)
class QemuPlaces:
    """What the placeholders of a form stand for."""

    program: str
    image: str
    kernel: str = ""
    firmware: str = ""
    scratch: str = ""

    def values(self, target: Target) -> Mapping[str, str]:
        """Return the placeholders by name."""
        load = target.platform.image.load_address
        return {
            "image": self.image,
            "kernel": self.kernel,
            "firmware": self.firmware,
            "scratch": self.scratch,
            "load": "" if load is None else f"{load:#x}",
        }


def find_qemu_form(qemu: QemuMachine, image_format: ImageFormat) -> QemuForm | None:
    """Return how QEMU takes an image of this form, or None when it cannot."""
    listed = (form for form in qemu.forms if form.format is image_format)
    return next(listed, _PLAIN_FORMS.get(image_format))


def needs_kvm(target: Target) -> bool:
    """Tell whether the guests of `target` need a CPU feature that QEMU cannot emulate."""
    qemu = target.platform.qemu
    return qemu is not None and qemu.virtualization is not None and target.app.needs_virtualization


def machine_memory_mib(target: Target, qemu: QemuMachine) -> int:
    """Return the memory of the machine, MiB: the user's number where there is one."""
    chosen = _chosen(target, qemu.memory_option)
    return qemu.memory_mib if chosen is None else int(chosen, 0)


def compose_dumpdtb_argv(target: Target, qemu: QemuMachine, *, file: str) -> tuple[str, ...]:
    """Return the argv that writes the device tree of the machine to `file`, and ends."""
    cpu = _chosen(target, qemu.cpu_option) or qemu.cpu
    return (
        qemu.binary,
        *("-machine", f"{qemu.machine},dumpdtb={file.replace(',', ',,')}"),
        *(("-cpu", cpu) if cpu else ()),
        *("-m", f"{machine_memory_mib(target, qemu)}M"),
        *("-smp", str(target.num_nodes)),
        "-nographic",
    )


def _chosen(target: Target, option: str | None) -> str | None:
    return target.defines.get(option) if option is not None else None


def compose_qemu_argv(
    target: Target, qemu: QemuMachine, form: QemuForm, *, places: QemuPlaces
) -> tuple[str, ...]:
    """Return the argv: one number each for memory and for cores, whatever the image form.

    Raises UnfilledError when a placeholder has no value.
    """
    machine, cpu = qemu.machine, qemu.cpu
    if needs_kvm(target):
        machine, cpu = qemu.kvm_machine or machine, qemu.kvm_cpu or cpu
    cpu = _chosen(target, qemu.cpu_option) or cpu
    values = places.values(target)
    return (
        places.program,
        *("-machine", machine),
        *(("-cpu", cpu) if cpu else ()),
        *("-m", f"{machine_memory_mib(target, qemu)}M"),
        *("-smp", str(target.num_nodes)),
        *_CONSOLE,
        *(fill_word(word, values) for word in (*qemu.args, *form.args)),
    )


def fill_word(word: str, values: Mapping[str, str]) -> str:
    """Replace the placeholders of one word of an argv; see `fill_line`.

    Inside a list of properties a comma in a value is doubled, as QEMU asks for; a word that is a
    placeholder alone is taken as it is.
    """
    if "," in word or "=" in word:
        values = {name: value.replace(",", ",,") for name, value in values.items()}
    return fill_line(word, values)
