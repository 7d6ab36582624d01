# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A small tree shaped like a synced workspace of VM examples, with invented boards and apps.

Boards: `acme` (64-bit, its own kernel platform) and `zeta1`, `zeta2` (32-bit, of family `zeta`).
Apps: `vm_solo` (acme, zeta1), `vm_duo` (acme; two guests) and, for PCs, `plain`. Whoever needs
something else writes over a file, or replaces a piece of one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = "projects/vm-examples"
ARM_APPS = f"{EXAMPLES}/apps/Arm"
PC_APPS = f"{EXAMPLES}/apps/x86"
SOLO_SETTINGS = f"{ARM_APPS}/vm_solo/settings.cmake"
SOLO_CMAKE = f"{ARM_APPS}/vm_solo/CMakeLists.txt"
SOLO_DEVICES = f"{ARM_APPS}/vm_solo/acme/devices.camkes"
VM_ARM = "projects/vm/components/VM_Arm/CMakeLists.txt"
ACME_CONFIG = "kernel/src/plat/acme/config.cmake"
ACME_DTS = "kernel/tools/dts/acme.dts"
ACME_OVERLAY = "kernel/src/plat/acme/overlay-acme.dts"
APPLICATION_SETTINGS = "tools/seL4/cmake-tool/helpers/application_settings.cmake"

_SETTINGS = """\
cmake_minimum_required(VERSION 3.16)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../tools/seL4/cmake-tool/helpers")
if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/apps/Arm/${CAMKES_VM_APP}")
    set(AppArch "Arm" CACHE STRING "" FORCE)
elseif(EXISTS "${CMAKE_CURRENT_LIST_DIR}/apps/x86/${CAMKES_VM_APP}")
    set(AppArch "x86" CACHE STRING "" FORCE)
endif()
if(AppArch STREQUAL "Arm")
    set(CAMKES_ARM_LINUX_DIR "${CMAKE_CURRENT_LIST_DIR}/linux" CACHE STRING "")
    include(application_settings)
    set(KernelArch "arm" CACHE STRING "" FORCE)
    if(AARCH64)
        set(KernelSel4Arch "aarch64" CACHE STRING "" FORCE)
    else()
        set(KernelSel4Arch "arm_hyp" CACHE STRING "" FORCE)
    endif()
    set(KernelArmHypervisorSupport ON CACHE BOOL "" FORCE)
    set(KernelRootCNodeSizeBits 18 CACHE STRING "" FORCE)
    include("${CMAKE_CURRENT_LIST_DIR}/apps/Arm/${CAMKES_VM_APP}/settings.cmake")
    correct_platform_strings()
    ApplyData61ElfLoaderSettings(${KernelARMPlatform} ${KernelSel4Arch})
    if(NUM_NODES MATCHES "^[0-9]+$")
        set(KernelMaxNumNodes ${NUM_NODES} CACHE STRING "" FORCE)
    else()
        set(KernelMaxNumNodes 1 CACHE STRING "" FORCE)
    endif()
    if("${KernelARMPlatform}" STREQUAL "zeta1" AND (${KernelMaxNumNodes} GREATER 1))
        message(FATAL_ERROR "${KernelARMPlatform} does not support SMP VMs")
    endif()
else()
    include(${CAMKES_VM_SETTINGS_PATH})
    include("${CMAKE_CURRENT_LIST_DIR}/apps/x86/${CAMKES_VM_APP}/app_settings.cmake")
endif()
"""

_SOLO_SETTINGS = """\
set(supported "acme;zeta1")
if(NOT "${PLATFORM}" IN_LIST supported)
    message(FATAL_ERROR "PLATFORM: ${PLATFORM} not supported.")
endif()
set(LibUSB OFF CACHE BOOL "" FORCE)
if(${PLATFORM} STREQUAL "acme")
    set(VmPCISupport ON CACHE BOOL "" FORCE)
endif()
"""

