# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A build that upstream's own continuous integration makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sel4build.errors import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class CiBuild:
    """A build of upstream's own continuous integration, by its name there."""

    name: str
    platform: str
    mode: int | None = None
    """Word size that is asked for by `AARCH32` or `AARCH64`; None where CI says neither."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """The `-D` that are given beside app, platform and mode."""
    machines: tuple[str, ...] = ()
    """Boards of the machine queue that it is tested on."""
    no_test: str | None = None
    """Why it is tested on no machine and in no simulation."""
    span: Span | None = None
