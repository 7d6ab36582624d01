# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the outer graph in the hands of the real ninja, with steps that only pretend."""

import os
from pathlib import Path

import pytest

from sel4build.model.command import Command, Outcome
from sel4build.model.target import Target
from sel4build.model.workspace import Workspace
from sel4build.ninja.plan import plan_graph
from sel4build.ninja.render import render_graph
from sel4build.process import SubprocessRunner
from sel4build.writing import write_if_changed
from tests.kit.configurations import write_program
from tests.kit.host import ninja
from tests.kit.targets import a_board, a_target

pytestmark = pytest.mark.tools

# Like the steps of the program: each writes what it makes only where that changes something.
STEP = r"""
echo "$*" >> calls
write() { if [ "$(cat "$1" 2>&1)" != "$2" ]; then mkdir -p "$(dirname "$1")"; echo "$2" > "$1"; fi; }
board=${2#*@}
image=demo-loader-image-arm-$board
case "$1" in
configure) write "build/$2/build.ninja" "$(cat ".sel4build/plan/$2.json")" ;;
build) [ ! -e broken ] || exit 1; write "build/$2/images/$image" "$(cat source)" ;;
package) for each in "$image" target.json BOOT.md; do
    write "out/$2/$each" "$(cat "build/$2/images/$image" sel4build.lock)"; done ;;
checksum) write "out/$2/SHA256SUMS" "$(cat "out/$2/$image")" ;;
esac
"""
ONE = "demo@acme1"


class Outer:
    """A workspace with its outer graph."""

    def __init__(self, root: Path, *targets: Target) -> None:
        self.root = root
        step = write_program(root / "my step", STEP)
        for name in ("sel4build.toml", "sel4build.lock", "source"):
            (root / name).write_text("first")
        self._pass_a_tick()
        workspace = Workspace(root)
        graph = plan_graph(targets, workspace=workspace, program=(str(step),))
        write_if_changed(workspace.ninja_file, render_graph(graph))
        for target in targets:
            write_if_changed(workspace.plan_dir / f"{target.id}.json", "planned")
        self._pass_a_tick()

    def change(self, name: str, text: str) -> None:
        """Write a file so that it is newer than all others."""
        self._pass_a_tick()
        (self.root / name).write_text(text)
        self._pass_a_tick()

    def reach(self, *goals: str) -> Outcome:
        argv = (str(ninja().path), "-f", ".sel4build/build.ninja", *goals)
        return SubprocessRunner().run(Command(argv=argv, cwd=self.root, env=os.environ))

    def steps_to(self, *goals: str) -> list[str]:
        """Reach `goals` and return the steps that it took."""
        (self.root / "calls").write_text("")
        outcome = self.reach(*goals)
        assert outcome.succeeded, outcome.output
        return (self.root / "calls").read_text().splitlines()

    def _pass_a_tick(self) -> None:
        """Wait for the clock of the file system, which is coarser than a write is long."""
        probe = self.root / "tick"
        probe.touch()
        before = probe.stat().st_mtime_ns
        while probe.stat().st_mtime_ns == before:
            probe.touch()


def test_the_first_run_takes_every_step_in_order(tmp_path: Path) -> None:
    outer = Outer(tmp_path, a_target())

    assert outer.steps_to(f"{ONE}/package") == [
        f"configure {ONE}",
        f"build {ONE}",
        f"package {ONE}",
        f"checksum {ONE}",
    ]


def test_a_run_with_nothing_to_do_asks_the_inner_build_only(tmp_path: Path) -> None:
    outer = Outer(tmp_path, a_target())
    outer.steps_to(f"{ONE}/package")

    assert outer.steps_to(f"{ONE}/package") == [f"build {ONE}"]
    assert outer.steps_to(f"{ONE}/package") == [f"build {ONE}"]


def test_a_new_image_is_packaged_again(tmp_path: Path) -> None:
    outer = Outer(tmp_path, a_target())
    outer.steps_to(f"{ONE}/package")
    outer.change("source", "second")

    assert outer.steps_to(f"{ONE}/package") == [
        f"build {ONE}",
        f"package {ONE}",
        f"checksum {ONE}",
    ]


def test_a_new_plan_configures_again(tmp_path: Path) -> None:
    outer = Outer(tmp_path, a_target())
    outer.steps_to(f"{ONE}/build")
    outer.change(f".sel4build/plan/{ONE}.json", "planned otherwise")

    assert outer.steps_to(f"{ONE}/build") == [f"configure {ONE}", f"build {ONE}"]
    assert outer.steps_to(f"{ONE}/build") == [f"build {ONE}"]


def test_a_package_that_comes_out_equal_keeps_its_checksums(tmp_path: Path) -> None:
    outer = Outer(tmp_path, a_target())
    outer.steps_to(f"{ONE}/package")
    outer.change(f".sel4build/plan/{ONE}.json", "planned")

    assert outer.steps_to(f"{ONE}/package") == [
        f"configure {ONE}",
        f"build {ONE}",
        f"package {ONE}",
    ]
    assert outer.steps_to(f"{ONE}/package") == [f"build {ONE}"]


def test_a_new_lockfile_is_packaged(tmp_path: Path) -> None:
    outer = Outer(tmp_path, a_target())
    outer.steps_to(f"{ONE}/package")
    outer.change("sel4build.lock", "second")

    steps = outer.steps_to(f"{ONE}/package")

    assert steps[0].strip() == "generate"
    assert steps[1:] == [f"build {ONE}", f"package {ONE}", f"checksum {ONE}"]


def test_the_graph_is_written_again_once_after_a_change_of_what_is_wanted(tmp_path: Path) -> None:
    outer = Outer(tmp_path, a_target())
    outer.steps_to(f"{ONE}/package")
    outer.change("sel4build.toml", "second")

    assert [step.strip() for step in outer.steps_to(f"{ONE}/package")] == [
        "generate",
        f"build {ONE}",
    ]
    assert outer.steps_to(f"{ONE}/package") == [f"build {ONE}"]


def test_no_step_goes_further_than_the_goal(tmp_path: Path) -> None:
    outer = Outer(tmp_path, a_target())

    assert outer.steps_to(f"{ONE}/configure") == [f"configure {ONE}"]
    assert outer.steps_to(f"{ONE}/configure") == []


def test_a_target_that_nobody_asked_for_is_left_alone(tmp_path: Path) -> None:
    outer = Outer(tmp_path, a_target(), a_target(a_board("acme2")))

    outer.steps_to("demo@acme2/package")

    assert not (tmp_path / "build" / ONE).exists()


def test_an_option_of_the_user_makes_another_target_of_the_same_app(tmp_path: Path) -> None:
    with_option = a_target(defines={"A": "1"})
    outer = Outer(tmp_path, a_target(), with_option)

    steps = outer.steps_to(f"{ONE}/configure", f"{with_option.id}/configure")

    assert sorted(steps) == sorted([f"configure {ONE}", f"configure {with_option.id}"])


def test_a_step_that_failed_is_taken_again(tmp_path: Path) -> None:
    outer = Outer(tmp_path, a_target())
    (tmp_path / "broken").touch()

    assert not outer.reach(f"{ONE}/package").succeeded

    (tmp_path / "broken").unlink()
    assert outer.steps_to(f"{ONE}/package")[0] == f"build {ONE}"


def test_state_of_ninja_stays_in_our_folder(tmp_path: Path) -> None:
    outer = Outer(tmp_path, a_target())
    outer.steps_to(f"{ONE}/configure")

    assert (tmp_path / ".sel4build" / ".ninja_log").is_file()
    assert not (tmp_path / ".ninja_log").exists()
