# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`SHA256SUMS`: the last file of a package, in the form that `sha256sum -c` reads.

A package is whole when this file is there: it is removed first and written last.
"""

import hashlib
from pathlib import Path

from sel4build.errors import WorkError
from sel4build.writing import write_if_changed

CHECKSUMS_NAME = "SHA256SUMS"


def digest_file(file: Path) -> str:
    """Return the sha256 (hex) of `file`; raises WorkError when it cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        message = f"`{file}` cannot be read: {error.strerror or error}"
        raise WorkError(message, hint="run `sel4build package` again") from error


def render_checksums(digests: dict[str, str]) -> str:
    """Return the text for these digests by file name (GNU coreutils, two spaces, text mode)."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))


def write_checksums(out_dir: Path, *, digests: dict[str, str]) -> bool:
    """Write `SHA256SUMS` into `out_dir` and return whether that changed it."""
    return write_if_changed(out_dir / CHECKSUMS_NAME, render_checksums(digests))
