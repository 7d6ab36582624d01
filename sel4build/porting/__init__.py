# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Porting: what the sources must say of a board before a VM app runs there, check by check."""
