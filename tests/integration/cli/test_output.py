# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What goes to which stream, in which form, for a person, a program, a pipe and a terminal."""

import contextlib
import os
import pty
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import BRINGUP, TARGET, World, program

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]


@pytest.mark.parametrize(
    ("words", "kind", "key"),
    [
        (("init", *BRINGUP), "init", "next"),
        (("sync",), "sync", "projects"),
        (("lock",), "lock", "projects"),
        (("list", "apps"), "list-apps", "apps"),
        (("list", "platforms"), "list-platforms", "platforms"),
        (("list", "options"), "list-options", "options"),
        (("list", "features"), "list-features", "features"),
        (("list", "targets"), "list-targets", "targets"),
        (("list", "toolchains"), "list-toolchains", "toolchains"),
        (("explain",), "explain", "targets"),
        (("configure",), "configure", "targets"),
        (("build",), "package", "targets"),
        (("package",), "package", "targets"),
        (("doctor",), "doctor", "findings"),
        (("status",), "status", "targets"),
    ],
)
def test_json_is_one_object_wherever_the_option_stands(
    world: World, built: Path, words: tuple[str, ...], kind: str, key: str
) -> None:
    behind = world.run(*words, "--json", cwd=built).ok().object(kind)
    assert behind[key]
    assert world.run("--json", *words, cwd=built).ok().object(kind) == behind


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("build", "other"), ExitCode.INVALID),
        (("init",), ExitCode.USAGE),
        (("--color", "purple", "status"), ExitCode.USAGE),
        (("nonsense",), ExitCode.USAGE),
        (("build", "--nonsense"), ExitCode.USAGE),
        (("-j", "0", "build"), ExitCode.USAGE),
        (("list", "nonsense"), ExitCode.USAGE),
    ],
)
def test_an_error_is_one_object_too(
    world: World, built: Path, words: tuple[str, ...], code: ExitCode
) -> None:
    done = world.run(*words, "--json", cwd=built)
    line = done.failed(code)
    found = done.object("error")
    assert line == f"error: {found['message']}"
    assert found["exit-code"] == code
    assert world.run(*words, cwd=built).stdout == ""


def test_quiet_work_says_nothing_at_all(world: World, built: Path, tmp_path: Path) -> None:
    commands = ("sync", "lock", "configure", "build", "package", "clean")
    quiet = [world.run("-q", "init", *BRINGUP, cwd=tmp_path)]
    quiet += [world.run(command, "-q", cwd=tmp_path) for command in commands]
    assert {(each.exit_code, each.stdout, each.stderr) for each in quiet} == {(0, "", "")}
    assert world.run("status", "-q", cwd=built).ok().stdout != ""
    world.run("build", "-q", "other", cwd=built).failed(ExitCode.INVALID, "`other`")


def test_a_pipe_gets_plain_lines(world: World, tmp_path: Path) -> None:
    done = world.run("init", *BRINGUP, cwd=tmp_path).ok().plain()
    assert f"configure {TARGET} ...\n" in done.stderr
    assert f"configure {TARGET}: done (" in done.stderr
    done = world.run("build", cwd=tmp_path).ok().plain()
    assert f"build {TARGET}: done, " in done.stderr


def test_github_actions_get_one_group_for_each_task(world: World, built: Path) -> None:
    world.run("clean", cwd=built).ok()
    done = world.having(GITHUB_ACTIONS="true").run("build", cwd=built).ok().plain()
    lines = done.stderr.splitlines()
    marks = [line for line in lines if line.startswith("::")]
    assert marks == [
        f"::group::configure {TARGET}",
        "::endgroup::",
        f"::group::build {TARGET}",
        "::endgroup::",
    ]


def test_a_terminal_gets_a_live_line_that_is_gone_at_the_end(world: World, built: Path) -> None:
    world.run("clean", cwd=built).ok()
    shown = _on_a_terminal(world.having(TERM="xterm"), "build", cwd=built)
    assert "\r\x1b[K" in shown
    assert f"build {TARGET}: [" in shown
    assert "\x1b[32mdone\x1b[0m" in shown
    assert shown.rstrip().endswith(f"/out/{TARGET}")
    assert "\x1b" not in shown.rstrip().rpartition("\n")[2].removeprefix("\r\x1b[K")


