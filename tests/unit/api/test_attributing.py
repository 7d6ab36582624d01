# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Who has the word on a setting, before and after a target is configured."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.api.attributing import Attribution, Who, attribute_plan, attribute_tree, matching
from sel4build.api.facts import given_of, read_facts
from sel4build.api.selecting import select_one
from sel4build.catalog import load_catalog
from sel4build.configure.search import Declarations
from sel4build.configure.tree_record import TreeRecord
from sel4build.errors import Span
from sel4build.model.app import OptionKind, OptionSpec
from sel4build.model.configuration import Configuration
from sel4build.model.guest import GuestFile, GuestFiles, GuestRole
from sel4build.model.setting import Setting, Write, WriteKind
from sel4build.model.target import Selection, Target
from sel4build.model.workspace import Workspace
from tests.kit.configurations import a_configuration
from tests.kit.sel4_tree import SOLO_SETTINGS, VM_ARM, Sel4Tree
from tests.kit.targets import a_board, a_target

ROOT = Path("/w")
OPTION = OptionSpec(
    name="OPTIONAL", summary="s", kind=OptionKind.BOOL, default="OFF", source="x.cmake"
)


def target(*, defines: Mapping[str, str] | None = None) -> Target:
    """A target whose app and platform set, force and offer something each."""
    board = replace(a_board("acme"), variables={"AARCH64": "1"})
    made = a_target(board, defines=defines)
    app = replace(
        made.app,
        name="vm_solo",
        forced={
            "FIXED": "ON",
            "BOTH": "app",
            "FILLED": "{app}-{num-nodes}",
            "NONE": "{uart-shift}",
        },
        spans={"forced.FIXED": Span(file="app.toml", line=4)},
        options=(OPTION, replace(OPTION, name="Elsewhere", platforms=("other",))),
    )
    return replace(
        made,
        app=app,
        app_platform=replace(made.app_platform, forced={"BOTH": "platform"}),
        variables={"AARCH64": "1", "APP": "vm_solo"},
    )


def configuration(given: Mapping[str, str]) -> Configuration:
    made = a_configuration(ROOT / "build" / "x")
    return replace(made, root=ROOT, given=given, toolchain_variables=("PREFIX",))


def planned(
    *, defines: Mapping[str, str] | None = None, given: Mapping[str, str] | None = None
) -> dict[str, Attribution]:
    found = attribute_plan(target(defines=defines), configuration(given or {}), None)
    return {each.name: each for each in found}


def test_each_setting_is_told_with_who_says_so() -> None:
    given = {"AARCH64": "1", "APP": "vm_solo", "PREFIX": "one-", "SEL4_CACHE_DIR": "/memo"}
    found = planned(defines={"MINE": "yes"}, given={**given, "MINE": "yes"})
    assert {(each.name, each.value, each.source) for each in found.values()} == {
        ("MINE", "yes", "-D"),
        ("AARCH64", "1", "platform acme"),
        ("APP", "vm_solo", "app vm_solo"),
        ("FIXED", "ON", "the sources, whatever is asked"),
        ("FILLED", "vm_solo-1", "the sources, whatever is asked"),
        ("BOTH", "platform", "the sources, whatever is asked"),
        ("PREFIX", "one-", "toolchain fake"),
        ("SEL4_CACHE_DIR", "/memo", "sel4build"),
        ("OPTIONAL", "OFF", "default of the option"),
    }
    assert found["FIXED"].place == "app.toml:4"
    assert found["OPTIONAL"].place == "x.cmake"


def test_settings_are_told_by_who_has_the_word() -> None:
    found = attribute_plan(target(defines={"Z": "1", "A": "2"}), configuration({}), None)
    assert [each.name for each in found][:3] == ["A", "Z", "APP"]
    assert found[-1].name == "OPTIONAL"


def test_outside_of_a_workspace_the_catalogue_is_all_there_is() -> None:
    found = {each.name: each for each in attribute_plan(target(), None, None)}
    assert found["APP"].source == "app vm_solo"
    assert "SEL4_CACHE_DIR" not in found


def test_what_the_sources_overwrite_is_told_with_what_was_asked() -> None:
    found = planned(defines={"FIXED": "OFF"}, given={"BOTH": "ours"})
    assert (found["FIXED"].value, found["FIXED"].overridden) == ("ON", ("`OFF` of -D",))
    assert found["BOTH"].overridden == ("`ours` of sel4build",)


def test_the_sources_of_a_workspace_tell_places_and_more_settings(tmp_path: Path) -> None:
    tree = Sel4Tree.create(tmp_path / "w")
    option = replace(OPTION, name="VmVirtioConsole")
    wanted = replace(target(defines={"VmPCISupport": "OFF"}), num_nodes=3)
    wanted = replace(wanted, app=replace(wanted.app, options=(option,)))
    facts = read_facts(Workspace(tree.root), "vm_solo", "acme", given_of(wanted))
    found = {each.name: each for each in attribute_plan(wanted, None, facts)}
    assert found["LibUSB"].who is Who.FORCED
    assert found["LibUSB"].place == f"{SOLO_SETTINGS}:5"
    assert found["KernelMaxNumNodes"].value == "3"
    assert found["VmPCISupport"].value == "ON"
    assert found["VmPCISupport"].overridden == ("`OFF` of -D",)
    assert found["VmVirtioConsole"].who is Who.DEFAULT
    assert found["VmVirtioConsole"].place is not None
    assert found["VmVirtioConsole"].place.startswith(f"{VM_ARM}:")
    assert found["CAMKES_ARM_LINUX_DIR"].who is Who.SET


