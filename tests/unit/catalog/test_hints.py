# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Every hint is found in the text of the tool that it is for, and in no other's."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sel4build.catalog import hints as catalog_hints
from sel4build.catalog.hints import find_advice
from sel4build.catalog.host import load_hints
from sel4build.configure.failure import explain_tool_failure, first_cmake_error
from sel4build.errors import WorkError
from sel4build.model.command import Command, Outcome
from sel4build.model.host import Hint
from sel4build.ninja.run import first_failure

TEXTS = sorted((Path(__file__).parents[2] / "data" / "hints").glob("*.txt"))
HINTS = load_hints()


def _explained(text: str) -> WorkError:
    command = Command(argv=("tool",), cwd=Path("/"), env={})
    outcome = Outcome(command=command, returncode=1, output=text, duration_s=1.0)
    details = first_failure(text) if "ninja: " in text else first_cmake_error(text)
    error = explain_tool_failure(outcome, doing="working", details=details, hints=HINTS)
    assert isinstance(error, WorkError)
    return error


def test_each_hint_has_its_text_and_each_text_its_hint() -> None:
    assert sorted(each.name for each in HINTS) == [path.stem for path in TEXTS]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_text_of_a_tool_leads_to_its_hint(path: Path) -> None:
    (hint,) = (each for each in HINTS if each.name == path.stem)
    text = path.read_text()
    error = _explained(text)
    (cause,) = (line for line in error.details if line.startswith("cause: "))
    advice = find_advice((text.splitlines(),), (hint,))
    assert advice is not None
    assert (cause, error.hint) == (advice.cause_line, advice.cure)
    assert hint.source in cause
    assert "{" not in cause + (error.hint or "")


def test_a_traceback_comes_before_what_it_is_hidden_behind() -> None:
    (path,) = (each for each in TEXTS if each.stem == "python-package")
    details = _explained(path.read_text()).details
    assert details[0].startswith("Traceback")
    traceback = details.index("ModuleNotFoundError: No module named 'pyfdt'")
    assert any("Failed to generate from DTB" in line for line in details[traceback:])
    assert not any("Deprecation" in line for line in details)


def test_the_line_that_tells_is_shown_however_far_below_the_failed_step() -> None:
    (path,) = (each for each in TEXTS if each.stem == "make-missing")
    text = path.read_text()
    block = text[text.index("FAILED:") :].splitlines()
    assert block.index("/bin/sh: 1: make: not found") > 70
    details = _explained(text).details
    assert details[0].startswith("FAILED:")
    assert "/bin/sh: 1: make: not found" in details
    assert len(details) < 45


def test_what_a_program_said_before_the_error_of_cmake_is_kept() -> None:
    text = (
        "CMake Warning at a:1:\n  old\n\n-- Checking\nacme: cannot open the file\n"
        "CMake Error at b:2 (message):\n  it failed\n\nCMake Error at c:3:\n  more\n"
    )
    assert first_cmake_error(text) == (
        "acme: cannot open the file",
        "CMake Error at b:2 (message):",
        "  it failed",
    )


def test_a_long_line_is_cut_and_a_long_traceback_loses_its_middle() -> None:
    frames = "".join(f"  File {number}\n" for number in range(90))
    error = _explained(f"Traceback (most recent call last):\n{frames}OSError: {'x' * 900}\n")
    assert error.details[0] == "Traceback (most recent call last):"
    assert "  ... 52 lines left out ..." in error.details
    assert max(len(line) for line in error.details) < 420
    assert any(line.startswith("OSError: xxx") for line in error.details)


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[31mCMake Error\x1b[0m at b:2:\n  no \x1b[1mdtc\x1b[0m\n\nmore\n",
        "\x1b[2K-- loading\rCMake Error at b:2:\r\n  no dtc\r\n\r\nmore\r\n",
        "CMake Error at b:2:\n  no dtc\n\n" + f"{'x' * 60}\n" * 40_000,
    ],
    ids=["coloured", "carriage returns", "large"],
)
def test_what_terminals_act_on_and_what_comes_after_hide_no_error(text: str) -> None:
    assert first_cmake_error(text) == ("CMake Error at b:2:", "  no dtc")


def test_colours_within_a_line_hide_no_hint_and_no_failed_step() -> None:
    error = _explained(
        "\x1b[31mFAILED: \x1b[0mx.bin\nbash: \x1b[1mfakeroot\x1b[0m: command not found\r\n"
        "ninja: build stopped: subcommand failed.\n"
    )
    assert error.details[:2] == ("FAILED: x.bin", "bash: fakeroot: command not found")
    assert any("`fakeroot` is not on PATH" in line for line in error.details)


def test_a_pattern_that_never_ends_is_left_out_and_the_others_count(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(catalog_hints, "_LINE_LIMIT_S", 0.1)
    slow, good = (
        Hint(name=name, pattern=pattern, cause="c", cure="d", source="s")
        for name, pattern in (("slow", "(a+)+$"), ("good", "late"))
    )
    advice = find_advice((["a" * 60 + "!", "a" * 60 + " late"],), (slow, good))
    assert advice is not None
    assert advice.name == "good"
    assert caplog.text.count("hint `slow` is left out") == 1
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_hints_are_known_outside_of_the_main_thread_too() -> None:
    hint = Hint(name="h", pattern="x", cause="c", cure="d", source="s")
    with ThreadPoolExecutor() as pool:
        assert pool.submit(find_advice, (["x"],), (hint,)).result() is not None


def test_without_a_hint_nothing_is_claimed() -> None:
    error = _explained("something else went wrong\n")
    assert error.hint is None
    assert not any(line.startswith("cause:") for line in error.details)


def test_the_text_that_tells_most_is_looked_at_first() -> None:
    hints = tuple(
        Hint(name=name, pattern=f"({name})", cause="c", cure="d", source="s")
        for name in ("late", "early")
    )
    advice = find_advice((["early"], ["late"]), hints)
    assert advice is not None
    assert advice.name == "early"
    both = find_advice((["early late"],), hints)
    assert both is not None
    assert both.name == "late"


def test_a_program_that_lacks_is_named_before_what_follows_from_it() -> None:
    error = _explained(
        "ninja: Entering directory `/w`\nFAILED: rootfs.cpio.gz\nbash -c install\n"
        "install_artifacts_rootfs.sh: line 57: fakeroot: command not found\n"
        "Unpacking CPIO failed\nninja: build stopped: subcommand failed.\n"
    )
    (cause,) = (line for line in error.details if line.startswith("cause: "))
    assert cause.startswith("cause: the program `fakeroot` is not on PATH")
