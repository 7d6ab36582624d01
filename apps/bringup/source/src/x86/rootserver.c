/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The module: a program of its own that shows that the boot loader brought the
 * second file, whole and as it was.
 */
#include "x86.h"

module_entry_t _start;

uintptr_t _start(const struct services *services)
{
    if (services->version != SERVICES_VERSION) {
        return 0;
    }
    services->say("rootserver says hello from %x", (uint64_t)(uintptr_t)_start);
    return (uintptr_t)_start;
}
