# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tables of `list`: their width, their reasons, their records."""

import fcntl
import json
import os
import pty
import struct
import sys
import termios
from pathlib import Path

import pytest

from sel4build.cli.session import GlobalOptions, open_session
from sel4build.errors import ExitCode
from tests.kit.cli import World

_ALL = ("apps", "platforms", "options", "features", "targets", "toolchains")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize("width", [None, 60, 120])
@pytest.mark.parametrize("what", _ALL)
def test_tables_fit(what: str, width: int | None, world: World) -> None:
    columns = {} if width is None else {"COLUMNS": str(width)}
    text = world.having(**columns).run("list", what, cwd=world.folder).ok().stdout
    assert max(map(len, text.splitlines())) <= (width or 80)


def test_a_width_that_is_none_is_not_taken(world: World) -> None:
    plain = world.run("list", "features", cwd=world.folder).ok().stdout
    for columns in ("", "0", "wide", "²"):
        wide = world.having(COLUMNS=columns).run("list", "features", cwd=world.folder)
        assert wide.ok().stdout == plain


def test_the_terminal_says_how_wide_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    controller, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 133, 0, 0))
    with os.fdopen(end, "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        assert open_session(GlobalOptions()).width == 133
    os.close(controller)


def test_every_no_is_told_with_its_reason_and_its_place(world: World) -> None:
    text = world.run("list", "features", cwd=world.folder).ok().stdout
    table, _, notes = text.partition("\n\n")
    numbers = {word.strip("[]") for word in table.split() if word.startswith("[")}
    told = {line.split()[0] for line in notes.splitlines() if line[:3].strip().isdigit()}
    assert numbers == told
    assert "(camkes-vm components/VM_Arm/CMakeLists.txt)" in " ".join(notes.split())
    assert "(apps/Arm/family.toml:" in " ".join(notes.split())


def test_features_are_data(world: World) -> None:
    listed = world.run("list", "features", "--json", cwd=world.folder).ok().object("list-features")
    rows = {each["platform"]: each for each in listed["features"]}
    assert rows["qemu-arm-virt"]["guest-modes"] == [64]
    console = rows["tx2"]["features"]["virtio-console"]
    assert console["status"] == "no"
    assert "`VmVirtioConsole`" in console["reason"]
    assert console["place"].startswith("apps/Arm/family.toml:")
    assert rows["tx2"]["features"]["virtio-net"] == {
        "status": "yes",
        "apps": ["vm_virtio_net"],
        "reason": None,
        "place": None,
    }


def test_platforms_and_apps_are_data(world: World) -> None:
    listed = world.run("list", "platforms", "--json", cwd=world.folder).ok()
    rows = {each["name"]: each for each in listed.object("list-platforms")["platforms"]}
    assert rows["x86_64"]["word-sizes"] == [32, 64]
    assert rows["tk1"]["features"]["smp"]["status"] == "no"
    apps = world.run("list", "apps", "--json", cwd=world.folder).ok().object("list-apps")["apps"]
    (multi,) = (each for each in apps if each["name"] == "vm_multi")
    assert multi["num-vms"] == 3
    assert "virtio-console" in multi["needs"]
    assert "RELEASE" in multi["options"]


def test_options_can_be_chosen_by_app_and_platform(world: World) -> None:
    words = ("list", "options", "--app", "vm_minimal", "--platform", "tk1")
    text = world.run(*words, cwd=world.folder).ok().stdout
    assert "VmTk1Rootfs" in text
    assert "VmPCISupport" not in text
    listed = world.run(*words, "--json", cwd=world.folder).ok().object("list-options")
    assert {each["name"] for each in listed["options"]} >= {"Tk1Insecure", "RELEASE"}
    empty = world.run("list", "options", "--app", "minimal", "--platform", "tk1", cwd=world.folder)
    assert empty.ok().stdout == "none\n"


@pytest.mark.parametrize(
    ("words", "code", "naming"),
    [
        (("options", "--app", "vm_minimum"), ExitCode.INVALID, "`vm_minimum`"),
        (("options", "--platform", "tx3"), ExitCode.INVALID, "`tx3`"),
        (("apps", "--platform", "tx2"), ExitCode.USAGE, "`list apps`"),
    ],
)
def test_what_cannot_be_listed_is_told(
    words: tuple[str, ...], code: ExitCode, naming: str, world: World
) -> None:
    world.run("list", *words, cwd=world.folder).failed(code, naming)


def test_a_users_own_app_is_in_the_matrix(world: World, tmp_path: Path) -> None:
    app = tmp_path / "mine" / "apps" / "Arm" / "mine"
    app.mkdir(parents=True)
    (app / "app.toml").write_text(
        'version = 1\nname = "mine"\nsummary = "mine"\nnum-vms = 2\n'
        '[console]\nsuccess = ["up"]\n[[platforms]]\nplatform = "tx1"\n'
    )
    done = world.run(
        "list", "features", "--json", "--data-dir", str(tmp_path / "mine"), cwd=world.folder
    )
    rows = {each["platform"]: each for each in json.loads(done.ok().stdout)["features"]}
    assert rows["tx1"]["features"]["multi-vm"]["apps"] == ["mine"]
