# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the lockfile."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sel4build.errors import InputError, ProblemsError, Sel4BuildError
from sel4build.lock import parse_lock, read_lock, render_lock, write_lock
from sel4build.model.lock import Lock, LockedProject, ManifestOrigin
from sel4build.model.manifest import Annotation, CommitId, LinkFile, why_reserved
from sel4build.model.paths import RelPath, why_unsafe
from tests.kit.locks import DIGEST, a_lock, a_locked_project

_HEAD = f"""version = 1
manifest-digest = "{DIGEST}"

[manifest]
name = "bringup"
"""


def _project(**values: str) -> str:
    given = {
        "name": "a",
        "path": "projects/a",
        "url": "https://h/a",
        "commit": "a" * 40,
        **{key.replace("_", "-"): value for key, value in values.items()},
    }
    return "\n[[project]]\n" + "".join(f'{key} = "{value}"\n' for key, value in given.items())


def _problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ProblemsError) as caught:
        parse_lock(text, "f.lock")
    return caught.value.details


def test_the_lockfile_has_one_spelling() -> None:
    project = a_locked_project(links=(("x", "y"), (".", "z")))

    text = render_lock(a_lock(project))

    assert text == (
        "# What the manifest resolves to. Written by `sel4build lock`; meant to be committed.\n"
        + _HEAD
        + _project(name="a.git", url="https://example.com/a.git", upstream="main")
        + 'links = [\n  { src = "x", dest = "y" },\n  { src = ".", dest = "z" },\n]\n'
    )


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sel4build.lock"

    assert write_lock(a_lock(), path)
    assert not write_lock(a_lock(), path)
    assert read_lock(path) == a_lock()


def test_a_missing_lockfile_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_lock(tmp_path / "sel4build.lock")


def test_credentials_are_not_written() -> None:
    project = a_locked_project(url="https://user:secret@example.com/a.git")
    origin = ManifestOrigin(url="https://token@example.com/m", revision="main")

    text = render_lock(a_lock(project, origin=origin))

    assert "secret" not in text
    assert "token" not in text
    assert 'url = "https://example.com/m"\nrevision = "main"\nfile = "default.xml"' in text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (_HEAD, "f.lock: the lock names no project"),
        (_HEAD.replace(DIGEST, "x") + _project(), "f.lock: manifest-digest: is not a sha256"),
        (
            _HEAD.replace("\n\n", '\nmanifest-commit = "x"\n\n') + _project(),
            "f.lock: manifest-commit: is not a full commit id",
        ),
        (_HEAD + _project(commit="main"), "f.lock:7:1: project[0]: project `a`: `commit` is not"),
        (_HEAD + _project(url="ext::x"), "project `a`: `url` names a remote helper"),
        (_HEAD + _project(upstream="-x"), "project `a`: `upstream` begins with `-`"),
        (_HEAD + _project(path="../x"), "project[0].path: path '../x' contains the component"),
        (_HEAD + _project(path=".sel4build/x"), "path `.sel4build/x` is reserved"),
        (_HEAD + _project() + _project(), "project[1]: path `projects/a` is that of another"),
        (_HEAD + _project(comit="x"), "unknown key `comit`; did you mean `commit`?"),
        (
            _HEAD + _project() + 'links = [{ src = "../x", dest = "y" }]',
            "`src`: path '../x' contains the component `..`",
        ),
        (
            _HEAD + _project() + 'links = [{ src = "x", dest = "sel4build.lock" }]',
            "path `sel4build.lock` is reserved",
        ),
        (_HEAD.replace('name = "bringup"', "") + _project(), "exactly one of"),
        (
            _HEAD.replace('name = "bringup"', 'name = "x"\nrevision = "y"') + _project(),
            "`revision` belongs to a manifest with a `url`",
        ),
        (
            _HEAD.replace('name = "bringup"', 'url = "-x"\nrevision = "-y"\nfile = "../z"')
            + _project(),
            "f.lock: manifest: `url` begins with `-`",
        ),
        ("version = 2\n", "format version 2 needs"),
    ],
)
def test_what_is_wrong_in_a_lockfile_is_said(text: str, problem: str) -> None:
    assert problem in "\n".join(_problems(text))


def test_all_problems_are_reported_together() -> None:
    assert len(_problems(_HEAD + _project(commit="x", url="", upstream="a b"))) == 3


