/*
 * SPDX-FileCopyrightText: 2026 The sel4build authors
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Reads what we report from a flattened device tree in one pass (Devicetree
 * Specification v0.4, chapter 5). A node's properties come before its children
 * (5.4.2), so the cell sizes of a parent are known when they are needed.
 */
#include "../bringup.h"

enum { MAGIC = 0xd00dfeed, BEGIN_NODE = 1, END_NODE = 2, PROP = 3, NOP = 4 };
enum { MODEL_DEPTH = 1, NODE_DEPTH = 2, CPU_DEPTH = 3 };

struct walk {
    const char *node[CPU_DEPTH + 1];    /* names of the open nodes, by depth */
    unsigned depth;                     /* the root's properties have depth 1 */
    unsigned address_cells, size_cells, cpu_cells;
};

struct property {
    const char *name;
    const uint32_t *value;
    uint32_t size;
};

static uint32_t be32(const uint32_t *word)
{
    return __builtin_bswap32(*word);
}

static uint64_t cells(const uint32_t *word, unsigned count)
{
    uint64_t value = 0;

    while (count--) {
        value = value << 32 | be32(word++);
    }
    return value;
}

/* Whether `name` is `wanted`, with or without a unit address behind it. */
static bool named(const char *name, const char *wanted)
{
    while (*wanted && *name == *wanted) {
        name++;
        wanted++;
    }
    return !*wanted && (*name == '\0' || *name == '@');
}

static void root_property(const struct property *p, struct walk *walk, struct board *board)
{
    if (named(p->name, "model") || (named(p->name, "compatible") && !board->model)) {
        board->model = (const char *)p->value;
    } else if (named(p->name, "#address-cells")) {
        walk->address_cells = be32(p->value);
    } else if (named(p->name, "#size-cells")) {
        walk->size_cells = be32(p->value);
    }
}

static void memory_property(const struct property *p, const struct walk *walk, struct board *board)
{
    unsigned entry = walk->address_cells + walk->size_cells;

    if (!named(p->name, "reg") || !entry) {
        return;
    }
    for (uint32_t at = 0; at + entry <= p->size / 4; at += entry) {
        uint64_t base = cells(p->value + at, walk->address_cells);

        if (!board->memory_size || base < board->memory_base) {
            board->memory_base = base;
        }
        board->memory_size += cells(p->value + at + walk->address_cells, walk->size_cells);
    }
}

/* PSCI 0.1 has its function numbers in the tree, later ones fixed numbers. */
static void psci_property(const struct property *p, struct board *board)
{
    if (named(p->name, "method")) {
        board->conduit = *(const char *)p->value;
    } else if (named(p->name, "cpu_on")) {
        board->cpu_on = be32(p->value);
    }
}

static void take_property(const struct property *p, struct walk *walk, struct board *board)
{
    if (walk->depth == MODEL_DEPTH) {
        root_property(p, walk, board);
    } else if (walk->depth == NODE_DEPTH && named(walk->node[2], "memory")) {
        memory_property(p, walk, board);
    } else if (walk->depth == NODE_DEPTH && named(walk->node[2], "psci")) {
        psci_property(p, board);
    } else if (walk->depth == NODE_DEPTH && named(walk->node[2], "cpus")) {
        if (named(p->name, "#address-cells")) {
            walk->cpu_cells = be32(p->value);
        }
    } else if (walk->depth == CPU_DEPTH && named(walk->node[2], "cpus")) {
        if (named(walk->node[3], "cpu") && named(p->name, "reg") && board->cpu_count < MAX_CPUS) {
            board->cpus[board->cpu_count++] = cells(p->value, walk->cpu_cells);
        }
    }
}

bool device_tree_here(uintptr_t address)
{
    return address % 4 == 0 && be32((const uint32_t *)address) == MAGIC;
}

void device_tree_read(const void *tree, struct board *board)
{
    const uint32_t *header = tree;
    const uint32_t *word = header + be32(header + 2) / 4;
    const uint32_t *end = header + be32(header + 1) / 4;
    const char *strings = (const char *)tree + be32(header + 3);
    struct walk walk = { .address_cells = 2, .size_cells = 1, .cpu_cells = 1 };

    while (word < end) {
        uint32_t token = be32(word++);

        if (token == BEGIN_NODE) {
            const char *name = (const char *)word;

            if (++walk.depth <= CPU_DEPTH) {
                walk.node[walk.depth] = name;
            }
            while (*name) {
                name++;
            }
            word += (name - (const char *)word) / 4 + 1;
        } else if (token == PROP) {
            struct property p = { strings + be32(word + 1), word + 2, be32(word) };

            take_property(&p, &walk, board);
            word += 2 + (p.size + 3) / 4;
        } else if (token == END_NODE) {
            walk.depth--;
        } else if (token != NOP) {
            return;
        }
    }
}
