# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Listeners and runners that record what they were asked, and answer by table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sel4build.errors import EnvironmentLacksError
from sel4build.model.command import Command, Outcome
from sel4build.model.reporter import TaskEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a faked program does."""

    output: str = ""
    returncode: int = 0
    timed_out: bool = False
    does: Callable[[Command], None] | None = None
    """What it leaves behind."""
    missing: bool = False
    """It cannot be started."""


@dataclass(slots=True)
class FakeRunner:
    """Answers by the name of the program; an unknown one does nothing and succeeds."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)

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
        """Record `command` and give the answer of its program."""
        del timeout_s, silence_s
        self.commands.append(command)
        answer = self.answers.get(Path(command.argv[0]).name, Answer())
        if answer.missing:
            message = f"program `{command.argv[0]}` was not found"
            raise EnvironmentLacksError(message)
        if answer.does is not None:
            answer.does(command)
        for line in answer.output.splitlines():
            if on_line is not None:
                on_line(line)
        if watch is not None:
            watch(answer.output)
        return Outcome(
            command=command,
            returncode=answer.returncode,
            output=answer.output,
            duration_s=1.0,
            timed_out=answer.timed_out,
            log_file=log_file,
        )

    @property
    def programs(self) -> tuple[str, ...]:
        """The names of the programs that were run, in order."""
        return tuple(Path(command.argv[0]).name for command in self.commands)


@dataclass(slots=True)
class Recorder:
    """A Reporter that keeps every event as one line."""

    events: list[str] = field(default_factory=list)

    def start(self, task: str, *, total: int | None = None) -> None:
        """Keep the start of a task."""
        self.events.append(f"start {task} of {total}")

    def progress(self, task: str, *, done: int, total: int | None, detail: str) -> None:
        """Keep a step."""
        self.events.append(f"progress {task} {done}/{total} {detail}")

    def finish(self, task: str, *, end: TaskEnd = TaskEnd.DONE, detail: str = "") -> None:
        """Keep the end of a task."""
        self.events.append(f"finish {task}: {end}, {detail}")

    def note(self, text: str) -> None:
        """Keep a note."""
        self.events.append(f"note {text}")

    def warn(self, text: str) -> None:
        """Keep a warning."""
        self.events.append(f"warn {text}")

    @property
    def warnings(self) -> tuple[str, ...]:
        """The texts of the warnings."""
        return tuple(
            event.removeprefix("warn ") for event in self.events if event.startswith("warn ")
        )
