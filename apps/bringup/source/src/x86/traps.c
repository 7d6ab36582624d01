/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A CPU exception ends in a line on the console instead of a triple fault.
 */
#include "x86.h"

/* Interrupt gate, Intel SDM 3A 6.11 and 6.14.1. */
struct gate {
    uint16_t low, selector, type, middle;
#ifdef __x86_64__
    uint32_t high, reserved;
#endif
};

struct frame {
    uintptr_t vector, error, where;
};

extern struct gate idt[32];
extern char trap_stubs[32][16];
void trapped(const struct frame *frame);

void traps_prepare(void)
{
    for (int i = 0; i < 32; i++) {
        uintptr_t stub = (uintptr_t)trap_stubs[i];

        idt[i].low = (uint16_t)stub;
        idt[i].selector = sizeof(void *) == 8 ? 0x18 : 0x08;
        idt[i].type = 0x8e00;
        idt[i].middle = (uint16_t)(stub >> 16);
    }
}

void trapped(const struct frame *frame)
{
    uintptr_t address;

    __asm__ volatile("mov %%cr2, %0" : "=r"(address));
    exception(frame->vector, frame->where, address);
}
