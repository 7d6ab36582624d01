# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Time the commands of a sync, weigh what they leave, and print the table."""

import os
import select
import statistics
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROWS = ("cold", "nothing to do", "one changed", "second workspace")
COPY = "copy of the files"
"""What the tools are measured against: the work trees of a second workspace, copied by `cp`."""

_GIT = frozenset({".git", ".gitdirs", ".repo", ".west", ".sel4build", "home"})
_SAMPLE_MS = 20


@dataclass(frozen=True, slots=True)
class Run:
    """One command that was timed."""

    wall_s: float
    cpu_s: float
    largest_mb: float
    """The most memory of any of its processes."""
    own_mb: float
    """The most memory of the tool itself, without the programs that it starts."""


@dataclass(slots=True)
class Figures:
    """All that was measured of one tool."""

    runs: dict[str, list[Run]] = field(default_factory=lambda: {row: [] for row in (*ROWS, COPY)})
    disk_kb: dict[str, list[int]] = field(default_factory=dict)

    def median_s(self, row: str) -> float:
        """Return the median of the wall time."""
        return statistics.median(run.wall_s for run in self.runs[row])

    def median_cpu_s(self, row: str) -> float:
        """Return the median of the time of all processors, in user and in kernel mode."""
        return statistics.median(run.cpu_s for run in self.runs[row])

    def keep_first(self, count: int) -> None:
        """Forget all but the first runs."""
        for runs in self.runs.values():
            del runs[count:]
        for sizes in self.disk_kb.values():
            del sizes[count:]

    def weigh(self, label: str, size_kb: int) -> None:
        """Note what lies on the disk."""
        self.disk_kb.setdefault(label, []).append(size_kb)


def time_commands(
    commands: Iterable[tuple[str, ...]], *, cwd: Path, env: Mapping[str, str], log: Path
) -> Run:
    """Run commands to their end; SystemExit when one fails."""
    wall_s = cpu_s = largest_mb = own_mb = 0.0
    for argv in commands:
        os.sync()  # what others have left to be written is not paid here
        with log.open("wb") as output:
            started = time.perf_counter()
            process = subprocess.Popen(
                argv,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            own_mb = max(own_mb, _watch(process.pid))
            _, status, usage = os.wait4(process.pid, 0)
            wall_s += time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu_s += usage.ru_utime + usage.ru_stime
        largest_mb = max(largest_mb, usage.ru_maxrss / 1024)
        if process.returncode != 0:
            raise SystemExit(f"{' '.join(argv)} failed:\n{log.read_text()}")
    return Run(wall_s, cpu_s, largest_mb, own_mb)


def count_disk_kb(*folders: Path, part: str = "all") -> int:
    """Return what folders take on the disk; a file that has several names counts once.

    `trees` leaves out what belongs to git or to the tool, `objects` all but the objects of git.
    """
    seen: set[tuple[int, int]] = set()
    blocks = 0
    for folder in folders:
        for place, dirs, files in os.walk(folder):
            if part == "trees":
                dirs[:] = [name for name in dirs if name not in _GIT]
            if part == "objects" and "objects" not in Path(place).parts:
                continue
            for name in (*dirs, *files):
                status = (Path(place) / name).lstat()
                if (status.st_dev, status.st_ino) not in seen:
                    seen.add((status.st_dev, status.st_ino))
                    blocks += status.st_blocks
    return blocks // 2


def print_table(figures: Mapping[str, Figures], *, ours: str) -> None:
    """Print a Markdown table: a row for each thing measured, a column for each tool."""
    peers = {name: each for name, each in figures.items() if name != ours}
    print("| |" + "".join(f" {name} |" for name in figures) + " of the best peer |")
    print("|---|" + "---:|" * (len(figures) + 1))
    for row in ROWS:
        if not figures[ours].runs[row]:
            continue
        cells = (
            f"{each.median_s(row):.2f} s ({each.median_cpu_s(row):.2f} s)"
            for each in figures.values()
        )
        best = min((each.median_s(row) for each in peers.values()), default=0.0)
        cpu_s = min((each.median_cpu_s(row) for each in peers.values()), default=0.0)
        ratio = f"{_ratio(figures[ours].median_s(row), best)} "
        ratio += f"({_ratio(figures[ours].median_cpu_s(row), cpu_s)})"
        _print_row(row, cells, ratio)
    for label in figures[ours].disk_kb:
        _print_sizes(label, figures, ours, [each.disk_kb[label] for each in figures.values()])
    for label in ("own_mb", "largest_mb"):
        what = "memory of the tool" if label == "own_mb" else "memory of its largest process"
        peaks = (
            max(getattr(run, label) for runs in each.runs.values() for run in runs)
            for each in figures.values()
        )
        _print_row(what, (f"{peak:.0f} MB" for peak in peaks), "")
    _print_shares(figures[ours])


def _print_shares(ours: Figures) -> None:
    share = ours.median_s("second workspace") / ours.median_s("cold")
    cpu_share = ours.median_cpu_s("second workspace") / ours.median_cpu_s("cold")
    copy_s = ours.median_s(COPY)
    print(f"\nA second workspace takes {share:.2f} of the time of the first ({cpu_share:.2f} of")
    print(f"the processor time). `cp` takes {copy_s:.2f} s ({ours.median_cpu_s(COPY):.2f} s) for")
    print(f"its files alone, which is {copy_s / ours.median_s('cold'):.2f} of the first.")


def _print_sizes(
    label: str, figures: Mapping[str, Figures], ours: str, sizes_kb: list[list[int]]
) -> None:
    sizes = dict(zip(figures, (statistics.median(each) / 1024 for each in sizes_kb), strict=True))
    best = min((size for name, size in sizes.items() if name != ours), default=0.0)
    cells = (f"{size:.1f} MB" for size in sizes.values())
    _print_row(f"disk: {label}", cells, _ratio(sizes[ours], best))


def _print_row(label: str, cells: Iterable[str], ratio: str) -> None:
    print(f"| {label} | " + "".join(f"{cell} | " for cell in cells) + f"{ratio} |")


def _ratio(value: float, other: float) -> str:
    return f"{value / other:.2f}" if other else "-"


def _watch(pid: int) -> float:
    """Return the most memory (MB) that a process had until it ended."""
    most_kb = 0
    ended = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        while not poll.poll(_SAMPLE_MS):
            text = Path(f"/proc/{pid}/status").read_text()
            lines = (line.split() for line in text.splitlines() if line.startswith("VmHWM:"))
            most_kb = max((int(words[1]) for words in lines), default=most_kb)
    finally:
        os.close(ended)
    return most_kb / 1024
