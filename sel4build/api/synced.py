# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Remember that a workspace equals its lock, so that the next `sync` can be answered at once.

The record names what a sync would look at, and what it found there. It is written here and read by
`sel4build.cli.fresh_sync`, which imports nothing; when in doubt there is no record.
"""

import json
import os
from pathlib import Path
from typing import TypeAlias

from sel4build import __version__
from sel4build.model.lock import Lock
from sel4build.model.workspace import Workspace
from sel4build.workspace.sync import SyncOutcome
from sel4build.writing import write_if_changed

FORMAT = 1
"""Version of the record; the reader ignores any other."""

Stamps: TypeAlias = dict[str, list[int]]
"""Times, size and identity of files by their name in the workspace."""


def stamp_wishes(workspace: Workspace) -> Stamps | None:
    """Return the stamps of what a sync is told by; None while one of the files is missing."""
    return _stamps(workspace.root, workspace.spec_file, workspace.lock_file)


def remember_synced(
    workspace: Workspace, lock: Lock, outcome: SyncOutcome, *, before: Stamps | None
) -> None:
    """Record that `workspace` equals `lock`, unless something about it has to be said each time.

    `before` are the stamps from before the files were read: what has changed since is not known.
    """
    record_file = workspace.state_dir / "synced.json"
    stamps = _stamps(
        workspace.root, workspace.spec_file, workspace.lock_file, workspace.sync_state_file
    )
    is_silent = not (outcome.left_alone or outcome.retired)
    links = _laid_links(workspace, lock) if is_silent else None
    is_known = before is not None and before == stamp_wishes(workspace)
    if links is None or stamps is None or not is_known:
        record_file.unlink(missing_ok=True)
        return
    folders = {
        "/".join(path.parts[:length])
        for path in (each.path for each in lock.projects)
        for length in range(1, len(path.parts) + 1)
    }
    record = {
        "format": FORMAT,
        "program": __version__,
        "files": stamps,
        "folders": sorted(folders),
        "heads": {each.path.text: each.commit for each in lock.projects},
        "links": links,
        "link-folders": sorted({os.path.dirname(dest) for dest in links} - {""}),  # noqa: PTH120
        "text": f"{len(lock.projects)} projects, 0 moved, 0 left alone\n",
    }
    write_if_changed(record_file, json.dumps(record, sort_keys=True))


def _laid_links(workspace: Workspace, lock: Lock) -> dict[str, str] | None:
    """Return the texts of links by their places; None where a sync would have to look further.

    That is so where it lays copies, and where what is linked depends on what a folder holds.
    """
    try:
        state = json.loads(workspace.sync_state_file.read_bytes())
        links = {each["dest"]: each["target"] for each in state["links"]}
        has_more = any(state[kind] for kind in state.keys() - {"version", "projects", "links"})
    except (OSError, ValueError, LookupError, TypeError):
        return None
    wanted = {link.dest.text for each in lock.projects for link in each.links}
    return None if has_more or links.keys() != wanted else links


def _stamps(root: Path, *files: Path) -> Stamps | None:
    stamps: Stamps = {}
    for file in files:
        try:
            status = file.stat()
        except OSError:
            return None
        stamps[file.relative_to(root).as_posix()] = [
            status.st_mtime_ns,
            status.st_ctime_ns,
            status.st_size,
            status.st_ino,
        ]
    return stamps
