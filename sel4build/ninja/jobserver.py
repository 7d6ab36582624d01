# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The GNU make jobserver, served as a pipe: one token for each job that may run at once.

Protocol: GNU make manual, "POSIX Jobserver Interaction". Every client owns one slot of its own
beside the tokens, so the outer ninja with J-1 tokens runs J jobs; an inner ninja's own slot is the
one that its outer edge holds. ninja 1.13 and make are clients, older ninjas ignore it. A FIFO
would be sturdier, but make before 4.4, which musl's build runs, stops at its name.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping

_MOST_TOKENS = 4096  # what fits into any pipe (POSIX, limits.h: PIPE_BUF; pipe(7): one page)


@contextlib.contextmanager
def serve_jobs(jobs: int) -> Iterator[Mapping[str, str]]:
    """Serve `jobs` parallel jobs while the context lasts; yields the variables for clients.

    The pool is new each time: a client that was killed takes its tokens with it. The descriptors
    are inherited by every program that is started meanwhile.
    """
    reading, writing = os.pipe()
    try:
        for descriptor in (reading, writing):
            os.set_inheritable(descriptor, True)  # noqa: FBT003 - the signature of os
        os.write(writing, b"+" * min(jobs - 1, _MOST_TOKENS))
        # A leading blank: the first word would be read as single-letter flags.
        yield {"MAKEFLAGS": f" -j{jobs} --jobserver-auth={reading},{writing}"}
    finally:
        os.close(reading)
        os.close(writing)
