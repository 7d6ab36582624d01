# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`port check` and `port new` on a tree of invented boards."""

from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import World
from tests.kit.git_remote import run_git
from tests.kit.sel4_tree import ACME_CONFIG, ACME_DTS, SOLO_DEVICES, Sel4Tree, a_device_tree


@pytest.fixture
def tree(tmp_path: Path) -> Sel4Tree:
    return Sel4Tree.create(tmp_path / "tree")


def test_a_good_port_passes(world: World, tree: Sel4Tree) -> None:
    shown = world.run("port", "check", "acme", "--app", "vm_solo", cwd=tree.root).ok().stdout

    lines = shown.splitlines()
    assert lines[0] == "port of vm_solo to acme"
    assert lines[-1] == "nothing that vm_solo needs on acme fails"
    assert [int(line[:2]) for line in lines[1:-1]] == list(range(1, 21))


def test_a_failure_is_told_with_its_place_and_the_text_to_write(
    world: World, tree: Sel4Tree
) -> None:
    line = tree.replace(SOLO_DEVICES, "0x8040000:12", "0x8041000:12")

    outcome = world.run("port", "check", "acme", "--app", "vm_solo", cwd=tree.root)

    assert outcome.exit_code == 1
    assert outcome.stdout.splitlines()[-1] == "1 check fails: 13 (devices-camkes)"
    assert (
        f"write in {SOLO_DEVICES}:{line}, in place of `0x8041000:12`:\n"
        "                    0x8040000:12\n"
    ) in outcome.stdout


def test_new_files_and_lines_are_told_apart(world: World, tree: Sel4Tree) -> None:
    tree.remove(SOLO_DEVICES)
    told = world.run("port", "check", "acme", "--app", "vm_solo", cwd=tree.root).stdout
    assert f"write into {SOLO_DEVICES}:\n" in told

    told = world.run("port", "check", "zeta2", "--app", "vm_solo", cwd=tree.root).stdout
    assert "CMakeLists.txt, after line 17:\n" in told
    assert "checks fail: 8" in told or "checks fail: 10" in told


def test_json_has_every_check(world: World, tree: Sel4Tree) -> None:
    tree.replace(SOLO_DEVICES, "0x8040000:12", "0x8041000:12")

    outcome = world.run("--json", "port", "check", "acme", "--app", "vm_solo", cwd=tree.root)

    body = outcome.object("port-check")
    assert (outcome.exit_code, body["passed"], len(body["checks"])) == (1, False, 20)
    check = body["checks"][12]
    assert (check["name"], check["verdict"], check["need"]) == ("devices-camkes", "fail", "always")
    (problem,) = check["problems"]
    assert problem["write"]["in-place-of"] == "0x8041000:12"
    assert problem["write"]["text"] == "0x8040000:12"
    assert problem["place"].startswith(SOLO_DEVICES)


def test_a_device_tree_of_a_build_tree_is_taken(world: World, tree: Sel4Tree) -> None:
    tree.replace(ACME_CONFIG, '"tools/dts/acme.dts"', '"${CMAKE_BINARY_DIR}/acme.dts"')
    tree.remove(ACME_DTS)
    told = world.run("port", "check", "acme", "--app", "vm_solo", cwd=tree.root).ok().stdout
    assert " 2  unknown" in told

    tree.write("build/a/acme.dts", a_device_tree(gic=0xA000000))
    outcome = world.run("port", "check", "acme", "--app", "vm_solo", cwd=tree.root)
    assert outcome.stdout.splitlines()[-1].startswith("2 checks fail: 6 (gic), 13")


@pytest.mark.tools
def test_qemu_is_asked_for_the_device_tree_that_it_makes(
    world: World, tree: Sel4Tree, tmp_path: Path
) -> None:
    tree.remove(ACME_DTS)
    tree.replace(
        ACME_CONFIG,
        '    list(APPEND KernelDTSList "tools/dts/acme.dts")\n',
        "    execute_process(\n"
        '        COMMAND "${QEMU_BINARY}" "-machine" "virt,dumpdtb=${CMAKE_BINARY_DIR}/acme.dtb"\n'
        "        RESULT_VARIABLE error\n    )\n"
        '    list(APPEND KernelDTSList "${CMAKE_BINARY_DIR}/acme.dts")\n',
    )
    programs = tmp_path / "bin"
    programs.mkdir()
    source = tree.write("made.dts", a_device_tree(gic=0xA000000))
    scripts = {
        "qemu-system-aarch64": 'for each; do :; done\n: > "${each#*dumpdtb=}"\n',
        "dtc": f'while [ "$1" != -o ]; do shift; done\ncp {source} "$2"\n',
    }
    for name, script in scripts.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}")
        (programs / name).chmod(0o755)
    asking = world.having(PATH=f"{programs}:/usr/bin:/bin")

    outcome = asking.run("port", "check", "acme", "--app", "vm_solo", cwd=tree.root)

    assert outcome.stdout.splitlines()[-1].startswith("2 checks fail: 6 (gic), 13")
    (programs / "dtc").write_text("#!/bin/sh\nexit 1\n")
    told = asking.run("port", "check", "acme", "--app", "vm_solo", cwd=tree.root).ok().stdout
    assert " 2  unknown" in told


