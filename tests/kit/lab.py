# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A workspace with remotes around it."""

import os
import subprocess
import sys
from pathlib import Path

from sel4build.model.lock import LockedProject
from sel4build.model.workspace import Workspace
from sel4build.workspace.sync import SyncOutcome, sync_workspace
from tests.kit.git_remote import Content, GitRemote, a_git
from tests.kit.locks import a_lock, a_locked_project
from tests.kit.runner import Recorder

_ROOT = Path(__file__).parents[2]
_PROGRAM = """
import os, signal, sys
from pathlib import Path
from sel4build.git import Git
from sel4build.lock import read_lock
from sel4build.model.reporter import SilentReporter
from sel4build.model.workspace import Workspace
from sel4build.process import SubprocessRunner
from sel4build.workspace.locking import workspace_lock
from sel4build.workspace.sync import sync_workspace

left = int(sys.argv[3])

def deadly(call):
    def counted(*args, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **options)
    return counted

for name in ("link", "rename", "replace", "mkdir", "unlink", "symlink"):
    setattr(os, name, deadly(getattr(os, name)))
workspace = Workspace(Path(sys.argv[1]))
git = Git(runner=SubprocessRunner(), environ=os.environ, cache_dir=Path(sys.argv[2]))
with workspace_lock(workspace, SilentReporter()):
    sync_workspace(workspace, read_lock(workspace.lock_file), git=git)
"""


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


def a_second(lab: Lab, name: str = "second") -> Lab:
    """Return another workspace with the same remotes and the same cache."""
    other = Lab.__new__(Lab)
    other.folder, other.git, other.recorder = lab.folder, lab.git, lab.recorder
    other.workspace = Workspace(lab.folder / name)
    other.workspace.root.mkdir()
    return other


def start_sync(lab: Lab, deadline: int = 0) -> subprocess.Popen[bytes]:
    """Sync in a process, which SIGKILL ends at the change of the disk with this number."""
    argv = (sys.executable, "-c", _PROGRAM, str(lab.workspace.root), str(lab.folder / "cache"))
    env = {**os.environ, "PYTHONPATH": str(_ROOT)}
    return subprocess.Popen((*argv, str(deadline)), env=env, stderr=subprocess.PIPE)
