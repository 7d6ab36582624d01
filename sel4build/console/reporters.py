# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The listeners: a live line on a terminal, plain lines in a pipe, folded groups on GitHub."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TextIO

from sel4build.console.controls import strip_controls
from sel4build.console.style import Colour, Palette
from sel4build.model.reporter import Reporter, TaskEnd

_REDRAW_S = 0.1
_PLAIN_EVERY_S = 5.0


class ReporterKind(StrEnum):
    """How progress is shown."""

    LIVE = "live"
    PLAIN = "plain"
    GITHUB = "github"
    QUIET = "quiet"


@dataclass(slots=True)
class _Task:
    started_s: float
    told_s: float
    total: int | None = None
    done: int = 0
    detail: str = ""


@dataclass(slots=True, kw_only=True)
class PlainReporter:
    """Writes a line when a task starts and ends, and one every few seconds in between."""

    stream: TextIO
    palette: Palette
    clock: Callable[[], float] = time.monotonic
    warned: list[str] = field(default_factory=list)
    """What was worth looking at, for `--json`."""
    _tasks: dict[str, _Task] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def start(self, task: str, *, total: int | None = None) -> None:
        """Write that `task` begins."""
        with self._lock:
            now = self.clock()
            self._tasks[task] = _Task(started_s=now, told_s=now, total=total)
            self._begin(task)

    def progress(self, task: str, *, done: int, total: int | None, detail: str) -> None:
        """Write where `task` is, but not too often."""
        with self._lock:
            state = self._tasks.get(task)
            if state is None:
                return
            state.done, state.total, state.detail = done, total, strip_controls(detail)
            now = self.clock()
            if now - state.told_s >= self._interval_s():
                state.told_s = now
                self._step(task, state)

    def finish(self, task: str, *, end: TaskEnd = TaskEnd.DONE, detail: str = "") -> None:
        """Write how `task` ended and how long it took."""
        with self._lock:
            state = self._tasks.pop(task, None)
            seconds = self.clock() - state.started_s if state else 0.0
            colour = Colour.ERROR if end is TaskEnd.FAILED else Colour.GOOD
            said = f"{task}: {self.palette.paint(end.value, colour)}"
            if detail:
                said += f", {detail}"
            self._write(f"{said} ({seconds:.1f} s)")
            self._after(task)

    def note(self, text: str) -> None:
        """Write a line worth knowing."""
        with self._lock:
            self._write(text)

    def warn(self, text: str) -> None:
        """Write a line worth looking at."""
        with self._lock:
            self.warned.append(text)
            self._write(f"{self.palette.paint('warning:', Colour.WARNING)} {text}")

    def _interval_s(self) -> float:
        return _PLAIN_EVERY_S

    def _begin(self, task: str) -> None:
        self._write(f"{task} ...")

    def _step(self, task: str, state: _Task) -> None:
        self._write(f"{task}: {describe_progress(state.done, state.total, state.detail)}")

    def _after(self, task: str) -> None:
        """Do what follows the end of a task."""

    def _write(self, line: str) -> None:
        self.stream.write(line + "\n")
        self.stream.flush()


@dataclass(slots=True, kw_only=True)
class GithubReporter(PlainReporter):
    """Folds each task into a group of the GitHub Actions log.

    Format: GitHub documentation, "Workflow commands". Groups do not nest, so only a task that
    starts while no other runs opens one.
    """

    _open: str | None = None

    def warn(self, text: str) -> None:
        """Write an annotation."""
        with self._lock:
            self.warned.append(text)
            self._write(f"::warning::{escape_annotation(text)}")

    def _begin(self, task: str) -> None:
        if self._open is None:
            self._open = task
            self._write(f"::group::{task}")
        else:
            self._write(f"{task} ...")

    def _after(self, task: str) -> None:
        if self._open == task:
            self._open = None
            self._write("::endgroup::")


@dataclass(slots=True, kw_only=True)
class LiveReporter(PlainReporter):
    """Keeps one line at the foot of a terminal that says what is running."""

    _shown: bool = False

    def _interval_s(self) -> float:
        return _REDRAW_S

    def _begin(self, task: str) -> None:
        self._draw(task, self._tasks[task])

    def _step(self, task: str, state: _Task) -> None:
        self._draw(task, state)

    def _after(self, task: str) -> None:
        others = [each for each in self._tasks.items() if each[0] != task]
        for other, state in others[-1:]:
            self._draw(other, state)

    def _draw(self, task: str, state: _Task) -> None:
        width = _columns(self.stream) - 1
        line = f"{task}: {describe_progress(state.done, state.total, state.detail)}"
        self.stream.write("\r\x1b[K" + self.palette.paint(line[:width], Colour.FAINT))
        self.stream.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the line off the terminal: something else will write there."""
        with self._lock:
            if self._shown:
                self.stream.write("\r\x1b[K")
                self.stream.flush()
                self._shown = False

    def _write(self, line: str) -> None:
        self.clear()
        self.stream.write(line + "\n")
        self.stream.flush()


@dataclass(slots=True, kw_only=True)
class QuietReporter:
    """Tells nothing but warnings."""

    stream: TextIO
    palette: Palette
    warned: list[str] = field(default_factory=list)
    """What was worth looking at, for `--json`."""

    def start(self, task: str, *, total: int | None = None) -> None:
        """Ignore the start of a task."""

    def progress(self, task: str, *, done: int, total: int | None, detail: str) -> None:
        """Ignore a step."""

    def finish(self, task: str, *, end: TaskEnd = TaskEnd.DONE, detail: str = "") -> None:
        """Ignore the end of a task."""

    def note(self, text: str) -> None:
        """Ignore a note."""

    def warn(self, text: str) -> None:
        """Write a line worth looking at."""
        self.warned.append(text)
        self.stream.write(f"{self.palette.paint('warning:', Colour.WARNING)} {text}\n")


def _columns(stream: TextIO) -> int:
    """Return the width of the terminal that `stream` is, which need not be the one of stdout."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        columns = 0
    return columns or shutil.get_terminal_size().columns


def describe_progress(done: int, total: int | None, detail: str) -> str:
    """Return `[done/total] detail`, without the count where there is none."""
    return f"[{done}/{total}] {detail}" if total else detail


def escape_annotation(text: str) -> str:
    """Escape `text` for the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def choose_kind(stream: TextIO, environ: Mapping[str, str], *, quiet: bool) -> ReporterKind:
    """Decide how progress is shown; nothing moves when `quiet` or NO_COLOR asks for calm."""
    if quiet:
        return ReporterKind.QUIET
    if environ.get("GITHUB_ACTIONS") == "true":
        return ReporterKind.GITHUB
    calm = bool(environ.get("NO_COLOR")) or environ.get("TERM") == "dumb"
    return ReporterKind.LIVE if stream.isatty() and not calm else ReporterKind.PLAIN


def make_reporter(kind: ReporterKind, stream: TextIO, palette: Palette) -> Reporter:
    """Return the listener of `kind` that writes to `stream`."""
    makers: dict[ReporterKind, Callable[..., Reporter]] = {
        ReporterKind.LIVE: LiveReporter,
        ReporterKind.PLAIN: PlainReporter,
        ReporterKind.GITHUB: GithubReporter,
        ReporterKind.QUIET: QuietReporter,
    }
    return makers[kind](stream=stream, palette=palette)
