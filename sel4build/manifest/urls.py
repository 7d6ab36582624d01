# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""From the URL of a manifest, the `fetch` of a remote and the name of a project to its URL.

The rules are git-repo's (manifest_xml.py), which joins with Python's `urljoin`. That
function treats schemes by a table of its own and changed between releases, so the join of RFC 3986
section 5.2 is done here.
"""

import re

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ROOT = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^/]*)?(.*)", re.DOTALL)
# git-repo takes `user@host:path` for ssh when the path does not begin with a slash.
_SCP = re.compile(r"[^/:]+@[^/:]+:[^/]")


def resolve_url(fetch: str, name: str, *, base: str | None) -> str | None:
    """Return the URL of project `name` below the remote `fetch` of a manifest at `base`.

    `base` is the URL of the manifest repository; a relative `fetch` replaces its last segment.
    `.git` is never appended. Returns None when `fetch` is relative and there is no base.
    """
    fetch = _normalise(fetch)
    if not is_absolute(fetch):
        if base is None:
            return None
        fetch = _join(_normalise(base), fetch)
    return f"{fetch.rstrip('/')}/{name}"


def is_absolute(fetch: str) -> bool:
    """Tell whether `fetch` needs no base: it has a scheme, or a host before a colon."""
    return _SCHEME.match(fetch) is not None or _SCP.match(fetch) is not None


def _normalise(url: str) -> str:
    url = url.rstrip("/") or url[:1]
    if _SCHEME.match(url) is None and _SCP.match(url):
        return "ssh://" + url.replace(":", "/", 1)
    return url


def _join(base: str, relative: str) -> str:
    match = _ROOT.fullmatch(base)
    if match is None:  # the pattern takes any text
        raise AssertionError
    root, path = match[1] or "", match[2]
    if relative.startswith("//"):  # RFC 3986 section 4.2: a host of the same scheme
        scheme, colon, _host = root.partition(":")
        if colon or path.startswith("/"):
            return f"{scheme}{colon}{relative}"
        return relative.removeprefix("//")
    if not root and not path.startswith("/"):
        # Without scheme and slash, git-repo lets the first segment stand for the host.
        host, slash, rest = path.partition("/")
        root, path = host, slash + rest
    if relative.startswith("/"):
        return root + _without_dots(relative)
    *folders, _last = path.split("/")
    segments = [each for each in [*folders, *relative.split("/")] if each]
    return root + _without_dots("/" + "/".join(segments))


def _without_dots(path: str) -> str:
    """Remove `.` and `..` as RFC 3986 section 5.2.4 says; `..` at the top is dropped."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def resolve_fetch(fetch: str, *, base: str | None) -> str | None:
    """Return what every URL of the remote `fetch` begins with; None as `resolve_url` does."""
    url = resolve_url(fetch, "", base=base)
    return None if url is None else url.rstrip("/")


def standalone_fetch(fetch: str) -> str:
    """Return an absolute `fetch` so that it means the same in a manifest of any URL.

    A plain path would be joined to that URL's host, as an absolute reference is.
    """
    return f"file://{fetch}" if fetch.startswith("/") else fetch
