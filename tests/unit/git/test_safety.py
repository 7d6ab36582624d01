# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of what may reach git."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sel4build.git.safety import (
    TRANSPORTS,
    bundled_name,
    split_credentials,
    url_site,
    why_bad_revision,
    why_bad_url,
    without_credentials,
)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/seL4/seL4.git",
        "HTTP://h/x",
        "ssh://git@h:22/x",
        "git://h/x",
        "file:///srv/x",
        "git@github.com:seL4/seL4",
        "host:path/x",
        "git@[::1]:x",
        "/srv/git/x.git",
        "../x",
        "folder with blanks/é",
        "sel4build:bundled/bringup",
    ],
)
def test_usual_urls_pass(url: str) -> None:
    assert why_bad_url(url) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "is empty"),
        ("--upload-pack=x", "begins with `-`"),
        ("https://h/x\ny", "contains a control character"),
        ("https://h/x\u2028y", "contains a control character"),
        ("ext::sh -c x", "names a remote helper"),
        ("fd::7", "names a remote helper"),
        ("ftp://h/x", "has the scheme `ftp`"),
        ("javascript://h/x", "has the scheme `javascript`"),
        ("ssh://-oProxyCommand=x/y", "has a host that begins with `-`"),
        ("ssh://u@-oProxyCommand=x/y", "has a host that begins with `-`"),
        ("u@-oProxyCommand=x:y", "has a host or path that begins with `-`"),
        ("h:-x", "has a host or path that begins with `-`"),
        ("sel4build:bundled/../x", "is not of the form"),
        ("sel4build:x", "is not of the form"),
    ],
)
def test_unsafe_urls_are_refused(url: str, reason: str) -> None:
    assert (why_bad_url(url) or "").startswith(reason)


@given(st.text())
def test_no_url_that_passes_is_an_option_or_a_helper(url: str) -> None:
    if why_bad_url(url) is None:
        assert not url.startswith("-")
        assert "\n" not in url
        scheme, separator, _ = url.partition("://")
        assert not separator or not scheme.isalnum() or scheme.lower() in TRANSPORTS


@pytest.mark.parametrize("revision", ["main", "refs/tags/v4.2.5", "a/b-c_d.e", "0" * 40, "v1.0"])
def test_usual_revisions_pass(revision: str) -> None:
    assert why_bad_revision(revision) is None


@pytest.mark.parametrize(
    "revision",
    [
        *("", "-x", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "a@{1}", "@"),
        *("a//b", "/a", "a/", ".a", "a.", "a/.b", "a.lock", "a.lock/b", "a\nb", "A" * 40, "a" * 64),
    ],
)
def test_what_git_allows_for_no_reference_is_refused(revision: str) -> None:
    assert why_bad_revision(revision) is not None


@pytest.mark.parametrize(
    ("url", "bare", "userinfo"),
    [
        ("https://user:pass@h/x", "https://h/x", "user:pass"),
        ("https://token@h/x", "https://h/x", "token"),
        ("ssh://git:pass@h/x", "ssh://git@h/x", "git:pass"),
        ("ssh://git@h/x", "ssh://git@h/x", None),
        ("git@h:x", "git@h:x", None),
        ("/srv/a@b", "/srv/a@b", None),
        ("https://h/a@b", "https://h/a@b", None),
    ],
)
def test_secrets_are_taken_out_of_urls(url: str, bare: str, userinfo: str | None) -> None:
    assert split_credentials(url) == (bare, userinfo)
    assert without_credentials(bare) == bare


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://h:1/x/y", "https://h:1/"),
        ("file:///x", None),
        ("/x", None),
        ("ssh://g@h", "ssh://g@h/"),
    ],
)
def test_the_site_of_a_url_is_its_host(url: str, site: str | None) -> None:
    assert url_site(url) == site


def test_only_one_form_names_a_bundled_source() -> None:
    assert bundled_name("sel4build:bundled/bringup") == "bringup"
    assert bundled_name("https://h/bundled/bringup") is None
