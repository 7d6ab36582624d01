# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The hidden command `step`, which the outer ninja runs for every edge."""

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from sel4build.api.context import Context
from sel4build.api.steps import run_step
from sel4build.console.relay import PipeReporter, listening_reporter
from sel4build.console.render import render_error
from sel4build.console.style import Palette
from sel4build.errors import ExitCode, InternalError, Sel4BuildError
from sel4build.writing import explain_os_error


def main(argv: Sequence[str]) -> int:
    """Run one step in the current folder, the workspace's root; return its exit code."""
    parser = argparse.ArgumentParser(prog="sel4build step", allow_abbrev=False)
    parser.add_argument("--data-dir", action="append", default=[], type=Path)
    parser.add_argument("name")
    parser.add_argument("target", nargs="?")
    words = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    reporter = listening_reporter(os.environ)
    context = Context(
        environ=dict(os.environ),
        cwd=Path.cwd(),
        reporter=reporter,
        overlays=tuple(words.data_dir),
    )
    try:
        try:
            run_step(context, words.name, words.target)
        except OSError as error:
            raise explain_os_error(error, Path(error.filename or ".")) from error
    except Sel4BuildError as error:
        return _tell(error, reporter, target=words.target)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as bug:  # noqa: BLE001 - the last resort, as in the driver
        lines = tuple("".join(traceback.format_exception(bug)).splitlines())
        message = f"internal error of sel4build in step `{words.name}`"
        internal = InternalError(message, details=lines, hint="report it")
        return _tell(internal, reporter, target=words.target)
    return ExitCode.OK


def _tell(error: Sel4BuildError, reporter: PipeReporter, *, target: str | None) -> ExitCode:
    """Hand `error` to the driver, or print it where there is none; return its exit code."""
    if not reporter.send_error(error, target=target):
        sys.stderr.write(render_error(error, Palette(enabled=False)))
    return error.exit_code


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