_SOLO_CMAKE = """\
project(vm_solo C)
include(${CAMKES_ARM_VM_HELPERS_PATH})
if("${KernelARMPlatform}" STREQUAL "acme")
    AddToFileServer("linux" "${CAMKES_VM_IMAGES_DIR}/acme/linux")
    set(rootfs_file "${CAMKES_VM_IMAGES_DIR}/acme/rootfs.cpio.gz")
    AddToFileServer("linux-initrd" ${rootfs_file})
    UpdateDtbFromInitrd(
        "${CAMKES_VM_IMAGES_DIR}/acme/linux-dtb"
        ${rootfs_file}
        "0x4d700000"
        dtb_gen_target
        output_dtb_location
    )
    AddToFileServer("linux-dtb" "${output_dtb_location}" DEPENDS dtb_gen_target)
elseif("${KernelARMPlatform}" STREQUAL "zeta1")
    AddToFileServer("linux" "${CAMKES_VM_IMAGES_DIR}/zeta1/linux")
    AddToFileServer("linux-dtb" "${CAMKES_VM_IMAGES_DIR}/zeta1/linux-dtb")
endif()
DefineCAmkESVMFileServer()
CAmkESAddImportPath(${KernelARMPlatform})
DeclareCAmkESRootserver(vm_solo.camkes)
"""

_DUO_SETTINGS = """\
set(supported "acme")
if(NOT "${PLATFORM}" IN_LIST supported)
    message(FATAL_ERROR "PLATFORM: ${PLATFORM} not supported.")
endif()
set(VmPCISupport ON CACHE BOOL "" FORCE)
if(DUO_LOUD)
    set(VmVirtioConsole ON CACHE BOOL "" FORCE)
endif()
"""

_DUO_CMAKE = """\
project(vm_duo C)
set(rootfs_file "${CAMKES_VM_IMAGES_DIR}/${KernelARMPlatform}/rootfs.cpio.gz")
foreach(i RANGE 1)
    AddOverlayDirToRootfs(
        overlay_vm${i} ${rootfs_file} "buildroot" "rootfs_install" rootfs_vm${i} target_vm${i} GZIP
    )
    AddToFileServer("linux-initrd-vm${i}" "${rootfs_vm${i}}" DEPENDS target_vm${i})
endforeach()
AddToFileServer("linux" "${CAMKES_VM_IMAGES_DIR}/${KernelARMPlatform}/linux")
DefineCAmkESVMFileServer()
CAmkESAddImportPath(${KernelARMPlatform})
DeclareCAmkESRootserver(vm_duo.camkes)
"""


def a_devices_file(
    *vms: str, base: int = 0x40000000, size: int = 0x10000000, gicv: int = 0x8040000
) -> str:
    """Return a `devices.camkes` of guests, by default `vm0`, each with memory after the other."""
    names = vms or ("vm0",)
    lines = ["#include <configurations/vm.h>", ""]
    for position, name in enumerate(names):
        start, macro = base + position * size, name.upper()
        lines += [
            f"#define {macro}_RAM_BASE {start:#x}",
            f"#define {macro}_RAM_SIZE {size:#x}",
            f"#define {macro}_DTB_ADDR {start + 0xF000000:#x}",
            f"#define {macro}_INITRD_ADDR {start + 0xD700000:#x}",
        ]
    lines += ["", "assembly {", "    composition {}", "    configuration {"]
    for name in names:
        macro = name.upper()
        lines += [
            f"        {name}.vm_address_config = {{",
            f'            "ram_base" : VAR_STRINGIZE({macro}_RAM_BASE),',
            f'            "ram_paddr_base" : VAR_STRINGIZE({macro}_RAM_BASE),',
            f'            "ram_size" : VAR_STRINGIZE({macro}_RAM_SIZE),',
            f'            "dtb_addr" : VAR_STRINGIZE({macro}_DTB_ADDR),',
            f'            "initrd_addr" : VAR_STRINGIZE({macro}_INITRD_ADDR)',
            "        };",
            f"        {name}.num_vcpus = 2;",
            f'        {name}.dtb = dtb([{{"path": "/soc/serial@9000000"}}]);',
            f"        {name}.untyped_mmios = [",
            f'            "{gicv:#x}:12", // the guests\' interrupt controller',
            "        ];",
        ]
    return "\n".join([*lines, "    }", "}", ""])


