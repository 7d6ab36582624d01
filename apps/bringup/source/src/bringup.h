/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What the parts of bringup ask of each other. main.c tells the story; each
 * architecture gives it the machine_ functions.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Hidden symbols are reached relative to the program counter, never through a
 * global offset table: an Arm image has no relocations and runs anywhere. */
#pragma GCC visibility push(hidden)

enum { MAX_CPUS = 64 };

/* What was found out about the board. */
struct board {
    const char *model;          /* NULL: unknown */
    uint64_t memory_base;
    uint64_t memory_size;       /* 0: unknown */
    char conduit;               /* PSCI by 's'mc, by 'h'vc, or 0: no PSCI */
    uint32_t cpu_on;            /* function number of PSCI CPU_ON */
    uint64_t cpus[MAX_CPUS];    /* MPIDR affinity of each core */
    unsigned cpu_count;
};

/* main.c: entered on the boot core with the registers the loader left. */
void bringup(uintptr_t first, uintptr_t second, uintptr_t third);
void core_arrived(unsigned index);

/* console.c: %s text, %u unsigned, %x uint64_t (with 0x). Prefix and line end
 * are added, so that each call makes one line of the documented form. */
void console_open(void);
void say(const char *format, ...);
_Noreturn void fail(const char *format, ...);

/* devicetree.c */
bool device_tree_here(uintptr_t address);
void device_tree_read(const void *tree, struct board *board);

/* Per architecture. */
const char *machine_mode(void);
void machine_discover(struct board *board, uintptr_t first, uintptr_t second, uintptr_t third);
void machine_run_module(void);
void machine_start_cores(const struct board *board);
void machine_refresh(const volatile void *address);
void machine_wait_ms(unsigned ms);
_Noreturn void machine_sleep(void);
_Noreturn void exception(uintptr_t kind, uintptr_t where, uintptr_t address);

/* From image.lds.in: the memory this program occupies, stacks included. */
extern char image_start[], image_end[];

#pragma GCC visibility pop
