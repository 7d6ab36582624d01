/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The Arm side of the story. MMU and caches stay as the loader left them: off
 * after an ELF in QEMU, on after `go` or UEFI. Both map memory one to one.
 */
#include "../bringup.h"

#pragma GCC visibility push(hidden)
long psci_smc(unsigned long function, unsigned long target, void *entry, unsigned long context);
long psci_hvc(unsigned long function, unsigned long target, void *entry, unsigned long context);
void secondary_entry(void);
#pragma GCC visibility pop

/* CPU_ON of PSCI (Arm DEN 0022), in the SMC64 and SMC32 conventions. */
#ifdef __aarch64__
#define READ(cp15, name) ({ uint64_t v; __asm__ volatile("mrs %0, " name : "=r"(v)); v; })
#define CLEAN(line) __asm__ volatile("dc civac, %0" :: "r"(line) : "memory")
#define AFFINITY 0xff00ffffffu
#define CPU_ON 0xc4000003u
#else
#define READ(cp15, name) ({ uint32_t v; __asm__ volatile("mrc " cp15 : "=r"(v)); v; })
#define CLEAN(line) __asm__ volatile("mcr p15, 0, %0, c7, c14, 1" :: "r"(line) : "memory")
#define AFFINITY 0xffffffu
#define CPU_ON 0x84000003u
#endif

static unsigned level(void)
{
#ifdef __aarch64__
    return (READ("", "CurrentEL") >> 2) & 3;
#else
    uint32_t cpsr;
    __asm__ volatile("mrs %0, cpsr" : "=r"(cpsr));
    return (cpsr & 0x1f) == 0x1a ? 2 : 1;
#endif
}

const char *machine_mode(void)
{
#ifdef __aarch64__
    return level() == 3 ? "EL3" : level() == 2 ? "EL2" : "EL1";
#else
    return level() == 2 ? "HYP" : "SVC";
#endif
}

static uint64_t ticks(void)
{
#ifdef __aarch64__
    return READ("", "cntvct_el0");
#else
    uint64_t value;
    __asm__ volatile("mrrc p15, 1, %Q0, %R0, c14" : "=r"(value));
    return value;
#endif
}

void machine_wait_ms(unsigned ms)
{
    uint32_t frequency = READ("p15, 0, %0, c14, c0, 0", "cntfrq_el0");
    uint64_t start = ticks();

    /* Firmware should set CNTFRQ; without it guess on the long side. */
    while (ticks() - start < (uint64_t)(frequency ? frequency / 1000 : 100000) * ms) {
    }
}

/* Write back and drop, to the point where a core with caches off looks. */
static void clean(const volatile void *start, const volatile void *end)
{
    /* No cache line is shorter than 16 bytes (CTR.DminLine counts words). */
    for (uintptr_t line = (uintptr_t)start & ~15ul; line < (uintptr_t)end; line += 16) {
        CLEAN(line);
    }
    __asm__ volatile("dsb sy" ::: "memory");
}

void machine_refresh(const volatile void *address)
{
    clean(address, (const volatile char *)address + 1);
}

_Noreturn void machine_sleep(void)
{
    for (;;) {
        __asm__ volatile("dsb sy\n\twfi" ::: "memory");
    }
}

/* An Arm image is complete in itself. */
void machine_run_module(void)
{
}

/* U-Boot's `go ADDRESS TREE` and `bootelf ADDRESS TREE` call us with argc and
 * argv: the address of the device tree is the last word. */
static uintptr_t typed_address(uintptr_t argc, uintptr_t argv)
{
    uintptr_t value = 0;
    const char *c;

    if (argc < 1 || argc > 15 || argv < 0x1000 || argv % sizeof(char *)) {
        return 0;
    }
    c = ((const char **)argv)[argc - 1];
    if (c[0] == '0' && c[1] == 'x') {
        c += 2;
    }
    for (; (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'f'); c++) {
        value = value << 4 | (uintptr_t)(*c <= '9' ? *c - '0' : *c - 'a' + 10);
    }
    return value;
}

/* Where a device tree may be, best first. Linux's boot protocol has it in x0,
 * or in r2 when r0 is 0; QEMU leaves one at the start of RAM beside an ELF. Only
 * that place may be address 0: there, other boards have no memory to look at. */
void machine_discover(struct board *board, uintptr_t first, uintptr_t second, uintptr_t third)
{
    const bool linux_arm = sizeof(void *) == 4 && first == 0;
    const uintptr_t candidates[] = {
        linux_arm ? third : first, typed_address(first, second), DTB_HINT,
    };
    const unsigned count = sizeof(candidates) / sizeof(candidates[0]);

    board->cpu_on = CPU_ON;
    for (unsigned i = 0; i < count; i++) {
        if ((candidates[i] >= 0x1000 || i == count - 1) && device_tree_here(candidates[i])) {
            device_tree_read((const void *)candidates[i], board);
            return;
        }
    }
}

void machine_start_cores(const struct board *board)
{
    uint64_t self = READ("p15, 0, %0, c0, c0, 5", "mpidr_el1") & AFFINITY;
    unsigned index = 1;

    /* In EL3 there is nobody to ask, and in EL2 an hvc would only reach us. */
    if (!board->conduit || level() == 3 || (level() == 2 && board->conduit == 'h')) {
        return;
    }
    clean(image_start, image_end);
    for (unsigned i = 0; i < board->cpu_count && index < NUM_NODES; i++) {
        unsigned long target = (unsigned long)board->cpus[i];

        if (board->cpus[i] != self &&
            (board->conduit == 'h' ? psci_hvc : psci_smc)(board->cpu_on, target,
                                                          secondary_entry, index) == 0) {
            index++;
        }
    }
}
