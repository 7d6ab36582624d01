# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Checks 12, 14 to 17 and 20: what the app, its images and the documents say of the board."""

from sel4build.errors import Span
from sel4build.model.sources import Event, Fact
from sel4build.porting.board import Board, SourceFile, Variant
from sel4build.porting.editing import branch_of, branch_place, extend_list
from sel4build.porting.finding import (
    Outcome,
    Problem,
    Remedy,
    failed,
    not_needed,
    passed,
    unknown,
    warned,
)
from sel4build.porting.skeletons import app_branch, devices_camkes

_KERNEL_NAME = "linux"


def check_folder(board: Board) -> Outcome:
    """Check 12: the app has a `devices.camkes` for the board."""
    app = board.apps
    if not app.exists:
        text = f"there is no app folder {app.folder}"
        return failed(Problem(text=text, span=Span(file=app.folder), hint=_other_app(board)))
    if not app.uses_devices:
        return not_needed("the app has no `devices.camkes` on any board")
    found = [each for each in app.variants if each.devices is not None]
    if not found:
        file = f"{app.folder}/{board.name}/devices.camkes"
        if app.variants:
            file = app.variants[0].devices_file
        text = f"{file} does not exist"
        hint = f"or let `sel4build port new {board.name} --app {board.app}` write it"
        remedy = Remedy(file=file, text=devices_camkes(board))
        return failed(Problem(text=text, span=Span(file=file), remedy=remedy, hint=hint))
    names = ", ".join(each.name for each in found if each.name)
    summary = f"for {names}" if names else "the app has the board's folder"
    return passed(summary, Span(file=found[0].devices_file))


def _other_app(board: Board) -> str:
    return f"name an app of projects/vm-examples/apps/Arm, not `{board.app}`"


def check_supported(board: Board) -> Outcome:
    """Check 14: the app's settings let the board pass."""
    app = board.apps
    if not app.exists:
        return unknown("there is no such app: see check 12")
    if app.settings is None:
        text = f"{app.settings_file} does not exist"
        return failed(Problem(text=text, span=Span(file=app.settings_file)))
    forced = app.forced_platform
    if forced is not None and forced.value != board.name:
        text = f"the app builds for `{forced.value}` whatever is asked"
        return failed(Problem(text=text, span=forced.span, hint="choose an app that asks"))
    if app.supported is None:
        return not_needed("the app has no list of boards", Span(file=app.settings_file))
    return _judge_list(board, app.supported)


def _judge_list(board: Board, supported: Fact[tuple[str, ...]]) -> Outcome:
    names = supported.value
    if names is None:
        return unknown("the list of boards cannot be told", supported.span)
    if board.name in names:
        return passed(f"one of {len(names)} boards", supported.span)
    text = f"`{board.name}` is not one of {', '.join(names)}"
    event = board.apps.supported_event
    remedy = extend_list(event, board.name) if event is not None else None
    return failed(Problem(text=text, span=supported.span, remedy=remedy))


def check_linked(board: Board) -> Outcome:
    """Check 15: the app puts a guest kernel into the image for the board."""
    app = board.apps
    if not app.exists:
        return unknown("there is no such app: see check 12")
    if app.cmake_text is None:
        text = f"{app.cmake_file} does not exist"
        return failed(Problem(text=text, span=Span(file=app.cmake_file)))
    traces = [each.trace for each in app.variants if each.trace is not None]
    servings = [_serving(each.called("AddToFileServer")) for each in traces]
    if servings and all(each is not None for each in servings):
        first = next(each for each in servings if each is not None)
        file = first.args[1] if len(first.args) > 1 else None
        return passed(f"the guest's kernel is {file or 'given'}", first.span)
    text = f'nothing puts a "{_KERNEL_NAME}" into the file server for `{board.name}`'
    branch = branch_of(app.cmake_text, board.kernel.arm_platform)
    if branch is not None:
        line = f'    AddToFileServer("linux" "${{CAMKES_VM_IMAGES_DIR}}/{board.name}/linux")\n'
        remedy = Remedy(file=app.cmake_file, after=branch, text=line)
        return failed(
            Problem(text=text, span=Span(file=app.cmake_file, line=branch), remedy=remedy)
        )
    place = branch_place(app.cmake_text)
    remedy = Remedy(file=app.cmake_file, after=place, text=app_branch(board, initrd_address(board)))
    return failed(Problem(text=text, span=Span(file=app.cmake_file, line=place), remedy=remedy))


