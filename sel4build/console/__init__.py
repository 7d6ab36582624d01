# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a person or a log sees: progress, notes, errors, tables. Everything goes to stderr but data.

`reporters` has one listener for each kind of output, `relay` carries progress between processes,
`render` turns values into text.
"""
