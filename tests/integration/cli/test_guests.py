# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A guest of the user's own, from the command line to what CMake sees."""

import re
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import BRINGUP, World
from tests.kit.git_remote import GitRemote
from tests.kit.guests import LFS_POINTER, a_zimage, an_arm64_image

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]

_APP = """\
version = 1
name = "acme_vm"
summary = "a guest"
manifest = "acme"
rootserver = "root"
num-vms = 1
variables = { APP = "{app}" }
console = { success = ["up"], errors = ["down"], timeout-s = 1 }

[[guest-roots]]
path = "projects/acme/images"
variables = { IMAGES_DIR = "{root}" }

[[platforms]]
platform = "qemu-arm-virt"
guest = { linux = "projects/acme/images/board/linux", ram-base = 0x40000000, ram-size = 0x10000000 }
"""
_MANIFEST = """\
<manifest>
  <remote name="o" fetch="{remotes}"/>
  <default remote="o" revision="main"/>
  <project name="acme" path="projects/acme">
    <linkfile src="easy-settings.cmake" dest="easy-settings.cmake"/>
  </project>
</manifest>
"""
_LISTS = """\
cmake_minimum_required(VERSION 3.16)
project(acme NONE)
message(STATUS "${APP}")
set(IMAGES_DIR "${CMAKE_CURRENT_LIST_DIR}/images" CACHE STRING "")
"""
_INIT = ("--data-dir", "data", "init", "w", "--app", "acme_vm", "--toolchain", "zig")


def _lay_out(folder: Path, linux: bytes) -> None:
    remote = GitRemote.create(folder / "remotes" / "acme")
    remote.commit(
        {
            "CMakeLists.txt": _LISTS,
            "settings.cmake": "",
            "easy-settings.cmake": "",
            "images/board/linux": linux,
            "images/README": "kernels",
        }
    )
    for name, text in (
        ("apps/acme_vm/app.toml", _APP),
        ("manifests/acme.xml", _MANIFEST.format(remotes=(folder / "remotes").as_uri())),
    ):
        file = folder / "data" / name
        file.parent.mkdir(parents=True)
        file.write_text(text)


def _images_dir(workspace: Path) -> Path:
    (cache,) = workspace.glob("build/*/CMakeCache.txt")
    found = re.search("^IMAGES_DIR:STRING=(.*)$", cache.read_text(), re.MULTILINE)
    assert found is not None
    return Path(found[1])


def test_cmake_sees_the_users_kernel_and_then_the_changed_one(world: World, tmp_path: Path) -> None:
    _lay_out(tmp_path, an_arm64_image())
    mine = tmp_path / "Image"
    mine.write_bytes(an_arm64_image(8192))
    world.run(*_INIT, "--guest-kernel", "Image", cwd=tmp_path).ok()
    first = _images_dir(tmp_path / "w")
    assert (first / "board" / "linux").read_bytes() == mine.read_bytes()
    assert (first / "README").read_text() == "kernels"
    mine.write_bytes(an_arm64_image(16384))
    done = world.run("configure", cwd=tmp_path / "w").ok()
    assert "changed: recorded in `sel4build.toml`" in done.stderr
    second = _images_dir(tmp_path / "w")
    assert second != first
    assert not first.exists()
    assert (second / "board" / "linux").read_bytes() == mine.read_bytes()
    stock = tmp_path / "w" / "projects" / "acme" / "images" / "board" / "linux"
    assert stock.read_bytes() == an_arm64_image()


def test_what_cannot_be_the_guest_is_refused_before_anything_is_made(
    world: World, tmp_path: Path
) -> None:
    _lay_out(tmp_path, an_arm64_image())
    (tmp_path / "zImage").write_bytes(a_zimage())
    done = world.run(*_INIT, "--guest-kernel", "zImage", cwd=tmp_path)
    done.failed(ExitCode.INVALID, "zImage` cannot be used: it is a 32-bit Arm kernel")
    bare = world.run("init", *BRINGUP, "--guest-kernel", "zImage", "w", cwd=tmp_path)
    bare.failed(ExitCode.INVALID, "app `bringup` takes no kernel")
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("role", ["kernel", "initrd", "dtb"])
def test_an_empty_name_is_no_file(world: World, tmp_path: Path, role: str) -> None:
    done = world.run(*_INIT, f"--guest-{role}", "", cwd=tmp_path)
    done.failed(ExitCode.USAGE, f"`--guest-{role}` names no file")


def test_a_pointer_among_the_apps_files_stops_before_cmake(world: World, tmp_path: Path) -> None:
    _lay_out(tmp_path, LFS_POINTER)
    done = world.run(*_INIT, cwd=tmp_path)
    done.failed(ExitCode.INVALID, "board/linux` is a Git LFS pointer, not the file itself")
    assert not list(tmp_path.glob("w/build/*/CMakeCache.txt"))
