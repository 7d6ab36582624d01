# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""All that has to do with git: running it safely, reading its repositories."""

from sel4build.git.client import Git
from sel4build.git.failure import GitError
from sel4build.git.program import find_git

__all__ = ["Git", "GitError", "find_git"]
