# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of ending real programs: in stages, in time, with all their children."""

import contextlib
import errno
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import sel4build
from sel4build.errors import EnvironmentLacksError
from sel4build.model.command import Command
from sel4build.process import SubprocessRunner

pytestmark = pytest.mark.tools

# Notes each signal in a file of its own, says when it is ready, and waits for the one that ends it.
STUBBORN = r"""
import os, pathlib, signal, sys
def note(number, _frame):
    pathlib.Path(signal.Signals(number).name).touch()
    if signal.Signals(number).name == sys.argv[1]:
        os.write(1, b"ending\n")
        sys.exit(5)
signal.signal(signal.SIGINT, note)
signal.signal(signal.SIGTERM, note)
os.write(1, b"ready\n")
while True:
    signal.pause()
"""


def python(script: str, *words: str, cwd: Path) -> Command:
    env = {**os.environ, "PYTHONPATH": str(Path(sel4build.__file__).parents[1])}
    return Command(argv=(sys.executable, "-c", script, *words), cwd=cwd, env=env)


def sh(script: str, cwd: Path) -> Command:
    return Command(argv=("/bin/sh", "-c", script), cwd=cwd, env=dict(os.environ))


def is_over(pid: int) -> bool:
    """Tell whether the process is gone, or a zombie that nobody has collected yet."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


def wait_until_over(pid: int) -> None:
    """Return once the process is gone; the limit of the test's own time ends it otherwise."""
    while not is_over(pid):
        os.sched_yield()


