# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What it costs to start the program, against a Python that does nothing.

python benchmarks/startup.py [RUNS]
"""

import sys
from pathlib import Path

from measure import print_against, time_in_turn


def main(runs: int) -> None:
    """Print the table."""
    program = str(Path(sys.executable).with_name("sel4build"))
    commands = {
        "python -c pass": (sys.executable, "-c", "pass"),
        "sel4build --version": (program, "--version"),
        "sel4build --help": (program, "--help"),
        "sel4build list platforms": (program, "list", "platforms"),
    }
    print_against(time_in_turn(commands, runs=runs), "python -c pass")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
