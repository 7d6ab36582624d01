# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""How files become a guest's: what commands of the VM projects do to the variables that name them.

A file that a step makes from another stands for that one, so that in the end a guest's file leads
back to the one in the workspace. Rules: camkes-vm camkes_vm_helpers.cmake, arm_vm_helpers.cmake;
camkes-vm-linux vm-linux-helpers.cmake.
"""

import posixpath
from collections.abc import Iterator, Mapping

from sel4build.errors import Span
from sel4build.model.sources import ConfigFact, ConfigKind, Fact, Trace
from sel4build.sources.commands import Args, Effect, Lookup, Writes
from sel4build.sources.conditions import all_hold, truth
from sel4build.sources.evaluate import Values
from sel4build.sources.layout import BUILD

_MADE_FROM: Mapping[str, tuple[int, int]] = {
    # UpdateDtbFromInitrd(dtb initrd address target output)
    "updatedtbfrominitrd": (4, 0),
    # AddOverlayDirToRootfs(overlay image distribution mode output target)
    "addoverlaydirtorootfs": (4, 1),
    "addoverlaytorootfs": (4, 1),
    # DecompressLinuxKernel(target output compressed)
    "decompresslinuxkernel": (1, 2),
}
"""Command to the places of the variable that it writes and of the file that it starts from."""
_INITRD_ADDRESS_AT = 2


def _made_from(output: int, origin: int) -> Effect:
    def effect(args: Args, _: Lookup) -> Writes:
        name = args[output] if len(args) > output else None
        source = args[origin] if len(args) > origin else None
        return Writes(values={name: source}) if name is not None else Writes()

    return effect


def _add_cpp_flag(args: Args, lookup: Lookup) -> Writes:
    """`AddCamkesCPPFlag(variable CONFIG_VARS name...)`: `-DNAME=1` where it is on, else 0."""
    if not args or args[0] is None:
        return Writes()
    known = lookup(args[0])
    flags = [] if not known else known.split(";")
    for name in args[2:]:
        value = lookup(name) if name is not None else None
        if name is not None and value is not None:
            flags.append(f"-D{name.upper()}={int(_is_on(value))}")
    return Writes(values={args[0]: ";".join(flags)})


def _is_on(value: str) -> bool:
    found = truth(value)
    return found is not False and bool(value)


EFFECTS: Mapping[str, Effect] = {
    **{name: _made_from(*places) for name, places in _MADE_FROM.items()},
    "addcamkescppflag": _add_cpp_flag,
}


def option_values(options: tuple[ConfigFact, ...], known: Values) -> Values:
    """Return the options at their values: those of `known` where they are allowed, else defaults.

    A choice sets a variable for each of its values too. Rules: seL4 tools/helpers.cmake.
    """
    values = dict(known)
    scope = _Values(values)
    for option in options:
        if option.kind is ConfigKind.CHOICE:
            allowed = [each for each in option.choices if all_hold(each.depends, scope)]
            if not allowed:
                values.pop(option.name, None)
                continue
            names = [each.value for each in allowed]
            if values.get(option.name) not in names:
                values[option.name] = names[0]
            for each in allowed:
                values[each.variable] = "ON" if each.value == values[option.name] else "OFF"
        elif option.kind is not ConfigKind.SET:
            if all_hold(option.depends, scope):
                values.setdefault(option.name, option.default)
            else:
                values[option.name] = option.default_disabled or option.default
    return values


class _Values:
    def __init__(self, values: Values) -> None:
        self._values = values

    def lookup(self, name: str) -> str | None:
        return self._values.get(name, "")

    def is_defined(self, name: str) -> bool | None:
        return name in self._values

    def exists(self, path: str) -> bool | None:  # noqa: ARG002  no `DEPENDS` looks for files
        return None

    def note_match(self, groups: tuple[str, ...] | None) -> None:
        """Forget it: no `DEPENDS` uses what matched."""


def served_files(trace: Trace) -> dict[str, Fact[str]]:
    """Return what guests can open: name to the file in the workspace that it is made from."""
    made = dict(_made(trace))
    served: dict[str, Fact[str]] = {}
    for event in trace.called("AddToFileServer"):
        name, path = (*event.args, None, None)[:2]
        if name is None:
            continue
        span = event.span
        if path is not None and path in made:
            path, span = made[path]
        elif path is not None and event.written.args[1:2]:
            span = event.written.args[1].span
        known = path if path and not path.startswith(BUILD) and event.is_certain else None
        served[name] = Fact(value=posixpath.normpath(known) if known else None, span=span)
    return served


def initrd_address(trace: Trace) -> Fact[int] | None:
    """Return the address of the initrd that is written into a guest's device tree."""
    for event in trace.called("UpdateDtbFromInitrd"):
        text = event.args[_INITRD_ADDRESS_AT] if len(event.args) > _INITRD_ADDRESS_AT else None
        word = event.written.args[_INITRD_ADDRESS_AT : _INITRD_ADDRESS_AT + 1]
        span = word[0].span if word else event.span
        try:
            return Fact(value=int(text, 0) if text is not None else None, span=span)
        except ValueError:
            return Fact(value=None, span=span)
    return None


def _made(trace: Trace) -> Iterator[tuple[str, tuple[str, Span]]]:
    """Yield files of custom commands with what they are made from, as far as it is a file."""
    for event in trace.called("add_custom_command"):
        if "OUTPUT" not in event.args:
            continue
        place = event.args.index("OUTPUT") + 1
        output = event.args[place] if place < len(event.args) else None
        words = [word for each in event.args[place + 1 :] if each for word in each.split()]
        sources = [each for each in words if "/" in each and _is_source(each, output)]
        if output is not None and sources:
            path = output if output.startswith(BUILD) else f"{BUILD}/{output}"
            yield path, (sources[-1], event.span)


def _is_source(word: str, output: str | None) -> bool:
    return not word.startswith((BUILD, "-", "/", '"')) and word != output and "\\" not in word
