# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Look for one tool on this host, by whichever way its entry in `host/tools.toml` says."""

import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from sel4build.configure.packages import install_line
from sel4build.configure.patience import ANSWER_LIMIT_S, COMPILE_LIMIT_S, explain_answer
from sel4build.configure.programs import dotted, version_of
from sel4build.configure.recollection import Recollection
from sel4build.errors import EnvironmentLacksError
from sel4build.model.command import Command
from sel4build.model.configuration import ChosenToolchain
from sel4build.model.host import (
    Finding,
    HostData,
    HostTool,
    PackageManager,
    Probe,
    ProbeLanguage,
    Trap,
)
from sel4build.model.toolchain import ToolchainArch
from sel4build.process import Runner, find_program

# POSIX sh, section 2.8.2: found and not to be run, not found. The loader of ELF files ends with 127
# where a library lacks, a shim where what it stands for does.
_NOT_RUN = {126, 127}
_SHOWN_CHARS = 200
_NUMBER = re.compile(r"(\d+)\.\d+(?:\.\d+)?")
_SUFFIXES = {ProbeLanguage.C: "c", ProbeLanguage.CXX: "cc", ProbeLanguage.ASM: "S"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminedHost:
    """The host that is looked at, and how to speak of what it lacks."""

    data: HostData
    environ: Mapping[str, str]
    runner: Runner
    recollection: Recollection
    manager: PackageManager | None
    is_root: bool

    def lacking(
        self,
        what: str,
        detail: str,
        *,
        packages: tuple[str, ...] = (),
        cure: str | None = None,
    ) -> Finding:
        """Return that something lacks, with the command that brings it."""
        line = install_line(packages, self.manager, self.data, is_root=self.is_root)
        if line is None and packages and self.manager is not None:
            names = ", ".join(f"`{each}`" for each in packages)
            cure = cure or f"install what Debian has in {names}"
        cures = (f"run `{line}`" if line else None, cure)
        return Finding(
            what=what,
            found=False,
            detail=detail,
            why="",
            cure=", or ".join(each for each in cures if each) or None,
            packages=packages,
        )


Answer: TypeAlias = Callable[[HostTool, Mapping[str, str]], "Finding | None"]
"""A way to look that is none of ours; None where the tool is not looked for so."""


def found(what: str, detail: str) -> Finding:
    """Return that something is there."""
    return Finding(what=what, found=True, detail=detail, why="")


def toolchain_words(chosen: ChosenToolchain | None, arch: ToolchainArch | None) -> dict[str, str]:
    """Return what stands for the templates of tools; nothing where there is no compiler."""
    if chosen is None:
        return {}
    toolchain = chosen.toolchain
    major = _NUMBER.findall(chosen.version)
    words = {"candidate": chosen.candidate, "triple": chosen.candidate}
    return {
        "toolchain": toolchain.name,
        "compiler": str(chosen.compiler),
        "prefix": (toolchain.binutils or "").format_map(words),
        "cxx": (toolchain.cxx or "").format_map(words),
        "compiler-package": (arch and arch.debian_package) or "",
        "cxx-package": (arch and arch.cxx_package) or "",
        "binutils-package": (arch and arch.binutils_package) or "",
        "gcc-major": major[-1] if major else "",
        "target-flags": "\0".join(flag.format_map(words) for flag in arch.flags) if arch else "",
    }


def examine_tool(
    tool: HostTool, words: Mapping[str, str], host: ExaminedHost, *, answer: Answer | None = None
) -> Finding | None:
    """Look for `tool`; None where it cannot be told because there is no compiler.

    `answer` looks first, for what this layer does not know.
    """
    try:
        programs = tuple(each.format_map(words) for each in tool.programs)
        packages = tuple(filter(None, (each.format_map(words) for each in tool.packages)))
    except KeyError:
        return None
    answered = answer(tool, words) if answer is not None else None
    if answered is not None:
        return answered
    if tool.probe is not None:
        return _examine_probe(tool, tool.probe, packages, words, host)
    return _examine_programs(tool, programs, packages, host)


def _examine_programs(
    tool: HostTool, programs: tuple[str, ...], packages: tuple[str, ...], host: ExaminedHost
) -> Finding:
    reasons: list[str] = []
    # A program of any version that is tried stands for something that it finds, such as a library.
    is_sought_by = tool.trial_argv and tool.minimum is None
    what = tool.summary if tool.memo or is_sought_by or not programs else programs[0]
    for name in programs:
        path = find_program(name, host.environ)
        if path is None:
            reasons.append("not found" if len(programs) == 1 else f"`{name}` not found")
            continue
        text, is_fit = _verdict(path, tool, host)
        if is_fit:
            return found(what, text)
        reasons.append(text)
    return host.lacking(what, "; ".join(reasons), packages=packages, cure=tool.cure)


def _verdict(path: Path, tool: HostTool, host: ExaminedHost) -> tuple[str, bool]:
    """Return what there is to say of a program, and whether it will do."""
    text = str(path)
    if tool.minimum is not None or tool.below is not None:
        version = _version(path, tool, host)
        if isinstance(version, str):
            return f"`{path}` {version}", False
        if not _fits(version, tool):
            limits = ((">=", tool.minimum), ("<", tool.below))
            wanted = " and ".join(f"{sign} {limit}" for sign, limit in limits if limit)
            return f"`{path}` is version {dotted(version)}, not {wanted}", False
        text = f"{dotted(version)}, {path}"
    # A trial tells more than a sign of life.
    is_tried = bool(tool.trial_argv)
    if is_tried or text == str(path):
        argv = tool.trial_argv or tool.version_argv
        why_dead = _why_dead(path, argv, host, strictly=is_tried)
        if why_dead is not None:
            return f"`{path}` {why_dead}", False
    return text, True


def _fits(version: tuple[int, ...], tool: HostTool) -> bool:
    if tool.minimum is not None and version < _parsed(tool.minimum):
        return False
    return tool.below is None or version < _parsed(tool.below)


def _parsed(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _why_dead(
    path: Path, argv: tuple[str, ...], host: ExaminedHost, *, strictly: bool = False
) -> str | None:
    """Return why a program that is there is of no use; None where it shows a sign of life.

    Not every program knows `--version`: a word of complaint is a sign as well, unless it is to end
    well, `strictly`.
    """
    subject = f"runs\0{path}\0{argv}\0{host.environ.get('PATH', '')}"
    if host.recollection.recall(subject) is not None:
        return None
    with tempfile.TemporaryDirectory(prefix="sel4build-") as scratch:
        command = Command(argv=(str(path), *argv), cwd=Path(scratch), env=host.environ)
        try:
            outcome = host.runner.run(command, timeout_s=ANSWER_LIMIT_S)
        except EnvironmentLacksError as error:
            return f"does not run: {error.message}"
    is_stopped = outcome.timed_out or outcome.returncode < 0 or outcome.returncode in _NOT_RUN
    said = next((line.strip() for line in outcome.output.splitlines() if line.strip()), "")
    if is_stopped or not (outcome.succeeded or (said and not strictly)):
        words = f": {said[:_SHOWN_CHARS]}" if said else ""
        return f"does not run: it {explain_answer(outcome, ANSWER_LIMIT_S)}{words}"
    host.recollection.keep(subject, "runs", (path, path.resolve(), *_databases(host.data)))
    return None


def _version(path: Path, tool: HostTool, host: ExaminedHost) -> tuple[int, ...] | str:
    """Return the version of a program, or why there is none."""
    subject = f"version\0{path}\0{tool.version_argv}"
    known = host.recollection.recall(subject)
    if known is not None:
        return _parsed(known)
    version = version_of(path, host.environ, host.runner, argv=tool.version_argv)
    if not isinstance(version, str):
        host.recollection.keep(subject, dotted(version), (path.resolve(),))
    return version


def _examine_probe(
    tool: HostTool,
    probe: Probe,
    packages: tuple[str, ...],
    words: Mapping[str, str],
    host: ExaminedHost,
) -> Finding | None:
    name = words.get("cxx" if probe.language is ProbeLanguage.CXX else "compiler")
    if not name:
        return None
    compiler = find_program(name, host.environ)
    if compiler is None:  # the compiler itself is looked for too
        return None
    if not packages and tool.cure is None and words.get("compiler-package"):
        packages = (words["compiler-package"],)
    flags = (*filter(None, words["target-flags"].split("\0")), *probe.flags)
    path = host.environ.get("PATH", "")
    subject = f"probe\0{compiler}\0{path}\0{flags}\0{probe.source}\0{probe.links}"
    if host.recollection.recall(subject) is None:
        said = _run_probe(compiler, probe, flags, host)
        if said:
            detail = f"`{compiler}` {said}"
            others = (name for part, name in probe.others.items() if part in said)
            other = host.data.tools.get(next(others, ""))
            if other is not None:
                return host.lacking(tool.summary, detail, cure=other.cure)
            return host.lacking(tool.summary, detail, packages=packages, cure=tool.cure)
        depends = (compiler.resolve(), *_databases(host.data))
        host.recollection.keep(subject, "works", depends)
    return found(tool.summary, str(compiler))


def _databases(data: HostData) -> tuple[Path, ...]:
    return tuple(Path(each) for manager in data.managers for each in manager.databases)


def _run_probe(compiler: Path, probe: Probe, flags: tuple[str, ...], host: ExaminedHost) -> str:
    """Return what the compiler complains of; empty when it does not."""
    suffix = _SUFFIXES[probe.language]
    with tempfile.TemporaryDirectory(prefix="sel4build-") as scratch:
        source = Path(scratch) / f"probe.{suffix}"
        source.write_text(probe.source.strip() + "\n")
        mode = ("-lgcc",) if probe.links and "-nostdlib" in flags else ()
        argv = (
            *(str(compiler), *flags, *(() if probe.links else ("-c",))),
            *("-o", "probe.out", source.name, *mode),
        )
        command = Command(argv=argv, cwd=source.parent, env={**host.environ, "LC_ALL": "C"})
        try:
            outcome = host.runner.run(command, timeout_s=COMPILE_LIMIT_S)
        except EnvironmentLacksError as error:
            return error.message
    if outcome.succeeded:
        return ""
    if outcome.timed_out:
        return explain_answer(outcome, COMPILE_LIMIT_S)
    lines = [line.strip() for line in outcome.output.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() or "cannot find" in line]
    said = next(iter(telling or lines), explain_answer(outcome, COMPILE_LIMIT_S))
    return f"says: {said[:_SHOWN_CHARS]}"


def examine_trap(
    trap: Trap, root: Path, sel4_arch: str, words: Mapping[str, str], host: ExaminedHost
) -> Finding | None:
    """Tell whether the sources below `root` and a program of this host do not go together."""
    if "compiler" not in words or not _covers(trap.sel4_archs, sel4_arch):
        return None
    if not _covers(trap.toolchains, words["toolchain"]):
        return None
    try:
        text = (root / trap.file).read_text(errors="replace")
    except OSError:
        return None
    name = trap.program.format_map(words)
    path = None if trap.lacks in text else find_program(name, host.environ)
    if path is None:
        return None
    version = _version_at_end(path, host)
    if version is None or version < _parsed(trap.since):
        return None
    what = f"{os.path.basename(name)} {dotted(version)}"  # noqa: PTH119 - a name, no path
    return host.lacking(what, f"{trap.summary} ({trap.source})", cure=trap.cure)


def _covers(only: tuple[str, ...], name: str) -> bool:
    return not only or name in only


def _version_at_end(path: Path, host: ExaminedHost) -> tuple[int, ...] | None:
    """Return the version of a GNU tool: the last number of its first line, after the builder's."""
    try:
        command = Command(argv=(str(path), "--version"), cwd=path.parent, env=host.environ)
        lines = host.runner.run(command, timeout_s=ANSWER_LIMIT_S).output.splitlines()
    except EnvironmentLacksError:
        return None
    numbers = re.findall(r"\d+(?:\.\d+)+", lines[0]) if lines else []
    return _parsed(numbers[-1]) if numbers else None