_VM_ARM = """\
config_option(VmOnDemandDeviceInstall VM_ONDEMAND_DEVICE_INSTALL
    "Map a device when it is touched." DEFAULT ON)
config_option(
    VmPCISupport
    VM_PCI_SUPPORT
    "Virtual PCI"
    DEPENDS
    "KernelPlatformAcme OR KernelPlatformZeta1"
    DEFAULT
    OFF
)
config_option(
    VmVirtioConsole
    VM_VIRTIO_CON
    "Virtio console"
    DEPENDS
    "KernelPlatformAcme;VmPCISupport"
    DEFAULT
    OFF
)
config_choice(
    VmRootfs
    VM_ROOTFS
    "Root file system"
    "card;VmRootfsCard;VM_ROOTFS_CARD"
    "disk;VmRootfsDisk;VM_ROOTFS_DISK;KernelPlatformZeta1"
)
"""

_ACME_CONFIG = """\
declare_platform(acme KernelPlatformAcme PLAT_ACME KernelArchARM)

if(KernelPlatformAcme)
    declare_seL4_arch(aarch64)
    set(KernelArmCortexA53 ON)
    set(KernelArchArmV8a ON)
    config_set(KernelARMPlatform ARM_PLAT acme)
    list(APPEND KernelDTSList "tools/dts/acme.dts")
    list(APPEND KernelDTSList "src/plat/acme/overlay-acme.dts")
    declare_default_headers(
        TIMER_FREQUENCY 24000000
        MAX_IRQ 127
        INTERRUPT_CONTROLLER arch/machine/gic_v2.h
    )
endif()
"""

_ZETA_CONFIG = """\
declare_platform(zeta KernelPlatZeta PLAT_ZETA "KernelSel4ArchAarch32 OR KernelSel4ArchArmHyp")

set(cmake_configs KernelPlatformZeta1 KernelPlatformZeta2)
set(plat_lists zeta1 zeta2)
if(KernelPlatZeta)
    declare_seL4_arch(aarch32 arm_hyp)
    set(KernelArmCortexA15 ON)
    set(KernelArchArmV7ve ON)
    check_platform_and_fallback_to_default(KernelARMPlatform "zeta1")
    list(FIND plat_lists "${KernelARMPlatform}" index)
    list(GET cmake_configs ${index} cmake_config)
    config_set(KernelARMPlatform ARM_PLAT ${KernelARMPlatform})
    config_set(${cmake_config} PLAT_ZETA_BOARD ON)
    list(APPEND KernelDTSList "tools/dts/${KernelARMPlatform}.dts")
    list(APPEND KernelDTSList "src/plat/zeta/overlay-zeta.dts")
    declare_default_headers(TIMER_FREQUENCY 24000000 INTERRUPT_CONTROLLER arch/machine/gic_v2.h)
endif()
"""

_KERNEL_ARM = """\
config_option(
    KernelArmHypervisorSupport ARM_HYPERVISOR_SUPPORT
    "Build as hypervisor"
    DEFAULT ${KernelSel4ArchArmHyp}
    DEPENDS
        "KernelArmCortexA15 OR KernelArmCortexA53 OR KernelArmCortexA57"
)
"""

_APPLICATION_SETTINGS = """\
function(ApplyData61ElfLoaderSettings kernel_platform kernel_sel4_arch)
    set(binary_list "acme;other")
    set(efi_list "tau")
    set(uimage_list "")
    if(${kernel_platform} IN_LIST efi_list)
        set(ElfloaderImage "efi" CACHE STRING "" FORCE)
    elseif(${kernel_platform} IN_LIST uimage_list)
        set(ElfloaderImage "uimage" CACHE STRING "" FORCE)
    elseif(${kernel_platform} IN_LIST binary_list)
        set(ElfloaderImage "binary" CACHE STRING "" FORCE)
    else()
        set(ElfloaderImage "elf" CACHE STRING "" FORCE)
    endif()
endfunction()

function(correct_platform_strings)
    set(platform_aliases
        "-KernelARMPlatform"
        "zeta:zeta1,zeta2"
        "-KernelSel4Arch"
        "pc99:x86_64,ia32"
    )
    set(KernelPlatform "${PLATFORM}" CACHE STRING "" FORCE)
    set(KernelARMPlatform "${PLATFORM}" CACHE STRING "" FORCE)
endfunction()
"""


