# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Remember what was seen to work, for as long as nothing that it depends on has changed.

Only good news is kept: what failed may have been mended without a trace.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sel4build.errors import Sel4BuildError
from sel4build.writing import write_if_changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Recollection:
    """What was seen before on this host; `folder` is None where nothing is to be remembered."""

    folder: Path | None

    def recall(self, subject: str) -> str | None:
        """Return what was kept for `subject`, or None when there is nothing or a file changed."""
        if self.folder is None:
            return None
        try:
            record = json.loads(self._file(self.folder, subject).read_text())
            stamps, news = record["stamps"], record["news"]
            fresh = all(_stamp(Path(name)) == stamp for name, stamp in stamps.items())
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None
        return news if fresh and isinstance(news, str) else None

    def keep(self, subject: str, news: str, files: Iterable[Path]) -> None:
        """Keep `news` until one of `files` changes, appears or goes."""
        if self.folder is None:
            return
        stamps = {str(each): _stamp(each) for each in files}
        record = {"stamps": stamps, "news": news}
        # A cache that cannot be written costs time, nothing else.
        with suppress(OSError, Sel4BuildError):
            file = self._file(self.folder, subject)
            file.parent.mkdir(parents=True, exist_ok=True)
            write_if_changed(file, json.dumps(record, sort_keys=True))

    @staticmethod
    def _file(folder: Path, subject: str) -> Path:
        return folder / f"{hashlib.sha256(subject.encode()).hexdigest()[:32]}.json"


def _stamp(path: Path) -> list[int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size]
