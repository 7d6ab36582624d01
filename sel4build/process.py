# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Start other programs: the only module that does.

A program gets no standard input, its output comes through a pipe (a CAmkES step reopens
`/dev/stdout`, which truncates a regular file), and it runs in a session of its own, so
that an interrupt reaches it from here, in stages, and never behind our back.
"""

import codecs
import contextlib
import errno
import logging
import os
import selectors
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from io import FileIO
from pathlib import Path
from typing import Protocol

from sel4build.errors import EnvironmentLacksError
from sel4build.model.command import Command, Outcome

_LOG = logging.getLogger(__name__)
_TAIL_BYTES = 256 * 1024
_STAGES = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
_NOT_FOUND = 127  # POSIX sh, section 2.8.2
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_WORDS = tuple(os.strerror(number) for number in sorted(_DISK_FULL))


class Runner(Protocol):
    """Runs commands to their end."""

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
        """Run `command` and return how it ended.

        `on_line` gets each line of output without its end. `watch` gets each piece of output as
        it arrives, prompts included, and ends the program by returning true. All output is
        appended to `log_file`. The program is stopped after `timeout_s`, or when it has written
        nothing for `silence_s`. Raises EnvironmentLacksError when the program cannot be started.
        """


class SubprocessRunner:
    """The real runner. One instance may serve several threads."""

    def __init__(self, *, patience_s: float = 3.0) -> None:
        """Start with no program running; `patience_s` is the time that each stage gives it."""
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._interrupted = False

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
        """Run `command`; see `Runner.run`."""
        _LOG.debug("run %s", command)
        started = time.monotonic()
        with _opened_log(log_file, command) as log, self._started(command) as process:
            reader = _OutputReader(on_line=on_line, watch=watch, log=log)
            deadline = None if timeout_s is None else started + timeout_s
            end = reader.drain(process, deadline, silence_s=silence_s)
            if end != "eof":
                _stop(process, self._patience_s)
                reader.finish(process)
            elif not _ends_by(process, deadline):
                end = "timeout"
                _stop(process, self._patience_s)
            returncode = process.wait()
        duration_s = time.monotonic() - started
        _LOG.debug("ended with %d after %.2f s", returncode, duration_s)
        return Outcome(
            command=command,
            returncode=returncode,
            output=reader.tail,
            duration_s=duration_s,
            timed_out=end in {"timeout", "silence"},
            silence_s=silence_s if end == "silence" else None,
            log_file=log_file,
        )

    def interrupt(self) -> None:
        """End every running program in stages, and refuse to start another."""
        with self._lock:
            self._interrupted = True
            running = tuple(self._running)
        for process in running:
            _stop(process, self._patience_s)

    def _start(self, command: Command) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._interrupted:
                raise KeyboardInterrupt
            process = _popen(command)
            self._running.add(process)
            return process

    @contextlib.contextmanager
    def _started(self, command: Command) -> Iterator[subprocess.Popen[bytes]]:
        process: subprocess.Popen[bytes] | None = None
        try:
            process = self._start(command)
            yield process
        except BaseException:
            if process is not None:
                _stop(process, self._patience_s)
            raise
        finally:
            if process is not None:
                with self._lock:
                    self._running.discard(process)
                if process.stdout is not None:
                    process.stdout.close()


def find_program(name: str, environ: Mapping[str, str]) -> Path | None:
    """Find `name` on the PATH of `environ`; a name with a slash is looked up as a path."""
    found = shutil.which(name, path=environ.get("PATH", os.defpath))
    # PATH may name folders relative to here, and a program is mostly started elsewhere.
    return Path(found).absolute() if found else None


def ran_out_of_space(outcome: Outcome) -> bool:
    """Tell whether a failed program said that the disk is full (strerror of ENOSPC, EDQUOT)."""
    return any(words in outcome.output for words in _FULL_WORDS)


def explain_status(outcome: Outcome) -> str:
    """Say in words how a failed process ended."""
    if outcome.silence_s is not None:
        return f"was stopped after {outcome.silence_s:g} s without a sign of life"
    if outcome.timed_out:
        return f"was stopped after {outcome.duration_s:.0f} s"
    if outcome.returncode < 0:
        return f"was ended by {_signal_name(-outcome.returncode)}"
    if outcome.returncode == _NOT_FOUND:
        return "ended with status 127 (a program was not found)"
    return f"ended with status {outcome.returncode}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # most real-time signals have no name
        return f"signal {number}"


def _popen(command: Command) -> subprocess.Popen[bytes]:
    program = command.argv[0]
    try:
        return subprocess.Popen(
            command.argv,
            cwd=command.cwd,
            env=dict(command.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # The workspace lock stays with our children: see workspace.locking.
            close_fds=False,
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        if not command.cwd.is_dir():
            message = f"directory `{command.cwd}` does not exist"
            raise EnvironmentLacksError(message) from error
        if "/" in program and (command.cwd / program).is_file():
            # execve(2): ENOENT stands for the script's or the ELF file's interpreter as well.
            message = f"program `{program}` cannot be started: its interpreter was not found"
            raise EnvironmentLacksError(message) from error
        message = f"program `{program}` was not found"
        raise EnvironmentLacksError(
            message, hint=f"install `{program}`, or put its folder on PATH"
        ) from error
    except OSError as error:
        message = f"program `{program}` cannot be started: {error.strerror}"
        raise EnvironmentLacksError(message) from error


def _stop(process: subprocess.Popen[bytes], patience_s: float) -> None:
    """End `process` and its group: ask, insist, kill. Ctrl-C meanwhile goes to the next stage."""
    impatience: KeyboardInterrupt | None = None
    for stage in _STAGES:
        try:
            if process.poll() is not None:
                break
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, stage)
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            continue
        except KeyboardInterrupt as again:
            impatience = again
    # What outlived its parent in the same group has no one left to talk to.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if impatience is not None:
        raise impatience


def _ends_by(process: subprocess.Popen[bytes], deadline: float | None) -> bool:
    """Wait for a program that has closed its output; tell whether it ended in time."""
    try:
        process.wait(None if deadline is None else max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


@contextlib.contextmanager
def _opened_log(log_file: Path | None, command: Command) -> Iterator["_Log | None"]:
    if log_file is None:
        yield None
        return
    with _explaining_log_errors(log_file):
        log_file.parent.mkdir(parents=True, exist_ok=True)
        stream = log_file.open("ab", buffering=0)
    with stream:
        log = _Log(log_file, stream)
        log.write(f"$ {command}\n".encode(errors="surrogateescape"))
        yield log


@contextlib.contextmanager
def _explaining_log_errors(log_file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _DISK_FULL:
            message = f"no space left on the disk of `{log_file.parent}`"
            hint = "free some space, then run it again"
            raise EnvironmentLacksError(message, hint=hint) from error
        message = f"log `{log_file}` cannot be written: {error.strerror}"
        raise EnvironmentLacksError(message) from error


class _Log:
    """A log file that takes every byte or says why it cannot."""

    def __init__(self, path: Path, stream: FileIO) -> None:
        self._path = path
        self._stream = stream

    def write(self, piece: bytes) -> None:
        with _explaining_log_errors(self._path):
            # A disk that is almost full takes a part (write(2)), and says so at the next write.
            while piece:
                piece = piece[self._stream.write(piece) :]


class _OutputReader:
    """Deals the output of one process to those who listen."""

    def __init__(
        self,
        *,
        on_line: Callable[[str], None] | None,
        watch: Callable[[str], bool] | None,
        log: _Log | None,
    ) -> None:
        self._on_line = on_line
        self._watch = watch
        self._log = log
        self._kept = bytearray()
        self._line = b""
        # A piece may end in the middle of a character.
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def tail(self) -> str:
        """The last part of the output."""
        return self._kept.decode("utf-8", "replace")

    def drain(
        self,
        process: subprocess.Popen[bytes],
        deadline: float | None,
        *,
        silence_s: float | None = None,
    ) -> str:
        """Read until the end; return why: `eof`, `watch`, `timeout` or `silence`."""
        if process.stdout is None:
            raise AssertionError
        descriptor = process.stdout.fileno()
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while True:
                left_s = None if deadline is None else max(0.0, deadline - time.monotonic())
                waits = [each for each in (left_s, silence_s) if each is not None]
                if not selector.select(min(waits, default=None)):
                    if left_s is not None and left_s == min(waits):
                        return "timeout"
                    if process.poll() is None:
                        return "silence"
                    self._flush_line()  # something that it has left behind holds the pipe
                    return "eof"
                piece = os.read(descriptor, 65536)
                if not piece:
                    self._flush_line()
                    return "eof"
                if self._take(piece):
                    return "watch"

    def finish(self, process: subprocess.Popen[bytes]) -> None:
        """Take what a program that was stopped has said meanwhile."""
        self._watch = None
        if self.drain(process, time.monotonic()) != "eof":
            self._flush_line()

    def _take(self, piece: bytes) -> bool:
        if self._log is not None:
            self._log.write(piece)
        self._kept += piece
        if len(self._kept) > _TAIL_BYTES:
            del self._kept[: len(self._kept) - _TAIL_BYTES]
        if self._on_line is not None:
            *lines, self._line = (self._line + piece).split(b"\n")
            for line in lines:
                self._on_line(line.decode("utf-8", "replace").rstrip("\r"))
        return self._watch is not None and self._watch(self._decoder.decode(piece))

    def _flush_line(self) -> None:
        if self._on_line is not None and self._line:
            self._on_line(self._line.decode("utf-8", "replace").rstrip("\r"))
