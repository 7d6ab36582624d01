# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Failures of real tools, explained by hints of ours and of the user's."""

from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import TARGET, World

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]

HINT = """version = 1

[[hints]]
name = "licence"
pattern = "no licence for (?P<what>\\\\w+)"
cause = "the licence of {what} has run out"
cure = "renew the licence of {what}"
source = "https://example.org/licences"
"""


def test_a_hint_of_the_users_explains_an_error_of_cmake(
    world: World, built: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine" / "host").mkdir(parents=True)
    (tmp_path / "mine" / "host" / "hints.toml").write_text(HINT)
    settings = built / "projects" / "bringup" / "settings.cmake"
    text = settings.read_text()
    settings.write_text(text + '\nmessage(FATAL_ERROR "no licence for anvils")\n')
    world.run("clean", cwd=built).ok()
    try:
        done = world.run("--data-dir", str(tmp_path / "mine"), "configure", cwd=built)
        plain = world.run("configure", cwd=built)
    finally:
        settings.write_text(text)
    done.failed(ExitCode.FAILED, f"`{TARGET}`")
    cause = "cause: the licence of anvils has run out (https://example.org/licences)"
    lines = [line.strip() for line in done.stderr.splitlines()]
    assert "hint: renew the licence of anvils" in lines
    assert lines.index("no licence for anvils") < lines.index(cause)
    assert "cause:" not in plain.stderr
    world.run("build", cwd=built).ok()


def test_a_program_that_lacks_in_a_step_is_named(world: World, built: Path) -> None:
    lists = built / "projects" / "bringup" / "CMakeLists.txt"
    text = lists.read_text()
    lists.write_text(
        text + '\nadd_custom_target(broken ALL COMMAND sh -c "acme-flux --polish" VERBATIM)\n'
    )
    try:
        done = world.run("build", cwd=built)
    finally:
        lists.write_text(text)
    done.failed(ExitCode.FAILED, f"`{TARGET}`")
    assert "cause: the program `acme-flux` is not on PATH" in done.stderr
    assert "hint: run `sel4build doctor --fix`" in done.stderr
    world.run("build", cwd=built).ok()
