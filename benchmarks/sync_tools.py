# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The tools that benchmarks of syncs compare: the manifest of each, and how it is started."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Protocol

from remotes import Project, Remotes

Commands = Iterator[tuple[str, ...]]


class Tool(Protocol):
    """A program that syncs."""

    name: str

    def prepare(self, workspace: Path, remotes: Remotes, *, like: Path | None = None) -> None:
        """Write the manifest of `remotes` as they are now; `like` is a workspace that is synced."""

    def set_up(self, workspace: Path) -> Commands:
        """Yield what has to be done once for a workspace, and is not counted."""

    def commands(self, workspace: Path) -> Commands:
        """Yield the commands of one sync."""

    def environment(self, home: Path) -> dict[str, str]:
        """Return what the tool wants in its environment."""


class Ours:
    """Sync by sel4build: a manifest file and its lock."""

    name = "sel4build"

    def __init__(self, program: tuple[str, ...]) -> None:
        self._program = program

    def prepare(self, workspace: Path, remotes: Remotes, *, like: Path | None = None) -> None:
        """Write an XML manifest and `sel4build.toml`; a lock is made by the sync."""
        del like
        manifest = workspace / "manifest.xml"
        manifest.write_text(render_xml(remotes.projects))
        (workspace / "sel4build.toml").write_text(
            f'version = 1\n\n[manifest]\npath = "{manifest}"\n'
        )
        # A manifest that was edited is locked again, as every tool does it.
        (workspace / "sel4build.lock").unlink(missing_ok=True)

    def set_up(self, workspace: Path) -> Commands:
        """Yield nothing."""
        del workspace
        yield from ()

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

    def prepare(self, workspace: Path, remotes: Remotes, *, like: Path | None = None) -> None:
        """Commit the manifest to its repository."""
        manifest = workspace.parent / "manifest"
        if not manifest.is_dir():
            manifest.mkdir()
            _git("init", "--quiet", "--initial-branch=main", cwd=manifest)
        (manifest / "default.xml").write_text(render_xml(remotes.projects))
        _git("add", "default.xml", cwd=manifest)
        identity = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.com")
        _git(*identity, "commit", "--quiet", "--allow-empty", "-m", "change", cwd=manifest)
        if like is not None:
            (workspace.parent / "reference").symlink_to(like)

    def set_up(self, workspace: Path) -> Commands:
        """Yield `init`, which fetches the manifest and the program itself."""
        reference = workspace.parent / "reference"
        url = f"file://{workspace.parent}/manifest"
        more = ("--reference", str(reference)) if reference.exists() else ()
        yield (self._program, "init", "-q", "-u", url, "-b", "main", *self._source, *more)

    def commands(self, workspace: Path) -> Commands:
        """Yield the sync, which fetches the manifest again."""
        del workspace
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

    def prepare(self, workspace: Path, remotes: Remotes, *, like: Path | None = None) -> None:
        """Write `west.yml` and what `west init -l` would write."""
        del like
        lines = ["manifest:", "  projects:"]
        for each in remotes.projects:
            lines += [
                f"    - name: {_plain(each)}",
                f"      path: {each.path}",
                f"      url: {each.url}",
                f"      revision: {each.revision}",
            ]
        for folder in ("manifest", ".west"):
            (workspace / folder).mkdir(exist_ok=True)
        (workspace / "manifest" / "west.yml").write_text("\n".join([*lines, ""]))
        (workspace / ".west" / "config").write_text(
            "[manifest]\npath = manifest\nfile = west.yml\n"
        )

    def set_up(self, workspace: Path) -> Commands:
        """Yield nothing."""
        del workspace
        yield from ()

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

    def prepare(self, workspace: Path, remotes: Remotes, *, like: Path | None = None) -> None:
        """Write `kas.yml`."""
        del like
        lines = ["header:", "  version: 14", "repos:"]
        for each in remotes.projects:
            kind = "branch" if each.is_floating else "commit"
            lines += [
                f"  {_plain(each)}:",
                f"    url: {each.url}",
                f"    path: {each.path}",
                f"    {kind}: {each.revision}",
                "    layers:",
                "      .: excluded",
            ]
        (workspace / "kas.yml").write_text("\n".join([*lines, ""]))

    def set_up(self, workspace: Path) -> Commands:
        """Yield nothing."""
        del workspace
        yield from ()

    def commands(self, workspace: Path) -> Commands:
        """Yield the checkout without what belongs to BitBake."""
        steps = ("--skip", "setup_environ", "--skip", "write_bbconfig")
        yield (self._program, "checkout", *steps, "--update", str(workspace / "kas.yml"))

    def environment(self, home: Path) -> dict[str, str]:
        """Return the folder of references, and the configuration of git."""
        references = home / "kas-references"
        references.mkdir(exist_ok=True)
        env = {"KAS_REPO_REF_DIR": str(references)}
        if "GIT_CONFIG_GLOBAL" in os.environ:  # kas starts git in a home of its own
            env["GITCONFIG_FILE"] = os.environ["GIT_CONFIG_GLOBAL"]
        return env


def render_xml(projects: tuple[Project, ...]) -> str:
    """Return a manifest of `projects` in the form of git-repo."""
    bases = sorted({each.base for each in projects})
    lines = ["<manifest>"]
    lines += [f'  <remote name="o{bases.index(base)}" fetch="{base}"/>' for base in bases]
    for each in projects:
        upstream = "" if each.is_floating else f' upstream="{each.upstream}"'
        lines.append(
            f'  <project name="{each.name}" path="{each.path}" remote="o{bases.index(each.base)}" '
            f'revision="{each.revision}"{upstream}/>'
        )
    return "\n".join([*lines, "</manifest>", ""])


def _plain(project: Project) -> str:
    return project.path.replace("/", "-")


def _git(*args: str, cwd: Path) -> None:
    subprocess.run(("git", *args), cwd=cwd, check=True, capture_output=True)
