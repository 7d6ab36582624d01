# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Answer `build` when there is nothing to do, at the price of asking the inner ninja.

Reads the record of `sel4build.api.freshness`. Any doubt is a no: the whole way then decides.
"""

import json
import os
import sys
from typing import Any

_FORMAT = 1
_QUIET = frozenset({"-q", "--quiet"})
_NOTHING = b"ninja: no work to do."


def answer_if_fresh(words: list[str]) -> bool:
    """Say that the targets named by `words` are up to date, if they are; tell whether it was so.

    Of the options only `--quiet` is known here: then nothing is said. No network is used anyway.
    """
    words = [word for word in words if word != "--offline"]
    names = [word for word in words if word not in _QUIET]
    if any(word.startswith("-") for word in names):
        return False
    try:
        root = workspace_root()
        with open(f"{root}/.sel4build/fresh.json", "rb") as file:  # noqa: PTH123 - no pathlib here
            record = json.load(file)
        texts = _texts_if_fresh(record, names)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False
    if texts is None:
        return False
    if len(names) < len(words):
        return True
    try:
        sys.stdout.write("".join(f"{text}\n" for text in texts))
        sys.stdout.flush()
    except (OSError, UnicodeError):  # the whole way knows what to say
        return False
    return True


def workspace_root() -> str:
    """Return the workspace around the current folder; raise OSError when there is none."""
    folder = os.getcwd()  # noqa: PTH109 - no pathlib here
    while not os.path.exists(f"{folder}/sel4build.toml"):  # noqa: PTH110 - no pathlib here
        parent = os.path.dirname(folder)  # noqa: PTH120 - no pathlib here
        if parent == folder:
            raise FileNotFoundError
        folder = parent
    return folder


def _texts_if_fresh(record: dict[str, Any], words: list[str]) -> list[str] | None:
    from sel4build import __version__

    if (record["format"], record["program"]) != (_FORMAT, __version__):
        return None
    if record["path"] != os.environ.get("PATH", "") or not _unchanged(record["files"]):
        return None
    targets = [record["targets"][word] for word in dict.fromkeys(words or [record["default"]])]
    fresh = all(_unchanged(each["files"]) and _has_no_work(each) for each in targets)
    return [each["text"] for each in targets] if fresh else None


def _unchanged(stamps: dict[str, list[int]]) -> bool:
    for path, stamp in stamps.items():
        status = os.stat(path)  # noqa: PTH116 - no pathlib here
        if [status.st_mtime_ns, status.st_size] != stamp:
            return False
    return True


def _has_no_work(target: dict[str, Any]) -> bool:
    """Ask the inner ninja by a dry run, started without the subprocess module."""
    reading, writing = os.pipe()
    ninja = target["ninja"]
    with os.fdopen(reading, "rb") as pipe:
        try:
            pid = os.posix_spawn(
                ninja,
                [ninja, "-C", target["build-dir"], "-n"],
                os.environ,
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, writing, 1),
                    (os.POSIX_SPAWN_DUP2, writing, 2),
                ],
            )
        finally:
            os.close(writing)
        output = pipe.read()
    _, status = os.waitpid(pid, 0)
    return status == 0 and output.rstrip().endswith(_NOTHING)
