# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A runner that plays a console by script, and a reporter that remembers."""

from collections.abc import Callable, Iterable
from pathlib import Path

from sel4build.model.command import Command, Outcome


class ConsoleRunner:
    """Feeds its pieces to whoever watches, then ends the way it was told to."""

    def __init__(
        self, pieces: Iterable[str], *, returncode: int = 0, times_out: bool = False
    ) -> None:
        self.pieces = tuple(pieces)
        self.returncode = returncode
        self.times_out = times_out
        self.commands: list[Command] = []
        self.timeouts: list[float | None] = []
        self.num_taken = 0

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
        """Play the console."""
        assert on_line is None
        assert silence_s is None
        self.commands.append(command)
        self.timeouts.append(timeout_s)
        was_stopped = False
        for piece in self.pieces:
            self.num_taken += 1
            if log_file is not None:
                with log_file.open("a") as log:
                    log.write(piece)
            if watch is not None and watch(piece):
                was_stopped = True
                break
        return Outcome(
            command=command,
            returncode=-2 if was_stopped or self.times_out else self.returncode,
            output="".join(self.pieces),
            duration_s=1.5,
            timed_out=self.times_out and not was_stopped,
            log_file=log_file,
        )
