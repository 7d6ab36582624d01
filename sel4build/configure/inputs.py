# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The files of the sources that CMake read when it configured a tree."""

import json
from collections.abc import Iterator
from pathlib import Path

from sel4build.model.configuration import Configuration


def tree_inputs(configuration: Configuration) -> Iterator[Path]:
    """Yield the files of the sources (cmake-file-api(7), "cmakeFiles"), in CMake's order.

    Those of CMake itself come with it, and those that were made follow from the others.
    """
    reply = configuration.build_dir / ".cmake" / "api" / "v1" / "reply"
    for file in sorted(reply.glob("cmakeFiles-v1-*.json")):
        for each in json.loads(file.read_text())["inputs"]:
            if not (each.get("isCMake") or each.get("isGenerated")):
                yield configuration.source_dir / each["path"]
