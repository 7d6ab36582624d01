# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A workspace on disk: what its user wants, one process at a time, projects and links."""
