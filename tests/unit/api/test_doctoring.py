# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a host has and lacks, told once, with what would bring it."""

from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.doctoring import (
    HostLacksError,
    Wish,
    _merged,
    bundled_app,
    examine_targets,
    finding_line,
    require_host,
)
from sel4build.catalog import load_catalog
from sel4build.configure import toolchains
from sel4build.errors import InputError
from sel4build.model.catalog import Catalog
from sel4build.model.host import Finding, Need, Phase
from sel4build.model.target import Target
from tests.kit.configurations import a_toolchain, write_compiler, write_program
from tests.kit.targets import a_target

COMPILER = Finding(
    what="compiler for aarch64", found=True, detail="gcc", why="compile", targets=("tx1",)
)


@pytest.fixture
def catalog() -> Catalog:
    """What is shipped, with an invented compiler alone."""
    return replace(load_catalog(()), toolchains=(a_toolchain(),))


def _on(folder: Path, *, path: str = "/nowhere") -> Context:
    environ = {"PATH": path, "HOME": str(folder)}
    return Context(environ=environ, cwd=folder)


def _needing(*needs: Need) -> Target:
    target = a_target()
    return replace(target, app=replace(target.app, needs=needs))


def test_what_several_targets_need_is_told_once() -> None:
    other = replace(COMPILER, targets=("tx2",))
    assert _merged([COMPILER, other, COMPILER]) == (replace(COMPILER, targets=("tx1", "tx2")),)


def test_what_is_needed_for_several_reasons_is_told_once_and_for_the_gravest() -> None:
    qemu = Finding(what="qemu", found=False, detail="not found", why="boot", phase=Phase.BOOT)
    asked = replace(qemu, why="configure", phase=Phase.BUILD)
    assert _merged([qemu, asked]) == (replace(asked, why="boot, configure"),)


def test_what_one_of_several_targets_lacks_is_not_hidden() -> None:
    lack = replace(COMPILER, found=False, detail="not found", targets=("tx2",))
    assert _merged([COMPILER, lack]) == (COMPILER, lack)


def test_a_line_says_what_why_and_what_helps() -> None:
    lack = replace(COMPILER, found=False, detail="not found", cure="run `it`")
    assert finding_line(lack) == (
        "compiler for aarch64: not found, needed to compile (tx1); run `it`"
    )


def test_a_compiler_that_is_missing_comes_with_its_package(
    catalog: Catalog, tmp_path: Path
) -> None:
    found = examine_targets(_on(tmp_path), catalog, [Wish(target=a_target())])
    (compiler,) = (each for each in found if each.what == "compiler for aarch64")
    assert (compiler.found, compiler.targets) == (False, ("demo@acme1",))
    assert compiler.packages == ("fake-compilers",)
    assert "one-cc" in compiler.detail
    (qemu,) = (each for each in found if each.what == "qemu-system-aarch64")
    assert (qemu.found, qemu.phase) == (False, Phase.BOOT)
    assert qemu.cure is not None
    assert "apt-get install --no-install-recommends qemu-system-arm" in qemu.cure


def test_a_compiler_that_hangs_is_waited_for_once_and_not_for_every_target(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchains, "ANSWER_LIMIT_S", 0.5)
    started = tmp_path / "started"
    write_program(tmp_path / "bin" / "one-cc", f"echo >> {started}; exec sleep 60")
    context = _on(tmp_path, path=f"{tmp_path}/bin:/usr/bin:/bin")
    found = examine_targets(context, catalog, [Wish(target=a_target())] * 12)
    (compiler,) = (each for each in found if each.what == "compiler for aarch64")
    assert "one-cc` did not answer within 0.5 s" in compiler.detail
    # Four look at once, before any of them knows.
    assert len(started.read_text().splitlines()) <= 4


def test_a_compiler_of_another_app_is_no_help(catalog: Catalog, tmp_path: Path) -> None:
    others = replace(catalog, toolchains=(a_toolchain(apps=("other",)),))
    found = examine_targets(_on(tmp_path), others, [Wish(target=a_target())])
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
        wish = Wish(target=a_target(), toolchain=toolchain)
        found = examine_targets(context, both, [wish])
        (compiler,) = (each for each in found if each.what == "compiler for aarch64")
        assert compiler.found is is_found, compiler


def test_a_build_is_stopped_by_what_it_needs_and_not_by_what_a_boot_needs(
    catalog: Catalog, tmp_path: Path
) -> None:
    write_compiler(tmp_path / "bin" / "one-cc")
    context = _on(tmp_path, path=f"{tmp_path}/bin:/usr/bin:/bin")
    slow = Need(tool="mkimage", why="be quick", phase=Phase.ADVICE)
    fine = Wish(target=_needing(Need(tool="bash", why="run"), slow))
    require_host(context, catalog, [fine])
    lacking = replace(context, environ={**context.environ, "PATH": f"{tmp_path}/bin"})
    with pytest.raises(HostLacksError) as caught:
        require_host(lacking, catalog, [fine])
    assert [each.what for each in caught.value.findings] == [
        *("git", "compiler for aarch64", "bash")
    ]
    assert caught.value.hint == "run `sel4build doctor --app demo --platform acme1 --fix`"


def test_a_need_that_no_file_tells_of_is_an_error_of_the_app(
    catalog: Catalog, tmp_path: Path
) -> None:
    wish = Wish(target=_needing(Need(tool="flux", why="run")))
    with pytest.raises(InputError, match="needs `flux`"):
        examine_targets(_on(tmp_path), catalog, [wish])


def test_a_catalogue_without_an_app_of_ours_has_no_demo(catalog: Catalog) -> None:
    with pytest.raises(InputError, match="no app whose sources are shipped"):
        bundled_app(replace(catalog, apps=()))
