# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
#
# The link to this file in the root of a workspace is how the driver finds the
# source folder, as in a seL4 workspace. There is nothing to set by hand:
# README.md lists the variables, and the driver gives them all.