def a_device_tree(
    *, uart: int = 0x9000000, gic: int = 0x8000000, cpus: int = 4, cpu: str = "arm,cortex-a53"
) -> str:
    """Return a device tree source with so many cores, a PSCI node, a UART and a GICv2."""
    cores = "".join(
        f'\t\tcpu@{each} {{ device_type = "cpu"; compatible = "{cpu}"; reg = <{each}>; }};\n'
        for each in range(cpus)
    )
    return f"""\
/dts-v1/;

/ {{
	#address-cells = <2>;
	#size-cells = <2>;
	compatible = "acme,board";
	aliases {{ serial0 = &uart0; }};
	cpus {{
		#address-cells = <1>;
		#size-cells = <0>;
{cores}	}};
	psci {{ compatible = "arm,psci-1.0"; method = "smc"; }};
	memory@40000000 {{ device_type = "memory"; reg = <0x0 0x40000000 0x0 0x80000000>; }};
	soc {{
		#address-cells = <2>;
		#size-cells = <2>;
		ranges;
		uart0: serial@{uart:x} {{
			compatible = "arm,pl011";
			reg = <0x0 {uart:#x} 0x0 0x1000>;
		}};
		gic: interrupt-controller@{gic:x} {{
			compatible = "arm,gic-400";
			interrupt-controller;
			reg = <0x0 {gic:#x} 0x0 0x1000>,
				<0x0 {gic + 0x10000:#x} 0x0 0x2000>,
				<0x0 {gic + 0x30000:#x} 0x0 0x2000>,
				<0x0 {gic + 0x40000:#x} 0x0 0x2000>;
		}};
	}};
}};
"""


_OVERLAY = """\
/ {
	chosen {
		seL4,elfloader-devices = "serial0", &{/psci};
		seL4,kernel-devices = "serial0", &gic;
	};
};
"""

_VMLINUX = """\
#pragma once
#define GIC_NODE_PATH "/soc/interrupt-controller@8000000"
static const int linux_pt_irqs[] = {};
static const int free_plat_interrupts[] = {};
static const char *plat_keep_devices[] = {};
static const char *plat_keep_device_and_disable[] = {};
static const char *plat_keep_device_and_subtree[] = {};
static const char *plat_keep_device_and_subtree_and_disable[] = {};
"""

_PLAIN_SETTINGS = """\
set(KernelSel4Arch x86_64 CACHE STRING "" FORCE)
set(KernelMaxNumNodes 1 CACHE STRING "" FORCE)
"""

_PLAIN_CMAKE = """\
project(plain)
DeclareCAmkESVM(Init0)
GetArchDefaultLinuxKernelFile("32" kernel_file)
GetArchDefaultLinuxRootfsFile("32" rootfs_file)
DecompressLinuxKernel(extract decompressed ${kernel_file})
AddToFileServer("bzimage" ${decompressed} DEPENDS extract)
AddToFileServer("rootfs.cpio" ${rootfs_file})
DeclareCAmkESVMRootServer(plain.camkes)
"""

_VM_SETTINGS = """\
set(KernelArch x86 CACHE STRING "" FORCE)
set(KernelPlatform pc99 CACHE STRING "" FORCE)
set(KernelVTX ON CACHE BOOL "" FORCE)
"""

_HARDWARE_YML = """\
devices:
  - compatible:
      - arm,gic-400
      - arm,cortex-a15-gic
    regions:
      - index: 0
        kernel: GIC_V2_DISTRIBUTOR_PPTR
  - compatible:
      - arm,gic-v3
    regions:
      - index: 0
        kernel: GICD_PPTR
"""

