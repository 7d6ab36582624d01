# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of locks as pinned manifests."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sel4build.errors import ProblemsError
from sel4build.lock import lock_pinned, render_pinned
from sel4build.model.lock import LockedProject
from sel4build.model.manifest import Annotation
from tests.kit.locks import a_lock, a_locked_project
from tests.kit.manifests import load_text


def test_a_pinned_manifest_names_each_remote_once() -> None:
    text = render_pinned(
        a_lock(
            a_locked_project("a", url="https://h/org/a.git"),
            a_locked_project("b", url="https://h/org/b", copies=(("x", "y"),)),
            a_locked_project("c", url="https://g/org/c", upstream=None, links=(("x", "z"),)),
        )
    )

    assert text == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<manifest>\n'
        '  <remote name="origin" fetch="https://g/org"/>\n'
        '  <remote name="origin-2" alias="origin" fetch="https://h/org"/>\n'
        f'  <project name="a.git" path="a" remote="origin-2" revision="{"a" * 40}" upstream="main"/>\n'
        f'  <project name="b" remote="origin-2" revision="{"a" * 40}" upstream="main">\n'
        '    <copyfile src="x" dest="y"/>\n  </project>\n'
        f'  <project name="c" remote="origin" revision="{"a" * 40}">\n'
        '    <linkfile src="x" dest="z"/>\n  </project>\n</manifest>\n'
    )


_PROJECTS = st.builds(
    a_locked_project,
    st.sampled_from(["a", "b/c", "d/e/f"]),
    url=st.sampled_from(["https://h/a", "ssh://git@h/x/b.git", "file:///srv/git/c", "git://h/d"]),
    commit=st.sampled_from(["a" * 40, "b" * 40]),
    upstream=st.sampled_from([None, "main", "refs/tags/v1"]),
).flatmap(
    lambda project: st.builds(
        lambda groups, depth, remote, push, is_so: replace(
            project,
            groups=tuple(sorted(groups)),
            clone_depth=depth,
            remote=remote,
            push_url=push and f"{push}/{project.name}",
            sync_c=is_so,
            sync_s=is_so,
            sync_tags=not is_so,
        ),
        st.sets(st.sampled_from(["g", "platform-linux"])),
        st.sampled_from([None, 1]),
        st.sampled_from(["origin", "there"]),
        st.sampled_from([None, "ssh://git@p/x", "https://p"]),
        st.booleans(),
    )
)


@given(st.lists(_PROJECTS, min_size=1, unique_by=lambda project: project.path))
def test_a_lock_comes_back_from_its_pinned_manifest(projects: list[LockedProject]) -> None:
    lock = a_lock(*projects)

    manifest = load_text(render_pinned(lock))

    assert lock_pinned(manifest, origin=lock.origin).projects == lock.projects


def test_a_plain_path_means_the_same_in_a_manifest_of_any_url() -> None:
    manifest = load_text(render_pinned(a_lock(a_locked_project(url="/srv/git/c"))))

    assert manifest.projects[0].url == "file:///srv/git/c"


def test_an_annotation_that_is_not_to_be_kept_stays_here() -> None:
    notes = (Annotation(name="a", value="b"), Annotation(name="c", value="d", keep=False))

    text = render_pinned(a_lock(replace(a_locked_project(), annotations=notes)))

    assert 'name="a" value="b"' in text
    assert 'value="d"' not in text


def test_every_project_that_floats_is_named() -> None:
    manifest = load_text(
        '<manifest><remote name="o" fetch="."/><default remote="o" revision="main"/>'
        f'<project name="a" revision="{"a" * 40}"/><project name="b"/><project name="c"/>'
        "</manifest>"
    )

    with pytest.raises(ProblemsError, match="does not pin 2 projects") as caught:
        lock_pinned(manifest, origin=a_lock().origin)

    assert "project `b` at path `b` is at `main`, no commit" in caught.value.details[0]


def test_a_pinned_manifest_may_leave_nothing_to_submanifests() -> None:
    manifest = load_text(
        '<manifest><remote name="o" fetch="."/><default remote="o" revision="main"/>'
        f'<project name="a" revision="{"a" * 40}"/><submanifest name="s"/></manifest>'
    )

    with pytest.raises(ProblemsError, match="is not pinned") as caught:
        lock_pinned(manifest, origin=a_lock().origin)

    assert "has no submanifests: their projects stand in it" in caught.value.details[0]
