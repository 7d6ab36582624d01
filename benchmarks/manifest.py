# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a manifest costs by the number of its projects: processor time of each step, and memory.

python benchmarks/manifest.py [COUNT...]
"""

import itertools
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sel4build.lock import parse_lock, plan_lock, render_lock
from sel4build.manifest import ManifestFiles, load_manifest
from sel4build.model.lock import Lock, ManifestOrigin
from sel4build.model.workspace import Workspace
from sel4build.workspace.observe import observe_workspace
from sel4build.workspace.plan import plan_sync

_COUNTS = ("1000", "10000", "40000")


def main(words: list[str]) -> None:
    """Print a line for each count, each from a process of its own."""
    print(f"{'projects':>8}{'load s':>8}{'lock s':>8}{'plan s':>8}{'peak MiB':>10}")
    for count in words or _COUNTS:
        subprocess.run([sys.executable, __file__, "--one", count], check=True)


def _measure(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "default.xml").write_text(_compose(count))
        (root / "w").mkdir()
        times = [time.process_time()]
        url = "https://host.example/org/manifest"
        manifest = load_manifest(ManifestFiles(root_dir=root, file="default.xml", url=url))
        times.append(time.process_time())
        origin = ManifestOrigin(url=url)
        settled = plan_lock(manifest).settled
        lock = Lock(origin=origin, manifest_digest=manifest.digest, projects=settled)
        lock = parse_lock(render_lock(lock), "sel4build.lock")
        times.append(time.process_time())
        plan_sync(lock, observe_workspace(Workspace(root / "w"), lock))
        times.append(time.process_time())
    spent = "".join(f"{end - start:>8.2f}" for start, end in itertools.pairwise(times))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(lock.projects):>8}{spent}{peak:>10.0f}")


def _compose(count: int) -> str:
    projects = "".join(
        f'<project name="g{each % 97}/p{each}" path="d{each % 89}/q{each}" groups="g{each % 7},h"'
        f' revision="{each:040x}"><linkfile src="a" dest="l{each % 53}/x{each}"/></project>'
        for each in range(count)
    )
    changes = "".join(
        f'<extend-project name="g{each % 97}/p{each}" groups="z"/>' for each in range(0, count, 3)
    )
    head = '<remote name="o" fetch="."/><default remote="o" revision="main"/>'
    return f"<manifest>{head}{projects}{changes}</manifest>"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _measure(int(sys.argv[2]))
    else:
        main(sys.argv[1:])
