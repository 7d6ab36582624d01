# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What tests of the command line share: a world with warm caches, and a workspace in it."""

from pathlib import Path

import pytest

from tests.kit.cli import BRINGUP, World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A host of its own, whose toolchains are known already."""
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def built(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose target was built; a test may change it, but not break it."""
    root = tmp_path_factory.mktemp("shared") / "built"
    root.mkdir()
    world.run("init", *BRINGUP, cwd=root).ok()
    world.run("build", cwd=root).ok()
    return root
