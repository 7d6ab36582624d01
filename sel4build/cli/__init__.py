# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The command line: parse, call one operation, show what it returned.

The only place that knows argv, the environment, Typer and exit codes.
"""
