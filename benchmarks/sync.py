# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a sync costs in time, memory and disk, against git-repo, west and kas.

    python benchmarks/sync.py [--projects 20] [--runs 5] [--floating] [--peer-dir DIR]...
                              [--repo PROGRAM --repo-source URL --repo-revision BRANCH]

Makes N local repositories (40 files of 0.5-6 kB, 15 commits, always the same ones) and manifests of
them in each tool's form; then every tool syncs them in turn: into an empty folder, again with
nothing to do, with one project changed, and into a second folder with what the first has left.
west and kas are taken from PATH or from a `--peer-dir`, such as the `bin` of a virtual environment;
git-repo needs its program and a clone of its source.

Nothing to do means the lock for sel4build, and for the others what their manifest names: with
`--floating`, they have to ask every remote.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sync_tools import Kas, Ours, Repo, Tool, West
from synced_sets import RepositorySet, count_disk_kb, make_set

ROWS = ("cold", "nothing to do", "one changed", "second workspace")


@dataclass(frozen=True, slots=True)
class Run:
    """One command that was timed."""

    wall_s: float
    cpu_s: float
    rss_mb: float


@dataclass(slots=True)
class Figures:
    """All that was measured of one tool."""

    runs: dict[str, list[Run]] = field(default_factory=lambda: {row: [] for row in ROWS})
    disk_kb: dict[str, list[int]] = field(default_factory=lambda: {"first": [], "second": []})

    def median_s(self, row: str) -> float:
        """Return the median of the wall time."""
        return statistics.median(run.wall_s for run in self.runs[row])


def main(words: Sequence[str]) -> None:
    """Measure and print the table."""
    options = _parse(words)
    with tempfile.TemporaryDirectory(prefix="sel4build-sync-", dir=options.folder) as name:
        folder = Path(name)
        remotes = make_set(folder / "set", options.projects, is_floating=options.floating)
        tools = _tools(options, folder)
        figures = {tool.name: Figures() for tool in tools}
        for number in range(options.runs):
            remotes.go_back()
            # Each run begins with another tool: what runs first pays for what is not cached.
            for tool in tools[number % len(tools) :] + tools[: number % len(tools)]:
                _measure(tool, remotes, figures[tool.name], folder / f"{number}-{tool.name}")
                remotes.go_back()
    kind = "floating" if options.floating else "pinned"
    print(f"{options.projects} projects, {kind}, median of {options.runs} runs\n")
    _print_table(figures)


def _measure(tool: Tool, remotes: RepositorySet, figures: Figures, folder: Path) -> None:
    first, second, home = folder / "first", folder / "second", folder / "home"
    for each in (first, second, home):
        each.mkdir(parents=True)
    tool.prepare(first, remotes)
    figures.runs["cold"].append(_timed(tool, first, home))
    figures.disk_kb["first"].append(count_disk_kb(first, home))
    _timed(tool, first, home)  # it may write down what it finds; the next one counts
    figures.runs["nothing to do"].append(_timed(tool, first, home))
    before = count_disk_kb(first, home)
    tool.prepare(second, remotes, like=first)
    run = _timed(tool, second, home)
    figures.runs["second workspace"].append(run)
    figures.disk_kb["second"].append(count_disk_kb(first, home, second) - before)
    changed = remotes.change_one()
    tool.prepare(first, remotes)
    figures.runs["one changed"].append(_timed(tool, first, home))
    if not (first / changed).is_file():
        message = f"{tool.name} did not bring `{changed}`"
        raise SystemExit(message)
    shutil.rmtree(folder)


def _timed(tool: Tool, workspace: Path, home: Path) -> Run:
    wall_s = cpu_s = rss_mb = 0.0
    env = _environment(tool, home)
    for argv in tool.commands(workspace):
        with (home / "log").open("wb") as log:
            started = time.perf_counter()
            process = subprocess.Popen(
                argv,
                cwd=workspace,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall_s += time.perf_counter() - started
        cpu_s += usage.ru_utime + usage.ru_stime
        rss_mb = max(rss_mb, usage.ru_maxrss / 1024)
        if process.returncode != 0:
            raise SystemExit(f"{' '.join(argv)} failed:\n{(home / 'log').read_text()}")
    return Run(wall_s, cpu_s, rss_mb)


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
        **tool.environment(home),
    }


def _print_table(figures: dict[str, Figures]) -> None:
    ours = figures["sel4build"]
    peers = [each for name, each in figures.items() if name != "sel4build"]
    print(f"{'':<18}" + "".join(f"{name:>22}" for name in figures) + f"{'of best peer':>14}")
    for row in ROWS:
        cells = []
        for each in figures.values():
            cpu_s = statistics.median(run.cpu_s for run in each.runs[row])
            cells.append(f"{each.median_s(row):.3f} s ({cpu_s:.2f} cpu)")
        best = min((each.median_s(row) for each in peers), default=0.0)
        ratio = f"{ours.median_s(row) / best:.2f}" if best else "-"
        print(f"{row:<18}" + "".join(f"{cell:>22}" for cell in cells) + f"{ratio:>14}")
    for kind in ("first", "second"):
        sizes = [statistics.median(each.disk_kb[kind]) / 1024 for each in figures.values()]
        least = min(sizes[1:], default=0.0)
        ratio = f"{sizes[0] / least:.2f}" if least else "-"
        label = "disk" if kind == "first" else "disk of a second"
        print(f"{label:<18}" + "".join(f"{size:>19.1f} MB" for size in sizes) + f"{ratio:>14}")
    peaks = [
        max(run.rss_mb for runs in each.runs.values() for run in runs) for each in figures.values()
    ]
    print(f"{'peak memory':<18}" + "".join(f"{peak:>19.1f} MB" for peak in peaks))
    share = ours.median_s("second workspace") / ours.median_s("cold")
    print(f"\na second workspace takes {share:.2f} of the time of the first")


def _tools(options: argparse.Namespace, folder: Path) -> list[Tool]:
    path = os.pathsep.join([*map(str, options.peer_dir), os.environ["PATH"]])
    tools: list[Tool] = [Ours((sys.executable, "-P", "-m", "sel4build"))]
    if options.repo is not None:
        tools.append(Repo(options.repo, options.repo_source, options.repo_revision, folder))
    for kind in (West, Kas):
        program = shutil.which(kind.program, path=path)
        if program is not None:
            tools.append(kind(program))
    return tools


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--projects", type=int, default=20)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--floating", action="store_true", help="branches, not commits")
    parser.add_argument("--folder", type=Path, help="where to work; by default as `tempfile` does")
    parser.add_argument("--peer-dir", type=Path, action="append", default=[], metavar="DIR")
    parser.add_argument("--repo", metavar="PROGRAM", help="the launcher of git-repo")
    parser.add_argument("--repo-source", metavar="URL", help="a clone of git-repo's source")
    parser.add_argument("--repo-revision", metavar="BRANCH", default="main")
    return parser.parse_args(words)


if __name__ == "__main__":
    main(sys.argv[1:])
