# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Small catalogues of invented boards and apps, written to a folder."""

from collections.abc import Mapping
from pathlib import Path

from sel4build.catalog import CatalogRoots

BOARD = """\
version = 1
name = "{name}"
title = "Acme board"
kernel-platform = "acme"
arch = "arm"
sel4-arch = "aarch64"
word-size = 64
cpu = "cortex-a53"
max-num-nodes = 2
num-nodes-reason = "it has 2 cores"

[image]
format = "elf"
name = "{{rootserver}}-image-arm-acme"

[uart]
driver = "pl011"
address = 0x9000000
"""

APP = """\
version = 1
name = "{name}"
summary = "an app"
manifest = "acme"
rootserver = "root"
num-vms = 1
variables = {{ APP = "{{app}}", BOARD = "{{platform}}" }}

[console]
success = ["login:"]
errors = ["Halting"]
timeout-s = 10

[[platforms]]
platform = "board1"
"""

FILES: Mapping[str, str] = {
    "platforms/board1.toml": BOARD.format(name="board1"),
    "apps/Arm/app1/app.toml": APP.format(name="app1"),
}


def write_catalog(folder: Path, files: Mapping[str, str] = FILES) -> CatalogRoots:
    """Write `files` below `folder` and return where the catalogue is to be read from."""
    for kind in ("platforms", "apps", "toolchains"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return CatalogRoots(
        platforms=(folder / "platforms",),
        apps=(folder / "apps",),
        toolchains=(folder / "toolchains",),
    )


def join_roots(ours: CatalogRoots, theirs: CatalogRoots) -> CatalogRoots:
    """Put the folders of `theirs` on top of those of `ours`."""
    return CatalogRoots(
        platforms=(*ours.platforms, *theirs.platforms),
        apps=(*ours.apps, *theirs.apps),
        toolchains=(*ours.toolchains, *theirs.toolchains),
    )
