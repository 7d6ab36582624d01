# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the short answer to `build`: given only where nothing at all is in doubt."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from sel4build import __version__
from sel4build.cli.fresh import answer_if_fresh
from tests.kit.configurations import write_program

NOTHING = 'echo "$*" >> calls; echo "ninja: no work to do."'


def num_descriptors() -> int:
    return len(tuple(Path("/proc/self/fd").iterdir()))


class FreshWorkspace:
    """A workspace in which everything is up to date."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        (root / "sel4build.toml").write_text("spec")
        for id_ in ("a", "b"):
            (root / f"{id_}.json").write_text(id_)
        self.ninja = write_program(root / "ninja", NOTHING)
        self.record: dict[str, Any] = {
            "format": 1,
            "program": __version__,
            "path": os.environ["PATH"],
            "default": "b",
            "files": self._stamps("sel4build.toml"),
            "targets": {
                id_: {
                    "ninja": str(self.ninja),
                    "build-dir": f"/build/{id_}",
                    "text": f"{id_}: fine",
                    "files": self._stamps(f"{id_}.json"),
                }
                for id_ in ("a", "b")
            },
        }
        (root / ".sel4build").mkdir()
        self.write(self.record)

    def write(self, record: object) -> None:
        (self.root / ".sel4build" / "fresh.json").write_text(json.dumps(record))

    def _stamps(self, name: str) -> dict[str, list[int]]:
        status = (self.root / name).stat()
        return {str(self.root / name): [status.st_mtime_ns, status.st_size]}


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FreshWorkspace:
    workspace = FreshWorkspace(tmp_path / "w")
    monkeypatch.chdir(workspace.root)
    return workspace


def test_a_fresh_default_target_is_told_at_once(
    fresh: FreshWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer_if_fresh([])

    assert capsys.readouterr().out == "b: fine\n"
    assert (fresh.root / "calls").read_text() == "-C /build/b -n\n"


@pytest.mark.usefixtures("fresh")
def test_targets_are_told_once_in_the_order_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer_if_fresh(["b", "a", "b"])

    assert capsys.readouterr().out == "b: fine\na: fine\n"


def test_a_folder_inside_the_workspace_is_in_the_workspace(
    fresh: FreshWorkspace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    inside = fresh.root / "projects" / "x"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)

    assert answer_if_fresh(["a"])

    assert capsys.readouterr().out == "a: fine\n"


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("words", [["-v"], ["a", "--json"], ["--", "a"], ["c"], ["a", "c"]])
def test_options_and_names_that_are_not_recorded_go_the_whole_way(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert not answer_if_fresh(words)

    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("words", [["-q"], ["a", "--quiet"]])
def test_nothing_is_said_of_what_is_fresh_when_quiet_is_asked_for(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert answer_if_fresh(words)

    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("key", ["format", "program", "path"])
def test_a_record_of_other_circumstances_does_not_count(fresh: FreshWorkspace, key: str) -> None:
    fresh.write({**fresh.record, key: "other"})

    assert not answer_if_fresh([])


@pytest.mark.parametrize("name", ["sel4build.toml", "b.json"])
def test_a_file_that_changed_makes_a_doubt(fresh: FreshWorkspace, name: str) -> None:
    (fresh.root / name).write_text("something longer")

    assert not answer_if_fresh([])


def test_a_file_that_was_touched_makes_a_doubt(fresh: FreshWorkspace) -> None:
    os.utime(fresh.root / "b.json", ns=(1, 1))

    assert not answer_if_fresh([])


def test_a_file_of_a_target_that_nobody_asked_for_makes_none(fresh: FreshWorkspace) -> None:
    (fresh.root / "a.json").unlink()

    assert answer_if_fresh(["b"])
    assert not answer_if_fresh(["a"])


@pytest.mark.parametrize(
    "body",
    [
        'echo "[1/2] cc x"; echo "[2/2] cc y"',
        'echo "ninja: no work to do."; exit 1',
        'echo "ninja: no work to do."; echo "and more"',
        "kill -9 $$",
        "",
    ],
)
def test_an_inner_ninja_with_work_or_trouble_makes_a_doubt(
    fresh: FreshWorkspace, body: str
) -> None:
    write_program(fresh.ninja, body)

    assert not answer_if_fresh([])


def test_a_warning_of_the_inner_ninja_makes_none(fresh: FreshWorkspace) -> None:
    write_program(fresh.ninja, 'echo "ninja: warning: x" >&2; echo "ninja: no work to do."')

    assert answer_if_fresh([])


def test_an_inner_ninja_that_is_gone_makes_a_doubt(fresh: FreshWorkspace) -> None:
    fresh.ninja.unlink()

    assert not answer_if_fresh([])


@pytest.mark.parametrize(
    "record",
    [
        None,
        1,
        "text",
        [],
        {},
        {"targets": []},
        {"targets": {"b": []}},
        {"targets": {"b": {}}},
        {"files": []},
        {"files": {"x": 1}},
        {"default": []},
    ],
)
def test_a_record_of_another_shape_makes_a_doubt(fresh: FreshWorkspace, record: object) -> None:
    fresh.write({**fresh.record, **record} if isinstance(record, dict) and record else record)

    assert not answer_if_fresh([])


def test_a_record_that_is_no_json_makes_a_doubt(fresh: FreshWorkspace) -> None:
    (fresh.root / ".sel4build" / "fresh.json").write_bytes(b"\xff{")

    assert not answer_if_fresh([])


def test_a_workspace_that_was_never_built_has_no_short_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sel4build.toml").write_text("")
    monkeypatch.chdir(tmp_path)

    assert not answer_if_fresh([])


def test_outside_of_any_workspace_there_is_no_short_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert not answer_if_fresh([])


@pytest.mark.usefixtures("fresh")
def test_the_question_leaves_no_descriptor_open() -> None:
    before = num_descriptors()

    answer_if_fresh([])

    assert num_descriptors() == before


def test_the_question_leaves_no_descriptor_open_where_it_cannot_be_asked(
    fresh: FreshWorkspace,
) -> None:
    fresh.ninja.unlink()
    before = num_descriptors()

    answer_if_fresh([])

    assert num_descriptors() == before


@pytest.mark.usefixtures("fresh")
def test_an_answer_that_nobody_takes_is_left_to_the_whole_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Gone(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Gone())

    assert not answer_if_fresh([])
