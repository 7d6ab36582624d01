# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""One process at a time works in a workspace.

The lock is flock(2) on a file below `.sel4build`. Its descriptor is passed on to every program that
is started, so that what a killed run leaves running keeps the workspace until it ends; a clean end
unlocks it even if some daemon still holds the descriptor.
"""

import contextlib
import dataclasses
import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sel4build.errors import EnvironmentLacksError
from sel4build.model.reporter import Reporter
from sel4build.model.workspace import Workspace
from sel4build.writing import explain_os_error, explaining_os_errors

_FILE = "lock"
_PATIENCE_S = 0.1
_MOST_BYTES = 4096


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who works in a workspace."""

    pid: int
    since: str
    command: str

    def __str__(self) -> str:
        """Name the holder in one phrase."""
        return f"process {self.pid} (`{self.command}`, since {self.since})"


@contextlib.contextmanager
def workspace_lock(
    workspace: Workspace,
    reporter: Reporter,
    *,
    waits: bool = True,
    command: str | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Hold `workspace` for the body; wait for another process, saying which one.

    Without `waits`, raises EnvironmentLacksError that names the holder. `command` is what others
    are told of this process.
    """
    path = workspace.state_dir / _FILE
    descriptor = _acquire(path, reporter, waits=waits, sleep=sleep)
    try:
        _sign(descriptor, command or _own_command())
        yield
    finally:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def find_holder(workspace: Workspace) -> Holder | None:
    """Return who signed the lock of `workspace`, or None when nobody did."""
    return _read_holder(workspace.state_dir / _FILE)


def _acquire(path: Path, reporter: Reporter, *, waits: bool, sleep: Callable[[float], None]) -> int:
    is_told = False
    while True:
        with explaining_os_errors(path):
            # Who held it may have removed the folder when a first `init` failed.
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(path, flags, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise explain_os_error(error, path) from error
        else:
            if _is_still(path, descriptor):
                os.set_inheritable(descriptor, True)  # noqa: FBT003  positional in C
                return descriptor
            os.close(descriptor)  # `.sel4build` was deleted in between
            continue
        if not waits:
            raise _taken_error(path)
        if not is_told:
            reporter.note(f"waiting for {_describe(path)}, which holds `{path.parent.parent}`")
            is_told = True
        sleep(_PATIENCE_S)


def _taken_error(path: Path) -> EnvironmentLacksError:
    message = f"workspace `{path.parent.parent}` is held by {_describe(path)}"
    return EnvironmentLacksError(message, hint="wait until it ends, or end it")


def _describe(path: Path) -> str:
    holder = _read_holder(path)
    if holder is None:
        return "another process"
    if not Path(f"/proc/{holder.pid}").exists() and Path("/proc/self").exists():
        return f"what {holder}, ended by now, has left running"
    return str(holder)


def _read_holder(path: Path) -> Holder | None:
    try:
        text = path.read_bytes()[:_MOST_BYTES].decode(errors="replace")
    except OSError:
        return None
    pid, _, rest = text.partition("\n")
    since, _, command = rest.partition("\n")
    if not (pid.isascii() and pid.isdigit()):
        return None
    printable = "".join(each if each.isprintable() else "?" for each in command.rstrip("\n"))
    return Holder(pid=int(pid[:10]), since=since, command=printable)


def _sign(descriptor: int, command: str) -> None:
    since = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
    text = f"{os.getpid()}\n{since}\n{command}\n"
    with contextlib.suppress(OSError):  # a full disk: the lock holds without a name
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(errors="replace")[:_MOST_BYTES], 0)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    own = os.fstat(descriptor)
    return (found.st_dev, found.st_ino) == (own.st_dev, own.st_ino)


def _own_command() -> str:
    return " ".join(["sel4build", *sys.argv[1:]])
