# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The text of files and lines for a board that is new: what is known is filled in.

A line with `TODO` wants knowledge of the board that the sources do not have.
"""

from sel4build.porting.board import Board
from sel4build.porting.placing import GuestPlan, plan_guest, plan_pci

# REUSE-IgnoreStart  the licence of what is written, not of this file
_HEADER = "/*\n * SPDX-License-Identifier: BSD-2-Clause\n *\n * {what}\n */\n\n"
# REUSE-IgnoreEnd
_INTERRUPT = 50
"""An interrupt line of the GIC that skeletons give to virtual devices; to be checked."""


def devices_camkes(board: Board, plans: tuple[GuestPlan, ...] = ()) -> str:
    """Return a `devices.camkes` with the GICV and the serial port of `board`."""
    wanted = plans or (plan_guest(board),)
    text = _HEADER.format(what=f"Guests of {board.app} on {board.name}: memory and devices.")
    text += "#include <configurations/vm.h>\n\n"
    text += "".join(_macros(each, is_one=len(wanted) == 1) for each in wanted)
    text += "assembly {\n    composition {}\n    configuration {\n"
    text += "\n".join(_settings(board, each, is_one=len(wanted) == 1) for each in wanted)
    return text + "    }\n}\n"


def _prefix(plan: GuestPlan, *, is_one: bool) -> str:
    return "VM" if is_one else plan.vm.upper()


def _macros(plan: GuestPlan, *, is_one: bool) -> str:
    prefix = _prefix(plan, is_one=is_one)
    todo = "" if plan.is_known else " // TODO: memory of the board that seL4 can spare"
    return (
        f"#define {prefix}_RAM_BASE {plan.ram_base:#x}{todo}\n"
        f"#define {prefix}_RAM_SIZE {plan.ram_size:#x}\n"
        f"#define {prefix}_DTB_ADDR {plan.dtb_addr:#x}\n"
        f"#define {prefix}_INITRD_ADDR {plan.initrd_addr:#x}\n\n"
    )


def _settings(board: Board, plan: GuestPlan, *, is_one: bool) -> str:
    prefix, vm = _prefix(plan, is_one=is_one), plan.vm
    uart = board.uart.node.path if board.uart else "/TODO"
    virtual = board.gic.virtual if board.gic else None
    gicv = f"{virtual.address:#x}" if virtual else "0x0"
    todo = "" if virtual else " TODO: the fourth range of the GIC's `reg`"
    generated = "true" if plan.is_dtb_generated else "false"
    provided = "false" if plan.is_dtb_generated else "true"
    ram = "".join(
        f'            "{start:#x}:{bits}", // the guest\'s memory\n'
        for start, bits in (_pieces(plan.ram_base, plan.ram_size) if plan.is_reserved else ())
    )
    addresses = "".join(
        f'            "{key}" : VAR_STRINGIZE({prefix}_{macro}),\n'
        for key, macro in (
            ("ram_base", "RAM_BASE"),
            ("ram_paddr_base", "RAM_BASE"),
            ("ram_size", "RAM_SIZE"),
            ("dtb_addr", "DTB_ADDR"),
            ("initrd_addr", "INITRD_ADDR"),
        )
    )
    return (
        f"        {vm}.vm_address_config = {{\n{addresses}        }};\n\n"
        f"        {vm}.vm_image_config = {{\n"
        '            "kernel_name" : "linux",\n'
        '            "initrd_name" : "linux-initrd",\n'
        '            "dtb_name" : "linux-dtb",\n'
        '            "kernel_bootcmdline" : "", // TODO: console=... of the board\n'
        f'            "kernel_stdout" : "{uart}",\n'
        f'            "provide_initrd" : true,\n            "generate_dtb" : {generated},\n'
        f'            "provide_dtb" : {provided},\n'
        f'            "map_one_to_one" : {"true" if plan.is_reserved else "false"},\n'
        '            "clean_cache" : false,\n        };\n\n'
        f"        {vm}.num_vcpus = 1;\n\n"
        f'        {vm}.dtb = dtb([{{"path": "{uart}"}}]);\n\n'
        f"        {vm}.untyped_mmios = [\n"
        f'            "{gicv}:12", // GICV{todo}\n{ram}        ];\n'
    )


def _pieces(start: int, size: int) -> tuple[tuple[int, int], ...]:
    """Return (address, bits) of the aligned powers of two that make up a range."""
    found: list[tuple[int, int]] = []
    end = start + size
    while start < end:
        bits = (start & -start).bit_length() - 1 if start else 63
        while (1 << bits) > end - start:
            bits -= 1
        found.append((start, bits))
        start += 1 << bits
    return tuple(found)


def vmlinux_header(board: Board) -> str:
    """Return a `vmlinux.h` with the GIC of `board`."""
    gic = board.gic.node.path if board.gic else "/TODO/interrupt-controller"
    tree = board.kernel.tree
    kept = [path for path in ("/timer", "/psci") if tree is None or path in tree.nodes]
    lines = "".join(f'    "{path}",\n' for path in kept)
    what = f"What a guest sees of {board.kernel.platform}: nodes of its device tree, interrupts."
    return (
        _HEADER.format(what=what)
        + f'#pragma once\n\n#define IRQ_SPI_OFFSET 32\n#define GIC_NODE_PATH "{gic}"\n\n'
        "static const int linux_pt_irqs[] = {};\n\n"
        "/* TODO: an interrupt of the GIC that no device of the board uses. */\n"
        f"static const int free_plat_interrupts[] = {{ {_INTERRUPT} + IRQ_SPI_OFFSET }};\n\n"
        f"static const char *plat_keep_devices[] = {{\n{lines}}};\n"
        "static const char *plat_keep_device_and_disable[] = {};\n"
        "static const char *plat_keep_device_and_subtree[] = {\n    GIC_NODE_PATH,\n};\n"
        "static const char *plat_keep_device_and_subtree_and_disable[] = {};\n"
    )


def library_header(board: Board, path: str) -> str:
    """Return the header of the VMM library that belongs at `path`."""
    name = path.rsplit("/", 1)[-1]
    if name == "guest_vcpu_util.h":
        cpu = board.kernel.cpus[0].value if board.kernel.cpus else None
        spelt = (cpu or "CortexTODO").replace("Cortex", "cortex-").lower()
        what = f"The processor that a guest on {board.kernel.platform} sees."
        return (
            _HEADER.format(what=what) + f'#pragma once\n\n#define PLAT_CPU_COMPAT "arm,{spelt}"\n'
        )
    if name == "vpci.h":
        return _vpci_header(board)
    what = f"TODO: what {name} of the other platforms has, for {board.kernel.platform}."
    return _HEADER.format(what=what) + "#pragma once\n"


def _vpci_header(board: Board) -> str:
    what = f"Where a guest on {board.kernel.platform} sees the virtual PCI bus."
    found = board.gic.node.prop("#address-cells") if board.gic else None
    # vpci.c of the library knows one cell and two.
    cells = 2 if found is not None and found.cells[:1] == (2,) else 1
    start = plan_pci(board)
    return (
        _HEADER.format(what=what)
        + "#pragma once\n\n/* TODO: 48 MiB of addresses where the board has nothing. */\n"
        f"#define PCI_IO_REGION_ADDR {start:#x}\n#define PCI_IO_REGION_SIZE 0x10000\n"
        f"#define PCI_CFG_REGION_ADDR {start + 0x100_0000:#x}\n"
        "#define PCI_CFG_REGION_SIZE 0x1000000\n"
        f"#define PCI_MEM_REGION_ADDR {start + 0x200_0000:#x}ull\n"
        "#define PCI_MEM_REGION_SIZE 0x1000000\n\n"
        f"/* `#address-cells` of the GIC's node: 1 or 2. */\n#define GIC_ADDRESS_CELLS {cells:#x}\n"
    )


def virtio_header() -> str:
    """Return a `virtio_plat.h`."""
    what = "Interrupts of the virtio devices of a guest."
    return (
        _HEADER.format(what=what) + "#pragma once\n\n#define IRQ_SPI_OFFSET 32\n"
        "/* TODO: an interrupt of the GIC that no device of the board uses. */\n"
        f"#define VIRTIO_NET_PLAT_INTERRUPT_LINE ({_INTERRUPT} + IRQ_SPI_OFFSET)\n"
        f"#define VIRTIO_CON_PLAT_INTERRUPT_LINE ({_INTERRUPT} + IRQ_SPI_OFFSET)\n"
    )


def app_branch(board: Board, initrd_addr: int | None) -> str:
    """Return the branch of an app's `CMakeLists.txt` that links the guest's files."""
    name = board.name
    constant = name.upper()
    address = f"{initrd_addr:#x}" if initrd_addr is not None else "0xTODO"
    images = f"${{CAMKES_VM_IMAGES_DIR}}/{name}"
    return (
        f'elseif("${{KernelARMPlatform}}" STREQUAL "{board.kernel.arm_platform}")\n'
        "    find_package(camkes-vm-linux REQUIRED)\n"
        "    include(${CAMKES_VM_LINUX_HELPERS_PATH})\n"
        f'    set(cpp_flags "-DKERNELARMPLATFORM_{constant}")\n\n'
        f'    AddToFileServer("linux" "{images}/linux")\n'
        f'    set(rootfs_file "{images}/rootfs.cpio.gz")\n'
        '    AddToFileServer("linux-initrd" ${rootfs_file})\n'
        "    UpdateDtbFromInitrd(\n"
        f'        "{images}/linux-dtb"\n        ${{rootfs_file}}\n        "{address}"\n'
        "        dtb_gen_target\n        output_dtb_location\n    )\n"
        '    AddToFileServer("linux-dtb" "${output_dtb_location}" DEPENDS dtb_gen_target)\n'
    )


def timers_header(board: Board) -> str:
    """Return a `timers.h` without a timer: enough for apps that only import the time server."""
    what = f"The timer of {board.kernel.platform} for the time server."
    names = ("INTERFACES", "ATTRIBUTES", "COMPOSITION", "CONFIG", "PLAT_INTERFACES")
    lines = "".join(f"#define HARDWARE_TIMER_{name}\n" for name in names)
    return (
        _HEADER.format(what=what)
        + f"#pragma once\n\n/* TODO: device and interrupt, for apps with a time server. */\n{lines}"
    )
