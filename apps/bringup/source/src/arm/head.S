/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The first page of every Arm image. One page serves all forms: a raw start at
 * the first byte, the Image header of arm64 Linux (Documentation/arch/arm64/
 * booting.rst) that U-Boot wants to see in a uImage for Linux, and the PE/COFF
 * header of a UEFI application (PE format, "Optional Header"; UEFI 2.1.1).
 */
#define PAGE 4096
    .section .head, "ax"
    .global _start
_start:
#ifdef __aarch64__
#define MACHINE 0xaa64
#define FLAGS   0x0206                  /* executable, line numbers and debug stripped */
#define PE_KIND 0x020b                  /* PE32+ */
#define WORD    .quad
    /* An instruction without consequence whose low half is "MZ". */
    mov     x13, #0x2d2
    b       loader_entry
    .quad   0x80000                     /* offset from a 2 MiB boundary of RAM */
    .quad   image_size
    .quad   0x0a                        /* little endian, 4 KiB pages, anywhere */
    .quad   0, 0, 0
    .ascii  "ARM\x64"
#else
#define MACHINE 0x01c2
#define FLAGS   0x0306                  /* and a 32-bit machine */
#define PE_KIND 0x010b                  /* PE32 */
#define WORD    .long
    .inst   0xe3e05a4d                  /* mvn r5, #0x4d000: again "MZ" */
    b       loader_entry
    .org    _start + 0x3c
#endif
    .long   pe_header - _start

    .balign 8
pe_header:
    .ascii  "PE\0\0"
    .short  MACHINE, 2                  /* two sections */
    .long   0, 0, 0                     /* no time: same input, same image */
    .short  sections - optional, FLAGS
optional:
    .short  PE_KIND, 0
    .long   code_size, data_size, 0
    .long   efi_entry - _start
    .long   PAGE                        /* code begins behind this page */
#ifndef __aarch64__
    .long   data_offset
#endif
    WORD    0                           /* no preferred address, no relocations */
    .long   PAGE, PAGE                  /* alignment in memory and in the file */
    .short  0, 0, 0, 0, 0, 0
    .long   0, image_size, PAGE, 0
    .short  10, 0x100                   /* EFI application; data is not executed */
    WORD    0, 0, 0, 0
    .long   0, 6
    .quad   0, 0, 0, 0, 0, 0
sections:
    .ascii  ".text\0\0\0"
    .long   code_size, PAGE, code_size, PAGE, 0, 0, 0, 0x60000020
    .ascii  ".data\0\0\0"
    .long   data_size, data_offset, data_size, data_offset, 0, 0, 0, 0xc0000040

    .org    _start + PAGE
efi_entry:
    bl      efi_take_over               /* for ever: we do not return to UEFI */
#ifndef __aarch64__
    mov     r2, r0                      /* where the boot protocols have the tree */
    mov     r0, #0
#endif
    b       loader_entry
