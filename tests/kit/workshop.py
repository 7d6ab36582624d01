# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A workspace of two small projects with local remotes, for tests of the command line."""

from dataclasses import dataclass
from pathlib import Path

from sel4build.lock import read_lock
from sel4build.model.lock import Lock
from sel4build.model.manifest import CommitId
from tests.kit.cli import CliOutcome, World
from tests.kit.git_remote import GitRemote

_MANIFEST = """<manifest>
  <remote name="o" fetch="{remotes}"/>
  <default remote="o" revision="main"/>
  <project name="a" path="projects/a">
    <annotation name="board" value="tx1"/>
    <linkfile src="read.me" dest="a.md"/>
  </project>
  <project name="b" path="b" {pin}/>
</manifest>
"""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A workspace below `folder`: project `a` floats, project `b` is pinned."""

    world: World
    folder: Path

    @classmethod
    def create(cls, world: World, folder: Path) -> "Workshop":
        """Make remotes, the manifest's repository and the workspace; nothing is locked."""
        made = cls(world, folder)
        a = GitRemote.create(folder / "remotes" / "a")
        a.commit({"read.me": "one\n", "tool.sh": "#!/bin/sh\n"}, message="First of a")
        b = GitRemote.create(folder / "remotes" / "b")
        first = b.commit({"file.txt": "one\nneedle\n"}, message="First of b")
        GitRemote.create(folder / "manifest")
        made.publish(first)
        made.root.mkdir()
        made.spec_file.write_text(
            f'version = 1\n\n[manifest]\nurl = "{made.manifest.url}"\nfile = "default.xml"\n'
        )
        return made

    @property
    def root(self) -> Path:
        """The workspace."""
        return self.folder / "w"

    @property
    def spec_file(self) -> Path:
        """What is wanted."""
        return self.root / "sel4build.toml"

    @property
    def lock_file(self) -> Path:
        """What is locked."""
        return self.root / "sel4build.lock"

    @property
    def manifest(self) -> GitRemote:
        """The repository of the manifest."""
        return GitRemote(self.folder / "manifest")

    def remote(self, name: str) -> GitRemote:
        """Return the remote of a project."""
        return GitRemote(self.folder / "remotes" / name)

    def publish(self, pin: CommitId, *, more: str = 'upstream="main"') -> CommitId:
        """Commit a manifest that pins `b`."""
        text = _MANIFEST.format(
            remotes=f"file://{self.folder}/remotes", pin=f'revision="{pin}" {more}'
        )
        return self.manifest.commit({"default.xml": text})

    def run(self, *argv: str) -> CliOutcome:
        """Run a command in the workspace."""
        return self.world.run(*argv, cwd=self.root)

    def locked(self) -> dict[str, str]:
        """Return what is locked: commits by path."""
        return {each.path.text: each.commit for each in self.lock().projects}

    def lock(self) -> Lock:
        """Return the lock."""
        return read_lock(self.lock_file)
