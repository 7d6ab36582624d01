/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Between the x86 files, and between the kernel and its module.
 */
#pragma once
#include "../bringup.h"

enum { TRAMPOLINE = 0x8000 };   /* a page below 1 MiB, also known to start.S */

/* What the module may use, and what it answers: its own place in memory. */
struct services {
    uint32_t version;
    void (*say)(const char *format, ...);
};
enum { SERVICES_VERSION = 1 };
typedef uintptr_t module_entry_t(const struct services *services);

void traps_prepare(void);
