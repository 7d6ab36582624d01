/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Takes the machine over from UEFI firmware: find the device tree, then end the
 * boot services, which also stops the five minute watchdog and device DMA.
 * Structures as in the UEFI Specification 2.10, 4.3, 4.4 and 4.6, with only the
 * members we touch named. Arm uses the normal calling convention (2.3.5, 2.3.6).
 */
#include "../bringup.h"

enum { GET_MEMORY_MAP = 4, EXIT_BOOT_SERVICES = 26 };

struct guid {
    uint32_t words[4];
};

struct boot_services {
    uint64_t header[3];
    void *call[];
};

struct system_table {
    uint64_t header[3];
    void *vendor;
    uint32_t revision;
    void *consoles[6];
    void *runtime;
    const struct boot_services *boot;
    uintptr_t table_count;
    const struct {
        struct guid guid;
        uintptr_t address;
    } *tables;
};

typedef uintptr_t get_memory_map_t(uintptr_t *size, void *map, uintptr_t *key,
                                   uintptr_t *entry_size, uint32_t *version);
typedef uintptr_t exit_boot_services_t(void *image, uintptr_t key);

uintptr_t efi_take_over(void *image, const struct system_table *system);

/* Runs on the firmware's stack, 128 KiB by the specification. Returns the
 * address of the device tree, or 0 if the firmware has none (ACPI only). */
uintptr_t efi_take_over(void *image, const struct system_table *system)
{
    /* b1b621d5-f19c-41a5-830b-d9152c69aae0, EFI_DTB_TABLE_GUID */
    const struct guid wanted = { { 0xb1b621d5, 0x41a5f19c, 0x15d90b83, 0xe0aa692c } };
    get_memory_map_t *get_memory_map = (get_memory_map_t *)system->boot->call[GET_MEMORY_MAP];
    exit_boot_services_t *leave = (exit_boot_services_t *)system->boot->call[EXIT_BOOT_SERVICES];
    uintptr_t tree = 0, map[4096], key, entry_size;
    uint32_t version;

    for (uintptr_t i = 0; i < system->table_count; i++) {
        const uint32_t *words = system->tables[i].guid.words;

        if (words[0] == wanted.words[0] && words[1] == wanted.words[1] &&
            words[2] == wanted.words[2] && words[3] == wanted.words[3]) {
            tree = system->tables[i].address;
        }
    }

    /* The first ExitBootServices may change the map and make the key stale:
     * ask once more, as 7.4.6 tells us to. */
    for (int attempt = 0; attempt < 2; attempt++) {
        uintptr_t size = sizeof(map);

        if (get_memory_map(&size, map, &key, &entry_size, &version) == 0 && leave(image, key) == 0) {
            break;
        }
    }
    return tree;
}
