# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""From a target to a configured CMake build tree.

`plan` composes everything that CMake is given, `apply` runs it once in a fresh folder and reads
the result back; `toolchains` and `programs` find what does the work on this host.
"""
