# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of sharing cores between real ninjas and make by tokens."""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from sel4build.model.command import Command
from sel4build.ninja.jobserver import serve_jobs
from sel4build.process import SubprocessRunner
from tests.kit.configurations import write_program
from tests.kit.host import ninja

pytestmark = pytest.mark.tools

STEPS = 12
# Notes how many run with it, then waits for as many as there are jobs to have come: were there
# fewer at a time, it would wait for ever.
STEP = """
mkdir "$1/running/$$"
ls "$1/running" | wc -l >> "$1/counts"
touch "$1/started/$$"
while [ "$(ls "$1/started" | wc -l)" -lt "$2" ]; do sleep 0.01; done
sleep 0.02
rmdir "$1/running/$$"
"""


def write_inner_ninja(folder: Path, step: str) -> None:
    folder.mkdir()
    names = [f"s{number}" for number in range(STEPS)]
    lines = [f"rule step\n  command = {step}", *(f"build {name}: step" for name in names)]
    (folder / "build.ninja").write_text("\n".join(lines) + "\n")


def write_inner_make(folder: Path, step: str) -> None:
    folder.mkdir()
    names = " ".join(f"s{number}" for number in range(STEPS))
    (folder / "Makefile").write_text(f"all: {names}\n.PHONY: all {names}\n{names}:\n\t@{step}\n")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("jobs", [3, 5])
def test_two_ninjas_and_make_run_as_many_jobs_as_there_are_and_never_more(
    tmp_path: Path, jobs: int
) -> None:
    program = str(ninja().path)
    said = SubprocessRunner().run(
        Command(argv=(program, "--version"), cwd=tmp_path, env=os.environ)
    )
    if "jobserver-pipe" not in said.output:
        pytest.skip("this ninja is no client of a pipe")
    for name in ("running", "started"):
        (tmp_path / name).mkdir()
    script = write_program(tmp_path / "step", STEP)
    step = f"{script} {tmp_path} {jobs}"
    write_inner_ninja(tmp_path / "one", step)
    write_inner_ninja(tmp_path / "two", step)
    write_inner_make(tmp_path / "three", step)
    (tmp_path / "build.ninja").write_text(
        f"rule ninja\n  command = {shlex.quote(program)} -C $out\nrule make\n  command = make -C $out\n"
        "build one: ninja always\nbuild two: ninja always\nbuild three: make always\n"
        "build always: phony\n"
    )

    with serve_jobs(jobs) as variables:
        outcome = SubprocessRunner().run(
            Command(argv=(program,), cwd=tmp_path, env={**os.environ, **variables})
        )
        found = re.search(r"auth=(\d+)", variables["MAKEFLAGS"])
        assert found is not None
        reading = int(found.group(1))
        os.set_blocking(reading, False)
        returned = len(os.read(reading, 100))

    assert outcome.succeeded, outcome.output
    counts = [int(line) for line in (tmp_path / "counts").read_text().split()]
    assert len(counts) == 3 * STEPS
    assert max(counts) == jobs
    assert returned == jobs - 1
