# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The GNU make jobserver, served as a FIFO: one token for each job that may run at once.

Protocol: GNU make manual, "POSIX Jobserver Interaction". Every client owns one slot of its own
beside the tokens, so the outer ninja with J-1 tokens runs J jobs; an inner ninja's own slot is the
one that its outer edge holds. ninja 1.13 and make are clients, older ninjas ignore it.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path


@contextlib.contextmanager
def serve_jobs(jobs: int) -> Iterator[Mapping[str, str]]:
    """Serve `jobs` parallel jobs while the context lasts; yields the variables for clients.

    The pool is new each time: a client that was killed takes its tokens with it.
    """
    with tempfile.TemporaryDirectory(prefix="sel4build-jobs-") as folder:
        fifo = Path(folder) / "jobs"
        os.mkfifo(fifo, 0o600)
        # Read-write, so that neither opening nor writing waits for a client.
        descriptor = os.open(fifo, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.write(descriptor, b"+" * (jobs - 1))
            yield {"MAKEFLAGS": f"-j{jobs} --jobserver-auth=fifo:{fifo}"}
        finally:
            os.close(descriptor)
