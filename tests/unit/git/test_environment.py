# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the environment that git gets."""

import pytest

from sel4build.git.environment import compose_environment, find_rewrites, longest_silence_s


def _settings(env: dict[str, str]) -> list[tuple[str, str]]:
    count = int(env["GIT_CONFIG_COUNT"])
    return [
        (env[f"GIT_CONFIG_KEY_{index}"], env[f"GIT_CONFIG_VALUE_{index}"]) for index in range(count)
    ]


def test_what_points_elsewhere_is_dropped_and_access_is_kept() -> None:
    env = compose_environment(
        {
            "PATH": "/bin",
            "HOME": "/home/u",
            "LC_MESSAGES": "de_DE",
            "GIT_DIR": "/elsewhere",
            "GIT_WORK_TREE": "/elsewhere",
            "GIT_INDEX_FILE": "x",
            "GIT_TRACE": "1",
            "GIT_CONFIG_PARAMETERS": "'core.hooksPath=x'",
            "GIT_CONFIG_GLOBAL": "/home/u/own",
            "GIT_SSH_COMMAND": "ssh -i key",
            "GIT_SSL_CAINFO": "/ca",
            "https_proxy": "http://proxy",
        }
    )

    assert {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_TRACE"}.isdisjoint(env)
    assert {"GIT_CONFIG_PARAMETERS", "LC_MESSAGES"}.isdisjoint(env)
    assert env["GIT_CONFIG_GLOBAL"] == "/home/u/own"
    assert env["GIT_SSH_COMMAND"] == "ssh -i key"
    assert env["GIT_SSL_CAINFO"] == "/ca"
    assert env["https_proxy"] == "http://proxy"
    assert (env["LC_ALL"], env["GIT_TERMINAL_PROMPT"]) == ("C", "0")


def test_our_settings_come_after_those_of_the_user() -> None:
    env = compose_environment(
        {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "url./mirror/.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://h/",
        }
    )

    settings = _settings(env)
    assert settings[0] == ("url./mirror/.insteadOf", "https://h/")
    assert ("core.hooksPath", "/dev/null") in settings[1:]
    assert ("core.fsmonitor", "false") in settings
    assert ("gc.auto", "0") in settings
    assert ("protocol.allow", "never") in settings


def test_a_count_that_is_no_number_counts_as_none() -> None:
    env = compose_environment({"GIT_CONFIG_COUNT": "many"})

    assert _settings(env)[0] == ("advice.detachedHead", "false")


def test_the_user_may_narrow_transports_but_not_widen_them() -> None:
    assert compose_environment({})["GIT_ALLOW_PROTOCOL"] == "file:git:http:https:ssh"
    assert compose_environment({"GIT_ALLOW_PROTOCOL": "ext:file"})["GIT_ALLOW_PROTOCOL"] == "file"
    assert compose_environment({"GIT_ALLOW_PROTOCOL": "ext"})["GIT_ALLOW_PROTOCOL"] == "none"


def test_credentials_travel_as_rewrites() -> None:
    rewrites = find_rewrites(
        ["https://tok@h/a", "https://other@h/b", None, "https://h2/x", "ssh://g:p@s:1/x", "/x"]
    )

    assert rewrites == (("https://h/", "https://tok@h/"), ("ssh://g@s:1/", "ssh://g:p@s:1/"))
    settings = _settings(compose_environment({}, rewrites=rewrites))
    assert ("url.https://tok@h/.insteadOf", "https://h/") in settings


@pytest.mark.parametrize(
    ("given", "silence_s"), [(None, 150.0), ("10", 12.5), ("0", None), ("never", 150.0)]
)
def test_the_user_says_how_long_a_server_may_be_silent(
    given: str | None, silence_s: float | None
) -> None:
    environ = {} if given is None else {"GIT_HTTP_LOW_SPEED_TIME": given}

    assert longest_silence_s(environ) == silence_s
    assert compose_environment(environ).get("GIT_HTTP_LOW_SPEED_TIME") == given
