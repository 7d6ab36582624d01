# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Find out whether another run of CMake in a tree would change its cache.

Ninja runs CMake again when one of its files has changed, and a project whose second run differs
from its first then builds something else, or fails. The question is answered in a folder of its
own, with a copy of the cache; the tree itself is never configured twice. An answer is kept in the
user cache by all that it depends on, so that it is paid for once.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sel4build.configure.apply import query_file_api, read_build_tree
from sel4build.configure.inputs import tree_inputs
from sel4build.errors import Sel4BuildError, WorkError
from sel4build.model.command import Command
from sel4build.model.configuration import BuildTree, Configuration
from sel4build.model.setting import Deviation, DeviationKind, Setting
from sel4build.process import Runner, find_program
from sel4build.reading import parse_json, read_text
from sel4build.writing import write_if_changed

SECOND_PASS = ".sel4build-second-pass.json"  # noqa: S105 - no password
"""File name of the answer inside the build directory."""
_VERSION = 1
_CACHE = "CMakeCache.txt"
_TIMEOUT_S = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPass:
    """What another run of CMake would do."""

    changes: tuple[Deviation, ...] = ()
    """Cache variables that would change."""
    failure: str | None = None
    """The error that would end it."""


def second_pass(
    configuration: Configuration,
    settings: Mapping[str, Setting],
    *,
    scratch: Path,
    memo_dir: Path,
    runner: Runner,
    environ: Mapping[str, str],
    log_file: Path,
) -> SecondPass:
    """Find what another run of CMake would change in a tree, and keep it there and in `memo_dir`.

    `scratch` is a folder to work in, which is removed; `settings` tell the places.
    """
    memo_file = memo_dir / f"{memo_key(configuration)}.json"
    found = _read(memo_file)
    if found is None:
        found = _run(configuration, settings, scratch, runner, environ, log_file)
        if found.failure is None:  # what failed may be the host's fault, and pass another time
            write_if_changed(memo_file, _render(found))
    write_if_changed(configuration.build_dir / SECOND_PASS, _render(found))
    return found


def read_second_pass(build_dir: Path) -> SecondPass | None:
    """Return what is known of a tree; None where nothing is."""
    return _read(build_dir / SECOND_PASS)


def memo_key(configuration: Configuration) -> str:
    """Return the sha256 (hex) of all that the answer depends on, wherever the workspace lies.

    That is what CMake is given, the compiler, CMake itself, and the text of every file of the
    sources that CMake read (cmake-file-api(7), "cmakeFiles").
    """
    root = str(configuration.root)
    words = (*configuration.argv[1:], configuration.initial_cache)
    identity = (
        _VERSION,
        [word.replace(root, "") for word in words],
        sorted(configuration.environ.items()),
        sorted(configuration.toolchain.items()),
    )
    digest = hashlib.sha256(json.dumps(identity).encode())
    for path in sorted(tree_inputs(configuration)):
        name = str(path).removeprefix(root)
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _run(
    configuration: Configuration,
    settings: Mapping[str, Setting],
    scratch: Path,
    runner: Runner,
    environ: Mapping[str, str],
    log_file: Path,
) -> SecondPass:
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        before = read_build_tree(configuration.build_dir)
        _copy_state(configuration.build_dir, before, scratch)
        query_file_api(scratch)
        argv = (configuration.argv[0], "-S", str(configuration.source_dir), "-B", str(scratch))
        command = Command(
            argv=(*_lowest_priority(environ), *argv),
            cwd=scratch,
            env=configuration.environ_on(environ),
        )
        outcome = runner.run(command, log_file=log_file, timeout_s=_TIMEOUT_S)
        if not outcome.succeeded:
            return SecondPass(failure=_first_error(outcome.output))
        after = read_build_tree(scratch)
        return SecondPass(changes=tuple(_changes(before, after, settings)))
    except (WorkError, OSError) as error:
        return SecondPass(failure=str(error))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _copy_state(build_dir: Path, tree: BuildTree, scratch: Path) -> None:
    """Copy the cache and what CMake knows of the compilers, as if `scratch` were the tree."""
    files = [build_dir / _CACHE, *sorted((build_dir / "CMakeFiles").glob("[0-9]*/*.cmake"))]
    toolchain_file = Path(tree.value("CMAKE_TOOLCHAIN_FILE") or "")
    if toolchain_file.is_relative_to(build_dir) and toolchain_file.is_file():
        files.append(toolchain_file)
    # Not where it is the beginning of another folder's name.
    own = re.compile(re.escape(str(build_dir).encode()) + rb"(?![\w.+@-])")
    there = str(scratch).encode()
    for file in files:
        place = scratch / file.relative_to(build_dir)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(own.sub(lambda _: there, file.read_bytes()))


def _lowest_priority(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return what makes a program run on what the build leaves of the processors."""
    nice = find_program("nice", environ)
    return (str(nice), "-n", "19") if nice is not None else ()


def _changes(
    before: BuildTree, after: BuildTree, settings: Mapping[str, Setting]
) -> Iterator[Deviation]:
    own, there = str(before.build_dir), str(after.build_dir)
    for name in sorted({*before.cache, *after.cache}):
        was, got = before.value(name), after.value(name)
        got = got if got is None else got.replace(there, own)
        # An entry without a value, such as that of a compiler of a toolchain file, is as none.
        if (was or "") != (got or ""):
            source = settings[name].source if name in settings else None
            yield Deviation(
                kind=DeviationKind.UNSTABLE,
                name=name,
                asked=was or "",
                got=got,
                place=source.place if source is not None else None,
            )


def _first_error(output: str) -> str:
    lines = output.splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith("CMake Error")), None)
    if start is None:
        return "CMake failed"
    return " ".join(line.strip() for line in lines[start : start + 4] if line.strip())


def _render(found: SecondPass) -> str:
    record: dict[str, object] = {
        "version": _VERSION,
        "changes": [
            {
                key: value
                for key, value in (
                    ("kind", each.kind),
                    ("name", each.name),
                    ("asked", each.asked),
                    ("got", each.got),
                    ("place", each.place),
                )
                if value is not None
            }
            for each in found.changes
        ],
    }
    if found.failure is not None:
        record["failure"] = found.failure
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _read(path: Path) -> SecondPass | None:
    try:
        return parse_json(read_text(path), str(path), SecondPass)
    except Sel4BuildError:
        return None
