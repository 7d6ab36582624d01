# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Start the program: answer at once what needs no imports, hand over everything else.

`--version`, a build or a sync with nothing to do, and the steps of the outer graph are answered
before the command-line library is loaded, which costs more than all of them together.
"""

import os
import sys

# With nothing to do these options of `sync` change nothing: no network, no look at the manifest.
_SAME_WHEN_FRESH = frozenset({"--frozen", "--offline"})


def main() -> int:
    """Run the command line of this process and return its exit code."""
    _open_closed_streams()
    argv = sys.argv[1:]
    if argv == ["--version"]:
        from sel4build import __version__

        sys.stdout.write(f"sel4build {__version__}\n")
        return 0
    if argv and argv[0] == "step":
        from sel4build.cli.step import main as step_main

        return step_main(argv[1:])
    if argv and argv[0] == "build":
        from sel4build.cli.fresh import answer_if_fresh

        if answer_if_fresh(argv[1:]):
            return 0
    if argv and argv[0] == "sync" and _SAME_WHEN_FRESH.issuperset(argv[1:]):
        from sel4build.cli.fresh_sync import answer_if_synced

        if answer_if_synced():
            return 0
    from sel4build.cli.main import main as full_main

    return full_main(argv)


def _open_closed_streams() -> None:
    """Let streams that were closed lead nowhere, and not into the next file that is opened."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115, PTH123  for the whole process
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115, PTH123  as above
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115, PTH123  as above


if __name__ == "__main__":
    sys.exit(main())
