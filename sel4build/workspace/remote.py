# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What git is told of the remote of a locked project."""

from sel4build.git.remotes import GitRemote, single_branch
from sel4build.git.safety import bundled_name
from sel4build.model.lock import LockedProject


def remote_of(project: LockedProject) -> GitRemote | None:
    """Return the remote, its URL as it is locked; sources that come with this program have none."""
    if bundled_name(project.url) is not None:
        return None
    return GitRemote(
        url=project.url,
        name=project.remote,
        push_url=project.push_url,
        branch=single_branch(project.upstream) if project.sync_c else None,
        has_tags=project.sync_tags,
    )
