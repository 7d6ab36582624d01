# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Requests and what is said to them: `select/NAME.toml` beside `select/NAME.expected`.

A case is added by adding the two files. With SEL4BUILD_UPDATE_GOLDEN=1 in the environment the
expected texts are written anew; look at the difference before it is committed.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sel4build.catalog import load_catalog
from sel4build.cli.choosing import read_option
from sel4build.model.catalog import Catalog
from sel4build.model.guest import GuestFile, GuestFiles, GuestRole
from sel4build.model.target import Rejection, Selected, Selection
from sel4build.reading import read_toml
from sel4build.targets import select

_FOLDER = Path(__file__).parent / "select"
_REQUESTS = sorted(_FOLDER.glob("*.toml"))
_FILE = GuestFile(path="my/file", sha256="0" * 64)
_UPDATES = os.environ.get("SEL4BUILD_UPDATE_GOLDEN") == "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    app: str = ""
    platform: str | None = None
    num_nodes: str | None = None
    options: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    ci_build: str | None = None
    toolchain: str | None = None
    guest: tuple[str, ...] = ()
    """Roles for which a file is given."""
    allow_broken: bool = False


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.mark.parametrize("path", _REQUESTS, ids=lambda path: path.stem)
def test_each_request_is_answered_as_expected(path: Path, catalog: Catalog) -> None:
    request = read_toml(path, _Request)
    pairs = (each.partition("=") for each in request.defines)
    selection = Selection(
        app=request.app,
        platform=request.platform,
        num_nodes=request.num_nodes,
        options=tuple(read_option(each) for each in request.options),
        defines=tuple((name, value) for name, _, value in pairs),
        cmake_words=request.words,
        ci_build=request.ci_build,
        toolchain=request.toolchain,
        guest=GuestFiles.of({GuestRole(role): _FILE for role in request.guest}),
        allow_broken=request.allow_broken,
    )
    text = "\n".join(_rendered(select(catalog, selection))) + "\n"
    expected = path.with_suffix(".expected")
    if _UPDATES:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


def test_there_are_requests_and_no_expected_text_lacks_its_request() -> None:
    assert len(_REQUESTS) >= 60
    assert {path.stem for path in _FOLDER.glob("*.expected")} == {path.stem for path in _REQUESTS}


def _rendered(selected: Selected) -> Iterator[str]:
    for rejection in selected.rejections:
        yield from _rendered_rejection(rejection)
    for target in selected.targets:
        yield f"accepted: {target.id}"
        yield f"image: {target.image_format} {target.image_name}"
        for name, value in sorted(target.options.items()):
            yield f"option: {name}={value}"
        for role, file in target.replaced.by_role().items():
            yield f"guest: {role}={file.path} for {target.guest_file(role)}"
        for name, value in sorted(target.defines.items()):
            yield f"user: {name}={value}"
        for name, value in sorted(target.variables.items()):
            yield f"ours: {name}={value}"
        for name, value in sorted(target.expected.items()):
            yield f"expected: {name}={value}"
    if selected.toolchain is not None:
        yield f"toolchain: {selected.toolchain}"
    for note in selected.notes:
        yield f"note: {note}"


def _rendered_rejection(rejection: Rejection) -> Iterator[str]:
    yield f"error[{rejection.rule}]: {rejection.reason}"
    if rejection.span is not None:
        yield f"  --> {rejection.span}"
    if rejection.hint is not None:
        yield f"hint: {rejection.hint}"