@pytest.mark.parametrize(
    ("words", "extra"),
    [((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"}), (("-q",), {})],
)
def test_nothing_moves_on_a_terminal_where_calm_is_asked_for(
    world: World, built: Path, words: tuple[str, ...], extra: dict[str, str]
) -> None:
    (built / "projects" / "bringup" / "src" / "console.c").touch()
    calm = world.having(**{"TERM": "xterm", **extra})
    shown = _on_a_terminal(calm, *words, "build", TARGET, cwd=built)
    assert "\x1b" not in shown
    assert (shown == "") == bool(words)


def test_colours_come_where_they_are_asked_for(world: World, built: Path) -> None:
    done = world.run("--color", "always", "build", "other", cwd=built)
    assert done.stderr.startswith("\x1b[1;31merror:\x1b[0m ")


@pytest.mark.parametrize("words", [("list", "targets"), ("build",), ("--json", "nonsense")])
def test_a_reader_that_has_gone_is_no_failure(
    world: World, built: Path, words: tuple[str, ...]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        program(*words),
        cwd=built,
        env=world.environ,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    failing = "nonsense" in words
    assert done.returncode == (ExitCode.USAGE if failing else ExitCode.OK)
    assert b"Exception" not in done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_streams_that_are_closed_are_no_failure(world: World, built: Path, closed: str) -> None:
    done = subprocess.run(
        ("sh", "-c", f'exec "$@" {closed}', "sh", *program("status")),
        cwd=built,
        env=world.environ,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (ExitCode.OK, b"")
    assert bool(done.stdout) is not closed.startswith(">")


@pytest.mark.parametrize("words", [("list", "apps"), ("build",)])
def test_output_that_cannot_be_written_is_an_error(
    world: World, built: Path, words: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            program(*words),
            cwd=built,
            env=world.environ,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == ExitCode.ENVIRONMENT
    lines = done.stderr.decode().splitlines()
    errors = [line for line in lines if line.startswith("error:")]
    assert errors == ["error: standard output cannot be written: No space left on device"]
    assert "Exception" not in done.stderr.decode()


@pytest.mark.parametrize("name", [b"caf\xc3\xa9", b"caf\xe9"])
def test_a_name_that_the_output_cannot_spell_is_escaped(
    world: World, tmp_path: Path, name: bytes
) -> None:
    root = tmp_path / os.fsdecode(name)
    root.mkdir()
    strange = world.having(PYTHONIOENCODING="ascii")
    done = strange.spawn("list", "targets", "-C", str(root), "--json", cwd=tmp_path)
    done.failed(ExitCode.INVALID, "caf\\")
    assert str(root) in done.object("error")["message"]


def test_a_folder_that_has_gone_is_named(world: World, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    done = world.spawn("status", cwd=gone, before=gone.rmdir)
    done.failed(ExitCode.ENVIRONMENT, "the current folder does not exist any more")


def test_more_is_said_to_those_who_ask(world: World, built: Path) -> None:
    done = world.spawn("-vv", "configure", cwd=built).ok()
    assert "sel4build.process" in done.stderr
    assert "ninja" in done.stderr


def _on_a_terminal(world: World, *argv: str, cwd: Path) -> str:
    """Return what a terminal gets of both streams."""
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        program(*argv), cwd=cwd, env=world.environ, stdout=terminal, stderr=terminal
    ) as process:
        os.close(terminal)
        shown = b"".join(_pieces(controller))
        assert process.wait() == ExitCode.OK
    os.close(controller)
    return shown.decode().replace("\r\n", "\n")


def _pieces(controller: int) -> Iterable[bytes]:
    with contextlib.suppress(OSError):  # EIO: the other end was closed
        while piece := os.read(controller, 4096):
            yield piece
