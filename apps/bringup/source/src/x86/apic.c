/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Time from the PC's interval timer, and the other cores by INIT-SIPI-SIPI.
 */
#include "x86.h"

extern char trampoline[], trampoline_end[];

enum { IA32_APIC_BASE = 0x1b, X2APIC_ENABLED = 1 << 10 };
enum { SPURIOUS = 0xf0, COMMAND = 0x300 };
/* To all but ourselves, level asserted (SDM 3A 11.6.1). */
enum { INIT = 0xc4500, STARTUP = 0xc4600 };

static uint64_t read_msr(uint32_t msr)
{
    uint32_t low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (uint64_t)high << 32 | low;
}

static void apic_write(uint32_t offset, uint32_t value)
{
    uint64_t base = read_msr(IA32_APIC_BASE);

    if (base & X2APIC_ENABLED) {        /* SDM 3A 11.12.1.2 */
        __asm__ volatile("wrmsr" :: "c"(0x800 + offset / 16), "a"(value), "d"(0));
    } else {
        *(volatile uint32_t *)(uintptr_t)((base & 0xfffff000) + offset) = value;
    }
}

static void out(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" :: "a"(value), "Nd"(port));
}

static uint8_t in(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

/* Channel 2 of the 8254 counts down once at 1.193182 MHz; bit 5 of port 0x61
 * shows its end. */
void machine_wait_ms(unsigned ms)
{
    while (ms--) {
        out(0x61, (in(0x61) & ~2) | 1);
        out(0x43, 0xb0);
        out(0x42, 1193 & 0xff);
        out(0x42, 1193 >> 8);
        while (!(in(0x61) & 0x20)) {
        }
    }
}

/* Broadcast needs no ACPI tables; cores beyond NUM_NODES go back to sleep.
 * Twice, as SDM 3A 9.4.4.1 has it: a running core ignores the second. */
void machine_start_cores(const struct board *board)
{
    (void)board;
    if (NUM_NODES == 1) {
        return;
    }
    for (char *from = trampoline; from < trampoline_end; from++) {
        ((volatile char *)TRAMPOLINE)[from - trampoline] = *from;
    }
    apic_write(SPURIOUS, 0x1ff);        /* the APIC is on */
    apic_write(COMMAND, INIT);
    machine_wait_ms(10);
    for (int i = 0; i < 2; i++) {
        apic_write(COMMAND, STARTUP | TRAMPOLINE >> 12);
        machine_wait_ms(1);
    }
}

/* Caches are coherent on a PC. */
void machine_refresh(const volatile void *address)
{
    (void)address;
}

_Noreturn void machine_sleep(void)
{
    for (;;) {
        __asm__ volatile("cli\n\thlt");
    }
}
