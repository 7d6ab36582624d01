# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
#
# The compiler, chosen as a seL4 build does: CROSS_COMPILER_PREFIX for GCC, or
# TRIPLE for the LLVM family. A CMAKE_C_COMPILER given beforehand stays.

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR "${KernelSel4Arch}")
# Nothing can be linked before our own linker script is there.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CROSS_COMPILER_PREFIX TRIPLE KernelSel4Arch)

if(TRIPLE)
    if(NOT CMAKE_C_COMPILER)
        set(CMAKE_C_COMPILER clang)
        # A compiler of the user's own knows its linker.
        set(CMAKE_EXE_LINKER_FLAGS_INIT -fuse-ld=lld)
    endif()
    set(CMAKE_C_COMPILER_TARGET ${TRIPLE})
    set(CMAKE_ASM_COMPILER_TARGET ${TRIPLE})
elseif(NOT CMAKE_C_COMPILER)
    set(CMAKE_C_COMPILER ${CROSS_COMPILER_PREFIX}gcc)
endif()
if(NOT CMAKE_ASM_COMPILER)
    set(CMAKE_ASM_COMPILER ${CMAKE_C_COMPILER})
endif()