@pytest.mark.parametrize("name", ["../acme", "", ".", "a b"])
def test_a_name_that_leads_elsewhere_is_not_looked_for(
    world: World, tree: Sel4Tree, name: str
) -> None:
    done = world.run("port", "check", name, "--app", "vm_solo", cwd=tree.root)
    done.failed(ExitCode.USAGE, "is no name")
    done = world.run("port", "check", "acme", "--app", name or "/", cwd=tree.root)
    done.failed(ExitCode.USAGE, "is no name")


def test_sources_have_to_be_there(world: World, tmp_path: Path) -> None:
    world.run("port", "check", "acme", cwd=tmp_path).failed(ExitCode.INVALID, "not in a workspace")
    (tmp_path / "sel4build.toml").write_text("")
    world.run("port", "check", "acme", cwd=tmp_path).failed(ExitCode.INVALID, "not synced")


def test_folders_that_are_named_have_to_be_there(world: World, tree: Sel4Tree) -> None:
    world.run("port", "check", "acme", "--docs", "nowhere", cwd=tree.root).failed(
        ExitCode.INVALID, "`nowhere`"
    )


_NEW = ("port", "new", "zeta2", "--app", "vm_solo", "--like", "acme")


def test_a_port_is_begun_in_a_folder_of_its_own(world: World, tree: Sel4Tree) -> None:
    before = {each: each.read_bytes() for each in tree.root.rglob("*") if each.is_file()}

    told = world.run(*_NEW, "--into", "../mine", cwd=tree.root).ok().stdout

    after = {each: each.read_bytes() for each in tree.root.rglob("*") if each.is_file()}
    assert after == before
    mine = tree.root.parent / "mine"
    names = sorted(each.relative_to(mine).as_posix() for each in mine.rglob("*") if each.is_file())
    assert "platforms/zeta2.toml" in names
    assert "zeta2.patch" in names
    assert "sources/projects/vm-examples/apps/Arm/vm_solo/zeta2/devices.camkes" in names
    assert told.splitlines()[-1].endswith("sel4build port check zeta2 --app vm_solo")
    listed = world.run("--data-dir", "../mine", "list", "platforms", cwd=tree.root).ok().stdout
    assert any(line.startswith("zeta2 ") for line in listed.splitlines())


def test_no_file_that_exists_is_touched(world: World, tree: Sel4Tree) -> None:
    mine = tree.root / "port-zeta2"
    (mine / "platforms").mkdir(parents=True)
    (mine / "platforms" / "zeta2.toml").write_text("# mine\n")

    body = world.run("--json", *_NEW, cwd=tree.root).ok().object("port-new")

    assert (mine / "platforms" / "zeta2.toml").read_text() == "# mine\n"
    written = {Path(each["path"]).name: each["written"] for each in body["files"]}
    assert written["zeta2.toml"] is False
    assert written["zeta2.patch"] is True
    again = world.run(*_NEW, cwd=tree.root).ok().stdout
    assert "written" not in again


@pytest.mark.tools
def test_the_app_of_the_catalogue_gets_the_board(world: World, tree: Sel4Tree) -> None:
    solo = "projects/vm-examples/apps/Arm/vm_solo"
    for path in (*(tree.root / solo).rglob("*"),):
        if path.is_file():
            name = path.relative_to(tree.root).as_posix().replace("vm_solo", "vm_minimal")
            tree.write(name, path.read_text())

    world.run("port", "new", "zeta2", "--like", "acme", cwd=tree.root).ok()

    overlay = tree.root / "port-zeta2"
    listed = world.run("--data-dir", str(overlay), "list", "targets", cwd=tree.root).ok().stdout
    assert "vm_minimal@zeta2" in listed

    run_git("apply", str(overlay / "zeta2.patch"), cwd=tree.root)
    world.run(
        *("--data-dir", str(overlay), "port", "new", "zeta2", "--like", "acme"), cwd=tree.root
    ).failed(ExitCode.INVALID, "nothing to begin")


def test_what_no_skeleton_mends_is_told(world: World, tree: Sel4Tree) -> None:
    tree.replace("kernel/src/plat/zeta/config.cmake", "CortexA15", "CortexA9")

    told = world.run(*_NEW, cwd=tree.root).ok().stdout

    assert "no skeleton mends check 4: Cortex-A9 has no virtualization" in told


def test_names_that_are_none_and_ports_that_are_done_are_refused(
    world: World, tree: Sel4Tree
) -> None:
    world.run("port", "new", "../x", "--app", "vm_solo", cwd=tree.root).failed(
        ExitCode.USAGE, "no name"
    )
    told = world.run(
        *("port", "new", "acme", "--app", "vm_solo", "--like", "acme"), cwd=tree.root
    ).ok()
    assert ".patch" not in told.stdout
    world.run("port", "new", "nowhere", "--app", "vm_solo", "--like", "acme", cwd=tree.root).failed(
        ExitCode.INVALID, "seL4 has no platform `nowhere`"
    )
