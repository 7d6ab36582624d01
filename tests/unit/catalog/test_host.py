# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The folder `host`: what we ship is whole, and a user's folder comes on top of it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sel4build.catalog import load_catalog
from sel4build.catalog.host import find_host_file, load_hints, load_host_data
from sel4build.configure.packages import every_spelling, install_argv, install_line
from sel4build.errors import EnvironmentLacksError, ProblemsError
from sel4build.model.platform import ImageFormat, Sel4Arch

DATA = load_host_data()
_PLAIN = re.compile(r"[^{}]+")


def test_every_need_of_an_app_is_a_tool_that_can_be_looked_for() -> None:
    catalog = load_catalog()
    for app in catalog.apps:
        for need in app.needs:
            assert need.tool in DATA.tools, (app.name, need.tool)
            assert set(need.sel4_archs) <= set(Sel4Arch)
            assert set(need.formats) <= set(ImageFormat)
            assert all(catalog.platform(name) is not None for name in need.platforms)
            assert all(app.option(name) is not None for name in (*need.when, *need.unless_set))


def test_every_tool_is_needed_and_looked_for_in_one_way() -> None:
    needed = {need.tool for app in load_catalog().apps for need in app.needs} | {"git"}
    assert set(DATA.tools) == needed
    for tool in DATA.tools.values():
        ways = (tool.programs, tool.modules, tool.probe)
        assert sum(bool(way) for way in ways) == 1, tool.name


def test_every_package_has_a_name_in_fedora_arch_and_nix() -> None:
    packages = {each for tool in DATA.tools.values() for each in tool.packages}
    for toolchain in load_catalog().toolchains:
        for arch in toolchain.archs:
            names = (arch.debian_package, arch.cxx_package, arch.binutils_package)
            packages |= {name for name in names if name}
    for package in sorted(filter(_PLAIN.fullmatch, packages)):
        spelt = every_spelling((package,), DATA)
        assert {"apt", "dnf", "pacman", "nix"} <= set(spelt), package


def test_a_version_in_the_name_is_debians_way() -> None:
    assert every_spelling(("lib32gcc-12-dev",), DATA)["dnf"] == ["libgcc.i686"]


def test_multilib_of_debian_is_never_installed() -> None:
    text = find_host_file("tools.toml").read_text() + find_host_file("packages.toml").read_text()
    assert 'multilib"' not in text
    assert all("multilib" not in name for tool in DATA.tools.values() for name in tool.packages)


def test_the_command_names_every_package_once() -> None:
    dnf = next(each for each in DATA.managers if each.name == "dnf")
    packages = ("libxml2-utils", "device-tree-compiler", "libxml2-utils")
    assert install_argv(packages, dnf, DATA) == ("dnf", "install", "libxml2", "dtc")
    assert install_argv(("of-nobody",), dnf, DATA) is None
    assert install_line(("dtc",), None, DATA, is_root=True) == (
        "apt-get install --no-install-recommends dtc"
    )
    assert install_line((), dnf, DATA, is_root=True) is None


def _overlay(folder: Path, name: str, text: str) -> Path:
    place = folder / "mine" / "host" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return folder / "mine"


def test_a_tool_of_the_users_takes_the_place_of_ours(tmp_path: Path) -> None:
    text = 'version = 1\n[[tools]]\nname = "dtc"\nsummary = "mine"\nprograms = ["my-dtc"]\n'
    data = load_host_data((_overlay(tmp_path, "tools.toml", text),))
    assert data.tools["dtc"].programs == ("my-dtc",)
    assert data.tools["make"] == DATA.tools["make"]
    assert data.digest != DATA.digest


def test_a_mistake_in_a_users_file_is_told_with_its_place(tmp_path: Path) -> None:
    overlay = _overlay(tmp_path, "tools.toml", 'version = 1\n[[tools]]\nname = "x"\nsumary = "y"\n')
    with pytest.raises(ProblemsError) as caught:
        load_host_data((overlay,))
    assert any("tools.toml:4" in line for line in caught.value.details)


def test_hints_of_the_users_come_first(tmp_path: Path) -> None:
    text = (
        'version = 1\n[[hints]]\nname = "mine"\npattern = "boom"\ncause = "c"\ncure = "d"\n'
        'source = "s"\n'
    )
    hints = load_hints((_overlay(tmp_path, "hints.toml", text),))
    assert hints[0].name == "mine"
    assert len(hints) == len(load_hints()) + 1


@pytest.mark.parametrize("pattern", ["(", "a{99999999999999}"])
@pytest.mark.parametrize("load", [load_hints, load_host_data])
def test_a_bad_pattern_is_told_with_its_place(
    tmp_path: Path, pattern: str, load: Callable[[tuple[Path, ...]], object]
) -> None:
    text = (
        f'version = 1\n[[hints]]\nname = "mine"\npattern = "{pattern}"\ncause = "c"\ncure = "d"\n'
        'source = "s"\n'
    )
    overlay = _overlay(tmp_path, "hints.toml", text)
    with pytest.raises(ProblemsError, match="1 problem") as caught:
        load((overlay,))
    assert "hints.toml:4" in caught.value.details[0]
    assert "hint `mine` is no regular expression" in caught.value.details[0]


def test_a_hint_without_a_cure_is_told_before_anything_fails(tmp_path: Path) -> None:
    text = 'version = 1\n[[hints]]\nname = "mine"\npattern = "x"\ncause = "c"\nsource = "s"\n'
    with pytest.raises(ProblemsError) as caught:
        load_host_data((_overlay(tmp_path, "hints.toml", text),))
    assert any("hints.toml:2" in line and "cure" in line for line in caught.value.details)


def test_a_file_that_is_not_there_is_an_incomplete_installation() -> None:
    with pytest.raises(EnvironmentLacksError, match=r"nothing\.toml"):
        find_host_file("nothing.toml")
