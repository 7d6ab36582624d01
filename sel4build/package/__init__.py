# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What leaves a build: images checked, laid out and described for the one who boots them."""
