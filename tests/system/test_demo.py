# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The demo with the real programs: on a host that has all, and on one that has next to nothing."""

import shutil
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import World

pytestmark = [pytest.mark.qemu, pytest.mark.tools, pytest.mark.timeout(300)]

PLATFORMS = {path.stem for path in (Path(__file__).parents[2] / "platforms").glob("*.toml")}
PLAYED = {"bringup@ia32", "bringup@qemu-arm-virt", "bringup@x86_64", "bringup@zcu102"}


def test_every_platform_has_its_image_and_all_that_qemu_plays_is_well(tmp_path: Path) -> None:
    done = World(tmp_path).spawn("demo", "--json", cwd=tmp_path).ok()

    shown = done.object("demo")
    assert {image["platform"] for image in shown["images"]} == PLATFORMS
    assert {boot["target"]: boot["verdict"] for boot in shown["boots"]} == dict.fromkeys(
        PLAYED, "passed"
    )
    assert (shown["missing"], shown["succeeded"]) == ([], True)
    assert done.stderr.count("bringup: all is well") == len(PLAYED)


def test_a_host_with_nothing_but_git_gets_its_images_and_hears_what_is_missing(
    tmp_path: Path,
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    git = shutil.which("git")
    assert git is not None
    (programs / "git").symlink_to(git)

    done = World(tmp_path).having(PATH=str(programs)).spawn("demo", cwd=tmp_path)

    table, _, rest = done.stdout.partition("\n\n")
    rows = [line.split() for line in table.splitlines()[1:]]
    assert {row[0] for row in rows} == PLATFORMS
    assert {row[-1] for row in rows} == {"zig"}
    missing = [line for line in rest.splitlines() if line.startswith("missing: ")]
    assert {line.split()[1].rstrip(":") for line in missing} == {
        "qemu-system-aarch64",
        "qemu-system-i386",
        "qemu-system-x86_64",
    }
    assert all("needed to " in line for line in missing)
    assert any(
        "; run `apt-get install --no-install-recommends qemu-system-arm`" in line
        for line in missing
    )
    verdict = (
        f"{len(PLATFORMS)} of {len(PLATFORMS)} platforms have their image, 0 of 4 boots passed"
    )
    assert rest.splitlines()[-1] == verdict
    assert done.exit_code == ExitCode.ENVIRONMENT
