# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Ways to disturb a run: hold it at a chosen point, fill its disk, take its rights or its tools."""

import contextlib
import errno
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.kit.cli import Started, World
from tests.kit.configurations import write_program

LESS_RIGHTS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
"""Starts a program whose root has to respect the permissions of files."""


class Hold:
    """A point that a program does not pass until it may: it reads from a pipe with a name."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "hold"
        os.mkfifo(self.path)
        self._writing: int | None = None

    @property
    def command(self) -> str:
        """The shell command that waits."""
        return f"cat '{self.path}'"

    def wait(self, run: Started) -> None:
        """Wait until somebody is held; `run` must not end before."""
        while self._writing is None:
            assert run.process.poll() is None, run.rest()
            try:
                self._writing = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                if error.errno != errno.ENXIO:  # nobody reads (fifo(7))
                    raise
                time.sleep(0.01)

    def release(self) -> None:
        """Let pass who is held, and everybody from now on."""
        beside = self.path.with_suffix(".open")
        beside.write_text("")
        beside.replace(self.path)
        if self._writing is not None:
            os.close(self._writing)
            self._writing = None


def holding_git(
    world: World, folder: Path, hold: Hold, *, before: str = "", after: str = ""
) -> World:
    """Return a world whose git waits before or after it does what a subcommand says."""
    git = shutil.which("git")
    body = f"""
        is() {{ [ -n "$1" ] && case " $words " in *" $1 "*) true;; *) false;; esac; }}
        words="$*"
        is "{before}" && {hold.command}
        '{git}' "$@"; status=$?
        is "{after}" && {hold.command}
        exit $status"""
    write_program(folder / "bin" / "git", body)
    return world.having(PATH=f"{folder / 'bin'}:{world.environ['PATH']}")


@contextlib.contextmanager
def small_disk(folder: Path, *, size_kib: int) -> Iterator[bool]:
    """Mount a small file system at `folder`; yields whether this host lets us."""
    folder.mkdir()
    argv = ("mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "none", str(folder))
    is_mounted = subprocess.run(argv, check=False, capture_output=True).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(("umount", "--lazy", str(folder)), check=True)


def fill_disk(folder: Path, *, leaving_kib: int) -> Path:
    """Write a file that leaves only so much space, and return it."""
    free = os.statvfs(folder)
    ballast = folder / ".ballast"
    size = free.f_bavail * free.f_frsize - leaving_kib * 1024
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    return ballast
