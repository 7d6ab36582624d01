# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Write files whole or not at all, and say in one line why a file could not be written.

Hidden here: the temporary file beside the target, and the words for what an operating system may
answer to a write.
"""

import contextlib
import errno
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

from sel4build.errors import EnvironmentLacksError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})


class DiskFullError(EnvironmentLacksError):
    """No space is left; whatever else fails at the same time fails for this."""

    def __init__(self, message: str, *, log_file: Path | None = None) -> None:
        super().__init__(message, hint="free some space, then run it again", log_file=log_file)


def write_if_changed(path: Path, content: str | bytes) -> bool:
    """Make `path` hold `content`, and return whether that needed a write.

    Missing parent folders are made. A reader sees the old content or the new, never a part, even
    when the process is killed. A symbolic link at `path` is replaced, not followed; a device is
    written to. Raises EnvironmentLacksError naming `path` when the disk is full or the place may
    not be written.
    """
    wanted = content.encode() if isinstance(content, str) else content
    if _holds(path, wanted):
        return False
    with explaining_os_errors(path):
        if is_device(path):
            path.write_bytes(wanted)
            return True
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, wanted)
    return True


def is_device(path: Path) -> bool:
    """Tell whether `path` is written to but never replaced: `/dev/null`, `/dev/stdout`, a pipe."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    is_link_of_devices = stat.S_ISLNK(mode) and path.is_relative_to("/dev")
    return is_link_of_devices or not (
        stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)
    )


@contextlib.contextmanager
def explaining_os_errors(path: Path) -> Iterator[None]:
    """Turn an OSError of a write at or below `path` into EnvironmentLacksError that names it."""
    try:
        yield
    except OSError as error:
        raise explain_os_error(error, path) from error


def explain_os_error(error: OSError, path: Path) -> EnvironmentLacksError:
    """Return the error that tells the user why writing `path` failed."""
    if error.errno in _FULL:
        return DiskFullError(f"no space left on the disk of `{path}`")
    if error.errno == errno.EROFS:
        message = f"`{path}` lies on a file system that is mounted read-only"
        return EnvironmentLacksError(message)
    if error.errno in _FORBIDDEN:
        message = f"no permission to write `{path}`"
        return EnvironmentLacksError(message, hint=f"make `{path.parent}` writable for you")
    return EnvironmentLacksError(f"`{path}` cannot be written: {error.strerror or error}")


def render_toml_string(text: str) -> str:
    """Spell `text` as a basic string of TOML 1.0."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character < " " or character == "\x7f":
        return f"\\u{ord(character):04x}"
    return character


def _holds(path: Path, wanted: bytes) -> bool:
    try:
        if path.is_symlink() or path.stat().st_size != len(wanted):
            return False
        return path.read_bytes() == wanted
    except OSError:  # missing, or unreadable: writing will tell
        return False


def _replace(path: Path, content: bytes) -> None:
    """Write beside `path`, then rename, which POSIX makes atomic within a file system."""
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_native_id()}.new")
    try:
        with beside.open("wb") as file:
            file.write(content)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
