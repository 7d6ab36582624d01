# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

from pathlib import Path

import pytest

from tests.kit.cli import World
from tests.kit.sel4_catalog import CATALOG
from tests.kit.sel4_tree import SOLO_DEVICES, SOLO_SETTINGS, Sel4Tree


@pytest.fixture
def tree(tmp_path: Path) -> Sel4Tree:
    return Sel4Tree.create(tmp_path / "w")


def _data(folder: Path) -> Path:
    """Write the boards and apps of the tree as a folder of the user's own data."""
    for name, text in CATALOG.items():
        # Folders of their own: a family of the name of ours would take its place.
        own = name.replace("apps/Arm", "apps/acme").replace("apps/x86", "apps/acme-pc")
        path = folder / "data" / own
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "data"


def test_an_audit_tells_each_difference_with_both_places(
    world: World, tree: Sel4Tree, tmp_path: Path
) -> None:
    line = tree.replace(SOLO_SETTINGS, "acme;zeta1", "acme;zeta1;zeta2")
    data = _data(tmp_path)
    done = world.run("--data-dir", str(data), "catalog", "audit", cwd=tree.root)
    assert done.exit_code == 1
    (shown,) = [each for each in done.stdout.splitlines() if "app vm_solo:" in each]
    assert shown.startswith(f"{data}/apps/acme/vm_solo/app.toml:")
    assert shown.endswith(f"`zeta2`, which the sources have: {SOLO_SETTINGS}:{line}")
    record = world.run(
        "--json", "--data-dir", str(data), "catalog", "audit", "-C", str(tree.root), cwd=tmp_path
    ).object("catalog-audit")
    (found,) = [each for each in record["differences"] if each["subject"] == "app vm_solo"]
    assert found["their-place"] == {"file": SOLO_SETTINGS, "line": line, "key": None}
    assert (found["key"], found["ours"], found["theirs"]) == ("platforms", None, "zeta2")
    assert record["apps"] == 3


@pytest.mark.parametrize("fault", [b'\nset(supported "acme"\n', b"\n\x00\xff)(\x80 \xfe\n"])
def test_where_sources_cannot_be_read_is_told(
    world: World, tree: Sel4Tree, tmp_path: Path, fault: bytes
) -> None:
    data = str(_data(tmp_path))
    file = tree.root / SOLO_SETTINGS
    line = file.read_bytes().count(b"\n") + 2
    file.write_bytes(file.read_bytes() + fault)
    (tree.root / "sel4build.toml").write_text('version = 1\n[manifest]\npath = "m.xml"\n')
    (tree.root / ".sel4build").mkdir()
    warning = f"warning: {SOLO_SETTINGS}:{line}: this cannot be read"
    chosen = ("why-not", "--app", "vm_solo", "--platform", "acme")
    refused = ("explain", "--app", "vm_solo", "--platform", "zeta2")
    for words in (("catalog", "audit"), chosen, chosen, refused):
        done = world.run("--data-dir", data, *words, cwd=tree.root)
        assert done.stderr.count(warning) == 1


def test_where_settings_of_guests_cannot_be_read_is_told(
    world: World, tree: Sel4Tree, tmp_path: Path
) -> None:
    tree.write(SOLO_DEVICES, "#if 1\n#if 1\n" + tree.read(SOLO_DEVICES))
    done = world.run("--data-dir", str(_data(tmp_path)), "catalog", "audit", cwd=tree.root)
    assert f"warning: {SOLO_DEVICES}:1: this cannot be read" in done.stderr
    assert "(and at 1 more places)" in done.stderr


def test_an_audit_needs_sources(world: World, tmp_path: Path) -> None:
    done = world.run("catalog", "audit", cwd=tmp_path)
    assert done.exit_code == 3
    assert "has no VM examples to compare with" in done.stderr
    assert "sel4build sync" in done.stderr
