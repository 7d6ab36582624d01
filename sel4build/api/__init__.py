# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The public operations, one module for each subject; every effect comes in by a `Context`.

`initialising` makes, locks and syncs workspaces, `preparing` plans them, `building` runs the outer
graph, `booting` starts packages, `listing`, `explaining`, `surveying` and `doctoring` tell of what
there is, `steps` is what the outer graph calls.
"""
