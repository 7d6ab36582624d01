# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The bundled app in every form that QEMU can start, by the command line alone."""

from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import World

pytestmark = [pytest.mark.qemu, pytest.mark.tools, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A host of its own."""
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One workspace for all targets."""
    return tmp_path_factory.mktemp("workspace")


def _init(world: World, root: Path, platform: str, *words: str) -> str:
    argv = ("init", "--app", "bringup", "--platform", platform, *words, "--json")
    target = world.run(*argv, cwd=root).ok().object("init")["target"]
    assert isinstance(target, str)
    return target


def _console(world: World, root: Path, target: str) -> str:
    """Boot a target and return what its console showed."""
    done = world.run("boot", target, "--json", cwd=root).ok()
    (outcome,) = done.object("boot")["outcomes"]
    assert (outcome["target"], outcome["verdict"]) == (target, "passed")
    assert outcome["marker"] == "bringup: all is well"
    console = Path(outcome["console"]).read_text()
    assert "bringup: all is well" in done.stderr
    return console


@pytest.mark.parametrize("form", ["elf", "efi", "uimage", "binary"])
def test_every_form_of_an_arm_image_boots(world: World, root: Path, form: str) -> None:
    target = _init(world, root, "qemu-arm-virt", "-D", f"ElfloaderImage={form}")
    assert f"bringup: image {form} for qemu-arm-virt, aarch64" in _console(world, root, target)


def test_four_cores_start(world: World, root: Path) -> None:
    target = _init(world, root, "qemu-arm-virt", "--num-nodes", "4")
    assert "bringup: cores 4 of 4 started" in _console(world, root, target)


@pytest.mark.parametrize("platform", ["x86_64", "ia32"])
def test_a_pc_boots_the_kernel_with_its_module(world: World, root: Path, platform: str) -> None:
    target = _init(world, root, platform)
    assert f"bringup: image multiboot for {platform}" in _console(world, root, target).replace(
        "pc99", platform
    )


@pytest.mark.parametrize("platform", ["qemu-arm-virt", "x86_64", "ia32", "tk1"])
def test_a_compiler_out_of_a_wheel_builds_for_every_architecture(
    world: World, tmp_path: Path, platform: str
) -> None:
    target = _init(world, tmp_path, platform, "--toolchain", "zig")
    settings = world.run("explain", "--json", cwd=tmp_path).ok().object("explain")
    assert settings["targets"][0]["toolchain"]["name"] == "zig"
    if platform == "tk1":
        built = world.run("build", "--json", cwd=tmp_path).ok().object("package")["targets"][0]
        assert [image["format"] for image in built["images"]] == ["efi"]
    else:
        assert "bringup: cores 1 of 1 started" in _console(world, tmp_path, target)


def test_a_board_that_qemu_does_not_play_is_refused_before_it_is_built(
    world: World, root: Path
) -> None:
    target = _init(world, root, "tx1")
    done = world.run("boot", target, cwd=root)
    done.failed(ExitCode.USAGE, "`tx1`")
    assert not (root / "out" / target).exists()


def test_a_boot_that_takes_too_long_is_an_error_with_the_console(world: World, root: Path) -> None:
    source = root / "projects" / "bringup" / "src" / "main.c"
    target = _init(world, root, "qemu-arm-virt")
    text = source.read_text()
    source.write_text(text.replace("all is well", "all is over"))
    try:
        done = world.run("boot", target, "--timeout", "1", cwd=root)
    finally:
        source.write_text(text)
    done.failed(ExitCode.FAILED, f"`{target}`", "within 1 s", "`bringup: all is well`")
    assert "bringup: all is over" in done.stderr
    assert f"log: {root}/.sel4build/log/{target}-console.log" in done.stderr
