# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Choose a toolchain: a compiler that really runs and makes code for the right machine.

Every fact about a compiler family is data (`toolchains/NAME.toml`). Candidates are tried in
upstream's order; one that is there but does not work is skipped, and its reason is kept.
"""

import hashlib
import importlib.util
import logging
import os
import platform
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sel4build.configure.patience import ANSWER_LIMIT_S, COMPILE_LIMIT_S, explain_answer
from sel4build.configure.recollection import Recollection
from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.model.command import Command
from sel4build.model.configuration import ChosenToolchain
from sel4build.model.platform import Sel4Arch
from sel4build.model.toolchain import Toolchain, ToolchainArch
from sel4build.process import Runner, find_program
from sel4build.writing import write_if_changed

_LOG = logging.getLogger(__name__)
_WRONG_TARGET = "wrong target"
_PREFIXED = "gcc"
"""The toolchain whose compilers differ in their prefix alone."""


class _UnfitError(Exception):
    """Why a candidate will not do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolchainHost:
    """What the choice depends on beside the catalogue."""

    environ: Mapping[str, str]
    cache_dir: Path
    """Where wrappers are written."""
    runner: Runner
    recollection: Recollection = field(default_factory=lambda: Recollection(folder=None))
    """Which compilers were seen to work before."""


def choose_toolchain(
    toolchains: tuple[Toolchain, ...],
    sel4_arch: Sel4Arch,
    *,
    app: str,
    wanted: str | None,
    host: ToolchainHost,
) -> ChosenToolchain:
    """Return the first toolchain that works for `sel4_arch`, or the one called `wanted`.

    `wanted` is `NAME`, `NAME:CANDIDATE` for one cross prefix or triple of it, or a prefix alone
    (it ends in `-`), which is gcc's. Raises InputError when `wanted` is unknown or does not
    serve this target, and EnvironmentLacksError with the reason for every candidate when none works
    here.
    """
    name, only = _split_wanted(wanted)
    considered = _considered(toolchains, app=app, wanted=name)
    reasons: list[str] = []
    for toolchain in considered:
        arch = next((each for each in toolchain.archs if each.sel4_arch == sel4_arch), None)
        if arch is None:
            reasons.append(f"{toolchain.name}: does not make code for {sel4_arch}")
            continue
        for candidate in arch.candidates if only is None else (only,):
            try:
                return _take_candidate(toolchain, arch, candidate, host)
            except _UnfitError as unfit:
                _LOG.info("toolchain %s passed over: %s", toolchain.name, unfit)
                reasons.append(f"{toolchain.name}: {unfit}")
    message = f"no compiler for {sel4_arch} works on this host"
    raise EnvironmentLacksError(
        message, hint=_install_hint(considered, sel4_arch), details=tuple(reasons)
    )


def _split_wanted(wanted: str | None) -> tuple[str | None, str | None]:
    """Return the name of a toolchain and the one candidate to take, as far as they are given."""
    if wanted is None:
        return None, None
    if wanted.endswith("-") and ":" not in wanted:
        return _PREFIXED, wanted
    name, colon, candidate = wanted.partition(":")
    return name, candidate if colon else None


def _considered(
    toolchains: tuple[Toolchain, ...], *, app: str, wanted: str | None
) -> tuple[Toolchain, ...]:
    if wanted is None:
        return tuple(each for each in toolchains if not each.apps or app in each.apps)
    named = tuple(each for each in toolchains if each.name == wanted)
    if not named:
        message = f"toolchain `{wanted}` is not in the catalogue"
        names = ", ".join(f"`{each.name}`" for each in toolchains)
        raise InputError(message, hint=f"choose one of {names}")
    return named


def _install_hint(considered: tuple[Toolchain, ...], sel4_arch: Sel4Arch) -> str | None:
    for toolchain in considered:
        for arch in toolchain.archs:
            if arch.sel4_arch == sel4_arch and arch.debian_package:
                return f"run `apt-get install {arch.debian_package}`"
    return None


def _take_candidate(
    toolchain: Toolchain, arch: ToolchainArch, candidate: str, host: ToolchainHost
) -> ChosenToolchain:
    """Return the chosen toolchain; raises _UnfitError when this candidate will not do."""
    if arch.native_machines and not candidate and platform.machine() not in arch.native_machines:
        raise _UnfitError(f"this host is no {' or '.join(arch.native_machines)} machine")
    words = {"candidate": candidate, "triple": candidate}
    if toolchain.python_package is not None:
        words |= _package_words(toolchain, toolchain.python_package, candidate, host.cache_dir)
        _write_wrappers(toolchain, words)
    compiler = _require_program(toolchain.compiler.format_map(words), host.environ)
    for tool in toolchain.tools:
        _require_program(tool.format_map(words), host.environ)
    version = _version_line(toolchain, compiler, host)
    _require_right_code(compiler, version, arch, words, host)
    # A wrapper's size varies with the folder that it names.
    real = Path(words["exe"]) if "exe" in words else compiler
    identity = "\0".join((toolchain.name, candidate, version, str(_real_size(real))))
    return ChosenToolchain(
        toolchain=toolchain,
        candidate=candidate,
        compiler=compiler,
        version=version,
        fingerprint=hashlib.sha256(identity.encode()).hexdigest(),
        variables={
            name: template.format_map(words) for name, template in toolchain.variables.items()
        },
    )


