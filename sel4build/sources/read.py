# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read a synced workspace: its boards, its apps, and its options, as one value."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from sel4build.errors import Span
from sel4build.model.facts import AppFacts, BoardFacts, SourceFacts, VariantQuestion
from sel4build.model.platform import Arch
from sel4build.model.sources import ConfigFact, Fact
from sel4build.sources.apps import AppReader, pc_arch
from sel4build.sources.boards import BoardReader
from sel4build.sources.evaluate import Settings, evaluate
from sel4build.sources.files import SourceFiles
from sel4build.sources.layout import EXAMPLES, VM_ARM
from sel4build.sources.settings import configs_of

_PCS = ("ia32", "x86_64")


def read_options(files: SourceFiles) -> tuple[ConfigFact, ...]:
    """Return the options that the VMM for Arm declares."""
    script = files.script(VM_ARM)
    return configs_of(evaluate((script,), Settings(is_closed=False))) if script else ()


def linked_apps(root: Path, examples: str = EXAMPLES) -> tuple[Path, ...]:
    """Return the folders of apps that are links: a user's own, wherever they lie."""
    folders = (root / examples / "apps" / each for each in ("Arm", "x86"))
    entries = (each for folder in folders if folder.is_dir() for each in folder.iterdir())
    return tuple(sorted(each for each in entries if each.is_symlink() and each.is_dir()))


def read_sources(
    root: Path,
    *,
    boards: Iterable[str] = (),
    apps: Iterable[str] | None = None,
    variants: Iterable[VariantQuestion] = (),
    is_narrow: bool = False,
    examples: str = EXAMPLES,
) -> SourceFacts:
    """Return what the workspace at `root` says of `apps` (all where None) and of their boards.

    `boards` are read whether an app names them or not; when `is_narrow`, no others are. What is
    not there is left out.
    """
    asked = tuple(variants)
    files = SourceFiles(root, linked_apps(root, examples))
    options = read_options(files)
    reader = AppReader(files, options, examples)
    board_reader = BoardReader(files)
    names = reader.known if apps is None else [each for each in apps if each in reader.known]
    found = [app for name in names if (app := reader.read(name)) is not None]
    named = () if is_narrow else (each for app in found for each in _boards_of(app))
    wanted = dict.fromkeys((*boards, *named))
    known = {name: board for name in wanted if (board := board_reader.read(name)) is not None}
    known = {
        name: replace(board, smp_refused=reader.smp_refused(board)) for name, board in known.items()
    }
    on_boards = tuple(_on_boards(reader, app, known, asked) for app in found)
    return SourceFacts(
        apps=on_boards,
        boards=tuple(known.values()),
        options=options,
        common={
            arch: reader.common_settings(arch, _first(known, arch)) for arch in (Arch.ARM, Arch.X86)
        },
        files=files.asked,
        faults=tuple(dict.fromkeys((*files.faults, *_device_faults(on_boards)))),
    )


def fault_warnings(facts: SourceFacts) -> tuple[str, ...]:
    """Return a line for each file that cannot be read to its end, with the first place in it."""
    by_file: dict[str, list[Span]] = {}
    for each in facts.faults:
        by_file.setdefault(each.file, []).append(each)
    return tuple(
        f"{first.file}:{first.line}: this cannot be read, so that what the sources say may be"
        f" otherwise{f' (and at {len(others)} more places)' if others else ''}"
        for first, *others in by_file.values()
    )


def _device_faults(apps: tuple[AppFacts, ...]) -> Iterator[Span]:
    for app in apps:
        for board in app.boards:
            yield from board.devices.faults if board.devices is not None else ()


def _boards_of(app: AppFacts) -> tuple[str, ...]:
    if app.arch is Arch.X86:
        return _PCS
    return (*app.platforms, *app.folders)


def _first(boards: dict[str, BoardFacts], arch: Arch) -> BoardFacts | None:
    return next((each for each in boards.values() if each.arch is arch and each.sel4_arch), None)


def _on_boards(
    reader: AppReader,
    app: AppFacts,
    boards: dict[str, BoardFacts],
    variants: tuple[VariantQuestion, ...],
) -> AppFacts:
    """Add what the app is on each of its boards; one for PCs has the board that it asks for."""
    if app.arch is Arch.X86:
        settings = {each.name: each for each in app.settings}
        arch = pc_arch(settings)
        board = boards.get(arch.value) if arch else None
        said = settings.get("KernelSel4Arch")
        if board is None or said is None:
            return app
        fixed = Fact(value=board.name, span=said.value_span)
        return replace(app, boards=(reader.read_on(app, board),), fixed_platform=fixed)
    names = dict.fromkeys((*app.platforms, *app.folders))
    on = [reader.read_on(app, boards[name]) for name in names if name in boards]
    on += [
        reader.read_on(app, boards[each.board], dict(each.given))
        for each in variants
        if each.app == app.name and each.board in boards
    ]
    return replace(app, boards=tuple(on))
