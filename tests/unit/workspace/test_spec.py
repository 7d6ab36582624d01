# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of `sel4build.toml`."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sel4build.errors import InputError, ProblemsError, Sel4BuildError
from sel4build.model.lock import ManifestOrigin
from sel4build.model.signatures import SignaturePolicy
from sel4build.model.workspace import WantedTarget, Workspace, WorkspaceSpec
from sel4build.workspace.spec import parse_spec, read_spec, render_spec, write_spec

_HEAD = 'version = 1\n[manifest]\nname = "x"\n'
_TARGET = '[[target]]\napp = "a"\nplatform = "p"\n'
_SPEC = WorkspaceSpec(
    manifest=ManifestOrigin(url="https://h/m", revision="main", file="a.xml"),
    targets=(
        WantedTarget(app="vm_minimal", platform="tx2"),
        WantedTarget(
            app="vm_multi",
            platform="exynos5422",
            num_nodes=4,
            options={"rootfs": "initrd"},
            defines={"B": 'x"y', "A": "1"},
            toolchain="gcc",
            allow_broken=True,
        ),
    ),
)


def _problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ProblemsError) as caught:
        parse_spec(text, "f.toml")
    return caught.value.details


def test_the_file_has_one_spelling() -> None:
    assert render_spec(_SPEC) == (
        "# What is wanted of this workspace. Edit it, or let `sel4build init` add to it.\n"
        "version = 1\n\n"
        '[manifest]\nurl = "https://h/m"\nrevision = "main"\nfile = "a.xml"\n\n'
        '[[target]]\napp = "vm_minimal"\nplatform = "tx2"\n\n'
        '[[target]]\napp = "vm_multi"\nplatform = "exynos5422"\nnum-nodes = 4\n'
        'toolchain = "gcc"\nallow-broken = true\n'
        'options = { rootfs = "initrd" }\n'
        'defines = { A = "1", B = "x\\"y" }\n'
    )


def test_writing_and_reading_gives_the_same(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)

    assert write_spec(_SPEC, workspace)
    assert not write_spec(_SPEC, workspace)
    assert read_spec(workspace) == _SPEC


@pytest.mark.parametrize(
    ("policy", "lines"),
    [
        (SignaturePolicy(), "[signatures]\n"),
        (
            SignaturePolicy(
                unsigned=("projects/a", "b"),
                unsigned_manifest=True,
                allowed_signers="keys/signers",
                gpg_home="keys/gpg",
            ),
            (
                '[signatures]\nunsigned = ["projects/a", "b"]\nunsigned-manifest = true\n'
                'allowed-signers = "keys/signers"\ngpg-home = "keys/gpg"\n'
            ),
        ),
    ],
)
def test_what_has_to_be_signed_is_kept(policy: SignaturePolicy, lines: str) -> None:
    spec = replace(_SPEC, signatures=policy)

    text = render_spec(spec)

    assert lines in text
    assert parse_spec(text, "f.toml") == spec


def test_credentials_are_not_written() -> None:
    spec = WorkspaceSpec(manifest=ManifestOrigin(url="https://tok@h/m"))

    assert "tok@" not in render_spec(spec)


def test_a_folder_without_the_file_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a workspace") as caught:
        read_spec(Workspace(tmp_path))

    assert "sel4build init" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("version = 1\n", "key `manifest` is missing"),
        ("version = 1\n[manifest]\n", "exactly one of"),
        ('version = 1\n[manifest]\nurl = "ext::x"\n', "f.toml: manifest: `url` names a remote"),
        ('version = 1\n[manifest]\nnmae = "x"\n', "did you mean `name`?"),
        (
            _HEAD + '[[target]]\napp = "../x"\nplatform = "p"\n',
            "f.toml:4:1: target[0]: `app` ('../x') is not a name",
        ),
        (_HEAD + _TARGET + "num-nodes = 0\n", "`num-nodes` (0) is not at least 1"),
        (_HEAD + _TARGET * 2, "f.toml: target[1]: target `a@p` is there twice"),
    ],
)
def test_what_is_wrong_is_said(text: str, problem: str) -> None:
    assert problem in "\n".join(_problems(text))


_NAMES = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,8}", fullmatch=True)
_TARGETS = st.builds(
    WantedTarget,
    app=_NAMES,
    platform=_NAMES,
    num_nodes=st.integers(1, 64),
    defines=st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
    toolchain=st.none() | st.text(max_size=5),
    allow_broken=st.booleans(),
)


@given(st.lists(_TARGETS, max_size=3, unique_by=lambda each: each.id))
def test_a_spec_equals_its_re_read(targets: list[WantedTarget]) -> None:
    spec = WorkspaceSpec(manifest=ManifestOrigin(name="bringup"), targets=tuple(targets))

    assert parse_spec(render_spec(spec), "f.toml") == spec


@given(st.text())
def test_nothing_but_an_explained_error_comes_of_any_text(text: str) -> None:
    with pytest.raises(Sel4BuildError):
        parse_spec(text, "f.toml")
