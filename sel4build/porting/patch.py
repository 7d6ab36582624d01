# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Changes of files as a patch that `git apply` takes: https://git-scm.com/docs/diff-format."""

import difflib
from collections.abc import Iterable, Iterator

from sel4build.porting.begin import Change

_NO_END = "\\ No newline at end of file\n"


def render_patch(changes: Iterable[Change]) -> str:
    """Return one patch of all `changes`."""
    return "".join(line for each in changes for line in _file(each))


def _file(change: Change) -> Iterator[str]:
    yield f"diff --git a/{change.path} b/{change.path}\n"
    if change.before is None:
        yield "new file mode 100644\n"
    before = (change.before or "").splitlines(keepends=True)
    after = change.after.splitlines(keepends=True)
    old = "/dev/null" if change.before is None else f"a/{change.path}"
    for line in difflib.unified_diff(before, after, old, f"b/{change.path}"):
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}"