def _package_words(
    toolchain: Toolchain, package: str, candidate: str, cache_dir: Path
) -> dict[str, str]:
    try:
        spec = importlib.util.find_spec(package)
    except ModuleNotFoundError:  # of the package that it lies in
        spec = None
    if spec is None or spec.origin is None:
        raise _UnfitError(f"Python package `{package}` is not installed")
    executable = Path(spec.origin).parent / (toolchain.executable or package)
    if not os.access(executable, os.X_OK):
        raise _UnfitError(f"`{executable}` cannot be run")
    # Wrappers name the executable, so each place of installation has its own.
    place = hashlib.sha256(os.fsencode(executable)).hexdigest()[:12]
    folder = cache_dir / "toolchains" / f"{toolchain.name}-{place}" / (candidate or "native")
    return {"exe": str(executable), "home": str(executable.parent), "dir": str(folder)}


def _write_wrappers(toolchain: Toolchain, words: Mapping[str, str]) -> None:
    for wrapper in toolchain.wrappers:
        argv = tuple(word.format_map(words) for word in wrapper.argv)
        path = Path(words["dir"]) / wrapper.name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_if_changed(path, f'#!/bin/sh\nexec {shlex.join(argv)} "$@"\n')
        path.chmod(0o755)


def _require_program(name: str, environ: Mapping[str, str]) -> Path:
    found = find_program(name, environ)
    if found is not None:
        return found
    for path in _entries_on_path(name, environ):
        if path.is_symlink() and not path.exists():
            raise _UnfitError(f"`{path}` is a dead link to `{path.readlink()}`")
        raise _UnfitError(f"`{path}` cannot be run")
    raise _UnfitError(f"`{name}` was not found")


def _entries_on_path(name: str, environ: Mapping[str, str]) -> Iterator[Path]:
    for folder in environ.get("PATH", os.defpath).split(os.pathsep):
        path = Path(folder) / name
        if os.path.lexists(path) and not path.is_dir():
            yield path


def _version_line(toolchain: Toolchain, compiler: Path, host: ToolchainHost) -> str:
    argv = (str(compiler), *toolchain.version_argv)
    command = Command(argv=argv, cwd=compiler.parent, env=host.environ)
    output = _output_of(command, host, limit_s=ANSWER_LIMIT_S)
    lines = output.splitlines()
    if not lines:
        raise _UnfitError(f"`{compiler}` does not tell its version")
    return lines[0].strip()


def _require_right_code(
    compiler: Path,
    version: str,
    arch: ToolchainArch,
    words: Mapping[str, str],
    host: ToolchainHost,
) -> None:
    """Compile a line that only passes for the right machine, unless the compiler did before."""
    flags = tuple(flag.format_map(words) for flag in arch.flags)
    # A compiler finds its assembler and linker on PATH.
    path = host.environ.get("PATH", "")
    subject = "\0".join(("code", str(compiler), version, path, arch.macro, *flags))
    if host.recollection.recall(subject) is not None:
        return
    with tempfile.TemporaryDirectory(prefix="sel4build-") as scratch:
        source = Path(scratch) / "probe.c"
        source.write_text(f"#if !({arch.macro})\n#error {_WRONG_TARGET}\n#endif\nint probe;\n")
        argv = (str(compiler), *flags, "-ffreestanding", "-c", "-o", "probe.o", "probe.c")
        command = Command(argv=argv, cwd=source.parent, env=host.environ)
        try:
            _output_of(command, host, limit_s=COMPILE_LIMIT_S)
        except _UnfitError as unfit:
            if _WRONG_TARGET in str(unfit):
                raise _UnfitError(f"`{compiler}` does not make {arch.sel4_arch} code") from unfit
            raise
    real = (words["exe"],) if "exe" in words else ()
    host.recollection.keep(subject, "works", (compiler.resolve(), *map(Path, real)))


def _output_of(command: Command, host: ToolchainHost, *, limit_s: float) -> str:
    try:
        outcome = host.runner.run(command, timeout_s=limit_s)
    except EnvironmentLacksError as error:
        raise _UnfitError(error.message) from error
    if not outcome.succeeded:
        said = next((line.strip() for line in outcome.output.splitlines() if line.strip()), "")
        why = explain_answer(outcome, limit_s)
        raise _UnfitError(f"`{command.argv[0]}` {why}" + (f": {said}" if said else ""))
    return outcome.output


def _real_size(compiler: Path) -> int:
    return compiler.resolve().stat().st_size
