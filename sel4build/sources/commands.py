# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What commands do to variables: CMake's own and those of the kernel's build scripts.

An effect is a pure function from the values of the arguments to the variables that are written.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

Args = tuple[str | None, ...]
Lookup = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes:
    """Variables that a command gives values (None: unknown), and those that it removes."""

    values: Mapping[str, str | None] = field(default_factory=dict)
    removed: tuple[str, ...] = ()


Effect = Callable[[Args, Lookup], Writes]

_SUM = re.compile(r"(-?[0-9]{1,15})\s*(?:([-+*])\s*([0-9]{1,15}))?")
_OUTPUT_AT: Mapping[str, int] = {
    "cmake_path": -1,
    "find_program": 0,
    "find_file": 0,
    "find_path": 0,
    "find_library": 0,
    "get_property": 0,
    "cmake_host_system_information": -1,
}


def _set(args: Args, lookup: Lookup) -> Writes:
    name, *rest = args or (None,)
    if name is None:
        return Writes()
    is_forced = "FORCE" in rest
    for end, word in enumerate(rest):
        if word in {"CACHE", "PARENT_SCOPE"}:
            is_cache = word == "CACHE"
            rest = rest[:end]
            break
    else:
        is_cache = False
    if not rest and not is_cache:
        return Writes(removed=(name,))
    value = None if None in rest else ";".join(each or "" for each in rest)
    known = lookup(name)
    if is_cache and not is_forced and known != "":
        return Writes(values={name: known})  # what the user or an earlier script said stays
    return Writes(values={name: value})


def _unset(args: Args, _: Lookup) -> Writes:
    return Writes(removed=(args[0],)) if args and args[0] is not None else Writes()


def _option(args: Args, lookup: Lookup) -> Writes:
    if not args or args[0] is None:
        return Writes()
    known = lookup(args[0])
    if known == "":
        return Writes(values={args[0]: args[2] if len(args) > 2 else "OFF"})  # noqa: PLR2004
    return Writes(values={args[0]: known})


def _list(args: Args, lookup: Lookup) -> Writes:
    operation, name, *rest = (*args, None, None)[: max(2, len(args))]
    if name is None:
        return Writes()
    value = lookup(name)
    items = None if value is None else [each for each in value.split(";") if each]
    words = None if None in rest else [each or "" for each in rest]
    if operation in {"GET", "FIND", "LENGTH", "JOIN", "SUBLIST"}:
        output = args[-1]
        found = None if items is None or words is None else _looked_up(operation, items, words)
        return Writes(values={output: found}) if output is not None else Writes()
    if items is None or words is None:
        return Writes(values={name: None})
    changed = _changed(operation, items, words)
    return Writes(values={name: None if changed is None else ";".join(changed)})


def _changed(operation: str | None, items: list[str], words: list[str]) -> list[str] | None:
    """Return what a writing operation of `list` leaves."""
    match operation:
        case "APPEND":
            return [*items, *words]
        case "PREPEND":
            return [*words, *items]
        case "REMOVE_ITEM":
            return [each for each in items if each not in words]
        case "REMOVE_DUPLICATES":
            return list(dict.fromkeys(items))
        case _:
            return None


def _looked_up(operation: str | None, items: list[str], words: list[str]) -> str | None:
    """Return what a reading operation of `list` finds; `words` ends with the output."""
    argument = words[0] if words else ""
    match operation:
        case "LENGTH":
            return str(len(items))
        case "JOIN":
            return argument.join(items)
        case "FIND":
            return str(items.index(argument)) if argument in items else "-1"
        case "GET" if len(words) == 2 and re.fullmatch(r"-?[0-9]{1,6}", argument):  # noqa: PLR2004
            index = int(argument)
            return items[index] if -len(items) <= index < len(items) else None
        case _:
            return None


def _string(args: Args, lookup: Lookup) -> Writes:
    operation = args[0] if args else None
    if operation == "REPLACE" and len(args) >= 5 and args[3] is not None:  # noqa: PLR2004
        old, new, output, *texts = args[1:]
        text = None if None in texts else "".join(each or "" for each in texts)
        is_known = old and new is not None and text is not None
        found = text.replace(old, new) if is_known and text and old and new is not None else text
        return Writes(values={output or "": found if is_known else None})
    if operation in {"TOUPPER", "TOLOWER"} and len(args) == 3 and args[2] is not None:  # noqa: PLR2004
        value = args[1]
        if value is not None:
            value = value.upper() if operation == "TOUPPER" else value.lower()
        return Writes(values={args[2]: value})
    if operation == "APPEND" and len(args) > 1 and args[1] is not None:
        values = (lookup(args[1]), *args[2:])
        text = None if None in values else "".join(each or "" for each in values)
        return Writes(values={args[1]: text})
    if operation == "REGEX" and len(args) > 3:  # noqa: PLR2004  operation, mode, pattern, output
        place = 4 if args[1] == "REPLACE" else 3
        output = args[place] if len(args) > place else None
        return Writes(values={output: None}) if output is not None else Writes()
    last = args[-1] if args else None
    return Writes(values={last: None}) if last is not None else Writes()


