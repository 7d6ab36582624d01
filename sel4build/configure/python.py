# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The Python that a build's generators run with: one with packages of ours, or the host's own.

Ours is a virtual environment in the user cache, made once for each set of locked packages and each
Python, and installed with pip from hashes. It comes first on PATH, since scripts of upstream's say
`python3`. Once it is there it is always taken, so that a build does not change with the
environment that happens to be active.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sel4build.configure.examining import ExaminedHost
from sel4build.configure.patience import COMPILE_LIMIT_S
from sel4build.errors import EnvironmentLacksError
from sel4build.model.command import Command
from sel4build.model.host import HostTool
from sel4build.model.reporter import Reporter, TaskEnd
from sel4build.process import Runner, find_program
from sel4build.writing import explaining_os_errors, write_if_changed

_MARKER = "sel4build.json"
_ASK = """
import importlib, json, sys
missing = []
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception:
        missing.append(name)
print(json.dumps({"missing": missing, "path": [each for each in sys.path if each]}))
"""
# What would send pip to another place than the environment it is started from.
_DROPPED = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageEnvironment:
    """A virtual environment of ours, made or still to be made."""

    tool: HostTool
    folder: Path
    locks: tuple[Path, ...]

    @property
    def bin_dir(self) -> Path:
        """The folder that comes first on PATH."""
        return self.folder / "bin"

    @property
    def is_made(self) -> bool:
        """True when it was finished and its Python is still there."""
        return (self.folder / _MARKER).is_file() and (self.bin_dir / "python3").exists()


def environment_of(tool: HostTool, locks: Iterable[Path], cache_dir: Path) -> PackageEnvironment:
    """Return the environment for the packages of `tool` with the Python that runs this program."""
    locks = tuple(locks)
    key = hashlib.sha256(f"{sys.implementation.cache_tag}\0{sys.base_prefix}".encode())
    for lock in locks:
        with explaining_os_errors(lock):
            key.update(lock.read_bytes())
    folder = cache_dir / "python" / f"{tool.name}-{key.hexdigest()[:16]}"
    return PackageEnvironment(tool=tool, folder=folder, locks=locks)


def missing_modules(modules: tuple[str, ...], host: ExaminedHost) -> tuple[str, ...] | None:
    """Return which of `modules` the host's `python3` cannot import; None where it has none."""
    python = find_program("python3", host.environ)
    if python is None:
        return None
    settings = [
        host.environ.get(name, "") for name in ("PYTHONPATH", "VIRTUAL_ENV", "PYENV_VERSION")
    ]
    subject = f"modules\0{python}\0{modules}\0{settings}"
    if host.recollection.recall(subject) is not None:
        return ()
    command = Command(
        argv=(str(python), "-c", _ASK, *modules), cwd=Path("/"), env=dict(host.environ)
    )
    try:
        outcome = host.runner.run(command, timeout_s=COMPILE_LIMIT_S)
        told = json.loads(outcome.output.splitlines()[-1])
        missing, path = tuple(map(str, told["missing"])), tuple(map(str, told["path"]))
    except (EnvironmentLacksError, ValueError, LookupError, TypeError):
        return modules
    if not missing:
        host.recollection.keep(subject, "works", (python.resolve(), *map(Path, path)))
    return missing


def make_environment(
    wanted: PackageEnvironment, *, environ: Mapping[str, str], runner: Runner, reporter: Reporter
) -> None:
    """Make the environment unless it is there; a killed run leaves none that counts.

    Every package is checked against the hash in its lock. Raises EnvironmentLacksError.
    """
    with _held(wanted, reporter):
        if wanted.is_made:
            return
        task = f"install {wanted.tool.summary}"
        reporter.start(task)
        end = TaskEnd.FAILED
        try:
            _install(wanted, environ=environ, runner=runner)
            end = TaskEnd.DONE
        finally:
            reporter.finish(task, end=end)


def _install(wanted: PackageEnvironment, *, environ: Mapping[str, str], runner: Runner) -> None:
    with explaining_os_errors(wanted.folder):
        shutil.rmtree(wanted.folder, ignore_errors=True)
        wanted.folder.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in environ.items() if name not in _DROPPED}
    own_pip = importlib.util.find_spec("ensurepip") is not None
    if not own_pip and importlib.util.find_spec("pip") is None:
        message = f"`{sys.executable}` can make no virtual environment: it lacks ensurepip and pip"
        raise EnvironmentLacksError(message, hint="on Debian run `apt-get install python3-venv`")
    venv = (sys.executable, "-m", "venv", *(() if own_pip else ("--without-pip",)))
    _run(wanted, (*venv, str(wanted.folder)), kept, runner)
    python = str(wanted.bin_dir / "python3")
    pip = (python, "-m", "pip") if own_pip else (sys.executable, "-m", "pip", "--python", python)
    for lock in wanted.locks:
        # An sdist is built with the packages of the locks before, not with what an index has now.
        words = ("--require-hashes", "--no-deps", "--no-build-isolation", "--requirement")
        quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
        _run(wanted, (*pip, "install", *quiet, *words, str(lock)), kept, runner)
    record = {"version": 1, "locks": [each.name for each in wanted.locks]}
    write_if_changed(wanted.folder / _MARKER, json.dumps(record) + "\n")


def _run(
    wanted: PackageEnvironment, argv: tuple[str, ...], environ: Mapping[str, str], runner: Runner
) -> None:
    outcome = runner.run(Command(argv=argv, cwd=wanted.folder.parent, env=environ))
    if outcome.succeeded:
        return
    lines = [line for line in outcome.output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines[-10:]
    message = f"{wanted.tool.summary} could not be installed"
    raise EnvironmentLacksError(
        message,
        details=(*errors[:10], f"command: {outcome.command}"),
        hint="run `sel4build tools install` where the package index can be reached, or put a "
        "`python3` that has the packages first on PATH",
    )


@contextmanager
def _held(wanted: PackageEnvironment, reporter: Reporter) -> Iterator[None]:
    """Keep other processes from making the same environment meanwhile."""
    folder = wanted.folder
    lock_file = folder.with_name(f".{folder.name}.lock")
    with explaining_os_errors(lock_file):
        lock_file.parent.mkdir(parents=True, exist_ok=True)
        stream = lock_file.open("wb")
    with stream:
        # A pip that outlives us, because we are killed, goes on writing: it holds the lock too.
        os.set_inheritable(stream.fileno(), True)  # noqa: FBT003 - no other way to say it
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            reporter.note(f"another run installs {wanted.tool.summary}: wait for it")
            fcntl.flock(stream, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(stream, fcntl.LOCK_UN)
