# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The values that flow through the program: frozen, without I/O, environment or logging."""
