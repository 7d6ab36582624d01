# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""One way in and one way out: every exception becomes a message and an exit code here."""

import itertools
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import typer

from sel4build.cli.app import app
from sel4build.cli.completing import completing_whole_words
from sel4build.cli.hoisting import hoist_global_options, split_cmake_words
from sel4build.cli.session import GlobalOptions, Invocation
from sel4build.errors import (
    ExitCode,
    InternalError,
    InterruptedByUserError,
    Sel4BuildError,
    UsageError,
)
from sel4build.writing import explain_os_error


def main(argv: Sequence[str]) -> int:
    """Run the command line `argv` (without the program's name) and return the exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    words, cmake_words = split_cmake_words(hoist_global_options(argv))
    # Known before they are read, so that what is wrong with them is told in that form too.
    before = itertools.takewhile(lambda word: word != "--", words)
    invocation = Invocation(options=GlobalOptions(json="--json" in before), cmake_words=cmake_words)
    try:
        return _run(words, invocation)
    except Sel4BuildError as error:
        invocation.show_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        interrupted = InterruptedByUserError(
            "interrupted", hint="run the same command again; it goes on where it stopped"
        )
        invocation.show_error(interrupted)
        return interrupted.exit_code
    except OSError as error:
        explained = explain_os_error(error, Path(str(error.filename or ".")))
        invocation.show_error(explained)
        return explained.exit_code
    except Exception:  # noqa: BLE001 - the last resort: a bug of ours becomes exit code 70
        traceback.print_exc()
        command = " ".join(("sel4build", *argv))
        internal = InternalError(
            "internal error of sel4build",
            hint=f"report it with the text above and the command `{command}`",
        )
        invocation.show_error(internal)
        return internal.exit_code


def _run(words: Sequence[str], invocation: Invocation) -> int:
    try:
        with completing_whole_words(os.environ):
            code = app(list(words), standalone_mode=False, prog_name="sel4build", obj=invocation)
    except typer.TyperException as refusal:
        message = refusal.format_message()
        if message.startswith("Usage:"):  # no arguments at all: the help is the message
            sys.stderr.write(message + "\n")
            return ExitCode.USAGE
        context: typer.Context | None = getattr(refusal, "ctx", None)
        command = context.command_path if context is not None else "sel4build"
        raise UsageError(message, hint=f"see `{command} --help`") from refusal
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort as abort:
        raise KeyboardInterrupt from abort
    if code == ExitCode.INTERRUPTED:  # Typer's way to say that there was a Ctrl-C
        raise KeyboardInterrupt
    return code if isinstance(code, int) else ExitCode.OK


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    """Treat SIGTERM like Ctrl-C."""
    raise KeyboardInterrupt
