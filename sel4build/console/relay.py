# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Carry progress, and the error that ends it, from a step of the outer graph to its driver.

The driver makes a pipe whose writing end reaches every step through ninja; a step writes one JSON
object a line. A line is no longer than PIPE_BUF, so that lines of parallel steps never mix (POSIX,
write()); a longer object travels in parts.
"""

import contextlib
import json
import os
import select
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sel4build.errors import ExitCode, Sel4BuildError, Span
from sel4build.model.reporter import Reporter, TaskEnd

VARIABLE = "SEL4BUILD_PROGRESS_FD"
"""Environment variable that holds the number of the writing end."""

_LONGEST_TEXT = 200
# Characters of ASCII: quoted once more, each takes two bytes at most.
_PART_LENGTH = (select.PIPE_BUF - 200) // 2


class RelayedError(Sel4BuildError):
    """An error of another process of ours, as it was there; `target` is whose step raised it."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        """Rebuild the error from its record."""
        log_file = record.get("log_file")
        super().__init__(
            str(record["message"]),
            span=Span(**record["span"]) if record.get("span") else None,
            hint=record.get("hint"),
            details=tuple(record.get("details", ())),
            log_file=Path(log_file) if log_file else None,
        )
        self.target: str | None = record.get("target")
        # The class attribute says what kind of error this is; here it came over the wire.
        self.exit_code = ExitCode(record["exit_code"])  # type: ignore[misc]  # see above


@dataclass(frozen=True, slots=True)
class PipeReporter:
    """The step's end: writes every event to the pipe, or nowhere when nobody listens."""

    descriptor: int | None

    def start(self, task: str, *, total: int | None = None) -> None:
        """Tell the driver that `task` begins."""
        self._send({"do": "start", "task": task, "total": total})

    def progress(self, task: str, *, done: int, total: int | None, detail: str) -> None:
        """Tell the driver where `task` is."""
        detail = detail[:_LONGEST_TEXT]
        self._send({"do": "progress", "task": task, "done": done, "total": total, "detail": detail})

    def finish(self, task: str, *, end: TaskEnd = TaskEnd.DONE, detail: str = "") -> None:
        """Tell the driver how `task` ended."""
        self._send({"do": "finish", "task": task, "end": end, "detail": detail[:_LONGEST_TEXT]})

    def note(self, text: str) -> None:
        """Pass on a note."""
        self._send({"do": "note", "text": text[:_LONGEST_TEXT]})

    def warn(self, text: str) -> None:
        """Pass on a warning."""
        self._send({"do": "warn", "text": text[:_LONGEST_TEXT]})

    def send_error(self, error: Sel4BuildError, *, target: str | None = None) -> bool:
        """Pass on the error that ends this step of `target`; tell whether somebody listens."""
        if self.descriptor is None:
            return False
        span = error.span
        return self._send(
            {
                "do": "error",
                "target": target,
                "message": error.message,
                "span": None
                if span is None
                else {"file": span.file, "line": span.line, "column": span.column, "key": span.key},
                "hint": error.hint,
                "details": error.details,
                "log_file": None if error.log_file is None else str(error.log_file),
                "exit_code": int(error.exit_code),
            }
        )

    def _send(self, record: Mapping[str, object]) -> bool:
        if self.descriptor is None:
            return False
        try:
            for line in _lines_of(record):
                os.write(self.descriptor, line)
        except OSError:  # the driver has gone; the step's own exit status still counts
            return False
        return True


@dataclass(slots=True)
class Relay:
    """The driver's end: hands every event on to its own reporter and keeps the errors."""

    reporter: Reporter
    errors: list[RelayedError] = field(default_factory=list)
    _parts: dict[str, str] = field(default_factory=dict)
    """By sender: the beginning of an object that is not complete yet."""

    def take(self, line: bytes) -> None:
        """Read one line; what is not ours is dropped.

        A console that has gone is no reason to stop reading: steps would block on a full pipe.
        """
        with contextlib.suppress(ValueError, KeyError, TypeError, OSError):
            record = json.loads(line)
            if isinstance(record, dict):
                self._dispatch(record)

    def _dispatch(self, record: dict[str, Any]) -> None:
        match record.pop("do"):
            case "start":
                self.reporter.start(record["task"], total=record["total"])
            case "progress":
                self.reporter.progress(
                    record["task"],
                    done=record["done"],
                    total=record["total"],
                    detail=record["detail"],
                )
            case "finish":
                self.reporter.finish(
                    record["task"], end=TaskEnd(record["end"]), detail=record["detail"]
                )
            case "note":
                self.reporter.note(record["text"])
            case "warn":
                self.reporter.warn(record["text"])
            case "error":
                self.errors.append(RelayedError(record))
            case "part":
                sender = record["sender"]
                self._parts[sender] = self._parts.get(sender, "") + record["text"]
            case "end":
                self._dispatch(json.loads(self._parts.pop(record["sender"])))
            case _:
                pass


def listening_reporter(environ: Mapping[str, str]) -> PipeReporter:
    """Return the reporter of a step: it speaks to the driver that `environ` names, if any."""
    text = environ.get(VARIABLE, "")
    if not text.isascii() or not text.isdigit():
        return PipeReporter(None)
    descriptor = int(text)
    try:
        os.fstat(descriptor)
    except (OSError, OverflowError):
        return PipeReporter(None)
    return PipeReporter(descriptor)


@contextlib.contextmanager
def relaying(relay: Relay) -> Iterator[Mapping[str, str]]:
    """Listen while the context lasts; yields the variables that steps need."""
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)  # noqa: FBT003 - the signature of os
    done = threading.Event()
    thread = threading.Thread(target=_listen, args=(reading, relay, done), daemon=True)
    thread.start()
    try:
        yield {VARIABLE: str(writing)}
    finally:
        os.close(writing)
        done.set()
        thread.join()
        os.close(reading)


def _listen(descriptor: int, relay: Relay, done: threading.Event) -> None:
    rest = b""
    while True:
        readable, _, _ = select.select([descriptor], [], [], 0.05)
        if not readable:
            # A step that outlived its driver's wish may hold the pipe open: do not wait for it.
            if done.is_set():
                return
            continue
        piece = os.read(descriptor, 65536)
        if not piece:
            return
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            relay.take(line)


def _lines_of(record: Mapping[str, object]) -> Iterator[bytes]:
    """Yield `record` as lines that fit into one write each."""
    text = json.dumps(record)
    if len(text) < select.PIPE_BUF:
        yield text.encode() + b"\n"
        return
    sender = f"{os.getpid()}-{threading.get_native_id()}"
    for start in range(0, len(text), _PART_LENGTH):
        part = {"do": "part", "sender": sender, "text": text[start : start + _PART_LENGTH]}
        yield json.dumps(part).encode() + b"\n"
    yield json.dumps({"do": "end", "sender": sender}).encode() + b"\n"
