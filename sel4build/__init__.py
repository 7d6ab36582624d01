# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A build driver for virtual machines on the seL4 microkernel."""

__version__ = "0.1.0"
