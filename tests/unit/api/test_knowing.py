# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

import json
from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.knowing import Asked, correct_catalog
from sel4build.model.workspace import Workspace
from sel4build.sources import read
from tests.kit.sel4_catalog import a_sel4_catalog
from tests.kit.sel4_tree import ACME_DTS, SOLO_SETTINGS, Sel4Tree

_ASKED = (Asked(app="vm_solo", platform="acme"),)


@pytest.fixture
def tree(tmp_path: Path) -> Sel4Tree:
    (tmp_path / "w" / ".sel4build").mkdir(parents=True)
    return Sel4Tree.create(tmp_path / "w")


class _Host:
    """Asks what is known, and counts how often sources are read for it."""

    def __init__(self, tree: Sel4Tree, monkeypatch: pytest.MonkeyPatch) -> None:
        self.num_reads = 0
        self._workspace = Workspace(tree.root)
        self._context = Context(environ={}, cwd=tree.root)
        self._catalog = a_sel4_catalog(tree.root.parent / "data")
        really = read.read_sources

        def counted(*args: object, **words: object) -> object:
            self.num_reads += 1
            return really(*args, **words)  # type: ignore[arg-type]  # passed on as they came

        monkeypatch.setattr(read, "read_sources", counted)

    def platforms(self, asked: tuple[Asked, ...] = _ASKED) -> tuple[str, ...]:
        catalog = correct_catalog(self._context, self._workspace, self._catalog, asked)
        app = catalog.app("vm_solo")
        assert app is not None
        return tuple(each.platform for each in app.platforms)


@pytest.fixture
def host(tree: Sel4Tree, monkeypatch: pytest.MonkeyPatch) -> _Host:
    return _Host(tree, monkeypatch)


def test_sources_that_agree_are_read_once(host: _Host) -> None:
    assert host.platforms() == host.platforms() == ("acme", "zeta1")
    assert host.num_reads == 1
    host.platforms((Asked(app="vm_duo", platform="acme"),))
    assert host.num_reads == 2


def test_a_changed_file_is_read_again(host: _Host, tree: Sel4Tree) -> None:
    host.platforms()
    tree.write(ACME_DTS, tree.read(ACME_DTS) + "\n/* one more line */\n")
    host.platforms()
    assert host.num_reads == 2
    tree.replace(SOLO_SETTINGS, "acme;zeta1", "acme")
    assert host.platforms() == host.platforms() == ("acme",)
    assert host.num_reads == 4
    tree.replace(SOLO_SETTINGS, 'supported "acme"', 'supported "acme;zeta1"')
    assert host.platforms() == ("acme", "zeta1")


def test_a_file_that_appears_is_noticed(host: _Host, tree: Sel4Tree) -> None:
    host.platforms()
    tree.write("kernel/src/plat/newer/config.cmake", "")
    host.platforms()
    assert host.num_reads == 2


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"question": 1, "files": 2}', "\xff"])
def test_a_damaged_record_is_not_believed(host: _Host, tree: Sel4Tree, content: str) -> None:
    host.platforms()
    record = tree.root / ".sel4build" / "sources.json"
    assert json.loads(record.read_text())["question"]
    record.write_text(content)
    host.platforms()
    assert host.num_reads == 2


def test_where_nothing_is_synced_the_catalogue_stands(
    host: _Host, tree: Sel4Tree, tmp_path: Path
) -> None:
    (tree.root / "projects").rename(tmp_path / "gone")
    assert host.platforms() == ("acme", "zeta1")
    assert host.num_reads == 0
