# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The twenty checks, in the order of the guide, and running them."""

from sel4build.porting.app import (
    check_folder,
    check_images,
    check_initrd,
    check_linked,
    check_papers,
    check_supported,
)
from sel4build.porting.board import Board
from sel4build.porting.finding import Check, Finding, Need
from sel4build.porting.guest import check_devices
from sel4build.porting.kernel import (
    check_cpu,
    check_device_tree,
    check_hypervisor,
    check_kernel_devices,
    check_platform,
)
from sel4build.porting.machine import check_elfloader, check_gic, check_smp
from sel4build.porting.vmm import (
    check_init,
    check_library,
    check_timers,
    check_virtio,
    check_vmlinux,
)

_A, _F, _O = Need.ALWAYS, Need.FEATURE, Need.OPTIONAL


def run_checks(board: Board) -> tuple[Finding, ...]:
    """Return what each check finds for `board`, in order."""
    return tuple(Finding(check=each, outcome=each.judge(board)) for each in CHECKS)


CHECKS = (
    Check(
        number=1,
        name="kernel-platform",
        title="supported by seL4",
        condition="a `kernel/src/plat/*/config.cmake` has `declare_platform(P ...)`; a board of "
        "another name than its platform is in `platform_aliases` of "
        "`tools/seL4/cmake-tool/helpers/application_settings.cmake`",
        hint="port seL4 to the board, or add it to the aliases of its family",
        need=_A,
        judge=check_platform,
    ),
    Check(
        number=2,
        name="device-tree",
        title="device tree",
        condition="every file of `KernelDTSList` exists and is device tree source",
        hint="put Linux's device tree into `kernel/tools/dts`, and an overlay beside "
        "`config.cmake`",
        need=_A,
        judge=check_device_tree,
    ),
    Check(
        number=3,
        name="kernel-devices",
        title="devices of kernel and elfloader",
        condition="`/chosen` has `seL4,kernel-devices` and `seL4,elfloader-devices`, and all that "
        "they name exists, the alias of the serial port first",
        hint="without them there is no console",
        need=_A,
        judge=check_kernel_devices,
    ),
    Check(
        number=4,
        name="cpu",
        title="processor that can virtualize",
        condition="`config.cmake` sets one of KernelArmCortexA15, A35, A53, A55, A57, A72, A76 (or "
        "one that `KernelArmHypervisorSupport` depends on), and declares `aarch64` or "
        "`arm_hyp`",
        hint="no VMM runs on Cortex-A7, A8 or A9",
        need=_A,
        judge=check_cpu,
    ),
    Check(
        number=5,
        name="hypervisor",
        title="kernel as hypervisor",
        condition="what `KernelArmHypervisorSupport` depends on holds, and memory is left for seL4 "
        "beside what is reserved and what the guests get",
        hint="widen the option's `DEPENDS`, or the memory of the overlay",
        need=_A,
        judge=check_hypervisor,
    ),
    Check(
        number=6,
        name="gic",
        title="interrupt controller",
        condition="`INTERRUPT_CONTROLLER` is `arch/machine/gic_v2.h`; the node is compatible with "
        "the GICv2 of `kernel/tools/hardware.yml`, its `reg` has four ranges, and `gicv2.h` of "
        "`libsel4vm` has the same addresses",
        hint="the VMM plays no GICv3; add the ranges of the virtual interfaces to the overlay",
        need=_A,
        judge=check_gic,
    ),
    Check(
        number=7,
        name="elfloader",
        title="elfloader",
        condition="an image form is chosen for the board, and a serial driver of the elfloader is "
        "for its serial port",
        hint="add a driver to `tools/seL4/elfloader-tool/src/drivers/uart`",
        need=_A,
        judge=check_elfloader,
    ),
    Check(
        number=8,
        name="vmlinux-h",
        title="`vmlinux.h`",
        condition="`projects/vm/components/VM_Arm/plat_include/P/plat/vmlinux.h` defines "
        "`GIC_NODE_PATH`, `linux_pt_irqs`, `free_plat_interrupts` and the four lists "
        "`plat_keep_...`",
        hint="without it the VMM does not compile",
        need=_A,
        judge=check_vmlinux,
    ),
    Check(
        number=9,
        name="platform-init",
        title="code of the platform",
        condition="`projects/vm/components/VM_Arm/src/modules/plat/P/init.c`, where the platform "
        "needs one",
        hint="optional",
        need=_O,
        judge=check_init,
    ),
    Check(
        number=10,
        name="vmm-library",
        title="VMM library",
        condition="`projects/seL4_projects_libs/libsel4vmmplatsupport/plat_include/P` has the "
        "headers that the library includes on every Arm platform",
        hint="write `guest_vcpu_util.h` and `vpci.h`",
        need=_A,
        judge=check_library,
    ),
    Check(
        number=11,
        name="virtio",
        title="virtual PCI and virtio",
        condition="where the app turns them on: the board is in the `DEPENDS` of `VmPCISupport` "
        "and `VmVirtio...`, and `libvirtio` has a `virtio_plat.h` for it",
        hint="upstream turns an option off without a word where its `DEPENDS` does not hold",
        need=_F,
        judge=check_virtio,
    ),
    Check(
        number=12,
        name="app-folder",
        title="the app's folder of the board",
        condition="`projects/vm-examples/apps/Arm/APP/B/devices.camkes`, or one in folders below",
        hint="`sel4build port new` writes it",
        need=_A,
        judge=check_folder,
    ),
    Check(
        number=13,
        name="devices-camkes",
        title="`devices.camkes`",
        condition="each guest has a device that is in the device tree; its first untyped is the "
        "GICV; untypeds are aligned and known to the kernel; initrd and device tree are "
        "inside the guest's memory and do not overlap",
        hint="compare with the kernel's device tree",
        need=_A,
        judge=check_devices,
    ),
    Check(
        number=14,
        name="supported",
        title="list of boards",
        condition="`supported` in the app's `settings.cmake` has the board",
        hint="add it",
        need=_A,
        judge=check_supported,
    ),
    Check(
        number=15,
        name="images-linked",
        title="images linked",
        condition='the `CMakeLists.txt` of the app calls `AddToFileServer("linux" ...)` for it',
        hint="add a branch for the board",
        need=_A,
        judge=check_linked,
    ),
    Check(
        number=16,
        name="images",
        title="the guest's files",
        condition="what the app links exists, is not empty and no pointer of git-lfs or git-annex; "
        "a README and the kernel's configuration lie beside it",
        hint="build Linux and a root file system for the board",
        need=_A,
        judge=check_images,
    ),
    Check(
        number=17,
        name="initrd-address",
        title="address of the initrd",
        condition="the third argument of `UpdateDtbFromInitrd` is "
        "`initrd_addr` of `devices.camkes`",
        hint="otherwise the guest does not find its initrd",
        need=_A,
        judge=check_initrd,
    ),
    Check(
        number=18,
        name="timer-serial",
        title="time and serial server",
        condition="where the app uses them: `TimeServer` has a `timers.h` and `libplatsupport` a "
        "`serial.h` for the platform",
        hint="wanted by vm_multi and vm_serial_server",
        need=_F,
        judge=check_timers,
    ),
    Check(
        number=19,
        name="smp",
        title="guests with several cores",
        condition="where `num_vcpus` is above 1: the device tree has as many cores and a PSCI "
        "node, and the examples do not refuse the board",
        hint="lower `num_vcpus`",
        need=_F,
        judge=check_smp,
    ),
    Check(
        number=20,
        name="docs-ci",
        title="documentation and CI",
        condition="a page `Hardware/B.md`, a row of `platforms.yml` and of `builds.yml`",
        hint="never stops a port",
        need=_O,
        judge=check_papers,
    ),
)
"""The checks, by their number."""
