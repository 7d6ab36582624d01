# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`why-not`: the rule with its places, and commands that work."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import World
from tests.kit.sel4_catalog import CATALOG
from tests.kit.sel4_tree import SOLO_SETTINGS, VM_ARM, Sel4Tree


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The boards and apps of the tree as data of the user's own."""
    for name, text in CATALOG.items():
        own = name.replace("apps/Arm", "apps/acme").replace("apps/x86", "apps/acme-pc")
        path = tmp_path / "data" / own
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "data"


@pytest.fixture
def tree(tmp_path: Path) -> Sel4Tree:
    """Sources of invented boards, in a workspace."""
    made = Sel4Tree.create(tmp_path / "w")
    (made.root / "sel4build.toml").write_text(
        'version = 1\n\n[manifest]\nname = "camkes-vm-examples"\n'
    )
    return made


def asked(
    world: World, cwd: Path, *words: str, data: Path | None = None
) -> tuple[int, dict[str, Any]]:
    """Ask, and return the exit code and the answer."""
    own = ("--data-dir", str(data)) if data else ()
    done = world.run("why-not", "--json", *own, *words, cwd=cwd)
    return done.exit_code, done.object("why-not")


def test_what_works_is_said_to(world: World, tmp_path: Path) -> None:
    done = world.run("why-not", "--app", "vm_minimal", "--platform", "zynqmp", cwd=tmp_path).ok()
    assert done.stdout == (
        "vm_minimal@zcu102 would work\nnote: platform `zynqmp` is taken to mean `zcu102`\n"
    )


def test_the_rule_its_place_and_what_works_are_told(world: World, tmp_path: Path) -> None:
    words = ("--app", "vm_serial_server", "--platform", "tx2")
    done = world.run("why-not", *words, cwd=tmp_path)
    assert done.exit_code == ExitCode.NOTHING_SELECTED
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == (
        "app-not-on-platform: app `vm_serial_server` is not for platform `tx2`,"
        " but for `exynos5422`"
    )
    assert lines[1].startswith("  --> apps/Arm/vm_serial_server/app.toml:")
    assert lines[-3:] == [
        "nearest that works:",
        "  sel4build init --app vm_serial_server --platform exynos5422",
        "  sel4build init --app vm_minimal --platform tx2",
    ]


def test_each_command_that_is_proposed_asks_for_what_works(world: World, tmp_path: Path) -> None:
    words = ("--app", "vm_minimal", "--platform", "tk1", "--num-nodes", "4", "-D", "VmPCISupport=1")
    code, answer = asked(world, tmp_path, *words)
    assert code == ExitCode.NOTHING_SELECTED
    assert [each["rule"] for each in answer["rules"]] == [
        "too-many-nodes",
        "option-not-on-platform",
    ]
    assert len(answer["nearest"]) >= 2
    for each in answer["nearest"]:
        program, command, *rest = shlex.split(each["command"])
        assert (program, command) == ("sel4build", "init")
        again, found = asked(world, tmp_path, *rest)
        assert (again, found["target"]) == (ExitCode.OK, each["target"])


def test_a_workspace_tells_where_its_sources_say_so(
    world: World, tree: Sel4Tree, data: Path
) -> None:
    code, answer = asked(world, tree.root, "--app", "vm_solo", "--platform", "zeta2", data=data)
    assert code == ExitCode.NOTHING_SELECTED
    (rule,) = answer["rules"]
    assert rule["place"].startswith(f"{data}/apps/acme/vm_solo/app.toml:")
    assert rule["sources"] == [f"{SOLO_SETTINGS}:1"]
    commands = [each["command"] for each in answer["nearest"]]
    assert commands == ["sel4build init --app vm_solo --platform zeta1"]


def test_too_many_nodes_are_told_where_the_settings_refuse_them(
    world: World, tree: Sel4Tree, data: Path
) -> None:
    words = ("--app", "vm_solo", "--platform", "zeta1", "--num-nodes", "2")
    _, answer = asked(world, tree.root, *words, data=data)
    (rule,) = answer["rules"]
    (place,) = rule["sources"]
    assert place.startswith("projects/vm-examples/settings.cmake:")


def test_an_option_is_told_where_it_is_declared_and_a_forced_one_where_it_is_set(
    world: World, tree: Sel4Tree, data: Path
) -> None:
    line = 1 + (tree.root / VM_ARM).read_text().partition("config_option(\n    VmVirtio")[0].count(
        "\n"
    )
    words = ("--app", "vm_solo", "--platform", "zeta1", "-D", "VmVirtioConsole=ON")
    _, answer = asked(world, tree.root, *words, data=data)
    assert answer["rules"][0]["sources"] == [f"{VM_ARM}:{line}"]

    words = ("--app", "vm_solo", "--platform", "acme", "-D", "VmPCISupport=OFF")
    _, answer = asked(world, tree.root, *words, data=data)
    assert answer["rules"][0]["rule"] == "forced-variable"
    assert f"{SOLO_SETTINGS}:7" in answer["rules"][0]["sources"]


def test_what_is_asked_in_upstreams_words_is_understood(world: World, tmp_path: Path) -> None:
    done = world.run(
        "why-not", "--", "-DCAMKES_VM_APP=vm_serial_server", "-DPLATFORM=tx2", cwd=tmp_path
    )
    assert done.exit_code == ExitCode.NOTHING_SELECTED
    assert "sel4build init --app vm_serial_server --platform exynos5422" in done.stdout


def test_an_app_has_to_be_named(world: World, tmp_path: Path) -> None:
    world.run("why-not", cwd=tmp_path).failed(ExitCode.USAGE, "no app is named")


def test_what_is_near_works_by_the_sources_and_not_only_by_the_catalogue(
    world: World, tree: Sel4Tree, data: Path
) -> None:
    words = ("--app", "vm_duo", "--platform", "zeta1")
    _, before = asked(world, tree.root, *words, data=data)
    assert "vm_solo@zeta1" in {each["target"] for each in before["nearest"]}
    tree.replace(SOLO_SETTINGS, "acme;zeta1", "acme")
    code, answer = asked(world, tree.root, *words, data=data)
    assert code == ExitCode.NOTHING_SELECTED
    assert {each["target"] for each in answer["nearest"]} == {"vm_duo@acme"}
