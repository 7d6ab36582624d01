/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * AArch64: from the loader's registers to C, in whatever exception level.
 */
    /* Mask interrupts; give core x20 its stack and our exception vectors. */
    .macro  own_core
    msr     daifset, #15
    msr     spsel, #1
    adr     x9, stacks + 4096
    add     x9, x9, x20, lsl #12
    mov     sp, x9
    adr     x9, vectors
    mrs     x10, CurrentEL
    cmp     x10, #2 << 2
    b.hi    3f
    b.eq    2f
    msr     vbar_el1, x9
    b       4f
2:  msr     vbar_el2, x9
    b       4f
3:  msr     vbar_el3, x9
4:  isb
    .endm

    .text
    .global loader_entry, secondary_entry, psci_smc, psci_hvc
loader_entry:
    mov     x20, #0
    own_core
    b       bringup

secondary_entry:                        /* x0: the context of CPU_ON, our index */
    mov     x20, x0
    own_core
    mov     x0, x20
    b       core_arrived

psci_smc:
    smc     #0
    ret
psci_hvc:
    hvc     #0
    ret

    .balign 2048
vectors:
    .rept   16
    .balign 128
    b       trap
    .endr

trap:
    mrs     x9, CurrentEL
    cmp     x9, #2 << 2
    b.hi    3f
    b.eq    2f
    mrs     x0, esr_el1
    mrs     x1, elr_el1
    mrs     x2, far_el1
    b       4f
2:  mrs     x0, esr_el2
    mrs     x1, elr_el2
    mrs     x2, far_el2
    b       4f
3:  mrs     x0, esr_el3
    mrs     x1, elr_el3
    mrs     x2, far_el3
4:  ubfx    x0, x0, #26, #6             /* the exception class */
    b       exception

    .bss
    .balign 4096
stacks:
    .space  4096 * NUM_NODES