def write(kind: WriteKind, value: str, line: int = 1) -> Write:
    return Write(kind=kind, value=value, command="set", file="s.cmake", line=line)


def attributed(setting: Setting, *, root: Path = ROOT) -> Attribution:
    search = Declarations(files=(root / "x.cmake",), root=root)
    (found,) = attribute_tree(
        target(defines={"MINE": "4"}), configuration({}), TreeRecord(settings=(setting,)), search
    )
    return found


@pytest.mark.parametrize(
    ("name", "kind", "who", "place"),
    [
        ("MINE", WriteKind.USER, Who.USER, None),
        ("APP", WriteKind.INITIAL, Who.APP, None),
        ("AARCH64", WriteKind.INITIAL, Who.PLATFORM, None),
        ("PREFIX", WriteKind.INITIAL, Who.TOOLCHAIN, None),
        ("SEL4_CACHE_DIR", WriteKind.INITIAL, Who.DRIVER, None),
        ("X", WriteKind.FORCE, Who.FORCED, "s.cmake:1"),
        ("X", WriteKind.SET, Who.SET, "s.cmake:1"),
        ("X", WriteKind.DEFAULT, Who.DEFAULT, "s.cmake:1"),
    ],
)
def test_a_configured_tree_tells_who_wrote(
    name: str, kind: WriteKind, who: Who, place: str | None
) -> None:
    found = attributed(Setting(name=name, value="1", type="STRING", writes=(write(kind, "1"),)))
    assert (found.who, found.place) == (who, place)


def test_a_configured_tree_tells_what_was_asked_in_vain() -> None:
    writes = (
        write(WriteKind.INITIAL, "2"),
        Write(kind=WriteKind.USER, value="4", command="-D", file="the command line"),
        write(WriteKind.FORCE, "3", 5),
        write(WriteKind.FORCE, "1", 7),
        write(WriteKind.ORDINARY, "9", 8),
    )
    found = attributed(Setting(name="MINE", value="1", type="STRING", writes=writes))
    assert (found.who, found.place) == (Who.FORCED, "s.cmake:7")
    assert found.overridden == ("`2` of sel4build", "`4` of -D", "`3` of s.cmake:5")
    assert found.hidden_by == ("`9` of s.cmake:8",)


def test_what_the_trace_did_not_show_is_searched_for(tmp_path: Path) -> None:
    (tmp_path / "x.cmake").write_text('set(FOUND 1 CACHE STRING "")\n')
    found = attributed(Setting(name="FOUND", value="1", type="STRING"), root=tmp_path)
    assert (found.who, found.place, found.is_internal) == (Who.UNKNOWN, "x.cmake:1", False)
    lost = attributed(Setting(name="CMAKE_AR", value="ar", type="FILEPATH"), root=tmp_path)
    assert (lost.who, lost.place, lost.is_internal) == (Who.UNKNOWN, None, True)


def test_an_option_whose_conditions_do_not_hold_says_so() -> None:
    found = attributed(
        Setting(
            name="X",
            value="OFF",
            type="INTERNAL",
            writes=(write(WriteKind.DEFAULT, "ON"),),
            disabled=True,
        )
    )
    assert found.source == "the option's conditions, which do not hold"
    assert found.is_internal
    assert found.overridden == ()


def test_settings_are_chosen_by_part_of_their_name() -> None:
    settings = tuple(
        Attribution(name=name, value="", who=Who.SET, source="", is_internal=hidden)
        for name, hidden in (("KernelArch", False), ("KernelWordSize", True))
    )
    assert [each.name for each in matching(settings, (), everything=False)] == ["KernelArch"]
    assert len(list(matching(settings, (), everything=True))) == 2
    found = [each.name for each in matching(settings, ("wordsize",), everything=False)]
    assert found == ["KernelWordSize"]


def test_sources_without_the_app_tell_nothing(tmp_path: Path) -> None:
    tree = Sel4Tree.create(tmp_path / "w")
    assert read_facts(Workspace(tree.root), "vm_other", "acme") is None


def test_what_is_seen_to_here_is_told_once_with_what_upstream_has() -> None:
    selection = Selection(
        app="vm_minimal", platform="qemu-arm-virt", options=(("qemu-memory", "1024"),)
    )
    chosen = select_one(load_catalog(), selection).target
    tree = configuration({"QEMU_DTB": "/w/machine.dtb"})
    found = [each for each in attribute_plan(chosen, tree, None) if "QEMU_" in each.name]
    (memory,) = (each for each in found if each.name == "QEMU_MEMORY")
    assert (memory.value, memory.who) == ("1024", Who.USER)
    assert memory.source.startswith("--option, which sel4build sees to")
    assert memory.overridden[0].startswith("`2048` of apps/Arm/vm_minimal/app.toml:")
    (dtb,) = (each for each in found if each.name == "QEMU_DTB")
    assert dtb.source == "sel4build, for the machine that the options ask of QEMU"


def test_the_folder_of_a_guest_of_the_users_is_the_users() -> None:
    files = GuestFiles.of({GuestRole.KERNEL: GuestFile(path="/mine/Image", sha256="0" * 64)})
    selection = Selection(app="vm_minimal", platform="qemu-arm-virt", guest=files)
    chosen = select_one(load_catalog(), selection).target
    tree = configuration({"CAMKES_VM_IMAGES_DIR": "/w/guests"})
    found = {each.name: each for each in attribute_plan(chosen, tree, None)}
    told = found["CAMKES_VM_IMAGES_DIR"]
    assert (told.who, told.source) == (Who.USER, "--guest-kernel /mine/Image")
