# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of composing one run of CMake."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.configure.plan import SourceTree, find_source_tree, plan_configuration
from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.model.configuration import ChosenToolchain, Configuration
from sel4build.model.host_program import HostProgram
from sel4build.model.target import Target
from tests.kit.configurations import a_chosen_toolchain
from tests.kit.targets import a_target

CMAKE = HostProgram(path=Path("/opt/cmake"), version=(3, 25, 1))
NINJA = HostProgram(path=Path("/opt/ninja"), version=(1, 13, 0))
SOURCE = SourceTree(source_dir=Path("/w/p"), settings_scripts=(Path("/w/p/settings.cmake"),))


def plan(
    target: Target | None = None,
    *,
    toolchain: ChosenToolchain | None = None,
    cmake: HostProgram = CMAKE,
    build_dir: str = "/w/build/x",
    environ: Mapping[str, str] | None = None,
) -> Configuration:
    return plan_configuration(
        target or a_target(),
        source=SOURCE,
        build_dir=Path(build_dir),
        toolchain=toolchain or a_chosen_toolchain(),
        cmake=cmake,
        ninja=NINJA,
        memo_dir=Path("/cache/sel4"),
        environ=environ or {},
    )


def cached(configuration: Configuration) -> Mapping[str, str]:
    lines = configuration.initial_cache.splitlines()[1:]
    words = [line.removeprefix("set(").split(" CACHE ")[0].partition(" ") for line in lines]
    return {name: value.strip("[]") for name, _, value in words}


def test_ours_come_first_then_the_users_then_the_settings_of_the_project() -> None:
    configuration = plan(a_target(defines={"B": "2", "A": "1 x"}))

    assert configuration.argv == (
        "/opt/cmake",
        *("-G", "Ninja"),
        *("-S", "/w/p"),
        *("-B", "/w/build/x"),
        *("-C", "/w/build/x/initial-cache.cmake"),
        "-DB=2",
        "-DA=1 x",
        *("-C", "/w/p/settings.cmake"),
    )


def test_the_initial_cache_holds_the_contract_the_toolchain_and_the_tools() -> None:
    assert cached(plan()) == {
        "PLATFORM": "acme1",
        "PREFIX": "one-",
        "CMAKE_MAKE_PROGRAM": "/opt/ninja",
        "CMAKE_POLICY_VERSION_MINIMUM": "3.5",
        "SEL4_CACHE_DIR": "/cache/sel4",
    }


@pytest.mark.parametrize(
    ("said", "kept"), [("86400", "86400"), ("soon", "0"), ("", "0"), ("-1", "0"), ("²", "0")]
)
def test_the_time_in_images_is_the_users_or_else_zero(said: str, kept: str) -> None:
    configuration = plan(environ={"SOURCE_DATE_EPOCH": said, "PYTHONHASHSEED": "7"})

    assert configuration.environ == {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": kept}


def test_what_the_user_sets_is_left_out_of_the_initial_cache() -> None:
    variables = cached(plan(a_target(defines={"PREFIX": "mine-", "SEL4_CACHE_DIR": "/mine"})))

    assert "PREFIX" not in variables
    assert "SEL4_CACHE_DIR" not in variables


def test_the_values_of_the_user_and_of_the_catalogue_must_arrive() -> None:
    target = replace(a_target(defines={"A": "1"}), expected={"A": "0", "Kernel": "x"})

    assert plan(target).wanted == {"A": "1", "Kernel": "x"}


def test_what_a_package_tells_of_the_toolchain_holds_no_path() -> None:
    told = plan().toolchain

    assert told["cmake"] == "3.25.1"
    assert told["version"] == "one-cc 1.2"
    assert not any("/" in value for value in told.values())


def test_the_same_inputs_give_the_same_digest() -> None:
    assert plan().digest == plan().digest


@pytest.mark.parametrize(
    "other",
    [
        plan(a_target(defines={"A": "1"})),
        plan(a_target(num_nodes=2), build_dir="/w/build/y"),
        plan(toolchain=a_chosen_toolchain(fingerprint="1" * 64)),
        plan(toolchain=a_chosen_toolchain(variables={"PREFIX": "two-"})),
        plan(cmake=replace(CMAKE, version=(4, 0))),
        plan(environ={"SOURCE_DATE_EPOCH": "77"}),
    ],
)
def test_a_change_of_anything_that_matters_changes_the_digest(other: Configuration) -> None:
    assert other.digest != plan().digest


def test_the_source_is_the_real_place_of_the_settings_link(tmp_path: Path) -> None:
    project = tmp_path / "projects" / "vm"
    project.mkdir(parents=True)
    (project / "easy-settings.cmake").write_text("")
    (project / "settings.cmake").write_text("")
    (tmp_path / "easy-settings.cmake").symlink_to("projects/vm/easy-settings.cmake")

    source = find_source_tree(tmp_path)

    assert source.source_dir == project.resolve()
    assert source.settings_scripts == (project.resolve() / "settings.cmake",)


def test_a_workspace_with_a_cmake_file_at_its_top_is_its_own_source(tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text("")
    (tmp_path / "settings.cmake").write_text("")

    assert find_source_tree(tmp_path).source_dir == tmp_path


def test_a_workspace_without_its_link_must_be_synced(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentLacksError) as raised:
        find_source_tree(tmp_path)

    assert raised.value.hint == "run `sel4build sync`"


def test_a_link_that_leads_nowhere_must_be_synced(tmp_path: Path) -> None:
    (tmp_path / "easy-settings.cmake").symlink_to("projects/gone/easy-settings.cmake")

    with pytest.raises(EnvironmentLacksError, match=r"has no `easy-settings\.cmake`"):
        find_source_tree(tmp_path)


def test_a_project_without_settings_is_another_kind_of_project(tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text("")

    with pytest.raises(InputError, match=r"has no `settings\.cmake`"):
        find_source_tree(tmp_path)
