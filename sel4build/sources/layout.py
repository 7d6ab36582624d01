# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Where things lie in a workspace of VM examples, and the variables that say so to CMake."""

from collections.abc import Mapping

EXAMPLES = "projects/vm-examples"
KERNEL = "kernel"
KERNEL_PLATFORMS = f"{KERNEL}/src/plat"
KERNEL_ARM = f"{KERNEL}/src/arch/arm/config.cmake"
APPLICATION_SETTINGS = "tools/seL4/cmake-tool/helpers/application_settings.cmake"
GLOBAL_COMPONENTS = "projects/global-components/global-components.cmake"
VM_ARM = "projects/vm/components/VM_Arm/CMakeLists.txt"
VM_X86_SETTINGS = "projects/vm/camkes_vm_settings.cmake"
VM_LINUX_HELPERS = "projects/vm-linux/vm-linux-helpers.cmake"
IMAGES = "projects/camkes-vm-images"
BUILD = "@build"
"""Stands for the build tree in paths of files that are made there."""

PLACES: Mapping[str, str] = {
    "CAMKES_VM_IMAGES_DIR": IMAGES,
    "CAMKES_VM_DIR": "projects/vm",
    "CAMKES_ARM_VM_DIR": "projects/vm",
    "CAMKES_VM_SETTINGS_PATH": VM_X86_SETTINGS,
    "CAMKES_VM_LINUX_DIR": "projects/vm-linux",
    "CAMKES_VM_LINUX_HELPERS_PATH": VM_LINUX_HELPERS,
    "VM_LINUX_PROJECT_DIR": "projects/vm-linux",
    "KERNEL_PATH": KERNEL,
    "CMAKE_BINARY_DIR": BUILD,
    "CMAKE_CURRENT_BINARY_DIR": BUILD,
}
"""What `find_package` of the projects sets."""


def module_path(name: str) -> str | None:
    """Return the file that `include(NAME)` means by the module path of the examples."""
    return APPLICATION_SETTINGS if name == "application_settings" else None
