# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Run CMake once in a fresh folder, read the tree back, and hold it against what was asked.

A build directory carries a marker file with the digest of its configuration, written before and
completed after the run, so that a killed run is never taken for a whole one.
"""

import logging
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sel4build.configure.arrival import check_arrival
from sel4build.configure.failure import explain_tool_failure, first_cmake_error
from sel4build.configure.plan import INITIAL_CACHE
from sel4build.configure.provenance import find_deviations, trace_settings
from sel4build.configure.trace import TRACED_FILES, read_trace, trace_words
from sel4build.configure.tree_record import TreeRecord, write_tree_record
from sel4build.errors import InputError, WorkError
from sel4build.model.command import Command
from sel4build.model.configuration import BuildTree, CacheEntry, Configuration
from sel4build.model.host import Hint
from sel4build.model.reporter import Reporter
from sel4build.process import Runner
from sel4build.writing import write_if_changed

_LOG = logging.getLogger(__name__)
_MARKER = ".sel4build-configuration"
_HALF = "half "
_TRACE = ".sel4build-trace.json"
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
    hints: Callable[[], Sequence[Hint]] = tuple,
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
    query_file_api(build_dir)
    command = Command(argv=configuration.argv, cwd=build_dir, env=configuration.environ_on(environ))
    task = f"configure {configuration.target}"
    outcome = runner.run(
        _traced(command, build_dir),
        on_line=lambda line: _tell(reporter, task, line),
        log_file=log_file,
    )
    if not outcome.succeeded:
        raise explain_tool_failure(
            replace(outcome, command=command),
            doing=f"configuring `{configuration.target}`",
            details=first_cmake_error(outcome.output),
            hints=hints(),
        )
    tree = read_build_tree(build_dir)
    record = _record(configuration, tree, unread=unused_variables(outcome.output))
    check_arrival(configuration, tree, record.settings, log_file=log_file)
    for deviation in record.deviations:
        reporter.warn(f"{configuration.target}: {deviation}")
    write_tree_record(record, build_dir)
    write_if_changed(build_dir / _MARKER, configuration.digest)
    return tree


def _traced(command: Command, build_dir: Path) -> Command:
    """Return `command` with the words that make CMake tell who sets what; nobody pastes those."""
    program, *words = command.argv
    tracing = trace_words(build_dir / _TRACE, (INITIAL_CACHE, *TRACED_FILES))
    return replace(command, argv=(program, *tracing, *words))


def _record(
    configuration: Configuration, tree: BuildTree, *, unread: tuple[str, ...]
) -> TreeRecord:
    """Return who set what in `tree`, from the trace, which is removed."""
    trace_file = configuration.build_dir / _TRACE
    with trace_file.open(errors="replace") as lines:
        settings = trace_settings(configuration, tree, read_trace(lines))
    trace_file.unlink()
    deviations = find_deviations(configuration, tree, settings, unread=unread)
    return TreeRecord(settings=settings, deviations=deviations)


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


def unused_variables(output: str) -> tuple[str, ...]:
    """Return the `-D` variables that CMake says no project read."""
    found = _UNUSED.search(output)
    return tuple(found.group(1).split()) if found else ()


def query_file_api(build_dir: Path) -> None:
    """Ask CMake to leave replies in `build_dir`."""
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
