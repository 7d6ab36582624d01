# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.resources import data_root, data_roots


@pytest.fixture
def package_dir(tmp_path: Path) -> Path:
    """Return a package that carries its data, as an installed wheel does."""
    package_dir = tmp_path / "lib" / "sel4build"
    (package_dir / "_data" / "platforms").mkdir(parents=True)
    return package_dir


def test_the_folders_of_this_checkout_are_found() -> None:
    root = data_root("platforms")
    assert root == Path(__file__).parents[2] / "platforms"


def test_an_installed_package_uses_the_data_that_it_carries(package_dir: Path) -> None:
    assert data_root("platforms", package_dir=package_dir) == package_dir / "_data" / "platforms"


def test_a_folder_beside_the_package_counts_only_in_a_checkout(package_dir: Path) -> None:
    beside = package_dir.parent / "platforms"
    beside.mkdir()
    assert data_root("platforms", package_dir=package_dir) != beside
    (package_dir.parent / "pyproject.toml").touch()
    assert data_root("platforms", package_dir=package_dir) == beside


def test_missing_data_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentLacksError, match="`apps` is missing") as caught:
        data_root("apps", package_dir=tmp_path / "sel4build")
    assert caught.value.hint == "install sel4build again"


def test_overlays_come_after_ours_in_the_order_given(package_dir: Path, tmp_path: Path) -> None:
    first, without, second = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    without.mkdir()
    for overlay in (first, second):
        (overlay / "platforms").mkdir(parents=True)
    roots = data_roots("platforms", (first, without, second), package_dir=package_dir)
    assert roots == (
        package_dir / "_data" / "platforms",
        first / "platforms",
        second / "platforms",
    )


def test_an_overlay_that_does_not_exist_is_invalid_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        data_roots("platforms", (tmp_path / "none",))
