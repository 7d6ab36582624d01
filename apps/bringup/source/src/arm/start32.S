/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * AArch32: from the loader's registers to C, in HYP or SVC mode.
 */
    .arm
    .arch_extension sec
    .arch_extension virt

    /* \to = the address of \symbol, wherever we were loaded. */
    .macro  address to, symbol
    ldr     \to, 1f
0:  add     \to, pc, \to
    b       2f
1:  .word   \symbol - (0b + 8)
2:
    .endm

    /* Z = in HYP mode; r9 is lost. */
    .macro  test_hyp
    mrs     r9, cpsr
    and     r9, r9, #0x1f
    cmp     r9, #0x1a
    .endm

    /* Mask interrupts; give core r8 its stack and our exception vectors. */
    .macro  own_core
    cpsid   aif
    address r9, stacks
    add     r10, r8, #1
    add     sp, r9, r10, lsl #12
    address r10, vectors
    test_hyp
    mcreq   p15, 4, r10, c12, c0, 0     /* HVBAR */
    mcrne   p15, 0, r10, c12, c0, 0     /* VBAR */
    isb
    .endm

    .text
    .global loader_entry, secondary_entry, psci_smc, psci_hvc
loader_entry:
    mov     r8, #0
    own_core
    b       bringup

secondary_entry:                        /* r0: the context of CPU_ON, our index */
    mov     r8, r0
    own_core
    mov     r0, r8
    b       core_arrived

psci_smc:
    smc     #0
    bx      lr
psci_hvc:
    hvc     #0
    bx      lr

    .balign 32
vectors:
    .irp    kind, 0, 1, 2, 3, 4, 5, 6, 7
    b       trap_\kind
    .endr
    .irp    kind, 0, 1, 2, 3, 4, 5, 6, 7
trap_\kind:
    mov     r0, #\kind
    b       trap
    .endr

trap:
    cmp     r0, #4                      /* where it was: the "preferred return address" */
    subeq   r1, lr, #8
    subne   r1, lr, #4
    mrc     p15, 0, r2, c6, c0, 0       /* DFAR */
    test_hyp
    mrseq   r1, ELR_hyp
    mrceq   p15, 4, r2, c6, c0, 0       /* HDFAR */
    address r9, stacks + 4096           /* abort modes have a stack pointer of their own */
    mov     sp, r9
    b       exception

    .bss
    .balign 4096
stacks:
    .space  4096 * NUM_NODES
