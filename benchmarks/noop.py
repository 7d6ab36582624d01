# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a build with nothing to do costs, against bare ninja in the same build tree.

    python benchmarks/noop.py [RUNS]

Makes a workspace of the bundled app in a temporary folder. Needs a cross compiler, as any build.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from measure import print_against, time_in_turn

PLATFORM = "qemu-arm-virt"


def main(runs: int) -> None:
    """Print the table."""
    programs = Path(sys.executable).parent
    ours = str(programs / "sel4build")
    with tempfile.TemporaryDirectory(prefix="sel4build-noop-") as folder:
        workspace = Path(folder) / "workspace"
        for argv in (
            (ours, "init", "--quiet", "--app", "bringup", "--platform", PLATFORM, str(workspace)),
            (ours, "build", "--quiet", "-C", str(workspace)),
        ):
            subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
        (build_dir,) = (workspace / "build").iterdir()
        commands = {
            "ninja": (str(programs / "ninja"), "-C", str(build_dir)),
            "sel4build build": (ours, "build"),
            "sel4build build --quiet": (ours, "build", "--quiet"),
        }
        print_against(time_in_turn(commands, runs=runs, cwd=workspace), "ninja")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
