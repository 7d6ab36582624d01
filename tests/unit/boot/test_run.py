# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.boot.run import explain_boot, run_boot
from sel4build.errors import EnvironmentLacksError
from sel4build.model.command import Command
from sel4build.model.host import Hint
from sel4build.model.image import BootFile, BootOutcome, BootPlan, Verdict
from sel4build.model.paths import RelPath
from sel4build.model.target_id import TargetId
from tests.kit.consoles import ConsoleRunner
from tests.kit.runner import Recorder


def _a_plan(tmp_path: Path) -> BootPlan:
    return BootPlan(
        target=TargetId("demo@acme1"),
        command=Command(argv=("qemu", "-kernel", "image"), cwd=tmp_path, env={}),
        success=("kernel up", "login:"),
        errors=("ABORT",),
        timeout_s=30,
        console_file=tmp_path / "console.log",
    )


def _boot(runner: ConsoleRunner, tmp_path: Path) -> BootOutcome:
    return run_boot(_a_plan(tmp_path), runner=runner)


def test_a_boot_passes_at_the_last_marker_even_without_a_newline(tmp_path: Path) -> None:
    runner = ConsoleRunner(["ker", "nel up\r\n", "log", "in: ", "never read"])
    outcome = _boot(runner, tmp_path)
    assert (outcome.verdict, outcome.marker) == (Verdict.PASSED, "login:")
    assert (runner.num_taken, runner.timeouts) == (4, [30])
    assert outcome.console == "kernel up\nlogin: "
    assert explain_boot(outcome) is None


def test_an_error_marker_fails_at_once(tmp_path: Path) -> None:
    runner = ConsoleRunner(["kernel up\n", "data ABORT!\n", "login:"])
    outcome = _boot(runner, tmp_path)
    assert (outcome.verdict, outcome.marker) == (Verdict.FAILED, "ABORT")
    assert runner.num_taken == 2
    error = explain_boot(outcome)
    assert error is not None
    assert error.message == "booting `demo@acme1` failed: the console shows `ABORT`"
    assert error.details == ("kernel up", "data ABORT!")
    assert error.log_file == tmp_path / "console.log"


@pytest.mark.parametrize(
    ("returncode", "how"), [(0, "ended with status 0"), (-11, "was ended by SIGSEGV")]
)
def test_a_machine_that_ends_early_has_failed(returncode: int, how: str, tmp_path: Path) -> None:
    outcome = _boot(ConsoleRunner(["kernel up\n"], returncode=returncode), tmp_path)
    assert (outcome.verdict, outcome.marker) == (Verdict.ENDED, "login:")
    assert outcome.returncode == returncode
    error = explain_boot(outcome)
    assert error is not None
    assert error.message == (
        f"booting `demo@acme1` failed: QEMU {how} before the console showed `login:`"
    )


def test_a_machine_that_falls_silent_is_stopped_and_has_failed(tmp_path: Path) -> None:
    outcome = _boot(ConsoleRunner(["\x1b[1mhello\x1b[0m"], times_out=True), tmp_path)
    assert (outcome.verdict, outcome.marker) == (Verdict.TIMEOUT, "kernel up")
    assert outcome.returncode is None
    error = explain_boot(outcome)
    assert error is not None
    assert error.message == (
        "booting `demo@acme1` failed: the console did not show `kernel up` within 30 s"
    )
    assert error.details == ("hello",)


def test_a_hint_explains_what_the_console_shows_the_last_word_first(tmp_path: Path) -> None:
    outcome = _boot(ConsoleRunner(["no flux\n", "no anvil\n", "data ABORT!\n"]), tmp_path)
    hint = Hint(
        name="h",
        pattern="no (?P<what>flux|anvil)",
        cause="{what} lacks",
        cure="bring {what}",
        source="s",
    )
    error = explain_boot(outcome, (hint,))
    assert error is not None
    assert error.details[-2:] == ("data ABORT!", "cause: anvil lacks (s)")
    assert error.hint == "bring anvil"


def test_the_listener_hears_what_the_console_shows_as_it_comes(tmp_path: Path) -> None:
    heard: list[str] = []
    runner = ConsoleRunner(["\x1b[2J", "\x1b[1mkernel up\r\n", "login:"])
    run_boot(_a_plan(tmp_path), runner=runner, on_text=heard.append)
    assert heard == ["kernel up\n", "login:"]


def test_each_marker_is_a_step_of_the_task(tmp_path: Path) -> None:
    reporter = Recorder()
    run_boot(_a_plan(tmp_path), runner=ConsoleRunner(["kernel up", " login:"]), reporter=reporter)
    assert reporter.events == [
        "start boot demo@acme1 of 2",
        "progress boot demo@acme1 1/2 kernel up",
        "progress boot demo@acme1 2/2 login:",
        "finish boot demo@acme1: done, ",
    ]


def test_a_failed_boot_is_a_failed_task(tmp_path: Path) -> None:
    reporter = Recorder()
    run_boot(_a_plan(tmp_path), runner=ConsoleRunner([]), reporter=reporter)
    assert reporter.events[-1] == "finish boot demo@acme1: failed, "


def test_the_console_of_an_earlier_boot_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "console.log").write_text("kernel up login: of yesterday")
    _boot(ConsoleRunner(["kernel up"]), tmp_path)
    assert (tmp_path / "console.log").read_text() == "kernel up"


def test_the_scratch_folder_holds_the_files_of_the_plan_and_no_others(tmp_path: Path) -> None:
    scratch_dir = tmp_path / "scratch"
    scratch_dir.mkdir()
    (scratch_dir / "startup.nsh").write_text("of an earlier boot")
    (tmp_path / "image").write_bytes(b"code")
    files = (
        BootFile(path=RelPath("EFI/BOOT/BOOTAA64.EFI"), source=tmp_path / "image"),
        BootFile(path=RelPath("boot.scr"), content=b"script"),
    )
    plan = replace(_a_plan(tmp_path), scratch_dir=scratch_dir, files=files)
    run_boot(plan, runner=ConsoleRunner([]))
    found = {
        str(each.relative_to(scratch_dir)): each.read_bytes()
        for each in scratch_dir.rglob("*")
        if each.is_file()
    }
    assert found == {"EFI/BOOT/BOOTAA64.EFI": b"code", "boot.scr": b"script"}


def test_a_scratch_folder_that_cannot_be_made_is_named_and_the_task_fails(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    plan = replace(_a_plan(tmp_path), scratch_dir=tmp_path / "file" / "scratch")
    reporter = Recorder()
    with pytest.raises(EnvironmentLacksError, match=r"file/scratch` cannot be written"):
        run_boot(plan, runner=ConsoleRunner([]), reporter=reporter)
    assert reporter.events[-1] == "finish boot demo@acme1: failed, "


def test_an_interrupted_boot_is_a_failed_task(tmp_path: Path) -> None:
    def interrupt(_text: str) -> None:
        raise KeyboardInterrupt

    reporter = Recorder()
    runner = ConsoleRunner(["kernel up"])
    with pytest.raises(KeyboardInterrupt):
        run_boot(_a_plan(tmp_path), runner=runner, reporter=reporter, on_text=interrupt)
    assert reporter.events[-1] == "finish boot demo@acme1: failed, "
