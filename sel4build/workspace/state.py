# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the last sync left, in `.sel4build/sync.json`: projects, links, copies. Safe to lose."""

import dataclasses
import json
import logging
from dataclasses import dataclass

from sel4build.errors import Sel4BuildError
from sel4build.git.remotes import GitRemote
from sel4build.model.manifest import CommitId
from sel4build.model.paths import RelPath
from sel4build.model.workspace import Workspace
from sel4build.reading import parse_json, read_text
from sel4build.writing import write_if_changed

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncedProject:
    """A project that a sync has placed."""

    path: RelPath
    url: str
    commit: CommitId
    remote: GitRemote | None = None
    """What was made of its remote; bundled sources have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidLink:
    """A symbolic link that a sync has laid at `dest`, with its text."""

    dest: RelPath
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidCopy:
    """A copy of a file that a sync has laid at `dest`, with the sha256 (hex) of its bytes."""

    dest: RelPath
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """All that syncs have placed and that is still ours to keep or remove."""

    projects: tuple[SyncedProject, ...] = ()
    links: tuple[LaidLink, ...] = ()
    copies: tuple[LaidCopy, ...] = ()


def load_state(workspace: Workspace) -> SyncState:
    """Return the state; an empty one when there is none or it cannot be read."""
    path = workspace.sync_state_file
    if not path.is_file():
        return SyncState()
    try:
        return parse_json(read_text(path), str(path), SyncState)
    except Sel4BuildError as error:
        _LOG.warning("%s; it is made anew", error.message)
        return SyncState()


def _remote(remote: GitRemote | None) -> dict[str, object]:
    if remote is None:
        return {}
    table = {key.replace("_", "-"): value for key, value in dataclasses.asdict(remote).items()}
    return {"remote": {key: value for key, value in table.items() if value is not None}}


def write_state(state: SyncState, workspace: Workspace) -> None:
    """Write the state, each kind sorted by path."""
    table = {
        "version": 1,
        "projects": [
            {"path": each.path.text, "url": each.url, "commit": each.commit, **_remote(each.remote)}
            for each in sorted(state.projects, key=lambda project: project.path)
        ],
        "links": [
            {"dest": each.dest.text, "target": each.target}
            for each in sorted(state.links, key=lambda link: link.dest)
        ],
        "copies": [
            {"dest": each.dest.text, "digest": each.digest}
            for each in sorted(state.copies, key=lambda copy: copy.dest)
        ],
    }
    write_if_changed(workspace.sync_state_file, json.dumps(table, indent=1) + "\n")