_VM_HELPERS = """\
set(ARM_VM_PROJECT_DIR "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "")
function(DeclareCAmkESARMVM init_component)
    if(KernelPlatformZeta1)
        set(vm_plat_include "${ARM_VM_PROJECT_DIR}/components/VM_Arm/plat_include/zeta1")
    else()
        set(
            vm_plat_include
            "${ARM_VM_PROJECT_DIR}/components/VM_Arm/plat_include/${KernelPlatform}"
        )
    endif()
endfunction()
"""
_VGIC = "projects/seL4_projects_libs/libsel4vm/src/arch/arm/vgic"
VGIC_HEADER = f"{_VGIC}/gicv2.h"
_GIC_HEADER = """\
#if defined(CONFIG_PLAT_ACME) || defined(CONFIG_PLAT_ZETA)
#define GIC_PADDR 0x8000000
#else
#error "Unsupported platform for GIC"
#endif

#ifdef CONFIG_PLAT_ACME
#define GIC_DIST_PADDR (GIC_PADDR)
#define GIC_CPU_PADDR (GIC_PADDR + 0x10000)
#define GIC_VCPU_CNTR_PADDR (GIC_PADDR + 0x30000)
#define GIC_VCPU_PADDR (GIC_PADDR + 0x40000)
#elif defined(CONFIG_PLAT_ZETA)
#define GIC_DIST_PADDR (GIC_PADDR)
#define GIC_CPU_PADDR (GIC_PADDR + 0x10000)
#define GIC_VCPU_CNTR_PADDR (GIC_PADDR + 0x30000)
#define GIC_VCPU_PADDR (GIC_PADDR + 0x40000)
#else
#define GIC_DIST_PADDR (GIC_PADDR + 0x1000)
#define GIC_CPU_PADDR (GIC_PADDR + 0x2000)
#define GIC_VCPU_CNTR_PADDR (GIC_PADDR + 0x4000)
#define GIC_VCPU_PADDR (GIC_PADDR + 0x6000)
#endif
"""
_VMM_LIBRARY = "projects/seL4_projects_libs/libsel4vmmplatsupport"

