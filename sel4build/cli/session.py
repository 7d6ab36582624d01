# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What every command shares: the world it runs in, and the two streams it writes to."""

import codecs
import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sel4build.console.render import error_record, render_error, render_json
from sel4build.console.reporters import (
    LiveReporter,
    PlainReporter,
    QuietReporter,
    choose_kind,
    make_reporter,
)
from sel4build.console.style import ColourChoice, Palette, choose_palette
from sel4build.errors import EnvironmentLacksError, Sel4BuildError
from sel4build.model.reporter import Reporter

if TYPE_CHECKING:
    from sel4build.api.context import Context

_ESCAPING = "sel4build-escape"
_WIDTH = 80
_NARROWEST = 40


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
        """Write what was asked for to stdout: `body` with `--json`, else `text`."""
        if not self.options.json:
            _write_out(text())
            return
        warned = _warned(self.context.reporter)
        _write_out(render_json(kind, {**body, "warnings": warned} if warned else body))

    def report(self, kind: str, body: dict[str, object], text: Callable[[], str]) -> None:
        """Write what was done to stdout, like `show`; `--quiet` leaves only `--json`."""
        if self.options.json or not self.options.quiet:
            self.show(kind, body, text)

    @property
    def width(self) -> int:
        """Characters in a line of a table: what COLUMNS says, the terminal's, or 80."""
        said = self.context.environ.get("COLUMNS", "")
        if said.isascii() and said.isdigit() and int(said):
            return max(int(said), _NARROWEST)
        try:
            return max(os.get_terminal_size(sys.stdout.fileno()).columns, _NARROWEST)
        except (OSError, ValueError):  # no terminal, or no file at all
            return _WIDTH

    def complain(self, errors: Iterable[Sel4BuildError]) -> None:
        """Write errors of parts of the work to stderr; what was made of the rest is shown."""
        for error in errors:
            _write_err(render_error(error, self.palette))


@dataclass(slots=True)
class Invocation:
    """What is known of this run so far; errors are shown by it even before a command starts."""

    options: GlobalOptions = field(default_factory=GlobalOptions)
    cmake_words: tuple[str, ...] = ()
    """What stands behind `--` of `init`."""
    reporter: Reporter | None = None

    def session(self) -> Session:
        """Open the session of the command that runs."""
        session = open_session(self.options)
        self.reporter = session.context.reporter
        return session

    def show_error(self, error: Sel4BuildError) -> None:
        """Write `error` to stderr, and as the object on stdout where `--json` was given."""
        if isinstance(self.reporter, LiveReporter):
            with contextlib.suppress(OSError):  # nobody can be told
                self.reporter.clear()
        palette = choose_palette(self.options.color, sys.stderr, os.environ)
        _write_err(render_error(error, palette))
        if self.options.json:
            with contextlib.suppress(EnvironmentLacksError):  # it was shown on stderr
                warned = _warned(self.reporter)
                record = error_record(error)
                _write_out(
                    render_json("error", {**record, "warnings": warned} if warned else record)
                )


def _warned(reporter: Reporter | None) -> list[str]:
    """Return the warnings of this run so far."""
    if isinstance(reporter, PlainReporter | QuietReporter):
        return list(reporter.warned)
    return []


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


def _write_out(text: str) -> None:
    """Write to stdout, now: what fails at the end of the process is told to nobody.

    That the reader has gone is no failure. What the encoding does not have is spelt `\u00e9`.
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        codecs.register_error(_ESCAPING, _escape)
        sys.stdout.reconfigure(errors=_ESCAPING)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
    except OSError as error:
        _discard_output()
        message = f"standard output cannot be written: {error.strerror}"
        raise EnvironmentLacksError(message) from error


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Spell characters as JSON does, so that an object stays one."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _write_err(text: str) -> None:
    with contextlib.suppress(OSError):  # nobody can be told
        sys.stderr.write(text)
        sys.stderr.flush()


def _discard_output() -> None:
    """Let what is still in the buffer of stdout go nowhere."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def _current_dir() -> Path:
    # The logical path where it is right: links in it are the user's own way to see the tree.
    logical = Path(os.environ.get("PWD", ""))
    try:
        if logical.is_absolute() and logical.samefile(Path.cwd()):
            return logical
    except OSError:
        pass
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        message = "the current folder does not exist any more"
        raise EnvironmentLacksError(message, hint="`cd` into one that does") from error
