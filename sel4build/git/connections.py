# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Talk to servers with patience and in moderation: retries with back-off, a limit a host.

Only what may pass by itself is tried again: a lost connection, a name server that does not answer.
A refusal stays one.
"""

import contextlib
import logging
import re
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from sel4build.git.failure import GitError
from sel4build.git.safety import url_site

_LOG = logging.getLogger(__name__)
_SCP_HOST = re.compile(r"(?:[^/:@]+@)?(\[[^\]/]+\]|[^/:]+):")
_DELAYS_S = (1.0, 2.0, 4.0)
_MOST_A_HOST = 8

_T = TypeVar("_T")


class Connections:
    """What the threads of one run share when they talk to servers."""

    def __init__(
        self,
        *,
        most_a_host: int = _MOST_A_HOST,
        delays_s: tuple[float, ...] = _DELAYS_S,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        """Try again after each of `delays_s`; `pause` waits, by default until an interrupt."""
        self._most_a_host = most_a_host
        self._delays_s = delays_s
        self._interrupted = threading.Event()
        self._pause = pause or self.wait
        self._lock = threading.Lock()
        self._slots: dict[str, threading.Semaphore] = {}

    def attempt(self, location: str, action: Callable[[], _T]) -> _T:
        """Do `action`, which talks to `location`; try again while that may help.

        Raises the GitError of the last try.
        """
        for delay_s in self._delays_s:
            try:
                return self._once(location, action)
            except GitError as error:
                if not error.is_transient:
                    raise
                _LOG.info("%s; it is tried again in %.0f s", error.message, delay_s)
            self._pause(delay_s)
        return self._once(location, action)

    def wait(self, seconds: float) -> None:
        """Wait; raises KeyboardInterrupt as soon as the run is interrupted."""
        if self._interrupted.wait(seconds):
            raise KeyboardInterrupt

    def interrupt(self) -> None:
        """End all waiting."""
        self._interrupted.set()

    def _once(self, location: str, action: Callable[[], _T]) -> _T:
        with self._slot(location):
            return action()

    @contextlib.contextmanager
    def _slot(self, location: str) -> Iterator[None]:
        host = host_of(location)
        if host is None:
            yield
            return
        with self._lock:
            slots = self._slots.setdefault(host, threading.Semaphore(self._most_a_host))
        while not slots.acquire(timeout=0.1):
            self.wait(0)
        try:
            yield
        finally:
            slots.release()


def host_of(location: str) -> str | None:
    """Return the host that a URL or `[user@]host:path` leads to; None for a place on this one."""
    if "://" in location:
        site = url_site(location)
        if site is None or site.startswith("file:"):
            return None
        return site.partition("://")[2].rstrip("/").rpartition("@")[2].lower()
    match = _SCP_HOST.match(location)
    return match[1].lower() if match else None
