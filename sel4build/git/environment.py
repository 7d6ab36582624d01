# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The environment that git runs in: the user's access to servers, and nothing else of theirs.

Kept are proxies, ssh, certificates, credential helpers and URL rewrites. Dropped is what could
point git at another repository, make it print more, or make it run a program of a repository's.
"""

from collections.abc import Iterable, Mapping

from sel4build.git.safety import TRANSPORTS, split_credentials, url_site

LONGEST_SILENCE_S = 120
"""How long a server may send nothing, unless the user's environment says otherwise."""

_KEPT = frozenset(
    {
        "GIT_ASKPASS",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_HTTP_LOW_SPEED_LIMIT",
        "GIT_HTTP_LOW_SPEED_TIME",
        "GIT_PROXY_COMMAND",
        "GIT_PROXY_SSL_CAINFO",
        "GIT_PROXY_SSL_CERT",
        "GIT_PROXY_SSL_CERT_PASSWORD_PROTECTED",
        "GIT_PROXY_SSL_KEY",
    }
)
_KEPT_PREFIXES = ("GIT_SSH", "GIT_SSL_", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_")
_COUNT = "GIT_CONFIG_COUNT"

_MOMENT = 1.25

# git-config(1). Settings of the command scope win over every file.
_SETTINGS = (
    ("advice.detachedHead", "false"),
    ("color.ui", "false"),
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.quotePath", "false"),
    ("fetch.recurseSubmodules", "false"),
    # A pack appears whole or not at all, whereas loose objects come one by one: with this, a
    # commit that is there has everything that it names, even after a kill.
    ("fetch.unpackLimit", "1"),
    ("gc.auto", "0"),
    # In bytes a second: one that compresses for long sends a few as signs of life.
    ("http.lowSpeedLimit", "1"),
    ("http.lowSpeedTime", str(LONGEST_SILENCE_S)),
    ("init.defaultBranch", "main"),
    ("maintenance.auto", "false"),
    ("protocol.allow", "never"),
    *((f"protocol.{each}.allow", "always") for each in TRANSPORTS),
    ("submodule.recurse", "false"),
)


def compose_environment(
    environ: Mapping[str, str],
    *,
    rewrites: Iterable[tuple[str, str]] = (),
    is_offline: bool = False,
) -> dict[str, str]:
    """Return the environment of a git process.

    `rewrites` are pairs of a URL prefix and what git uses in its place; credentials travel this
    way, since argv can be read by everyone on the host. `is_offline` leaves no transport but that
    of files.
    """
    env = {
        name: value
        for name, value in environ.items()
        if not name.startswith(("GIT_", "LC_")) or _is_kept(name)
    }
    env |= {
        "GIT_ALLOW_PROTOCOL": _transports(
            environ.get("GIT_ALLOW_PROTOCOL"), ("file",) if is_offline else TRANSPORTS
        ),
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LANGUAGE": "",
        "LC_ALL": "C",
    }
    first = _count(environ)
    settings = [*_SETTINGS, *((f"url.{to}.insteadOf", prefix) for prefix, to in rewrites)]
    for index, (key, value) in enumerate(settings, start=first):
        env[f"GIT_CONFIG_KEY_{index}"] = key
        env[f"GIT_CONFIG_VALUE_{index}"] = value
    env[_COUNT] = str(first + len(settings))
    return env


def longest_silence_s(environ: Mapping[str, str]) -> float | None:
    """Return how long git may say nothing before it is stopped; None for ever.

    git itself gives up at `GIT_HTTP_LOW_SPEED_TIME` (git-config(1), in seconds), but over http
    alone; it gets a moment to do so.
    """
    text = environ.get("GIT_HTTP_LOW_SPEED_TIME", "")
    given = text.isascii() and text.isdigit()
    return (int(text) if given else LONGEST_SILENCE_S) * _MOMENT or None


def find_rewrites(urls: Iterable[str | None]) -> tuple[tuple[str, str], ...]:
    """Return the rewrites that bring back the credentials which `urls` carry.

    Each pair is a site without credentials and with them; the first credentials of a site count.
    """
    rewrites: dict[str, str] = {}
    for url in urls:
        bare, userinfo = split_credentials(url or "")
        site = url_site(bare)
        if site is None or userinfo is None:
            continue
        scheme, _separator, host = site.partition("://")
        host = host.rpartition("@")[2]
        rewrites.setdefault(site, f"{scheme}://{userinfo}@{host}")
    return tuple(rewrites.items())


def _is_kept(name: str) -> bool:
    return name in _KEPT or name.startswith(_KEPT_PREFIXES)


def _count(environ: Mapping[str, str]) -> int:
    text = environ.get(_COUNT, "0")
    return int(text) if text.isascii() and text.isdigit() else 0


def _transports(allowed: str | None, ours: tuple[str, ...]) -> str:
    """Return what git may use: our list, narrowed by the user's where they have one."""
    users = set(ours) if allowed is None else set(allowed.split(":"))
    return ":".join(each for each in ours if each in users) or "none"