def _math(args: Args, _: Lookup) -> Writes:
    if len(args) < 3 or args[1] is None:  # noqa: PLR2004  EXPR, output, expression
        return Writes()
    match = _SUM.fullmatch((args[2] or "").strip())
    if match is None:
        return Writes(values={args[1]: None})
    left, right = int(match[1]), int(match[3] or 0)
    by_sign = {"+": left + right, "-": left - right, "*": left * right}
    return Writes(values={args[1]: str(by_sign.get(match[2] or "+"))})


def _file(args: Args, _: Lookup) -> Writes:
    at = {"READ": 2, "STRINGS": 2, "GLOB": 1, "GLOB_RECURSE": 1, "TO_CMAKE_PATH": 2, "SIZE": 2}
    place = at.get(args[0] or "") if args else None
    output = args[place] if place is not None and len(args) > place else None
    return Writes(values={output: None}) if output is not None else Writes()


def _execute_process(args: Args, _: Lookup) -> Writes:
    following = pairwise(args)
    outputs = {"OUTPUT_VARIABLE", "ERROR_VARIABLE", "RESULT_VARIABLE", "RESULTS_VARIABLE"}
    return Writes(values={name: None for key, name in following if key in outputs and name})


def _config_set(args: Args, _: Lookup) -> Writes:
    """`config_set(OPTION CONFIG VALUE)` of the kernel's tools/helpers.cmake."""
    if len(args) < 3 or args[0] is None:  # noqa: PLR2004  option, name in C, value
        return Writes()
    return Writes(values={args[0]: args[2]})


def _fall_back(args: Args, lookup: Lookup) -> Writes:
    """`check_platform_and_fallback_to_default(VARIABLE DEFAULT)` of tools/internal.cmake."""
    if len(args) < 2 or args[0] is None:  # noqa: PLR2004  variable, default
        return Writes()
    known = lookup(args[0])
    return Writes(values={args[0]: args[1] if known == "" else known})


def _parse_arguments(args: Args, lookup: Lookup) -> Writes:
    """`cmake_parse_arguments`: options, one value, several values, by keyword."""
    if args[:1] == ("PARSE_ARGV",):
        first, prefix, *lists = (*args[1:], None, None, None)[: max(2, len(args) - 1)]
        count = lookup("ARGC")
        if not (first or "").isdecimal() or not (count or "").isdecimal():
            return Writes()
        given = tuple(lookup(f"ARGV{place}") for place in range(int(first or 0), int(count or 0)))
    else:
        prefix, *lists = args[:4] or (None,)
        given = args[4:]
    if prefix is None:
        return Writes()
    kinds = [(each or "").split(";") for each in (*lists, None, None, None)[:3]]
    options, single, several = kinds
    values: dict[str, str | None] = {f"{prefix}_{name}": "FALSE" for name in options if name}
    current, limit = "UNPARSED_ARGUMENTS", len(given)
    for each in given:
        if each in options:
            values[f"{prefix}_{each}"] = "TRUE"
        elif each in {*single, *several} and each:
            current, limit = each, 1 if each in single else len(given)
            values.setdefault(f"{prefix}_{current}", "")
        else:
            if limit == 0:
                current = "UNPARSED_ARGUMENTS"
            limit -= 1
            before = values.get(f"{prefix}_{current}", "")
            is_known = before is not None and each is not None
            joined = f"{before};{each}" if before else each
            values[f"{prefix}_{current}"] = joined if is_known else None
    return Writes(values=values)


def _get_filename_component(args: Args, _: Lookup) -> Writes:
    if len(args) < 3 or args[0] is None:  # noqa: PLR2004  variable, path, part
        return Writes()
    path = args[1]
    part: str | None = None
    if path is not None:
        name = posixpath.basename(path)
        stem = name.split(".", 1)[0]
        parts = {
            "DIRECTORY": posixpath.dirname(path),
            "PATH": posixpath.dirname(path),
            "NAME": name,
            "NAME_WE": stem,
            "ABSOLUTE": path,
            "REALPATH": path,
        }
        part = parts.get(args[2] or "")
    return Writes(values={args[0]: part})


def _output_at(place: int) -> Effect:
    def effect(args: Args, _: Lookup) -> Writes:
        name = args[place] if args else None
        return Writes(values={name: None}) if name is not None else Writes()

    return effect


BUILT_IN: Mapping[str, Effect] = {
    "set": _set,
    "unset": _unset,
    "option": _option,
    "list": _list,
    "string": _string,
    "math": _math,
    "file": _file,
    "execute_process": _execute_process,
    "get_filename_component": _get_filename_component,
    "config_set": _config_set,
    "cmake_parse_arguments": _parse_arguments,
    "check_platform_and_fallback_to_default": _fall_back,
    **{name: _output_at(place) for name, place in _OUTPUT_AT.items()},
}
"""Effects by the name of the command in lower case."""