_PATHS = st.from_regex(r"[a-zé ]{1,8}(/[a-z.\"'_-]{1,8}){0,2}", fullmatch=True).filter(
    lambda text: why_unsafe(text) is None and why_reserved(RelPath(text)) is None
)
_COMMITS = st.from_regex(r"[0-9a-f]{40}", fullmatch=True).map(CommitId)
_NAMES = st.text(min_size=1, max_size=8)
_LINKS = st.builds(LinkFile, src=_PATHS.map(RelPath), dest=_PATHS.map(RelPath))
_PROJECTS = st.builds(
    LockedProject,
    name=_NAMES,
    path=_PATHS.map(RelPath),
    url=st.sampled_from(["https://h/a", "git@h:a", "/srv/é x", "sel4build:bundled/bringup"]),
    commit=_COMMITS,
    upstream=st.sampled_from([None, "main", "refs/tags/v1"]),
    links=st.lists(_LINKS, max_size=3).map(tuple),
)
_ORIGINS = st.one_of(
    st.builds(ManifestOrigin, name=_NAMES),
    st.builds(ManifestOrigin, path=_NAMES),
    st.builds(
        ManifestOrigin,
        url=st.sampled_from(["https://h/m", "/srv/m"]),
        revision=st.sampled_from([None, "main", "0" * 40]),
        file=st.sampled_from(["default.xml", "a/b.xml"]),
    ),
)
_LOCKS = st.builds(
    Lock,
    origin=_ORIGINS,
    manifest_digest=st.just(DIGEST),
    manifest_commit=st.none() | _COMMITS,
    projects=st.lists(_PROJECTS, min_size=1, max_size=4, unique_by=lambda each: each.path).map(
        lambda projects: tuple(sorted(projects, key=lambda each: each.path))
    ),
)


@given(_LOCKS)
def test_a_lock_equals_its_re_read(lock: Lock) -> None:
    text = render_lock(lock)

    assert parse_lock(text, "f.lock") == lock
    assert render_lock(parse_lock(text, "f.lock")) == text


@given(st.text())
def test_nothing_but_an_explained_error_comes_of_any_text(text: str) -> None:
    with pytest.raises(Sel4BuildError):
        parse_lock(text, "f.lock")


def test_all_that_a_project_may_have_comes_back() -> None:
    project = replace(
        a_locked_project(links=(("x/*", "y"),), copies=(("a", "b"), ("c", "d"))),
        annotations=(
            Annotation(name="n", value='v "w"'),
            Annotation(name="m", value="é", keep=False),
        ),
        groups=("g", "local::mine"),
        clone_depth=2,
        remote="there",
        push_url="ssh://git@p/a",
        sync_c=True,
        sync_s=True,
        sync_tags=False,
    )
    lock = a_lock(project, origin=ManifestOrigin(name="bringup", groups=("default", "-x")))
    lock = replace(lock, sync_j=3, sync_j_max=9)

    assert parse_lock(render_lock(lock), "f.lock") == lock


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("clone-depth = 0", "`clone-depth` (0) is not at least 1"),
        ('remote = "-x"', "`remote` begins with `-`"),
        ('push-url = "ext::sh -c x"', "`push-url` names a remote helper"),
        ('copies = [{ src = "a", dest = "local_manifests/a.xml" }]', "is reserved"),
        ('copies = [{ src = ".", dest = "a" }]', "contains the component `.`"),
        ('copies = [{ src = "../a", dest = "a" }]', "contains the component `..`"),
    ],
)
def test_what_no_copy_or_depth_can_be_is_told(line: str, words: str) -> None:
    assert any(words in each for each in _problems(f"{_HEAD}{_project()}{line}\n"))


def test_credentials_of_a_push_url_are_not_stored() -> None:
    project = replace(a_locked_project(), push_url="https://user:secret@h/a")

    assert "secret" not in render_lock(a_lock(project))


@pytest.mark.parametrize("key", ["sync-j", "sync-j-max"])
def test_less_than_one_at_a_time_is_refused(key: str) -> None:
    text = f"{_HEAD}{_project()}".replace("[manifest]", f"{key} = 0\n\n[manifest]", 1)

    assert any(f"`{key}`" in each or f"{key}:" in each for each in _problems(text))


def test_a_list_is_no_group() -> None:
    (problem,) = _problems(f'{_HEAD}groups = ["a,b"]\n{_project()}')

    assert "'a,b' is not one group" in problem
