# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Files that take the place of an app's guest: looked at, held against its memory, laid out."""
