/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Every x86 core comes by here: the boot core from a Multiboot loader in
 * protected mode (Multiboot 0.6.96, 3.2), the others from real mode at page
 * 0x8000, where apic.c copied the trampoline (Intel SDM 3A 9.4.4).
 */
#define MULTIBOOT_FLAGS 3               /* modules on pages; memory map wanted */

    .section .head, "ax"
    .code32
    .balign 4
    .long   0x1badb002, MULTIBOOT_FLAGS, -(0x1badb002 + MULTIBOOT_FLAGS)

    .global _start
_start:
    cli
    cld
    mov     %eax, %edi                  /* the loader's magic number */
    mov     %ebx, %esi                  /* what it has to tell us */
    xor     %ebp, %ebp                  /* core 0 */
    jmp     enter

other_core:
    mov     $1, %ebp
    lock xadd %ebp, next_core
    cmp     $NUM_NODES, %ebp
    jb      enter
sleep:                                  /* more cores than nodes: not needed */
    hlt
    jmp     sleep

enter:
    lgdt    gdt_pointer
    ljmp    $0x08, $1f
1:  mov     $0x10, %eax
    mov     %eax, %ds
    mov     %eax, %es
    mov     %eax, %ss
    lea     1(%ebp), %esp
    shl     $12, %esp
    add     $stacks, %esp
#ifdef __x86_64__
    mov     $1 << 5, %eax               /* CR4.PAE */
    mov     %eax, %cr4
    mov     $pml4, %eax
    mov     %eax, %cr3
    mov     $0xc0000080, %ecx           /* EFER.LME, then CR0.PG: SDM 3A 10.8.5 */
    rdmsr
    or      $1 << 8, %eax
    wrmsr
    mov     %cr0, %eax
    or      $1 << 31, %eax
    mov     %eax, %cr0
    ljmp    $0x18, $2f
    .code64
2:  lidt    idt_pointer
    mov     %edi, %edi                  /* upper halves are undefined so far */
    mov     %esi, %esi
    test    %ebp, %ebp
    jnz     3f
    call    bringup
3:  mov     %ebp, %edi
    call    core_arrived
#else
    lidt    idt_pointer
    push    %esi
    push    %edi
    test    %ebp, %ebp
    jnz     3f
    call    bringup
3:  push    %ebp
    call    core_arrived
#endif

    .global trampoline, trampoline_end
    .code16
trampoline:
    cli
    xor     %ax, %ax
    mov     %ax, %ds
    lgdtl   0x8000 + low_gdt_pointer - trampoline
    mov     %cr0, %eax
    and     $0x9fffffff, %eax           /* INIT leaves the caches off */
    or      $1, %al
    mov     %eax, %cr0
    ljmpl   $0x08, $other_core
low_gdt_pointer:
    .word   gdt_end - gdt - 1
    .long   gdt
trampoline_end:

    .text
#ifdef __x86_64__
    .code64
#else
    .code32
#endif
    /* One stub of 16 bytes for each exception makes the same frame for all:
     * only these push an error code (SDM 3A table 6-1). */
    .global trap_stubs
    .balign 16
trap_stubs:
    .set    vector, 0
    .rept   32
    .balign 16
    .if     !((1 << vector) & 0x60227d00)
    push    $0
    .endif
    push    $vector
    jmp     trap
    .set    vector, vector + 1
    .endr
trap:
#ifdef __x86_64__
    mov     %rsp, %rdi
    and     $-16, %rsp
    call    trapped
#else
    push    %esp
    call    trapped
#endif

    .data
    .balign 16
gdt:
    .quad   0
    .quad   0x00cf9b000000ffff          /* 0x08: 32-bit code, all memory */
    .quad   0x00cf93000000ffff          /* 0x10: data */
    .quad   0x00af9b000000ffff          /* 0x18: 64-bit code */
gdt_end:
gdt_pointer:
    .word   gdt_end - gdt - 1
    .long   gdt, 0
idt_pointer:
    .word   idt_size - 1
    .long   idt, 0
    .balign 4
next_core:
    .long   1

#ifdef __x86_64__
    /* The first 4 GiB one to one, in pages of 2 MiB. */
    .balign 4096
pml4:
    .quad   pdpt + 3
    .fill   511, 8, 0
pdpt:
    .quad   directory + 0x0003, directory + 0x1003, directory + 0x2003, directory + 0x3003
    .fill   508, 8, 0
directory:
    .set    page, 0
    .rept   2048
    .quad   page << 21 | 0x83
    .set    page, page + 1
    .endr
#endif

    .bss
    .global idt
    .balign 4096
stacks:
    .space  4096 * NUM_NODES
#ifdef __x86_64__
    .set    idt_size, 32 * 16
#else
    .set    idt_size, 32 * 8
#endif
idt:
    .space  idt_size
