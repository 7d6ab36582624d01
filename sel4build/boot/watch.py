# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Judge a console while it is being written, by the markers of an app."""

from collections.abc import Iterable

from sel4build.console.controls import ControlStripper
from sel4build.model.image import Verdict


class MarkerWatch:
    """Waits for the success markers one after the other, and for any of the error markers.

    Markers are literal text within what the console shows: control sequences and carriage returns
    do not count, a newline does. Whatever marker is complete first decides; on a tie, the error.
    How the stream is cut into pieces makes no difference.
    """

    def __init__(self, success: Iterable[str], errors: Iterable[str] = ()) -> None:
        """Take the markers; raises ValueError for none of success, and for an empty one."""
        self._success = tuple(success)
        self._errors = tuple(errors)
        if not self._success or not all((*self._success, *self._errors)):
            message = "at least one success marker is needed, and none may be empty"
            raise ValueError(message)
        self._keep = max(len(marker) for marker in (*self._success, *self._errors)) - 1
        self._stripper = ControlStripper()
        self._text = ""
        self._from = 0  # in self._text: where the next success marker may begin
        self.num_seen = 0
        """How many success markers were seen."""
        self.verdict: Verdict | None = None
        """PASSED or FAILED once that is known."""
        self.marker: str | None = None
        """The marker that decided."""

    @property
    def awaited(self) -> str | None:
        """The success marker that comes next, or None when all were seen."""
        return self._success[self.num_seen] if self.num_seen < len(self._success) else None

    def feed(self, piece: str) -> str:
        """Take the next piece of output and return what it shows; look at `verdict` then."""
        shown = self._stripper.feed(piece)
        if self.verdict is None and shown:
            self._text += shown
            self._judge()
            self._forget()
        return shown

    def _judge(self) -> None:
        """Decide by the marker that ends first."""
        error = self._first_error()
        limit = len(self._text) + 1 if error is None else error[0]
        while self.awaited is not None:
            begin = self._text.find(self.awaited, self._from)
            if begin < 0 or begin + len(self.awaited) >= limit:
                break
            self._from = begin + len(self.awaited)
            self.num_seen += 1
        if self.awaited is None:
            self.verdict, self.marker = Verdict.PASSED, self._success[-1]
        elif error is not None:
            self.verdict, self.marker = Verdict.FAILED, error[1]

    def _first_error(self) -> tuple[int, str] | None:
        """Return where the error marker that ends first ends, and which one it is."""
        found = (
            (begin + len(marker), marker)
            for marker in self._errors
            if (begin := self._text.find(marker)) >= 0
        )
        return min(found, default=None, key=lambda each: each[0])

    def _forget(self) -> None:
        """Keep no more than what a marker may still begin in."""
        surplus = len(self._text) - self._keep
        if surplus > 0:
            self._text = self._text[surplus:]
            self._from = max(0, self._from - surplus)
