# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""From a request in upstream's words to one in ours: app, platform, nodes, compiler, CI build."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from sel4build.model.app import App
from sel4build.model.catalog import Catalog
from sel4build.model.ci_build import CiBuild
from sel4build.model.platform import Arch
from sel4build.model.target import Selection
from sel4build.reading import suggest
from sel4build.targets.cmake_words import read_cmake_words
from sel4build.targets.refusal import Refusal, show, show_all

_CONTRACT: Mapping[str, Callable[[Selection], str | None]] = {
    "CAMKES_VM_APP": lambda selection: selection.app,
    "PLATFORM": lambda selection: selection.platform,
    "NUM_NODES": lambda selection: selection.num_nodes,
}
"""The variables by which upstream chooses, and what is ours for it."""
_OPTIONS = {"CAMKES_VM_APP": "--app", "PLATFORM": "--platform", "NUM_NODES": "--num-nodes"}
_MOST_LISTED = 5  # CI builds in a hint


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeltOut:
    """A request in our words, with what was understood on the way."""

    selection: Selection
    notes: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    in_their_words: bool = False
    """The platform was named by `PLATFORM`, as upstream wants it."""


def spell_out(catalog: Catalog, selection: Selection) -> SpeltOut:
    """Return `selection` without a CI build, words of CMake and variables that choose."""
    refusals: list[Refusal] = []
    notes: list[str] = []
    pairs = selection.defines
    if selection.ci_build is not None:
        found = _ci_words(catalog, selection)
        if isinstance(found, Refusal):
            refusals.append(found)
        else:
            pairs = (*found, *pairs)
    words = read_cmake_words(selection.cmake_words)
    pairs = (*pairs, *words.defines)
    refusals.extend(words.refusals)
    notes.extend(words.notes)
    spelt = replace(selection, defines=(), cmake_words=(), ci_build=None)
    kept: list[tuple[str, str]] = []
    theirs = False
    for name, value in pairs:
        plain = name.partition(":")[0]
        chosen = _choose(catalog, spelt, plain, value)
        if isinstance(chosen, Refusal):
            refusals.append(chosen)
        elif chosen is None:
            kept.append((name, value))
        else:
            spelt = chosen
            theirs = theirs or plain == "PLATFORM"
    return SpeltOut(
        selection=replace(spelt, defines=tuple(kept)),
        notes=tuple(notes),
        refusals=tuple(refusals),
        in_their_words=theirs and selection.ci_build is None,
    )


def ci_defines(app: App, build: CiBuild, *, arch: Arch) -> tuple[tuple[str, str], ...]:
    """Return the `-D` that upstream's CI passes for `build` (ci-actions camkes-vm/build.py).

    On x86 it takes `PLATFORM` away; a mode is said as `AARCH32` or `AARCH64` on Arm only.
    """
    is_arm = arch is Arch.ARM
    mode = ((f"AARCH{build.mode}", "TRUE"),) if is_arm and build.mode else ()
    platform = (("PLATFORM", build.platform),) if is_arm else ()
    return (*mode, *platform, ("CAMKES_VM_APP", app.name), *build.settings.items())


def _ci_words(catalog: Catalog, selection: Selection) -> tuple[tuple[str, str], ...] | Refusal:
    name = selection.ci_build or ""
    for variable, chosen in _CONTRACT.items():
        option = _OPTIONS[variable]
        if chosen(selection):
            reason = f"build {show(name)} of upstream's CI says what `{option}` says again"
            hint = f"leave `{option}` out, or `--ci-build`"
            return Refusal(rule="ci-build-and-choice", reason=reason, hint=hint)
    known = {build.name: (app, build) for app in catalog.apps for build in app.ci_builds}
    if name not in known:
        return _unknown_ci_build(name, known)
    app, build = known[name]
    platform = catalog.platform(build.platform)
    return ci_defines(app, build, arch=platform.arch if platform else Arch.ARM)


def _unknown_ci_build(name: str, known: Iterable[str]) -> Refusal:
    names = sorted(known)
    listing = "`sel4build list ci-builds` lists them"
    meant = suggest(name, names)
    if meant is None:
        near = [each for each in names if name and name.casefold() in each.casefold()]
        hint = f"{show_all(near[:_MOST_LISTED])}; {listing}" if near else listing
    else:
        hint = f"did you mean `{meant}`? {listing}"
    reason = f"upstream's CI has no build {show(name)}"
    return Refusal(rule="unknown-ci-build", reason=reason, hint=hint)


def _choose(
    catalog: Catalog, selection: Selection, name: str, value: str
) -> Selection | Refusal | None:
    """Return `selection` with what `NAME=VALUE` chooses, or None when it chooses nothing."""
    if name in _CONTRACT:
        before = _CONTRACT[name](selection)
        if before and before != value:
            option = _OPTIONS[name]
            return _contradiction(f"{option} {before}", f"-D {name}={value}", name)
        if name == "CAMKES_VM_APP":
            return replace(selection, app=value)
        if name == "PLATFORM":
            return replace(selection, platform=value)
        return replace(selection, num_nodes=value)
    return _choose_compiler(catalog, selection, name, value)


def _choose_compiler(
    catalog: Catalog, selection: Selection, name: str, value: str
) -> Selection | Refusal | None:
    """Take a cross prefix or a triple for the toolchain that CMake would be told of so."""
    for toolchain in catalog.toolchains:
        if toolchain.variables.get(name) != "{candidate}" or toolchain.python_package is not None:
            continue
        if not value.strip():
            return selection  # as upstream: search
        wanted = f"{toolchain.name}:{value}"
        if selection.toolchain is not None and selection.toolchain != wanted:
            return _contradiction(f"--toolchain {selection.toolchain}", f"-D {name}={value}", name)
        return replace(selection, toolchain=wanted)
    return None


def _contradiction(first: str, second: str, name: str) -> Refusal:
    reason = f"{show(first)} and {show(second)} contradict each other"
    return Refusal(rule="repeated-define", reason=reason, hint=f"leave one `{name}` out")
