# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The checks of this project; `nox` runs the default ones, CI runs all that `-t ci` names."""

import nox

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "types", "layers", "tests"]

PROJECT = nox.project.load_toml("pyproject.toml")


def install(session: nox.Session, *groups: str, extras: str = "") -> None:
    """Install the project and dependency groups into the session's environment."""
    session.install(
        "-e",
        f".{extras}",
        *(word for group in groups for word in nox.project.dependency_groups(PROJECT, group)),
    )


@nox.session(tags=["ci"])
def lint(session: nox.Session) -> None:
    """Check style and format."""
    session.install(*nox.project.dependency_groups(PROJECT, "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session(tags=["ci"])
def types(session: nox.Session) -> None:
    """Check types of the package and of the tests."""
    install(session, "types")
    session.run("mypy")
    session.run("mypy", "tests", "benchmarks", "noxfile.py")


@nox.session(tags=["ci"])
def layers(session: nox.Session) -> None:
    """Check that imports only go downwards (DESIGN section 4)."""
    install(session, "lint")
    session.run("lint-imports")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests that need no compiler and no QEMU."""
    install(session, "test")
    session.run("pytest", "-n", "auto", "-m", "not tools and not qemu", *session.posargs)


@nox.session(tags=["ci"])
def coverage(session: nox.Session) -> None:
    """Run every test and print the coverage by branch."""
    install(session, "test", extras="[zig]")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", "-n", "auto", *session.posargs)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report", "--fail-under=90")


@nox.session(tags=["ci"])
def wheel(session: nox.Session) -> None:
    """Build the wheel, install it alone, and use its own copy of the data."""
    session.install("build")
    out = session.create_tmp()
    session.run("python", "-m", "build", "--outdir", out, ".")
    session.install(".")
    with session.chdir(out):
        session.run("sel4build", "--version")
        session.run("sel4build", "list", "platforms")
        session.run("sel4build", "list", "apps", "--json", silent=True)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Print the figures that the documentation quotes."""
    install(session)
    session.run("python", "benchmarks/startup.py")
    session.run("python", "benchmarks/noop.py")


if __name__ == "__main__":
    nox.main()
