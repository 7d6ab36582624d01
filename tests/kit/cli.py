# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Run the command line: in this process, as a program to its end, or as one to be disturbed."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

from sel4build.cli.main import main
from sel4build.errors import ExitCode

BRINGUP = ("--app", "bringup", "--platform", "qemu-arm-virt")
TARGET = "bringup@qemu-arm-virt"
IMAGE = "bringup-image-arm-qemu-arm-virt"

_PATIENCE_S = 100
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_KEPT = ("PATH", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG", "COVERAGE_RUN")


@dataclass(frozen=True, slots=True, kw_only=True)
class CliOutcome:
    """How a command ended and what it wrote."""

    argv: tuple[str, ...]
    exit_code: int
    stdout: str
    stderr: str

    def ok(self) -> "CliOutcome":
        """Assert that it succeeded, without a word about an error."""
        assert self.exit_code == ExitCode.OK, self
        assert "error:" not in self.stderr, self
        return self

    def object(self, kind: str) -> dict[str, Any]:
        """Assert that stdout is one object of `kind`, and return it."""
        found = json.loads(self.stdout)
        assert isinstance(found, dict)
        assert (found["kind"], found["version"]) == (kind, 1), found
        return found

    def failed(self, code: ExitCode, *naming: str) -> str:
        """Assert that one error line tells of everything in `naming`, and return that line."""
        lines = [line for line in self.stderr.splitlines() if line.startswith("error:")]
        assert (self.exit_code, len(lines)) == (code, 1), self
        for word in naming:
            assert word in lines[0], self
        assert "Traceback" not in self.stderr, self
        return lines[0]

    def plain(self) -> "CliOutcome":
        """Assert that there is no control sequence in what was written."""
        assert not _CONTROLS.search(self.stdout + self.stderr), self
        return self


@dataclass(frozen=True, slots=True)
class World:
    """A host of its own: a home, a cache, and the environment of programs."""

    folder: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """The environment that programs get."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return {
            **kept,
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **self.extra,
        }

    def having(self, **environ: str) -> "World":
        """Return the same world with more variables."""
        return replace(self, extra={**self.extra, **environ})

    def run(self, *argv: str, cwd: Path) -> CliOutcome:
        """Run a command in this process."""
        stdout, stderr = io.StringIO(), io.StringIO()
        before = signal.getsignal(signal.SIGTERM)
        with contextlib.ExitStack() as stack:
            stack.callback(signal.signal, signal.SIGTERM, before)
            stack.enter_context(mock.patch.dict(os.environ, self.environ, clear=True))
            stack.enter_context(contextlib.chdir(cwd))
            stack.enter_context(contextlib.redirect_stdout(stdout))
            stack.enter_context(contextlib.redirect_stderr(stderr))
            code = main(argv)
        return CliOutcome(
            argv=argv, exit_code=code, stdout=stdout.getvalue(), stderr=stderr.getvalue()
        )

    def spawn(
        self,
        *argv: str,
        cwd: Path,
        before: Callable[[], None] | None = None,
        prefix: tuple[str, ...] = (),
    ) -> CliOutcome:
        """Run a command as a program of its own to its end.

        `before` runs in its process first, and the program `prefix` starts it.
        """
        done = subprocess.run(
            (*prefix, *program(*argv)),
            cwd=cwd,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_PATIENCE_S,
            preexec_fn=before,
        )
        return CliOutcome(
            argv=argv,
            exit_code=done.returncode,
            stdout=done.stdout.decode(),
            stderr=done.stderr.decode(),
        )

    @contextlib.contextmanager
    def started(self, *argv: str, cwd: Path) -> Iterator["Started"]:
        """Start a command whose output is read while it runs; it is ended with the body."""
        process = subprocess.Popen(
            program(*argv),
            cwd=cwd,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        with process:
            try:
                yield Started(process)
            finally:
                process.kill()

    def shell(self, script: str, *, cwd: Path) -> str:
        """Run what was pasted into a shell; every line of it has to succeed."""
        done = subprocess.run(
            ("/bin/sh", "-e"),
            input=script.encode(),
            cwd=cwd,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, done.stdout.decode()
        return done.stdout.decode()


@dataclass(slots=True)
class Started:
    """A command under way."""

    process: subprocess.Popen[bytes]
    output: str = ""

    def wait_for_line(self, beginning: str) -> str:
        """Read until a line begins so, and return it."""
        assert self.process.stdout is not None
        for piece in self.process.stdout:
            line = piece.decode()
            self.output += line
            if line.startswith(beginning):
                return line
        raise AssertionError(f"no line begins with {beginning!r}:\n{self.output}")

    def end(self, signum: signal.Signals | None = None) -> int:
        """Send a signal, if any, read the rest, and return the exit code."""
        if signum is not None:
            self.process.send_signal(signum)
        self.rest()
        return self.process.wait(_PATIENCE_S)

    def rest(self) -> str:
        """Read the output to its end, and return all of it."""
        assert self.process.stdout is not None
        self.output += self.process.stdout.read().decode()
        return self.output


def program(*argv: str) -> tuple[str, ...]:
    """Return the command line that starts this program."""
    return (sys.executable, "-P", "-m", "sel4build", *argv)


def bin_folder(folder: Path, *, without: tuple[str, ...] = ()) -> Path:
    """Make a folder with links to every program on PATH but those `without`, to be the PATH."""
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for each in sorted(Path(place).iterdir()) if Path(place).is_dir() else ():
            link = folder / each.name
            if each.name not in without and not link.is_symlink():
                link.symlink_to(each)
    return folder
