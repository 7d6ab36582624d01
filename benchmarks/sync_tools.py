# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The tools that benchmarks of syncs compare: the manifest of each, and how it is started."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Protocol

from synced_sets import RepositorySet

Commands = Iterator[tuple[str, ...]]


class Tool(Protocol):
    """A program that syncs."""

    name: str

    def prepare(self, workspace: Path, remotes: RepositorySet, *, like: Path | None = None) -> None:
        """Write the manifest of `remotes` as they are now; `like` is a workspace that is synced."""

    def commands(self, workspace: Path) -> Commands:
        """Yield the commands of one sync."""

    def environment(self, home: Path) -> dict[str, str]:
        """Return what the tool wants in its environment."""


class Ours:
    """Sync by sel4build: a manifest file and its lock."""

    name = "sel4build"

    def __init__(self, program: tuple[str, ...]) -> None:
        self._program = program

    def prepare(self, workspace: Path, remotes: RepositorySet, *, like: Path | None = None) -> None:
        """Write an XML manifest and `sel4build.toml`; a lock is made by the sync."""
        del like
        manifest = workspace / "manifest.xml"
        manifest.write_text(render_xml(remotes))
        (workspace / "sel4build.toml").write_text(
            f'version = 1\n\n[manifest]\npath = "{manifest}"\n'
        )
        # A manifest that was edited is locked again, as every tool does it.
        (workspace / "sel4build.lock").unlink(missing_ok=True)

    def commands(self, workspace: Path) -> Commands:
        """Yield the sync, which locks first where there is no lock."""
        del workspace
        yield (*self._program, "sync")

    def environment(self, home: Path) -> dict[str, str]:
        """Return nothing special."""
        del home
        return {}


class Repo:
    """Sync by git-repo, with its source from a local clone; a second workspace uses the first."""

    name = "repo"

    def __init__(self, program: str, source: str, revision: str, folder: Path) -> None:
        self._program = program
        self._source = ("--repo-url", source, "--repo-rev", revision, "--no-repo-verify")
        self._folder = folder

    def prepare(self, workspace: Path, remotes: RepositorySet, *, like: Path | None = None) -> None:
        """Commit the manifest to its repository; `init` belongs to the first sync."""
        manifest = workspace.parent / "manifest"
        if not manifest.is_dir():
            manifest.mkdir()
            _git("init", "--quiet", "--initial-branch=main", cwd=manifest)
        (manifest / "default.xml").write_text(render_xml(remotes))
        _git("add", "default.xml", cwd=manifest)
        identity = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.com")
        _git(*identity, "commit", "--quiet", "--allow-empty", "-m", "change", cwd=manifest)
        if like is not None:
            (workspace.parent / "reference").symlink_to(like)

    def commands(self, workspace: Path) -> Commands:
        """Yield `init` where it was not done, and the sync."""
        reference = workspace.parent / "reference"
        if not (workspace / ".repo").is_dir():
            url = f"file://{workspace.parent}/manifest"
            more = ("--reference", str(reference)) if reference.exists() else ()
            yield (self._program, "init", "-q", "-u", url, "-b", "main", *self._source, *more)
        yield (self._program, "sync", "-q", "-j8", "-c", "--no-tags")

    def environment(self, home: Path) -> dict[str, str]:
        """Return nothing special."""
        del home
        return {}


class West:
    """Sync by west, with its cache of repositories."""

    name = "west"
    program: ClassVar[str] = "west"

    def __init__(self, program: str) -> None:
        self._program = program

    def prepare(self, workspace: Path, remotes: RepositorySet, *, like: Path | None = None) -> None:
        """Write `west.yml` and what `west init -l` would write."""
        del like
        lines = ["manifest:", "  projects:"]
        for name in remotes.names:
            lines += [
                f"    - name: {name}",
                f"      url: file://{remotes.path(name)}",
                f"      revision: {remotes.revision(name)}",
            ]
        for folder in ("manifest", ".west"):
            (workspace / folder).mkdir(exist_ok=True)
        (workspace / "manifest" / "west.yml").write_text("\n".join([*lines, ""]))
        (workspace / ".west" / "config").write_text(
            "[manifest]\npath = manifest\nfile = west.yml\n"
        )

    def commands(self, workspace: Path) -> Commands:
        """Yield the update, by commit where that is possible, through the cache."""
        cache = workspace.parent / "home" / "west-cache"
        yield (self._program, "update", "-f", "smart", "--auto-cache", str(cache))

    def environment(self, home: Path) -> dict[str, str]:
        """Return nothing special."""
        del home
        return {}


class Kas:
    """Sync by kas, with its folder of reference repositories."""

    name = "kas"
    program: ClassVar[str] = "kas"

    def __init__(self, program: str) -> None:
        self._program = program

    def prepare(self, workspace: Path, remotes: RepositorySet, *, like: Path | None = None) -> None:
        """Write `kas.yml`."""
        del like
        lines = ["header:", "  version: 14", "repos:"]
        for name in remotes.names:
            kind = "branch" if remotes.is_floating else "commit"
            lines += [
                f"  {name}:",
                f"    url: file://{remotes.path(name)}",
                f"    path: {name}",
                f"    {kind}: {remotes.revision(name)}",
                "    layers:",
                "      .: excluded",
            ]
        (workspace / "kas.yml").write_text("\n".join([*lines, ""]))

    def commands(self, workspace: Path) -> Commands:
        """Yield the checkout without what belongs to BitBake."""
        steps = ("--skip", "setup_environ", "--skip", "write_bbconfig")
        yield (self._program, "checkout", *steps, "--update", str(workspace / "kas.yml"))

    def environment(self, home: Path) -> dict[str, str]:
        """Return the folder of references."""
        references = home / "kas-references"
        references.mkdir(exist_ok=True)
        return {"KAS_REPO_REF_DIR": str(references)}


def render_xml(remotes: RepositorySet) -> str:
    """Return the manifest of `remotes` in the form of git-repo."""
    lines = [
        "<manifest>",
        f'  <remote name="o" fetch="file://{remotes.folder}"/>',
        '  <default remote="o" revision="main"/>',
    ]
    lines += [
        f'  <project name="{name}.git" path="{name}" revision="{remotes.revision(name)}"/>'
        for name in remotes.names
    ]
    return "\n".join([*lines, "</manifest>", ""])


def _git(*args: str, cwd: Path) -> None:
    subprocess.run(("git", *args), cwd=cwd, check=True, capture_output=True)
