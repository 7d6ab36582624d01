# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Time whole commands in turn, so that a machine whose speed drifts favours none of them."""

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


def time_in_turn(
    commands: Mapping[str, Sequence[str]], *, runs: int, cwd: Path | None = None
) -> dict[str, list[float]]:
    """Run each command once uncounted, then all of them in turn; return milliseconds by name."""
    for argv in commands.values():
        _run(argv, cwd)
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, argv in commands.items():
            started = time.perf_counter()
            _run(argv, cwd)
            times[name].append((time.perf_counter() - started) * 1000)
    return times


def print_against(times: Mapping[str, Sequence[float]], base: str) -> None:
    """Print median, spread and the difference to `base`, pair by pair."""
    print(f"{'command':<34}{'median ms':>10}{'min':>8}{'max':>8}{f'more than {base}':>26}")
    for name, values in times.items():
        more = statistics.median(
            value - other for value, other in zip(values, times[base], strict=True)
        )
        print(
            f"{name:<34}{statistics.median(values):>10.1f}{min(values):>8.1f}"
            f"{max(values):>8.1f}{more:>26.1f}"
        )


def _run(argv: Sequence[str], cwd: Path | None) -> None:
    subprocess.run(
        argv,
        cwd=cwd,
        check=True,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=os.environ,
    )
