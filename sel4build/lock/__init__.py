# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Freeze a manifest: every project by commit, written to a lockfile and read back."""

from sel4build.lock.export import lock_pinned, render_pinned
from sel4build.lock.file import parse_lock, read_lock, render_lock, write_lock
from sel4build.lock.resolve import LockPlan, plan_lock, resolve_lock
from sel4build.lock.shipped import load_shipped_lock, why_outdated

__all__ = [
    "LockPlan",
    "load_shipped_lock",
    "lock_pinned",
    "parse_lock",
    "plan_lock",
    "read_lock",
    "render_lock",
    "render_pinned",
    "resolve_lock",
    "why_outdated",
    "write_lock",
]
