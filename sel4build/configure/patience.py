# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""How long programs of this host are waited for while it is looked at."""

from collections.abc import Callable
from pathlib import Path

from sel4build.model.command import Command, Outcome
from sel4build.process import Runner, explain_status

ANSWER_LIMIT_S = 5.0
"""For a version or another sign of life."""
COMPILE_LIMIT_S = 10.0
"""For the few lines that a compiler is tried with, and for Python to import packages."""


def explain_answer(outcome: Outcome, limit_s: float) -> str:
    """Say in words how a program that was asked something, for `limit_s` at most, has ended."""
    if outcome.timed_out:
        return f"did not answer within {limit_s:g} s"
    return explain_status(outcome)


class ImpatientRunner:
    """Runs programs, and waits once only for one that does not answer.

    Many targets ask the same compiler: one that hangs is to cost its limit once, not for each.
    """

    def __init__(self, runner: Runner) -> None:
        """Run by means of `runner`."""
        self._runner = runner
        self._silent: set[str] = set()

    def run(
        self,
        command: Command,
        *,
        on_line: Callable[[str], None] | None = None,
        watch: Callable[[str], bool] | None = None,
        log_file: Path | None = None,
        timeout_s: float | None = None,
        silence_s: float | None = None,
    ) -> Outcome:
        """Run `command`, see `Runner.run`, unless its program was waited for in vain before."""
        program = command.argv[0]
        if program in self._silent:
            return Outcome(
                command=command, returncode=-9, output="", duration_s=0.0, timed_out=True
            )
        outcome = self._runner.run(
            command,
            on_line=on_line,
            watch=watch,
            log_file=log_file,
            timeout_s=timeout_s,
            silence_s=silence_s,
        )
        if outcome.timed_out:
            self._silent.add(program)
        return outcome
