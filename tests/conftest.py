# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""No test sees the home, the settings, the clock's zone, the language or the network of its host."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket
from hypothesis import HealthCheck, settings

settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")

_XDG = ("CACHE", "CONFIG", "DATA", "STATE")
_STEADY = {
    "TZ": "UTC",
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "file",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "A Tester",
    "GIT_AUTHOR_EMAIL": "tester@example.com",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00+0000",
    "GIT_COMMITTER_NAME": "A Tester",
    "GIT_COMMITTER_EMAIL": "tester@example.com",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00+0000",
}
_DROPPED = ("GIT_", "SEL4BUILD_", "GITHUB_", "CMAKE_", "NINJA_", "CCACHE_")
_DROPPED_NAMES = ("CI", "NO_COLOR", "FORCE_COLOR", "MAKEFLAGS", "SOURCE_DATE_EPOCH", "LANGUAGE")


@pytest.fixture(autouse=True)
def isolated(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """Give the test a home of its own and take everything else of the host away.

    A test that is marked `enable_socket` serves something on this host.
    """
    home = tmp_path_factory.mktemp("home")
    for name in tuple(os.environ):
        if name.startswith(_DROPPED) or name in _DROPPED_NAMES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    for kind in _XDG:
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    for name, value in _STEADY.items():
        monkeypatch.setenv(name, value)
    time.tzset()
    if request.node.get_closest_marker("enable_socket") is None:
        pytest_socket.disable_socket(allow_unix_socket=True)
    yield home
    pytest_socket.enable_socket()
