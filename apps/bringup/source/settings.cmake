# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
#
# Initial cache script (`cmake -C`): checks what the driver says about the
# platform and derives the cache entries that a seL4 build would have. There is
# no table of platforms here; the driver's catalogue is the only one.

cmake_policy(VERSION 3.25...4.0)

set(bringup_uarts pl011 ns16550 exynos4210 meson cadence com1)
set(bringup_archs_arm aarch64 arm_hyp)
set(bringup_archs_x86 ia32 x86_64)
set(bringup_forms elf efi uimage binary)

function(bringup_require variable purpose)
    if("$CACHE{${variable}}" STREQUAL "")
        message(FATAL_ERROR "${variable} is not set: ${purpose}")
    endif()
endfunction()

function(bringup_require_one_of variable purpose)
    string(REPLACE ";" ", " choices "${ARGN}")
    bringup_require(${variable} "${purpose}, one of ${choices}")
    if(NOT "$CACHE{${variable}}" IN_LIST ARGN)
        message(FATAL_ERROR "${variable} is `$CACHE{${variable}}`, but ${purpose} is one of ${choices}")
    endif()
endfunction()

function(bringup_require_number variable purpose pattern)
    bringup_require(${variable} "${purpose}")
    if(NOT "$CACHE{${variable}}" MATCHES "^${pattern}$")
        message(FATAL_ERROR "${variable} is `$CACHE{${variable}}`, which is no ${purpose}")
    endif()
endfunction()

bringup_require(PLATFORM "the name of the board")
bringup_require(KernelPlatform "seL4's name of the platform, part of the image's name")
bringup_require_number(NUM_NODES "number of cores to start, at least 1" "[1-9][0-9]?")
bringup_require_one_of(KernelArch "the architecture" arm x86)
bringup_require_one_of(KernelSel4Arch "seL4's name of the architecture" ${bringup_archs_${KernelArch}})
bringup_require_one_of(BringupUart "the driver of the console UART" ${bringup_uarts})
bringup_require_number(BringupUartBase "address of the console UART, as 0x..." "0x[0-9a-fA-F]+")
bringup_require_number(BringupLoadAddress "address to link the image at, as 0x...000" "0x[0-9a-fA-F]+000")
if(KernelArch STREQUAL "arm")
    bringup_require_one_of(ElfloaderImage "the form of the image" ${bringup_forms})
    bringup_require(BringupCpu "the processor for -mcpu, for example cortex-a53")
endif()
if((KernelArch STREQUAL "x86") AND NOT (BringupUart STREQUAL "com1"))
    message(FATAL_ERROR "BringupUart is `${BringupUart}`, but x86 has com1 only")
elseif((KernelArch STREQUAL "arm") AND (BringupUart STREQUAL "com1"))
    message(FATAL_ERROR "BringupUart is `com1`, which only x86 has")
endif()

set(BringupUartShift 2 CACHE STRING "ns16550: registers are 1 << this many bytes apart")
bringup_require_number(BringupUartShift "shift of register offsets, 0 to 3" "[0-3]")
set(BringupDtbHint "" CACHE STRING "where a device tree may lie that no loader tells of; default: start of RAM")
set(KernelMaxNumNodes ${NUM_NODES} CACHE STRING "cores, as in a seL4 build" FORCE)
