# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Run CMake once in a fresh folder, read the tree back, and hold it against what was asked.

A build directory carries a marker file with the digest of its configuration, written before and
completed after the run, so that a killed run is never taken for a whole one.
"""

import logging
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from sel4build.configure.failure import explain_tool_failure
from sel4build.configure.plan import INITIAL_CACHE
from sel4build.errors import InputError, WorkError
from sel4build.model.command import Command
from sel4build.model.configuration import BuildTree, CacheEntry, Configuration
from sel4build.model.reporter import Reporter
from sel4build.process import Runner
from sel4build.writing import write_if_changed

_LOG = logging.getLogger(__name__)
_MARKER = ".sel4build-configuration"
_HALF = "half "
_TRUE = frozenset({"1", "ON", "YES", "TRUE", "Y"})
_FALSE = frozenset({"0", "OFF", "NO", "FALSE", "N", "IGNORE", "NOTFOUND", ""})
_PATH_TYPES = frozenset({"PATH", "FILEPATH"})
_UNUSED = re.compile(
    r"Manually-specified variables were not used by the project:\n\n((?: {4}.+\n)+)"
)


def is_configured(configuration: Configuration) -> bool:
    """Tell whether the build directory is the whole result of exactly this configuration."""
    marker = configuration.build_dir / _MARKER
    try:
        recorded = marker.read_text()
    except OSError:
        return False
    return recorded == configuration.digest and (configuration.build_dir / "build.ninja").is_file()


def apply_configuration(
    configuration: Configuration,
    *,
    runner: Runner,
    reporter: Reporter,
    environ: Mapping[str, str],
    log_file: Path,
) -> BuildTree:
    """Run CMake for `configuration` and return the tree; reuse a tree that is whole and equal.

    Raises InputError when the folder holds something that is not ours, WorkError when CMake fails
    or when a value that was asked for did not arrive.
    """
    build_dir = configuration.build_dir
    if is_configured(configuration):
        return read_build_tree(build_dir)
    _clear(build_dir)
    write_if_changed(build_dir / _MARKER, _HALF + configuration.digest)
    write_if_changed(build_dir / INITIAL_CACHE, configuration.initial_cache)
    _query_file_api(build_dir)
    command = Command(argv=configuration.argv, cwd=build_dir, env=configuration.environ_on(environ))
    task = f"configure {configuration.target}"
    outcome = runner.run(
        command,
        on_line=lambda line: _tell(reporter, task, line),
        log_file=log_file,
    )
    if not outcome.succeeded:
        raise explain_tool_failure(
            outcome,
            doing=f"configuring `{configuration.target}`",
            details=_first_cmake_error(outcome.output),
        )
    tree = read_build_tree(build_dir)
    check_arrival(configuration, tree, log_file=log_file)
    for name in unused_variables(outcome.output):
        reporter.warn(f"`-D {name}` was not read by any CMake file of `{configuration.source_dir}`")
    write_if_changed(build_dir / _MARKER, configuration.digest)
    return tree


def read_build_tree(build_dir: Path) -> BuildTree:
    """Read a configured tree back through the CMake file API (cmake-file-api(7), version 1).

    Raises WorkError when there is no reply.
    """
    from scikit_build_core.file_api.reply import load_reply_dir  # noqa: PLC0415 - 60 ms

    try:
        reply = load_reply_dir(build_dir / ".cmake" / "api" / "v1" / "reply").reply
    except (OSError, IndexError, ExceptionGroup) as error:
        message = f"CMake left no file API reply in `{build_dir}`"
        raise WorkError(message, hint="run `sel4build clean` and configure again") from error
    entries = reply.cache_v2.entries if reply.cache_v2 is not None else []
    cache = {
        entry.name: CacheEntry(name=entry.name, value=entry.value, type=entry.type)
        for entry in entries
    }
    compiler = ""
    for toolchain in reply.toolchains_v1.toolchains if reply.toolchains_v1 is not None else []:
        if toolchain.language == "C":
            compiler = f"{toolchain.compiler.id or ''} {toolchain.compiler.version or ''}".strip()
    return BuildTree(build_dir=build_dir, cache=cache, compiler=compiler)


def check_arrival(configuration: Configuration, tree: BuildTree, *, log_file: Path) -> None:
    """Compare what was asked for with what the cache says; a difference is a WorkError.

    Both the user's `-D` values and the values that the catalogue expects are compared.
    """
    wrong = tuple(
        f"`{name}`: asked for `{value}`, CMake has `{arrived}`"
        for name, value in sorted(configuration.wanted.items())
        if (arrived := tree.value(name)) is not None and not _arrived(value, tree.cache[name], tree)
    )
    if wrong:
        names = ", ".join(f"`{line.split('`')[1]}`" for line in wrong)
        message = f"CMake did not keep what was asked for: {names}"
        raise WorkError(
            message,
            details=wrong,
            log_file=log_file,
            hint="the project's settings overwrite it; leave it out, or change the sources",
        )


def unused_variables(output: str) -> tuple[str, ...]:
    """Return the `-D` variables that CMake says no project read."""
    found = _UNUSED.search(output)
    return tuple(found.group(1).split()) if found else ()


def _query_file_api(build_dir: Path) -> None:
    from scikit_build_core.file_api.query import stateless_query  # noqa: PLC0415 - heavy

    stateless_query(build_dir)


def _clear(build_dir: Path) -> None:
    """Make the build directory empty; refuse to when it is not ours."""
    if build_dir.exists():
        if any(build_dir.iterdir()) and not (build_dir / _MARKER).is_file():
            message = f"folder `{build_dir}` holds files that sel4build did not make"
            raise InputError(message, hint=f"move it away: `mv '{build_dir}' '{build_dir}.old'`")
        # Under another name first, so that a kill in between leaves no half-empty tree.
        doomed = build_dir.with_name(f".{build_dir.name}.removed")
        shutil.rmtree(doomed, ignore_errors=True)
        build_dir.replace(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
    build_dir.mkdir(parents=True)


def _tell(reporter: Reporter, task: str, line: str) -> None:
    if line.startswith("-- "):
        reporter.progress(task, done=0, total=None, detail=line[3:].strip())


def _arrived(wanted: str, entry: CacheEntry, tree: BuildTree) -> bool:
    if entry.type in _PATH_TYPES and wanted:
        # set(... CACHE): a path given without a type is made absolute, from where CMake runs.
        return entry.value == os.path.normpath(tree.build_dir / wanted) or wanted == entry.value
    return _same_value(wanted, entry.value)


def _same_value(wanted: str, arrived: str) -> bool:
    if wanted == arrived:
        return True
    if wanted.upper() in _TRUE:
        return arrived.upper() in _TRUE
    if wanted.upper() in _FALSE:
        return arrived.upper() in _FALSE
    return False


def _first_cmake_error(output: str) -> tuple[str, ...]:
    lines = output.splitlines()
    for start, line in enumerate(lines):
        if line.startswith("CMake Error"):
            end = start + 1
            while end < len(lines) and (lines[end].startswith("  ") or not lines[end]):
                end += 1
            return tuple(each for each in lines[start:end] if each.strip())
    return tuple(lines[-20:])
