# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a sync costs in time, memory and disk, against git-repo, west and kas.

    python benchmarks/sync.py [--projects 20 | --manifest URL [--file NAME]] [--runs 5] [--tidy]
                              [--floating] [--peer-dir DIR]... [--folder DIR]
                              [--repo PROGRAM --repo-source URL --repo-revision BRANCH]

Makes N local repositories (40 files of 0.5-6 kB, 15 commits, always the same ones), or takes those
that a manifest names, and writes a manifest of them in each tool's form. Then every tool syncs
them in turn: into an empty folder, again with nothing to do, with one project changed (only of
repositories that were made), and into a second folder with what the first has left. west and kas
are taken from PATH or from a `--peer-dir`, such as the `bin` of a virtual environment; git-repo
needs its program and a clone of its source. Its `init` is not counted.

Nothing to do means the lock for sel4build, and for the others what their manifest names: with
`--floating`, they have to ask every remote.

Nothing is removed before the end, since some file systems are slow to give away again what was
freed a moment ago: there has to be space for all runs (`--folder`), or `--tidy`, as for a file
system in memory. Ctrl-C ends it early, with the table of the runs that are complete.
"""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from remotes import Remotes, read_remotes
from sync_figures import COPY, Figures, Run, count_disk_kb, print_table, time_commands
from sync_tools import Kas, Ours, Repo, Tool, West
from synced_sets import make_set

_KEPT = ("GIT_CONFIG_GLOBAL", "GIT_SSH_COMMAND", "https_proxy", "no_proxy")
_PROGRAM = (sys.executable, "-P", "-m", "sel4build")


def main(words: Sequence[str]) -> None:
    """Measure and print the table."""
    options = _parse(words)
    with tempfile.TemporaryDirectory(prefix="sel4build-sync-", dir=options.folder) as name:
        folder = Path(name)
        remotes = _remotes(options, folder / "set")
        tools = _tools(options, folder)
        figures = {tool.name: Figures() for tool in tools}
        done = 0
        with contextlib.suppress(KeyboardInterrupt):  # then what is there counts
            for number in range(options.runs):
                # Each run begins with another tool: what runs first pays for what is not cached.
                for tool in tools[number % len(tools) :] + tools[: number % len(tools)]:
                    remotes.go_back()
                    place = folder / f"{number}-{tool.name}"
                    _measure(tool, remotes, figures[tool.name], place)
                    if options.tidy:
                        shutil.rmtree(place)
                done += 1
        if not done:
            raise SystemExit("no run is complete")
        for each in figures.values():
            each.keep_first(done)
        kind = "floating" if options.floating else "pinned"
        print(f"{len(remotes.projects)} projects, {kind}, median of {done} runs: wall time")
        print("(processor time)\n")
        print_table(figures, ours=Ours.name)


def _measure(tool: Tool, remotes: Remotes, figures: Figures, folder: Path) -> None:
    first, second, home = folder / "first", folder / "second", folder / "home"
    for each in (first, second, home):
        each.mkdir(parents=True)
    tool.prepare(first, remotes)
    _run(tool, first, home, is_setting_up=True)
    figures.runs["cold"].append(_run(tool, first, home))
    size_kb, trees_kb = count_disk_kb(first, home), count_disk_kb(first, part="trees")
    figures.weigh("all", size_kb)
    figures.weigh("without the work trees", size_kb - trees_kb)
    _run(tool, first, home)  # it may write down what it finds; the next one counts
    figures.runs["nothing to do"].append(_run(tool, first, home))
    before_kb = count_disk_kb(first, home)
    objects_kb = count_disk_kb(first, home, part="objects")
    tool.prepare(second, remotes, like=first)
    _run(tool, second, home, is_setting_up=True)
    figures.runs["second workspace"].append(_run(tool, second, home))
    size_kb = count_disk_kb(first, home, second) - before_kb
    figures.weigh("a second, without the work trees", size_kb - trees_kb)
    objects_kb = count_disk_kb(first, home, second, part="objects") - objects_kb
    figures.weigh("a second, objects alone", objects_kb)
    if isinstance(tool, Ours):
        figures.runs[COPY].append(_copy(second, folder))
    changed = remotes.change_one()
    if changed is not None:
        tool.prepare(first, remotes)
        figures.runs["one changed"].append(_run(tool, first, home))
        if not (first / changed).is_file():
            message = f"{tool.name} did not bring `{changed}`"
            raise SystemExit(message)


def _run(tool: Tool, workspace: Path, home: Path, *, is_setting_up: bool = False) -> Run:
    commands = tool.set_up(workspace) if is_setting_up else tool.commands(workspace)
    env = _environment(tool, home)
    return time_commands(commands, cwd=workspace, env=env, log=home / "log")


def _copy(workspace: Path, folder: Path) -> Run:
    """Copy the files of all projects, which no tool can do without writing them."""
    dest = folder / "copy"
    dest.mkdir()
    trees = sorted(str(each) for each in workspace.iterdir() if not each.name.startswith("."))
    argv = ("cp", "-R", "--reflink=never", *trees, str(dest))
    return time_commands([argv], cwd=folder, env=os.environ, log=folder / "log")


def _environment(tool: Tool, home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "A Tester",
        "GIT_CONFIG_KEY_1": "user.email",
        "GIT_CONFIG_VALUE_1": "tester@example.com",
        # How this host reaches the repositories of a manifest.
        **{name: value for name, value in os.environ.items() if name in _KEPT},
        **tool.environment(home),
    }


def _remotes(options: argparse.Namespace, folder: Path) -> Remotes:
    if options.manifest is None:
        return make_set(folder, options.projects, is_floating=options.floating)
    return read_remotes(
        _PROGRAM, options.manifest, options.file, folder, is_floating=options.floating
    )


def _tools(options: argparse.Namespace, folder: Path) -> list[Tool]:
    path = os.pathsep.join([*map(str, options.peer_dir), os.environ["PATH"]])
    tools: list[Tool] = [Ours(_PROGRAM)]
    if options.repo is not None:
        tools.append(Repo(options.repo, options.repo_source, options.repo_revision, folder))
    for kind in (West, Kas):
        program = shutil.which(kind.program, path=path)
        if program is not None:
            tools.append(kind(program))
    return tools


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--projects", type=int, default=20)
    kind.add_argument("--manifest", metavar="URL", help="the git repository of a manifest")
    parser.add_argument("--file", metavar="NAME", help="the manifest in that repository")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--floating", action="store_true", help="branches, not commits")
    parser.add_argument("--folder", type=Path, help="where to work; by default as `tempfile` does")
    parser.add_argument("--tidy", action="store_true", help="remove the files of each run")
    parser.add_argument("--peer-dir", type=Path, action="append", default=[], metavar="DIR")
    parser.add_argument("--repo", metavar="PROGRAM", help="the launcher of git-repo")
    parser.add_argument("--repo-source", metavar="URL", help="a clone of git-repo's source")
    parser.add_argument("--repo-revision", metavar="BRANCH", default="main")
    return parser.parse_args(words)


if __name__ == "__main__":
    main(sys.argv[1:])
