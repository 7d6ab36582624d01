# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read the sources of a workspace: CMake, device trees and CAmkES, as data and never as programs.

Nothing here runs what it reads. What cannot be read is unknown, with its place; no text is an
error.
"""
