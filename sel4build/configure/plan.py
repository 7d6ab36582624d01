# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Compose one run of CMake: pure, and the same for the same inputs."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sel4build.configure.initial_cache import render_initial_cache
from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.model.configuration import ChosenToolchain, Configuration
from sel4build.model.host_program import HostProgram
from sel4build.model.target import Target

INITIAL_CACHE = "initial-cache.cmake"
"""File name of the initial cache inside the build directory."""

_SETTINGS_LINK = "easy-settings.cmake"
_SETTINGS_SCRIPT = "settings.cmake"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTree:
    """Where CMake starts in a workspace."""

    source_dir: Path
    settings_scripts: tuple[Path, ...]
    root: Path = Path("/")
    """The workspace."""


def find_source_tree(root: Path) -> SourceTree:
    """Find what CMake is given, by the rule of upstream's init-build.sh.

    A workspace with a top-level CMakeLists.txt is its own source; otherwise the real place of the
    link `easy-settings.cmake` is. Raises EnvironmentLacksError when there is neither.
    """
    if (root / "CMakeLists.txt").is_file():
        source_dir = root
    else:
        link = root / _SETTINGS_LINK
        if not link.exists():
            message = f"workspace `{root}` has no `{_SETTINGS_LINK}` at its top"
            raise EnvironmentLacksError(message, hint="run `sel4build sync`")
        source_dir = link.resolve().parent
    script = source_dir / _SETTINGS_SCRIPT
    if not script.is_file():
        message = f"project `{source_dir}` has no `{_SETTINGS_SCRIPT}`"
        raise InputError(message, hint="check the manifest: it names another kind of project")
    return SourceTree(source_dir=source_dir, settings_scripts=(script,), root=root)


def plan_configuration(  # noqa: PLR0913 - each is an input of its own
    target: Target,
    *,
    source: SourceTree,
    build_dir: Path,
    toolchain: ChosenToolchain,
    cmake: HostProgram,
    ninja: HostProgram,
    memo_dir: Path,
    environ: Mapping[str, str],
    python_dir: Path | None = None,
    extra_variables: Mapping[str, str] | None = None,
) -> Configuration:
    """Return the configuration of `target` in `build_dir`.

    `memo_dir` is where upstream keeps what it builds once for all trees (`SEL4_CACHE_DIR`);
    `python_dir` comes first on PATH; `extra_variables` lead CMake to files
    of ours, such as a guest of the user's.
    """
    ours = dict(target.variables) | dict(toolchain.variables) | dict(extra_variables or {})
    ours["CMAKE_MAKE_PROGRAM"] = str(ninja.path)
    # Trees older than CMake 3.5 configure all the same (files of polly say 2.8.8).
    ours["CMAKE_POLICY_VERSION_MINIMUM"] = "3.5"
    ours["SEL4_CACHE_DIR"] = str(memo_dir)
    initial_cache = render_initial_cache(
        {name: value for name, value in ours.items() if name not in target.cmake_defines}
    )
    argv = _compose_argv(target, source, build_dir, cmake)
    fixed = reproducible_environ(environ)
    identity: tuple[object, ...] = (
        *(argv, initial_cache, sorted(fixed.items())),
        *(toolchain.fingerprint, cmake.version),
    )
    if python_dir is not None:
        identity = (*identity, python_dir.parent.name)
    return Configuration(
        target=target.id.text,
        source_dir=source.source_dir,
        build_dir=build_dir,
        initial_cache=initial_cache,
        argv=argv,
        environ=fixed,
        python_dir=python_dir,
        wanted={**target.expected, **target.cmake_defines},
        root=source.root,
        given={**ours, **target.cmake_defines},
        defines=target.cmake_defines,
        toolchain_variables=tuple(sorted(toolchain.variables)),
        ninja=ninja.path,
        compiler=toolchain.compiler,
        toolchain={
            "name": toolchain.toolchain.name,
            "version": toolchain.version,
            "fingerprint": toolchain.fingerprint,
            "cmake": cmake.version_text,
        },
        digest=hashlib.sha256(json.dumps(identity).encode()).hexdigest(),
    )


def _compose_argv(
    target: Target, source: SourceTree, build_dir: Path, cmake: HostProgram
) -> tuple[str, ...]:
    """Return CMake's argv; scripts and definitions take effect in the order they stand in."""
    return (
        str(cmake.path),
        "-G",
        "Ninja",
        "-S",
        str(source.source_dir),
        "-B",
        str(build_dir),
        "-C",
        str(build_dir / INITIAL_CACHE),
        *(f"-D{name}={value}" for name, value in target.cmake_defines.items()),
        *(word for script in source.settings_scripts for word in ("-C", str(script))),
    )


def reproducible_environ(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return the variables without which two builds of one source differ.

    The order of Python's sets decides connector numbers in CAmkES; a uImage's header holds a time,
    which is the user's SOURCE_DATE_EPOCH (reproducible-builds.org) or else 0.
    """
    epoch_s = environ.get("SOURCE_DATE_EPOCH", "")
    is_number = epoch_s.isascii() and epoch_s.isdigit()
    return {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": epoch_s if is_number else "0"}