FILES: Mapping[str, str] = {
    f"{EXAMPLES}/settings.cmake": _SETTINGS,
    f"{EXAMPLES}/CMakeLists.txt": "include(settings.cmake)\nproject(camkes-vm C CXX ASM)\n",
    SOLO_SETTINGS: _SOLO_SETTINGS,
    SOLO_CMAKE: _SOLO_CMAKE,
    f"{ARM_APPS}/vm_solo/vm_solo.camkes": "import <devices.camkes>;\n",
    SOLO_DEVICES: a_devices_file(),
    f"{ARM_APPS}/vm_solo/zeta1/devices.camkes": a_devices_file(),
    f"{ARM_APPS}/vm_duo/settings.cmake": _DUO_SETTINGS,
    f"{ARM_APPS}/vm_duo/CMakeLists.txt": _DUO_CMAKE,
    f"{ARM_APPS}/vm_duo/vm_duo.camkes": "import <devices.camkes>;\n",
    f"{ARM_APPS}/vm_duo/acme/devices.camkes": a_devices_file("vm0", "vm1"),
    f"{PC_APPS}/plain/app_settings.cmake": _PLAIN_SETTINGS,
    f"{PC_APPS}/plain/CMakeLists.txt": _PLAIN_CMAKE,
    VM_ARM: _VM_ARM,
    "projects/vm/camkes_vm_settings.cmake": _VM_SETTINGS,
    "projects/vm/components/VM_Arm/plat_include/acme/plat/vmlinux.h": _VMLINUX,
    "projects/vm/components/VM_Arm/plat_include/zeta1/plat/vmlinux.h": _VMLINUX,
    ACME_CONFIG: _ACME_CONFIG,
    ACME_OVERLAY: _OVERLAY,
    ACME_DTS: a_device_tree(),
    "kernel/src/plat/zeta/config.cmake": _ZETA_CONFIG,
    "kernel/src/plat/zeta/overlay-zeta.dts": _OVERLAY,
    "kernel/tools/dts/zeta1.dts": a_device_tree(cpu="arm,cortex-a15", cpus=2),
    "kernel/tools/dts/zeta2.dts": a_device_tree(cpu="arm,cortex-a15", cpus=2),
    "kernel/src/plat/pc99/config.cmake": (
        "declare_platform(pc99 KernelPlatPC99 PLAT_PC99 KernelArchX86)\n"
        "if(KernelPlatPC99)\n    declare_seL4_arch(x86_64 ia32)\nendif()\n"
    ),
    "kernel/src/arch/arm/config.cmake": _KERNEL_ARM,
    "kernel/tools/hardware.yml": _HARDWARE_YML,
    APPLICATION_SETTINGS: _APPLICATION_SETTINGS,
    "tools/seL4/elfloader-tool/src/drivers/uart/pl011-uart.c": ('{ .compatible = "arm,pl011" },\n'),
    "projects/vm/arm_vm_helpers.cmake": _VM_HELPERS,
    "projects/camkes-vm-images/acme/linux": "a kernel\n",
    "projects/camkes-vm-images/acme/linux-dtb": "a device tree\n",
    "projects/camkes-vm-images/acme/rootfs.cpio.gz": "a root file system\n",
    "projects/camkes-vm-images/acme/README.md": "how the files were made\n",
    "projects/camkes-vm-images/acme/linux_configs/config": "CONFIG_ARM64=y\n",
    "projects/camkes-vm-images/zeta1/linux": "a kernel\n",
    "projects/camkes-vm-images/zeta1/linux-dtb": "a device tree\n",
    f"{_VGIC}/vgic_v2.c": '#include "gicv2.h"\n',
    VGIC_HEADER: _GIC_HEADER,
    f"{_VMM_LIBRARY}/arch_include/arm/sel4vmmplatsupport/arch/vcpu.h": (
        "#include <sel4vmmplatsupport/plat/guest_vcpu_util.h>\n"
        "#include <sel4vmmplatsupport/plat/vpci.h>\n"
    ),
    f"{_VMM_LIBRARY}/plat_include/acme/sel4vmmplatsupport/plat/guest_vcpu_util.h": (
        "#pragma once\n"
    ),
    f"{_VMM_LIBRARY}/plat_include/acme/sel4vmmplatsupport/plat/vpci.h": "#pragma once\n",
    "projects/vm/libs/libvirtio/plat_include/acme/virtioarm/virtio_plat.h": "#pragma once\n",
    "projects/util_libs/libplatsupport/plat_include/acme/platsupport/plat/serial.h": "\n",
    "projects/util_libs/libplatsupport/plat_include/acme/platsupport/plat/timer.h": "\n",
    "projects/global-components/components/TimeServer/include/plat/acme/plat/timers.h": "\n",
}


@dataclass(frozen=True, slots=True)
class Sel4Tree:
    """A tree of sources below `root`."""

    root: Path

    @classmethod
    def create(cls, root: Path, files: Mapping[str, str] = FILES) -> "Sel4Tree":
        """Write `files`, paths to texts, below `root`."""
        tree = cls(root)
        for path, text in files.items():
            tree.write(path, text)
        return tree

    def write(self, path: str, text: str) -> Path:
        """Write a file, with the folders that it needs."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def read(self, path: str) -> str:
        """Return the text of a file."""
        return (self.root / path).read_text(encoding="utf-8")

    def replace(self, path: str, old: str, new: str) -> int:
        """Replace the only `old` in a file, and return the number of its line."""
        text = self.read(path)
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {path}"
        self.write(path, text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1

    def remove(self, path: str) -> None:
        """Remove a file."""
        (self.root / path).unlink()

    def line(self, path: str, piece: str) -> int:
        """Return the number of the first line that holds `piece`."""
        lines = self.read(path).split("\n")
        return next(number for number, each in enumerate(lines, start=1) if piece in each)
