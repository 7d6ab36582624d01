# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A catalogue that says of the boards and apps of `sel4_tree` just what its sources say."""

from collections.abc import Mapping
from pathlib import Path

from sel4build.catalog import CatalogRoots, load_catalog
from sel4build.model.catalog import Catalog
from tests.kit.catalogs import write_catalog

_BOARD = """\
version = 1
name = "{name}"
title = "Board {name}"
kernel-platform = "{family}"
kernel-arm-platform = "{name}"
arch = "arm"
sel4-arch = "{sel4_arch}"
word-size = {bits}
cpu = "{cpu}"
max-num-nodes = {nodes}
num-nodes-reason = "it has no more cores"

[image]
format = "{form}"
name = "{{rootserver}}-image-arm-{family}"

[uart]
driver = "pl011"
address = 0x9000000

[gic]
version = 2
distributor = 0x8000000
{more}"""

_PC = """\
version = 1
name = "{name}"
title = "PC"
kernel-platform = "pc99"
arch = "x86"
sel4-arch = "{name}"
word-size = {bits}
cpu = "nehalem"
max-num-nodes = 4
num-nodes-reason = "no app starts more"

[image]
format = "multiboot"
name = "{{rootserver}}-image-{name}-pc99"
kernel-name = "kernel-{name}-pc99"

[uart]
driver = "com1"
address = 0x3f8
"""

ARM_FAMILY = """\
version = 1
manifest = "acme-vms"
rootserver = "capdl-loader"

[variables]
CAMKES_VM_APP = "{app}"
PLATFORM = "{platform}"
NUM_NODES = "{num-nodes}"

[expected]
KernelSel4Arch = "{sel4-arch}"
KernelPlatform = "{kernel-platform}"
KernelARMPlatform = "{kernel-arm-platform}"
KernelMaxNumNodes = "{num-nodes}"
ElfloaderImage = "{image-format}"

[forced]
AppArch = "Arm"
KernelArmHypervisorSupport = "ON"
KernelRootCNodeSizeBits = "18"

[managed]
KernelArch = "leave it out"
KernelMaxNumNodes = "say it with `--num-nodes`"

[console]
errors = ["Halting..."]
timeout-s = 60

[[options]]
name = "VmOnDemandDeviceInstall"
summary = "map a device when it is touched"
kind = "bool"
default = "ON"

[[options]]
name = "VmPCISupport"
summary = "virtual PCI"
kind = "bool"
default = "OFF"
platforms = ["acme", "zeta1"]

[[options]]
name = "VmVirtioConsole"
summary = "virtio console"
kind = "bool"
default = "OFF"
platforms = ["acme"]
needs = ["VmPCISupport"]

[[options]]
name = "VmRootfs"
summary = "root file system"
kind = "choice"
choices = ["card", "disk"]
default = "card"
"""

PC_FAMILY = """\
version = 1
manifest = "acme-vms"
rootserver = "capdl-loader"
variables = { CAMKES_VM_APP = "{app}" }
expected = { KernelSel4Arch = "{sel4-arch}" }
forced = { AppArch = "x86", KernelVTX = "ON" }

[managed]
KernelArch = "leave it out"
KernelPlatform = "leave it out"
KernelMaxNumNodes = "leave it out"

[console]
errors = ["Halting..."]
timeout-s = 60
"""

SOLO = """\
version = 1
name = "vm_solo"
summary = "one guest"
num-vms = 1
forced = { LibUSB = "OFF" }

[console]
success = ["login:"]

[[platforms]]
platform = "acme"
guest = { linux = "projects/camkes-vm-images/acme/linux", dtb = "projects/camkes-vm-images/acme/linux-dtb", initrd = "projects/camkes-vm-images/acme/rootfs.cpio.gz", ram-base = 0x40000000, ram-size = 0x10000000, dtb-addr = 0x4f000000, initrd-addr = 0x4d700000, num-vcpus = 2 }
forced = { VmPCISupport = "ON" }

[[platforms]]
platform = "zeta1"
guest = { linux = "projects/camkes-vm-images/zeta1/linux", dtb = "projects/camkes-vm-images/zeta1/linux-dtb", ram-base = 0x40000000, ram-size = 0x10000000, dtb-addr = 0x4f000000, initrd-addr = 0x4d700000, num-vcpus = 2 }
"""

DUO = """\
version = 1
name = "vm_duo"
summary = "two guests"
num-vms = 2
forced = { VmPCISupport = "ON" }

[console]
success = ["login:", "login:"]

[[options]]
name = "DUO_LOUD"
summary = "virtio console too"
kind = "bool"
default = "OFF"

[[platforms]]
platform = "acme"
guest = { linux = "projects/camkes-vm-images/acme/linux", initrd = "projects/camkes-vm-images/acme/rootfs.cpio.gz", ram-base = 0x40000000, ram-size = 0x10000000, dtb-addr = 0x4f000000, initrd-addr = 0x4d700000, num-vcpus = 2 }
"""

PLAIN = """\
version = 1
name = "plain"
summary = "one guest on a PC"
num-vms = 1
num-nodes = 1

[console]
success = ["login:"]

[[options]]
name = "SIMULATION"
summary = "write a script"
kind = "bool"
default = "OFF"

[[platforms]]
platform = "x86_64"
"""


def a_board_file(name: str, family: str, *, nodes: int, bits: int = 64, more: str = "") -> str:
    """Return the file of a board, one of 64 bits with binary images or one of 32 with ELF."""
    is_64 = bits == 64
    return _BOARD.format(
        name=name,
        family=family,
        sel4_arch="aarch64" if is_64 else "arm_hyp",
        bits=bits,
        cpu="cortex-a53" if is_64 else "cortex-a15",
        nodes=nodes,
        form="binary" if is_64 else "elf",
        more=more,
    )


CATALOG: Mapping[str, str] = {
    "platforms/acme.toml": a_board_file(
        "acme", "acme", nodes=4, more='\n[variables]\nAARCH64 = "1"\n'
    ),
    "platforms/zeta1.toml": a_board_file("zeta1", "zeta", nodes=1, bits=32),
    "platforms/zeta2.toml": a_board_file("zeta2", "zeta", nodes=2, bits=32),
    "platforms/ia32.toml": _PC.format(name="ia32", bits=32),
    "platforms/x86_64.toml": _PC.format(name="x86_64", bits=64),
    "apps/Arm/family.toml": ARM_FAMILY,
    "apps/Arm/vm_solo/app.toml": SOLO,
    "apps/Arm/vm_duo/app.toml": DUO,
    "apps/x86/family.toml": PC_FAMILY,
    "apps/x86/plain/app.toml": PLAIN,
}


def write_sel4_catalog(folder: Path, files: Mapping[str, str] = CATALOG) -> CatalogRoots:
    """Write the catalogue below `folder`; `files` may be a changed copy."""
    return write_catalog(folder, files)


def a_sel4_catalog(folder: Path, files: Mapping[str, str] = CATALOG) -> Catalog:
    """Write and load the catalogue."""
    return load_catalog(roots=write_sel4_catalog(folder, files))
