# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A configuration as a file: what the outer graph's configure edge depends on."""

import json
from collections.abc import Mapping
from pathlib import Path

from sel4build.errors import WorkError
from sel4build.model.configuration import Configuration
from sel4build.writing import write_if_changed

_VERSION = 1


def write_configuration(configuration: Configuration, file: Path) -> bool:
    """Write `configuration` to `file` unless it says so already; tell whether it was written."""
    record = {
        "version": _VERSION,
        "target": configuration.target,
        "source-dir": str(configuration.source_dir),
        "build-dir": str(configuration.build_dir),
        "initial-cache": configuration.initial_cache,
        "argv": configuration.argv,
        "environ": dict(configuration.environ),
        "python-dir": str(configuration.python_dir) if configuration.python_dir else None,
        "wanted": dict(configuration.wanted),
        "root": str(configuration.root),
        "given": dict(configuration.given),
        "defines": dict(configuration.defines),
        "toolchain-variables": configuration.toolchain_variables,
        "ninja": str(configuration.ninja),
        "compiler": str(configuration.compiler),
        "toolchain": dict(configuration.toolchain),
        "digest": configuration.digest,
    }
    return write_if_changed(file, json.dumps(record, indent=1, sort_keys=True) + "\n")


def read_configuration(file: Path) -> Configuration:
    """Read what `write_configuration` wrote; raises WorkError when it is missing or damaged."""
    try:
        record = json.loads(file.read_text())
        _require_version(record["version"])
        return Configuration(
            target=str(record["target"]),
            source_dir=Path(record["source-dir"]),
            build_dir=Path(record["build-dir"]),
            initial_cache=str(record["initial-cache"]),
            argv=tuple(str(word) for word in record["argv"]),
            environ=_texts(record["environ"]),
            python_dir=Path(record["python-dir"]) if record["python-dir"] else None,
            wanted=_texts(record["wanted"]),
            root=Path(record["root"]),
            given=_texts(record["given"]),
            defines=_texts(record["defines"]),
            toolchain_variables=tuple(str(each) for each in record["toolchain-variables"]),
            ninja=Path(record["ninja"]),
            compiler=Path(record["compiler"]),
            toolchain=_texts(record["toolchain"]),
            digest=str(record["digest"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"`{file}` is missing or damaged"
        raise WorkError(message, hint="run `sel4build build` to have it written again") from error


def _texts(table: Mapping[str, object]) -> dict[str, str]:
    return {str(name): str(value) for name, value in table.items()}


def _require_version(version: object) -> None:
    if version != _VERSION:
        raise ValueError(version)
