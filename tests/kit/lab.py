# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A workspace with remotes around it."""

from pathlib import Path

from sel4build.model.lock import LockedProject
from sel4build.model.workspace import Workspace
from sel4build.workspace.sync import SyncOutcome, sync_workspace
from tests.kit.git_remote import Content, GitRemote, a_git
from tests.kit.locks import a_lock, a_locked_project
from tests.kit.runner import Recorder


class Lab:
    """A workspace, its remotes and a git."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace = Workspace(folder / "a workspace é")
        self.workspace.root.mkdir()
        self.git = a_git(folder / "cache")
        self.recorder = Recorder()

    def remote(self, name: str) -> GitRemote:
        path = self.folder / "remotes" / f"{name}.git"
        return GitRemote(path) if path.exists() else GitRemote.create(path)

    def project(
        self,
        path: str,
        files: dict[str, Content] | None = None,
        *,
        links: tuple[tuple[str, str], ...] = (),
        copies: tuple[tuple[str, str], ...] = (),
    ) -> LockedProject:
        """Commit `files` to the project's remote and return it locked at that commit."""
        remote = self.remote(path.replace("/", "_"))
        commit = remote.commit(files if files is not None else {"file": path})
        return a_locked_project(path, url=remote.url, commit=commit, links=links, copies=copies)

    def sync(self, *projects: LockedProject) -> SyncOutcome:
        return sync_workspace(
            self.workspace, a_lock(*projects), git=self.git, reporter=self.recorder
        )

    def head(self, path: str) -> str:
        return (self.workspace.root / path / ".git" / "HEAD").read_text().strip()

    def path(self, path: str) -> Path:
        return self.workspace.root / path
