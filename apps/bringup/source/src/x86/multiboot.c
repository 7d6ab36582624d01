/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What a Multiboot loader tells us (Multiboot 0.6.96, 3.3), and the module it
 * brought: the part that stands where seL4's root server would.
 */
#include "x86.h"

#ifdef __x86_64__
enum { ELF_CLASS = 2, ELF_MACHINE = 62 };
#else
enum { ELF_CLASS = 1, ELF_MACHINE = 3 };
#endif
enum { LOADED_MAGIC = 0x2badb002, HAS_MODULES = 1 << 3, HAS_MAP = 1 << 6, HAS_NAME = 1 << 9 };
enum { MEMORY_AVAILABLE = 1, PT_LOAD = 1, MIB = 1 << 20 };

struct multiboot {
    uint32_t flags, lower, upper, boot_device, command_line;
    uint32_t module_count, modules, symbols[4];
    uint32_t map_size, map, drives[2], config, name;
};

struct module {
    uint32_t start, end, text, reserved;
};

struct region {
    uint32_t size;              /* of the entry, without this word */
    uint64_t base, length;
    uint32_t type;
} __attribute__((packed));

struct elf {
    uint8_t magic[4], class, order, rest[10];
    uint16_t type, machine;
    uint32_t version;
    uintptr_t entry, segments, sections;
    uint32_t flags;
    uint16_t header_size, segment_size, segment_count;
};

struct segment {
#ifdef __x86_64__
    uint32_t type, flags;
    uintptr_t offset, virtual, physical, file_size, size;
#else
    uint32_t type, offset, virtual, physical, file_size, size, flags;
#endif
};

static const struct multiboot *boot;

const char *machine_mode(void)
{
    return sizeof(void *) == 8 ? "long" : "protected";
}

/* The next available region above 1 MiB, after `region` or the first. */
static const struct region *next_region(const struct region *region)
{
    uintptr_t at = region ? (uintptr_t)region + region->size + 4 : boot->map;

    for (; (boot->flags & HAS_MAP) && at < boot->map + boot->map_size; at += region->size + 4) {
        region = (const struct region *)at;
        if (region->type == MEMORY_AVAILABLE && region->base >= MIB) {
            return region;
        }
    }
    return NULL;
}

void machine_discover(struct board *board, uintptr_t first, uintptr_t second, uintptr_t third)
{
    (void)third;
    traps_prepare();
    if (first != LOADED_MAGIC) {
        fail("not started by a multiboot loader");
    }
    boot = (const struct multiboot *)second;
    if (boot->flags & HAS_NAME) {
        board->model = (const char *)(uintptr_t)boot->name;
    }
    for (const struct region *r = NULL; (r = next_region(r));) {
        if (!board->memory_size) {
            board->memory_base = r->base;
        }
        board->memory_size += r->length;
    }
}

/* Whether a segment may go where it wants to: into memory that exists, and not
 * over us or the module file itself. */
static bool has_room(const struct segment *s, const struct module *module)
{
    uintptr_t start = s->physical, end = s->physical + s->size;
    bool free = (end <= (uintptr_t)image_start || start >= (uintptr_t)image_end) &&
                (end <= module->start || start >= module->end);

    for (const struct region *r = NULL; free && (r = next_region(r));) {
        if (start >= r->base && start <= end && end <= r->base + r->length) {
            return true;
        }
    }
    return false;
}

static void load_segment(const struct segment *s, const struct module *module)
{
    volatile char *to = (volatile char *)s->physical;
    const char *from = (const char *)(module->start + s->offset);

    if (s->offset + s->file_size > module->end - module->start || !has_room(s, module)) {
        fail("the module has no room at %x", (uint64_t)s->physical);
    }
    for (uintptr_t i = 0; i < s->size; i++) {
        to[i] = i < s->file_size ? from[i] : 0;
    }
}

void machine_run_module(void)
{
    static const struct services services = { SERVICES_VERSION, say };
    const struct module *module = (const struct module *)(uintptr_t)boot->modules;
    const struct elf *elf;
    const struct segment *segments;

    if (!(boot->flags & HAS_MODULES) || boot->module_count != 1) {
        fail("1 module expected, %u given", boot->flags & HAS_MODULES ? boot->module_count : 0);
    }
    say("module %u bytes, running it", module->end - module->start);
    elf = (const struct elf *)(uintptr_t)module->start;
    if (module->end - module->start < sizeof(*elf) || elf->magic[0] != 0x7f ||
        elf->magic[1] != 'E' || elf->magic[2] != 'L' || elf->magic[3] != 'F' ||
        elf->class != ELF_CLASS || elf->machine != ELF_MACHINE) {
        fail("the module is not an ELF file for %s", SEL4_ARCH);
    }
    segments = (const struct segment *)(module->start + elf->segments);
    for (unsigned i = 0; i < elf->segment_count; i++) {
        if (segments[i].type == PT_LOAD) {
            load_segment(&segments[i], module);
        }
    }
    if (((module_entry_t *)elf->entry)(&services) != elf->entry) {
        fail("the module gave a wrong answer");
    }
}
