# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Who set what in a configured tree: its cache, read together with the trace that made it.

What a command does to a value that is there depends on its kind (`WriteKind`); following the
commands in their order from an empty cache tells which of them had an effect.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sel4build.configure.arrival import has_arrived, is_same_value, place_of
from sel4build.configure.plan import INITIAL_CACHE
from sel4build.configure.trace import TracedWrite
from sel4build.model.configuration import BuildTree, Configuration
from sel4build.model.setting import Deviation, DeviationKind, Setting, Write, WriteKind

_KEPT_BY = frozenset({WriteKind.SET, WriteKind.DEFAULT})
_OWN_TYPES = frozenset({"STATIC"})


def trace_settings(
    configuration: Configuration, tree: BuildTree, traced: Iterable[TracedWrite]
) -> tuple[Setting, ...]:
    """Return the variables of `tree` with who set them, by name; CMake's own are left out.

    Places are relative to the workspace where they lie in it.
    """
    root = configuration.root
    initial_cache = str(configuration.build_dir / INITIAL_CACHE)
    # Projects of CMake's own, made to try the compilers.
    probes = f"{configuration.build_dir / 'CMakeFiles'}/"
    defines = dict(configuration.defines)
    given: dict[str, list[Write]] = {}
    later: list[TracedWrite] = []
    for each in traced:
        if each.file == initial_cache:
            given[each.name] = [_write(each, root, kind=WriteKind.INITIAL)]
        elif not each.file.startswith(probes):
            later.append(each)
    for name, value in defines.items():
        given.setdefault(name, []).append(
            Write(
                kind=WriteKind.USER, value=value, command="-D", file="the command line", line=None
            )
        )
    _follow(later, given, root)
    return tuple(
        _setting(tree, name, tuple(given.get(name, ())))
        for name in sorted(tree.cache)
        if tree.cache[name].type not in _OWN_TYPES
    )


def find_deviations(
    configuration: Configuration,
    tree: BuildTree,
    settings: Iterable[Setting],
    *,
    unread: Iterable[str],
) -> tuple[Deviation, ...]:
    """Return what became of everything that CMake was given, where that is not as given."""
    by_name = {each.name: each for each in settings}
    found = [
        Deviation(
            kind=DeviationKind.UNREAD,
            name=name,
            asked=configuration.defines.get(name, ""),
            got=None,
        )
        for name in unread
    ]
    for name, asked in sorted(configuration.given.items()):
        setting = by_name.get(name)
        if setting is None:
            continue
        if not has_arrived(asked, tree.cache[name], tree.build_dir):
            found.append(
                Deviation(
                    kind=DeviationKind.OVERWRITTEN,
                    name=name,
                    asked=asked,
                    got=setting.value,
                    place=place_of(setting.source),
                )
            )
        elif name in configuration.defines:
            found += _hiding(setting, asked)
    return tuple(found)


def _hiding(setting: Setting, asked: str) -> list[Deviation]:
    others = [each for each in setting.hidden_by if each.value is not None]
    return [
        Deviation(
            kind=DeviationKind.HIDDEN,
            name=setting.name,
            asked=asked,
            got=each.value,
            place=each.place,
        )
        for each in others
        if not is_same_value(asked, each.value or "")
    ]


def _follow(traced: Iterable[TracedWrite], writes: dict[str, list[Write]], root: Path) -> None:
    """Add to `writes` those of `traced` that have an effect."""
    for each in traced:
        before = writes.setdefault(each.name, [])
        held = next((one for one in reversed(before) if one.kind is not WriteKind.ORDINARY), None)
        write = _write(each, root)
        if each.kind is WriteKind.DEFAULT and held is None and before:
            # An option takes an ordinary variable for the value that it already has.
            write = replace(write, value=before[-1].value)
        if (each.kind in _KEPT_BY and held is not None) or _is_repeated(write, before):
            continue
        before.append(write)


def _is_repeated(write: Write, before: list[Write]) -> bool:
    if not before:
        return False
    last = before[-1]
    same_value = write.value == last.value
    return same_value and (write.kind is WriteKind.ORDINARY or write.place == last.place)


def _write(traced: TracedWrite, root: Path, *, kind: WriteKind | None = None) -> Write:
    file = Path(traced.file)
    return Write(
        kind=kind or traced.kind,
        value=traced.value,
        command=traced.command,
        file=file.relative_to(root).as_posix() if file.is_relative_to(root) else traced.file,
        line=traced.line,
    )


def _setting(tree: BuildTree, name: str, writes: tuple[Write, ...]) -> Setting:
    entry = tree.cache[name]
    return Setting(
        name=name,
        value=entry.value,
        type=entry.type,
        writes=writes,
        disabled=tree.value(f"{name}_DISABLED") == "TRUE",
    )
