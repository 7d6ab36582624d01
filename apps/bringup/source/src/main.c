/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The story that bringup tells on the console, one finding a line. A test
 * waits for the last line: "all is well" or "failed: ...".
 */
#include "bringup.h"

/* One flag per core instead of one counter: with the MMU off an Arm core sees
 * Device memory only, where exclusive loads and stores need not work (Arm ARM,
 * "Synchronization and semaphores"). Each flag has a cache line of its own, which the boot core, perhaps
 * with its cache on, drops before it looks again. */
static struct {
    volatile uint32_t up;
} __attribute__((aligned(128))) arrived[NUM_NODES];

void core_arrived(unsigned index)
{
    arrived[index].up = 1;
    machine_sleep();
}

static unsigned cores_up(void)
{
    unsigned count = 1;

    for (unsigned i = 1; i < NUM_NODES; i++) {
        machine_refresh(&arrived[i]);
        count += arrived[i].up;
    }
    return count;
}

void bringup(uintptr_t first, uintptr_t second, uintptr_t third)
{
    static struct board board;
    unsigned cores;

    console_open();
    say("image %s for %s, %s", IMAGE_FORM, PLATFORM, SEL4_ARCH);
    say("mode %s", machine_mode());
    machine_discover(&board, first, second, third);
    say("model %s", board.model ? board.model : "unknown");
    if (board.memory_size) {
        say("memory %u MiB at %x", (unsigned)(board.memory_size >> 20), board.memory_base);
    } else {
        say("memory unknown");
    }
    machine_run_module();

    /* Last, because on a PC it overwrites low memory, where the boot loader
     * may have put what machine_discover() read. A second is plenty. */
    machine_start_cores(&board);
    for (unsigned ms = 0; (cores = cores_up()) < NUM_NODES && ms < 1000; ms++) {
        machine_wait_ms(1);
    }
    say("cores %u of %u started", cores, (unsigned)NUM_NODES);
    if (cores < NUM_NODES) {
        fail("%u of %u cores started", cores, (unsigned)NUM_NODES);
    }
    say("all is well");
    machine_sleep();
}

void exception(uintptr_t kind, uintptr_t where, uintptr_t address)
{
    static volatile bool nested;

    if (nested) {               /* the console itself is at fault */
        machine_sleep();
    }
    nested = true;
    fail("exception class %x at %x, address %x",
         (uint64_t)kind, (uint64_t)where, (uint64_t)address);
}
