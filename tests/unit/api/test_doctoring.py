# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a host has and lacks, told once, with what would bring it."""

from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.doctoring import Finding, _merged, bundled_app, examine_host
from sel4build.catalog import load_catalog
from sel4build.errors import InputError
from sel4build.model.catalog import Catalog
from tests.kit.configurations import a_toolchain, write_compiler
from tests.kit.targets import a_board

COMPILER = Finding(what="compiler for aarch64", found=True, detail="gcc", why="tx1")


@pytest.fixture
def catalog() -> Catalog:
    """What is shipped, with an invented compiler alone."""
    return replace(load_catalog(()), toolchains=(a_toolchain(),))


def _on(folder: Path, *, path: str = "/nowhere") -> Context:
    environ = {"PATH": path, "HOME": str(folder)}
    return Context(environ=environ, cwd=folder)


def test_what_several_targets_need_is_told_once() -> None:
    other = replace(COMPILER, why="tx2")
    assert _merged([COMPILER, other, COMPILER]) == (replace(COMPILER, why="tx1, tx2"),)


def test_what_one_of_several_targets_lacks_is_not_hidden() -> None:
    lack = replace(COMPILER, found=False, detail="not found", why="tx2")
    assert _merged([COMPILER, lack]) == (COMPILER, lack)


def test_a_compiler_that_is_missing_comes_with_its_package(
    catalog: Catalog, tmp_path: Path
) -> None:
    found = examine_host(_on(tmp_path), catalog, [a_board()], app="demo")
    (compiler,) = (each for each in found if each.what == "compiler for aarch64")
    assert (compiler.found, compiler.why) == (False, "acme1")
    assert compiler.packages == ("fake-compilers",)
    assert "one-cc" in compiler.detail
    (qemu,) = (each for each in found if each.what == "qemu-system-aarch64")
    assert (qemu.found, qemu.why) == (False, "booting acme1")
    assert qemu.cure == "apt-get install --no-install-recommends qemu-system-arm"


def test_a_compiler_of_another_app_is_no_help(catalog: Catalog, tmp_path: Path) -> None:
    others = replace(catalog, toolchains=(a_toolchain(apps=("other",)),))
    found = examine_host(_on(tmp_path), others, [a_board()], app="demo")
    (compiler,) = (each for each in found if each.what == "compiler for aarch64")
    assert (compiler.found, compiler.packages) == (False, ())


def test_the_toolchain_that_was_asked_for_is_the_one_looked_for(
    catalog: Catalog, tmp_path: Path
) -> None:
    write_compiler(tmp_path / "bin" / "one-cc")
    both = replace(
        catalog, toolchains=(a_toolchain(), a_toolchain("wanted", candidates=("three-",)))
    )
    context = _on(tmp_path, path=f"{tmp_path}/bin:/usr/bin:/bin")
    for toolchain, is_found in ((None, True), ("wanted", False)):
        found = examine_host(context, both, [a_board()], app="demo", toolchain=toolchain)
        (compiler,) = (each for each in found if each.what == "compiler for aarch64")
        assert compiler.found is is_found, compiler


def test_a_catalogue_without_an_app_of_ours_has_no_demo(catalog: Catalog) -> None:
    with pytest.raises(InputError, match="no app whose sources are shipped"):
        bundled_app(replace(catalog, apps=()))
