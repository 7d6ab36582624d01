# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Which URLs and revisions may reach git, and how credentials are kept out of sight.

Git runs programs for some URLs (`ext::`, `fd::`) and takes a leading `-` for an option; a manifest
and a lockfile come from outside, so every value of theirs passes here first.
"""

import re
import unicodedata

BUNDLED_SCHEME = "sel4build"
"""Scheme of sources that come with this program: `sel4build:bundled/NAME`."""

TRANSPORTS = ("file", "git", "http", "https", "ssh")
"""The transports that git may use, in the words of GIT_ALLOW_PROTOCOL."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HELPER = re.compile(r"[A-Za-z0-9+.-]+::")
_AUTHORITY = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?P<user>[^/?#]*@)?(?P<rest>.*)", re.DOTALL
)
_SCP = re.compile(r"(?P<host>[^/:]+|[^/]*\[[^\]/]*\]):(?P<path>.*)", re.DOTALL)
# git-check-ref-format(1): what a reference may not contain.
_NOT_IN_REF = re.compile(r"\.\.|[ ~^:?*\[\\]|@\{|//|/\.|\.lock(?:/|$)")
_BUNDLED = re.compile(rf"{BUNDLED_SCHEME}:bundled/([a-z0-9][a-z0-9_-]*)")
_HEX = re.compile(r"[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")


def why_bad_url(url: str) -> str | None:
    """Say why `url` may not be given to git, or None when it may.

    Allowed are https, http, ssh, git and file URLs, `[user@]host:path`, plain paths and the
    bundled sources.
    """
    if reason := _why_bad_text(url):
        return reason
    if _HELPER.match(url):
        return "names a remote helper (`NAME::`), which could run any program"
    if url.startswith(f"{BUNDLED_SCHEME}:"):
        return None if bundled_name(url) else f"is not of the form `{BUNDLED_SCHEME}:bundled/NAME`"
    scheme = _SCHEME.match(url)
    return _why_bad_address(url) if scheme is None else _why_bad_scheme(scheme[1], url)


def why_bad_revision(revision: str) -> str | None:
    """Say why `revision` is no branch, tag or commit, or None when it may be one."""
    if reason := _why_bad_text(revision):
        return reason
    if _HEX.fullmatch(revision):
        is_plain = len(revision) == 40 and revision == revision.lower()  # noqa: PLR2004  SHA-1
        return None if is_plain else "is not a commit id of forty lower-case hexadecimal digits"
    if match := _NOT_IN_REF.search(revision):
        return f"contains `{match[0]}`, which no branch or tag may"
    if revision.startswith((".", "/")) or revision.endswith((".", "/")) or revision == "@":
        return "is not a name that git allows for a branch or tag"
    return None


def bundled_name(url: str) -> str | None:
    """Return the name of the bundled source that `url` means, or None for any other URL."""
    match = _BUNDLED.fullmatch(url)
    return match[1] if match else None


def split_credentials(url: str) -> tuple[str, str | None]:
    """Return `url` without its secret, and the part with the secret (`user:password`), if any.

    Over http the user alone may be a token, so that all of it goes; over ssh the user name is
    part of the address and stays.
    """
    match = _AUTHORITY.fullmatch(url)
    if match is None or not match["user"]:
        return url, None
    userinfo = match["user"][:-1]
    user, colon, _password = userinfo.partition(":")
    if match["scheme"].lower() in {"http://", "https://"}:
        return match["scheme"] + match["rest"], userinfo
    if not colon:
        return url, None
    return f"{match['scheme']}{user}@{match['rest']}", userinfo


def without_credentials(url: str) -> str:
    """Return `url` as it may be printed and stored."""
    return split_credentials(url)[0]


def url_site(url: str) -> str | None:
    """Return `scheme://host[:port]/` of a URL without credentials, or None when it has no host."""
    scheme = _SCHEME.match(url)
    if scheme is None:
        return None
    host = url[scheme.end() :].partition("/")[0]
    return f"{scheme[0]}{host}/" if host else None


def _why_bad_text(text: str) -> str | None:
    if not text:
        return "is empty"
    if text.startswith("-"):
        return "begins with `-`"
    if any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in text):
        return "contains a control character"
    return None


def _why_bad_scheme(scheme: str, url: str) -> str | None:
    if scheme.lower() not in TRANSPORTS:
        known = ", ".join(f"`{each}`" for each in TRANSPORTS)
        return f"has the scheme `{scheme}`, which is none of {known}"
    authority = url[len(scheme) + len("://") :].partition("/")[0]
    return "has a host that begins with `-`" if _leads_with_dash(authority) else None


def _why_bad_address(url: str) -> str | None:
    scp = _SCP.match(url)
    if scp and (_leads_with_dash(scp["host"]) or scp["path"].startswith("-")):
        return "has a host or path that begins with `-`"
    return None


def _leads_with_dash(authority: str) -> bool:
    return authority.startswith("-") or authority.rpartition("@")[2].startswith("-")