def _serving(events: tuple[Event, ...]) -> Event | None:
    return next(
        (each for each in events if each.args and each.args[0] == _KERNEL_NAME and each.is_certain),
        None,
    )


def initrd_address(board: Board) -> int | None:
    """Return where `devices.camkes` puts the initrd."""
    for variant in board.apps.variants:
        for vm in variant.devices.vms if variant.devices else ():
            found = vm.addresses.get("initrd_addr")
            if found is not None and found.value is not None:
                return found.value
    return None


def check_images(board: Board) -> Outcome:
    """Check 16: the guest's files are there, whole, and themselves."""
    files = {each.path: each for variant in board.apps.variants for each in variant.images}
    if not files:
        return unknown("the app names no files of a guest: see check 15")
    problems = [problem for each in files.values() if (problem := _file_problem(each)) is not None]
    if problems:
        return failed(*problems)
    papers = [each for each in board.apps.papers if each.is_there is False]
    if papers:
        return warned(
            *(
                Problem(text=_paper_text(each.what, each.file), span=Span(file=each.file))
                for each in papers
            )
        )
    first = next(iter(files.values()))
    return passed(f"{len(files)} files", Span(file=first.path))


def _paper_text(what: str, folder: str) -> str:
    return f"{folder} has no {what}: nobody can tell how its images were made"


def _file_problem(file: SourceFile) -> Problem | None:
    if file.size is None:
        text = f"{file.path} does not exist"
        return Problem(text=text, span=file.span, hint="build it for the guest and put it there")
    if file.pointer is not None:
        text = f"{file.path} is a pointer of {file.pointer}, not the file itself"
        command = "git lfs pull" if file.pointer == "git-lfs" else "git annex get ."
        folder = file.path.rsplit("/", 1)[0]
        return Problem(text=text, span=file.span, hint=f"in {folder}: `{command}`")
    if file.size == 0:
        text = f"{file.path} is empty"
        return Problem(text=text, span=file.span, hint="put the real file there")
    return None


def check_initrd(board: Board) -> Outcome:
    """Check 17: the initrd is where the device tree says that it is."""
    problems: list[Problem] = []
    seen: Span | None = None
    is_unknown = False
    for variant in board.apps.variants:
        for event in variant.trace.called("UpdateDtbFromInitrd") if variant.trace else ():
            seen = seen or event.span
            written = event.args[2] if len(event.args) > 2 else None  # noqa: PLR2004 - the third
            told = _addresses(variant)
            number = _number(written)
            if number is None or not told:
                is_unknown = True
            elif number not in {value for value, _ in told}:
                problems.append(_disagreement(event, number, told[0]))
    if seen is None:
        return not_needed("no device tree is made from the initrd's address")
    if problems:
        return failed(*problems)
    if is_unknown:
        return unknown("one of the two addresses cannot be told", seen)
    return passed("both files say the same", seen)


def _addresses(variant: Variant) -> list[tuple[int, Span]]:
    found = []
    for vm in variant.devices.vms if variant.devices else ():
        fact = vm.addresses.get("initrd_addr")
        if fact is not None and fact.value is not None:
            found.append((fact.value, fact.span))
    return found


def _number(text: str | None) -> int | None:
    try:
        return int(text or "", 0)
    except ValueError:
        return None


def _disagreement(event: Event, number: int, told: tuple[int, Span]) -> Problem:
    value, span = told
    place = event.written.args[2].span
    text = f"the device tree is told {number:#x}, but devices.camkes has {value:#x} ({span})"
    old = event.written.args[2].text
    if _number(old) is None:
        return Problem(text=text, span=place, hint=f"`{old}` has to be {value:#x}")
    remedy = Remedy(file=place.file, line=place.line, old=old, text=f"{value:#x}")
    return Problem(text=text, span=place, remedy=remedy)


def check_papers(board: Board) -> Outcome:
    """Check 20: documentation and CI name the board."""
    at_hand = [each for each in board.mentions if each.is_there is not None]
    missing = [each for each in at_hand if not each.is_there]
    if not at_hand:
        return unknown("not in this workspace: pass `--docs DIR` and `--ci-actions DIR`")
    if missing:
        return warned(
            *(
                Problem(text=f"{each.file} has no {each.what}", span=Span(file=each.file))
                for each in missing
            )
        )
    return passed(", ".join(each.what for each in at_hand), at_hand[0].span)
