# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests that no attribute of a manifest can become an option, a command or a place outside."""

import pytest

from sel4build.errors import ProblemsError
from tests.kit.manifests import load_text

_REMOTE = '<remote name="o" fetch="."/><default remote="o" revision="main"/>'
_PROJECT = '<project name="a" {}/>'
_OPTION = "--upload-pack=touch x"


def _details(body: str) -> str:
    with pytest.raises(ProblemsError) as caught:
        load_text(f"<manifest>{body}</manifest>")
    return " ".join(caught.value.details)


@pytest.mark.parametrize(
    "body",
    [
        _REMOTE + _PROJECT.format(f'{key}="{value}"')
        for key in ("revision", "upstream", "dest-branch")
        for value in (_OPTION, "-x", "--")
    ]
    + [
        f'<remote name="o" fetch="{_OPTION}"/><project name="a" remote="o" revision="m"/>',
        f'<remote name="{_OPTION}" fetch="."/>{_REMOTE}<project name="a"/>',
        f'<remote name="p" alias="-x" fetch="."/>{_REMOTE}<project name="a"/>',
        f'<remote name="p" pushurl="{_OPTION}" fetch="."/>{_REMOTE}<project name="a"/>',
        f'<remote name="p" revision="-x" fetch="."/>{_REMOTE}<project name="a"/>',
        f'{_REMOTE}<include name="inner.xml" revision="-x"/><project name="a"/>',
        f'{_REMOTE}<project name="a"/><extend-project name="a" revision="-x"/>',
        f'{_REMOTE}<project name="a"/><extend-project name="a" upstream="-x"/>',
        f'{_REMOTE}<project name="a"/><remove-project name="a" base-rev="-x"/>',
        f'{_REMOTE}<project name="a"/><superproject name="s" revision="-x"/>',
        f'{_REMOTE}<project name="a"/><submanifest name="s" revision="-x"/>',
        '<remote name="o" fetch="."/><default remote="o" revision="-x"/><project name="a"/>',
        '<remote name="o" fetch="ssh://-oProxyCommand=x"/><project name="a" remote="o" revision="m"/>',
    ],
)
def test_no_value_can_become_an_option(body: str) -> None:
    assert "begins with `-`" in _details(body)


def test_a_name_or_path_that_begins_with_a_dash_stays_a_name() -> None:
    """Behind the URL of its remote, and below the workspace, it leads nowhere else."""
    manifest = load_text(f'<manifest>{_REMOTE}<project name="-a" path="-b"/></manifest>')

    (project,) = manifest.projects
    assert (project.url, project.path.text) == ("https://example.com/org/-a", "-b")


@pytest.mark.parametrize("fetch", ["ext::sh -c id", "fd::17", "file::/x", "EXT::sh", "a+b::c"])
def test_no_remote_helper_is_started(fetch: str) -> None:
    body = f'<remote name="o" fetch="{fetch}"/><project name="a" remote="o" revision="m"/>'

    assert "names a remote helper" in _details(body)


@pytest.mark.parametrize("place", ["revision", "path", "groups", "name"])
def test_a_line_break_in_a_value_is_none_or_refused(place: str) -> None:
    """XML makes a plain line break a blank; a character reference stays one."""
    attributes = {"name": "a", place: "x&#10;y"}
    text = "".join(f' {key}="{value}"' for key, value in attributes.items())
    body = f"{_REMOTE}<project{text}/>"

    if place == "groups":
        manifest = load_text(f"<manifest>{body}</manifest>")
        assert manifest.projects[0].groups == {"x", "y"}
    else:
        assert "control character" in _details(body)


@pytest.mark.parametrize(
    "path", ["b/.git", "b/.GIT/hooks", "b/.git/modules/x", "b/.g\u200cit", ".repo/x", "b/.Repo2"]
)
def test_no_project_lies_in_the_git_directory_of_another(path: str) -> None:
    details = _details(f'{_REMOTE}<project name="b"/><project name="a" path="{path}"/>')

    assert "contains the component" in details or "invisible Unicode" in details


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://h/x">%p;]>',
    ],
)
def test_no_entity_is_declared_and_none_is_fetched(head: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        load_text(f"{head}<manifest/>")

    assert "the declaration of the entity" in caught.value.details[0]


def test_an_external_document_type_is_never_fetched() -> None:
    manifest = load_text(
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><manifest><notice>a&root;b</notice></manifest>'
    )

    assert manifest.notice == "ab"
