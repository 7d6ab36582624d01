# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The commands, and the options that all of them take.

A command imports its operation when it runs, so that `--help` and completion load nothing else.
"""

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from sel4build import __version__
from sel4build.cli import (
    adopting,
    building,
    bundling,
    catalog,
    demonstrating,
    doctoring,
    explaining,
    initialising,
    listing,
    locking,
    maintaining,
    manifest,
    porting,
    projects,
    showing,
    toolbox,
    why_not,
)
from sel4build.cli.session import GlobalOptions, Invocation
from sel4build.console.style import ColourChoice

app = typer.Typer(
    name="sel4build",
    help="Build, package and boot virtual machines on the seL4 microkernel.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - the signature of a Typer callback
    if wanted:
        sys.stdout.write(f"sel4build {__version__}\n")
        raise typer.Exit


@app.callback()
def global_options(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say only what went wrong.")] = False,
    verbose: Annotated[
        int, typer.Option("-v", "--verbose", count=True, help="Say more; twice for commands.")
    ] = 0,
    color: Annotated[
        ColourChoice, typer.Option("--color", help="When to use colours.")
    ] = ColourChoice.AUTO,
    json: Annotated[
        bool, typer.Option("--json", help="Write one JSON object to stdout and nothing else.")
    ] = False,
    data_dir: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            help="Folder with platforms, apps, manifests or toolchains of your own.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "-j", "--jobs", min=1, metavar="N", help="Jobs at once.", show_default="one a core"
        ),
    ] = None,
    version: Annotated[  # noqa: ARG001 - handled by its callback
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Show the version and leave."
        ),
    ] = False,
) -> None:
    """Read the options that stand for every command."""
    invocation = context.ensure_object(Invocation)
    invocation.options = GlobalOptions(
        quiet=quiet,
        verbose=verbose,
        color=color,
        json=json,
        data_dirs=tuple(data_dir or ()),
        jobs=jobs,
    )
    if verbose:
        level = logging.INFO if verbose == 1 else logging.DEBUG
        logging.basicConfig(level=level, format="%(name)s: %(message)s", stream=sys.stderr)


app.command("init")(initialising.init)
app.command("sync")(initialising.sync)
app.command("lock")(locking.lock)
app.command("adopt")(adopting.adopt)
app.add_typer(manifest.app, name="manifest")
app.command("list")(listing.list_)
app.command("explain")(explaining.explain)
app.command("why-not")(why_not.why_not)
app.command("configure")(building.configure)
app.command("build")(building.build)
app.command("package")(building.package)
app.command("boot")(building.boot)
app.command("demo")(demonstrating.demo)
app.command("doctor")(doctoring.doctor)
app.add_typer(toolbox.app, name="tools")
app.command("status")(showing.status)
app.command("forall", context_settings={"allow_interspersed_args": False})(projects.forall)
app.command("diff")(projects.diff)
app.command("grep")(projects.grep)
app.add_typer(bundling.app, name="bundle")
app.add_typer(catalog.app, name="catalog")
app.add_typer(porting.app, name="port")
app.command("clean")(maintaining.clean)
app.command("remove")(maintaining.remove)