@contextlib.contextmanager
def a_small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of 64 KiB where that is allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError as error:
        pytest.skip(f"mount cannot be run: {error}")
    if done.returncode:
        pytest.skip("file systems may not be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_watched_program_is_asked_to_end_and_its_last_words_are_kept(tmp_path: Path) -> None:
    log_file = tmp_path / "run.log"
    lines: list[str] = []

    outcome = SubprocessRunner(patience_s=60).run(
        python(STUBBORN, "SIGINT", cwd=tmp_path),
        on_line=lines.append,
        watch=lambda piece: "ready" in piece,
        log_file=log_file,
    )

    assert outcome.returncode == 5
    assert not outcome.timed_out
    assert lines == ["ready", "ending"]
    assert outcome.output == "ready\nending\n"
    assert log_file.read_text().endswith("ready\nending\n")


def test_a_program_that_ignores_one_stage_meets_the_next(tmp_path: Path) -> None:
    outcome = SubprocessRunner(patience_s=1).run(
        python(STUBBORN, "SIGTERM", cwd=tmp_path), watch=lambda piece: "ready" in piece
    )

    assert outcome.returncode == 5
    assert (tmp_path / "SIGINT").exists()
    assert (tmp_path / "SIGTERM").exists()


def test_a_program_that_ignores_everything_is_killed(tmp_path: Path) -> None:
    outcome = SubprocessRunner(patience_s=1).run(
        python(STUBBORN, "nothing", cwd=tmp_path), watch=lambda piece: "ready" in piece
    )

    assert outcome.returncode == -9


def test_ctrl_c_during_the_ending_goes_to_the_next_stage_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    # The program answers each signal with a Ctrl-C for its driver, whose patience never runs out.
    program = """
import os, pathlib, signal
def again(number, _frame):
    pathlib.Path(signal.Signals(number).name).touch()
    os.kill(os.getppid(), signal.SIGINT)
signal.signal(signal.SIGINT, again)
signal.signal(signal.SIGTERM, again)
pathlib.Path("pid").write_text(str(os.getpid()))
os.kill(os.getppid(), signal.SIGINT)
while True:
    signal.pause()
"""
    driver = """
import os, pathlib, signal, sys
from sel4build.model.command import Command
from sel4build.process import SubprocessRunner
signal.signal(signal.SIGINT, signal.default_int_handler)
command = Command(argv=(sys.executable, "-c", sys.argv[1]), cwd=pathlib.Path.cwd(), env=os.environ)
try:
    SubprocessRunner(patience_s=3600).run(command)
except KeyboardInterrupt:
    sys.exit(130)
"""
    outcome = SubprocessRunner().run(python(driver, program, cwd=tmp_path))

    assert outcome.returncode == 130
    assert (tmp_path / "SIGINT").exists()
    assert (tmp_path / "SIGTERM").exists()
    assert is_over(int((tmp_path / "pid").read_text()))


def test_a_program_that_takes_too_long_is_ended_and_says_so(tmp_path: Path) -> None:
    outcome = SubprocessRunner().run(sh("echo on; exec sleep 3600", tmp_path), timeout_s=0.5)

    assert outcome.timed_out
    assert outcome.returncode == -2
    assert not outcome.succeeded


def test_the_time_counts_for_a_program_that_has_closed_its_output(tmp_path: Path) -> None:
    outcome = SubprocessRunner().run(sh("exec sleep 3600 >&- 2>&-", tmp_path), timeout_s=0.5)

    assert outcome.timed_out


def test_a_program_may_close_its_output_before_it_ends(tmp_path: Path) -> None:
    outcome = SubprocessRunner().run(sh("echo x; exec >&- 2>&-; exit 4", tmp_path), timeout_s=60)

    assert (outcome.returncode, outcome.timed_out) == (4, False)


def test_a_prompt_without_a_newline_reaches_the_watch(tmp_path: Path) -> None:
    lines: list[str] = []

    outcome = SubprocessRunner().run(
        sh("printf 'login: '; exec sleep 3600", tmp_path),
        watch=lambda piece: piece.endswith("login: "),
        on_line=lines.append,
    )

    assert outcome.output == "login: "
    assert lines == ["login: "]
    assert not outcome.timed_out


def test_the_children_of_a_program_that_is_ended_are_ended_too(tmp_path: Path) -> None:
    # The child ignores what its parent obeys.
    script = "(trap '' INT TERM; echo $$ >/dev/null; exec sleep 3600) & echo $! > child; echo ready"

    outcome = SubprocessRunner().run(
        sh(f"{script}; wait", tmp_path), watch=lambda piece: "ready" in piece
    )

    assert not outcome.succeeded
    wait_until_over(int((tmp_path / "child").read_text()))


def test_a_child_that_left_the_group_does_not_hold_the_runner_up(tmp_path: Path) -> None:
    # It keeps the output open until the test lets it go.
    lines: list[str] = []
    script = (
        "setsid sh -c 'touch left; while [ ! -e over ]; do sleep 0.01; done; touch gone' & "
        "while [ ! -e left ]; do sleep 0.01; done; "
    )

    outcome = SubprocessRunner().run(
        sh(script + "printf 'ready'; exec sleep 3600", tmp_path),
        watch=lambda piece: "ready" in piece,
        on_line=lines.append,
    )

    assert outcome.output == "ready"
    assert lines == ["ready"]
    (tmp_path / "over").touch()
    while not (tmp_path / "gone").exists():
        os.sched_yield()


def test_an_error_of_a_listener_ends_the_program(tmp_path: Path) -> None:
    def fail(line: str) -> None:
        (tmp_path / "pid").write_text(line)
        raise LookupError

    with pytest.raises(LookupError):
        SubprocessRunner().run(sh("echo $$; exec sleep 3600", tmp_path), on_line=fail)

    assert is_over(int((tmp_path / "pid").read_text()))


def test_interrupting_a_runner_ends_the_programs_of_all_threads(tmp_path: Path) -> None:
    runner = SubprocessRunner()
    ready = threading.Barrier(3)
    codes: list[int] = []

    def work() -> None:
        outcome = runner.run(
            sh("echo; exec sleep 3600", tmp_path), on_line=lambda _line: (ready.wait(), None)[1]
        )
        codes.append(outcome.returncode)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    ready.wait()
    runner.interrupt()
    for thread in threads:
        thread.join()

    assert codes == [-2, -2]


def test_a_disk_that_is_full_is_told_and_the_program_ended(tmp_path: Path) -> None:
    with a_small_disk(tmp_path / "disk") as disk:
        log_file = disk / "logs" / "run.log"

        with pytest.raises(EnvironmentLacksError) as raised:
            SubprocessRunner().run(sh("echo $$ > pid; exec yes", tmp_path), log_file=log_file)

        assert raised.value.message == f"no space left on the disk of `{log_file.parent}`"
        # Nothing of the space that there was is left unused.
        assert log_file.stat().st_size == pytest.approx(56 * 1024, abs=8 * 1024)
    assert is_over(int((tmp_path / "pid").read_text()))


def test_a_log_that_may_not_grow_is_told(tmp_path: Path) -> None:
    driver = """
import os, pathlib, resource, sys
from sel4build.errors import EnvironmentLacksError
from sel4build.model.command import Command
from sel4build.process import SubprocessRunner
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
here = pathlib.Path.cwd()
try:
    SubprocessRunner().run(Command(argv=("yes",), cwd=here, env=os.environ), log_file=here / "log")
except EnvironmentLacksError as error:
    sys.exit(error.message)
"""
    env = {**python("", cwd=tmp_path).env, "COVERAGE_PROCESS_START": "", "COVERAGE_RUN": ""}
    env.pop("COVERAGE_PROCESS_CONFIG", None)
    outcome = SubprocessRunner().run(
        Command(argv=(sys.executable, "-c", driver), cwd=tmp_path, env=env)
    )

    words = os.strerror(errno.EFBIG)
    assert outcome.output == f"log `{tmp_path}/log` cannot be written: {words}\n"
    assert (tmp_path / "log").stat().st_size == 20000
