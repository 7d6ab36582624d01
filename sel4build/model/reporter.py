# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""How work tells of its progress without knowing who listens."""

from enum import StrEnum
from typing import Protocol


class TaskEnd(StrEnum):
    """How a task came to its end."""

    DONE = "done"
    FRESH = "up to date"
    FAILED = "failed"
    SKIPPED = "skipped"


class Reporter(Protocol):
    """Listens to progress. Calls may come from several threads.

    A task has a title that is unique while it runs, such as `sync` or `build vm_minimal@tx2`.
    """

    def start(self, task: str, *, total: int | None = None) -> None:
        """Tell that `task` begins, with `total` steps when that is known."""

    def progress(self, task: str, *, done: int, total: int | None, detail: str) -> None:
        """Tell how many of the steps of `task` are done, and what is being done now."""

    def finish(self, task: str, *, end: TaskEnd = TaskEnd.DONE, detail: str = "") -> None:
        """Tell that `task` has ended."""

    def note(self, text: str) -> None:
        """Say something worth knowing once."""

    def warn(self, text: str) -> None:
        """Say something that the user should look at."""


class SilentReporter:
    """Listens to nothing; the default where no console is wanted."""

    def start(self, task: str, *, total: int | None = None) -> None:
        """Ignore the start of a task."""

    def progress(self, task: str, *, done: int, total: int | None, detail: str) -> None:
        """Ignore a step."""

    def finish(self, task: str, *, end: TaskEnd = TaskEnd.DONE, detail: str = "") -> None:
        """Ignore the end of a task."""

    def note(self, text: str) -> None:
        """Ignore a note."""

    def warn(self, text: str) -> None:
        """Ignore a warning."""
