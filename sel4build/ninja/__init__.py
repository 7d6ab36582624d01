# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The outer graph: what lies between build trees, and running it.

`plan` makes the graph of a workspace, `render` validates it and writes it in ninja's syntax,
`run` starts ninja and reads its status, `jobserver` shares the cores among all the ninjas.
"""
