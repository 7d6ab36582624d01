# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What every command shares: the world it runs in, and the two streams it writes to."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sel4build.console.render import error_record, render_error, render_json
from sel4build.console.reporters import choose_kind, make_reporter
from sel4build.console.style import ColourChoice, Palette, choose_palette
from sel4build.errors import Sel4BuildError

if TYPE_CHECKING:
    from sel4build.api.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalOptions:
    """The options that every command takes, before or after its name."""

    quiet: bool = False
    verbose: int = 0
    color: ColourChoice = ColourChoice.AUTO
    json: bool = False
    data_dirs: tuple[Path, ...] = ()
    jobs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One run of one command."""

    options: GlobalOptions
    context: "Context"
    palette: Palette

    def show(self, kind: str, body: dict[str, object], text: Callable[[], str]) -> None:
        """Write a result to stdout: `body` as JSON where that was asked for, else `text`."""
        sys.stdout.write(render_json(kind, body) if self.options.json else text())

    def say(self, text: str) -> None:
        """Write a line for a person to stderr, unless `--quiet` was given."""
        if not self.options.quiet:
            sys.stderr.write(text + "\n")


@dataclass(slots=True)
class Invocation:
    """What is known of this run so far; errors are shown by it even before a command starts."""

    options: GlobalOptions = field(default_factory=GlobalOptions)

    def session(self) -> Session:
        """Open the session of the command that runs."""
        return open_session(self.options)


def open_session(options: GlobalOptions) -> Session:
    """Make the session of this process."""
    from sel4build.api.context import Context

    environ = dict(os.environ)
    palette = choose_palette(options.color, sys.stderr, environ)
    kind = choose_kind(sys.stderr, environ, quiet=options.quiet)
    context = Context(
        environ=environ,
        cwd=_current_dir(),
        reporter=make_reporter(kind, sys.stderr, palette),
        overlays=tuple(path.resolve() for path in options.data_dirs),
        jobs=options.jobs,
    )
    return Session(options=options, context=context, palette=palette)


def show_error(error: Sel4BuildError, options: GlobalOptions) -> None:
    """Write `error` to stderr, and as the object on stdout where `--json` was given."""
    palette = choose_palette(options.color, sys.stderr, os.environ)
    sys.stderr.write(render_error(error, palette))
    if options.json:
        sys.stdout.write(render_json("error", error_record(error)))


def _current_dir() -> Path:
    # The logical path where it is right: links in it are the user's own way to see the tree.
    logical = Path(os.environ.get("PWD", ""))
    try:
        if logical.is_absolute() and logical.samefile(Path.cwd()):
            return logical
    except OSError:
        pass
    return Path.cwd()
