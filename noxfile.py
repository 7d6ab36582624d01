# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The checks of this project; `nox` runs the default ones, CI runs all that `-t ci` names."""

import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "layers", "types", "tests"]

PROJECT = nox.project.load_toml("pyproject.toml")


def install(session: nox.Session, *groups: str, extras: str = "") -> None:
    """Install the project and dependency groups into the session's environment."""
    session.install("-e", f".{extras}", *dependencies(*groups))


def dependencies(*groups: str) -> tuple[str, ...]:
    """Return what the dependency groups ask for."""
    return nox.project.dependency_groups(PROJECT, *groups)


@nox.session(tags=["ci"])
def lint(session: nox.Session) -> None:
    """Check style, format and licensing."""
    session.install(*dependencies("lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("reuse", "lint", "--lines")


@nox.session(tags=["ci"])
def layers(session: nox.Session) -> None:
    """Check that imports only go downwards (CONTRIBUTING.md)."""
    session.install(*dependencies("layers"))
    session.run("lint-imports")


@nox.session(tags=["ci"])
def types(session: nox.Session) -> None:
    """Check the types of the package, of the tests and of what stands beside them."""
    install(session, "types")
    session.run("mypy")


@nox.session(tags=["ci"])
def wheel(session: nox.Session) -> None:
    """Build the distributions, install the wheel away from the checkout, and play the demo there.

    The wheel of the sdist must be the wheel of the checkout, byte for byte.
    """
    session.install("build")
    build = ("python", "-m", "build")
    env = {"SOURCE_DATE_EPOCH": "1767225600"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        session.run(*build, "--outdir", str(folder / "dist"), env=env)
        session.run(*build, "--wheel", "--outdir", str(folder / "again"), env=env)
        (built,) = folder.glob("dist/*.whl")
        if built.read_bytes() != (folder / "again" / built.name).read_bytes():
            session.error("the wheel of the sdist differs from the wheel of the checkout")
        session.run("python", "-m", "venv", str(folder / "venv"))
        bin_dir = folder / "venv" / "bin"
        pip = (str(bin_dir / "python"), "-m", "pip", "--quiet")
        session.run(*pip, "install", str(built), external=True)
        with session.chdir(folder):
            for words in (["--version"], ["list", "platforms"], ["list", "apps"], ["demo"]):
                session.run(str(bin_dir / "sel4build"), *words, external=True)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests that need no compiler and no QEMU."""
    install(session, "test")
    session.run("pytest", "-n", "auto", "-m", "not tools and not qemu", *session.posargs)


@nox.session(tags=["ci"])
def coverage(session: nox.Session) -> None:
    """Run every test and print the coverage by branch."""
    install(session, "test", extras="[zig]")
    session.run(
        *("pytest", "-n", "auto", "--cov", "--cov-report=term-missing:skip-covered"),
        *("--cov-fail-under=90", *session.posargs),
    )


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Print the figures that the documentation quotes; git-repo is no package of Python."""
    install(session)
    session.install("west", "kas")
    session.run("python", "benchmarks/startup.py")
    session.run("python", "benchmarks/noop.py")
    session.run("python", "benchmarks/manifest.py")
    session.run("python", "benchmarks/sync.py", "--peer-dir", session.bin)


if __name__ == "__main__":
    nox.main()
