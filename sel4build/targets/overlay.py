# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Lay what the sources of a workspace say over the catalogue: there, they have the last word."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sel4build.model.app import App, AppPlatform, Console, OptionKind, OptionSpec
from sel4build.model.catalog import Catalog
from sel4build.model.facts import AppBoardFacts, AppFacts, BoardFacts, Difference, SourceFacts
from sel4build.model.guest import GuestImages
from sel4build.model.platform import Arch, Platform
from sel4build.model.sources import ConfigFact, ConfigKind
from sel4build.targets.audit_apps import compare_app, guest_over
from sel4build.targets.audit_options import compare_options, is_allowed, needed_options
from sel4build.targets.audit_platforms import (
    compare_platform,
    image_name,
    kernel_name,
    most_nodes,
)
from sel4build.targets.derive import (
    derive_app,
    derive_app_platform,
    derive_gic,
    derive_guest,
    derive_options,
    derive_platform,
    forced_on,
)

_KINDS = {
    ConfigKind.OPTION: OptionKind.BOOL,
    ConfigKind.CHOICE: OptionKind.CHOICE,
    ConfigKind.STRING: OptionKind.TEXT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlaid:
    """The catalogue as it is in one workspace, and where it is not what we knew."""

    catalog: Catalog
    notes: tuple[str, ...] = ()
    """One line each, with both places where there are two."""

    @property
    def is_changed(self) -> bool:
        """Whether the sources say anything that the catalogue did not."""
        return bool(self.notes)


def overlay(catalog: Catalog, facts: SourceFacts) -> Overlaid:
    """Return `catalog` as the sources have it; what they leave open stays as it is."""
    notes: list[str] = []
    platforms = {each.name: each for each in catalog.platforms}
    for board in facts.boards:
        platforms.update(_platform(platforms.get(board.name), board, notes))
    known = replace(catalog, platforms=tuple(platforms[name] for name in sorted(platforms)))
    apps = {each.name: each for each in catalog.apps}
    for app_facts in facts.apps:
        apps.update(_app(known, apps.get(app_facts.name), app_facts, facts, notes))
    changed = replace(known, apps=tuple(apps[name] for name in sorted(apps)))
    return Overlaid(catalog=changed, notes=tuple(dict.fromkeys(notes)))


def _platform(ours: Platform | None, board: BoardFacts, notes: list[str]) -> dict[str, Platform]:
    if ours is None:
        derived = derive_platform(board)
        if derived is None:
            return {}
        notes.append(f"platform `{board.name}` is taken from the sources: {_place(board)}")
        return {board.name: derived}
    differences = tuple(compare_platform(ours, board))
    if not differences or board.sel4_arch is None:
        return {}
    notes.extend(_told(differences))
    return {board.name: _corrected(ours, board, differences)}


def _corrected(ours: Platform, board: BoardFacts, differences: tuple[Difference, ...]) -> Platform:
    """Return `ours` with what the sources say instead, each with its place there."""
    theirs = derive_platform(board)
    if theirs is None:
        return ours
    most = most_nodes(board)
    form = board.image_format.value if board.image_format else None
    uart = board.uart.value if board.uart else None
    is_fewer = most is not None and most.value is not None and most.value != ours.max_num_nodes
    return replace(
        ours,
        kernel_platform=board.kernel_platform,
        kernel_arm_platform=board.variables.get("KernelARMPlatform", ours.kernel_arm_platform),
        arch=board.arch or ours.arch,
        sel4_arch=theirs.sel4_arch,
        word_size=theirs.word_size,
        cpu=board.cpu.value if board.cpu and board.cpu.value else ours.cpu,
        max_num_nodes=theirs.max_num_nodes if is_fewer else ours.max_num_nodes,
        num_nodes_reason=theirs.num_nodes_reason if is_fewer else ours.num_nodes_reason,
        image=replace(
            ours.image,
            format=form or ours.image.format,
            name=image_name(board),
            kernel_name=kernel_name(board),
        ),
        uart=replace(ours.uart, address=uart) if uart is not None else ours.uart,
        gic=derive_gic(board) or ours.gic,
        spans={**ours.spans, **{each.key: each.their_span for each in differences}},
    )


def _app(
    catalog: Catalog,
    ours: App | None,
    theirs: AppFacts,
    facts: SourceFacts,
    notes: list[str],
) -> dict[str, App]:
    if ours is None:
        derived = derive_app(catalog, theirs)
        if derived is None:
            return {}
        notes.append(f"app `{theirs.name}` is taken from the sources: {theirs.folder}")
        derived = replace(derived, options=tuple(_options(derived, facts)))
        return {theirs.name: _ported(derived, catalog)}
    if ours.bundled:
        return {}
    options = compare_options((ours,), facts) if theirs.arch is Arch.ARM else ()
    differences = (*options, *compare_app(ours, theirs, catalog))
    placed = replace(ours, spans={**ours.spans, "platforms": theirs.platforms_span})
    if not differences:
        return {ours.name: placed}
    notes.extend(_told(differences))
    asked = {each.key for each in differences if each.subject == f"app {ours.name}"}
    own = derive_options(theirs) if "options" in asked else ()
    changed = replace(
        placed,
        options=tuple(_options(placed, facts, tuple(own))),
        platforms=tuple(_platforms(placed, theirs)),
        num_vms=_num_vms(placed, differences),
        forced=_still_forced(placed, differences),
    )
    return {ours.name: _ported(changed, catalog)}


def _ported(app: App, catalog: Catalog) -> App:
    """Leave out the boards that cannot be told of, since nothing is known of them."""
    known = {each.name for each in catalog.platforms}
    return replace(app, platforms=tuple(each for each in app.platforms if each.platform in known))


def _num_vms(app: App, differences: tuple[Difference, ...]) -> int:
    said = [each.theirs for each in differences if each.key == "num-vms" and each.theirs]
    return int(said[0]) if said else app.num_vms


def _still_forced(app: App, differences: tuple[Difference, ...]) -> dict[str, str]:
    """Return what all boards are forced to, without what some are no longer."""
    gone = {
        each.key.removeprefix("forced.")
        for each in differences
        if each.key.startswith("forced.") and each.ours is not None
    }
    return {name: value for name, value in app.forced.items() if name not in gone}


def _platforms(app: App, theirs: AppFacts) -> Iterator[AppPlatform]:
    """Yield the app on the boards of the sources; one that was not read stays as it is."""
    is_known = theirs.supported is None or theirs.supported.value is not None
    names = theirs.platforms if is_known and theirs.platforms else None
    for on in app.platforms:
        if names is None or on.platform in names:
            yield _on_board(app, on, theirs)
    console = _console(app)
    known = {each.platform for each in app.platforms}
    for name in names or ():
        if name not in known:
            yield derive_app_platform(app, theirs.on(name), name, console)


def _on_board(app: App, on: AppPlatform, theirs: AppFacts) -> AppPlatform:
    board = theirs.on(on.platform)
    if board is None:
        return on
    said = {**dict(forced_on(replace(app, forced={}), board))}
    kept = {
        name: value for name, value in on.forced.items() if name in board.settings or "{" in value
    }
    return replace(on, forced={**kept, **said}, guest=guest_over(on.guest, board_guest(board, on)))


def board_guest(board: AppBoardFacts, on: AppPlatform) -> GuestImages:
    """Return the guest of the sources, less files that are named after an option.

    Of those the sources have one of several, and the catalogue says them all.
    """
    guest = derive_guest(board)

    def kept(ours: str | None, theirs: str | None) -> str | None:
        return None if "{" in (ours or "") else theirs

    return replace(
        guest,
        linux=kept(on.guest.linux, guest.linux),
        dtb=kept(on.guest.dtb, guest.dtb),
        initrd=kept(on.guest.initrd, guest.initrd),
    )


def _console(app: App) -> Console:
    return app.platforms[0].console


def _options(
    app: App, facts: SourceFacts, own: tuple[OptionSpec, ...] = ()
) -> Iterator[OptionSpec]:
    names = {each.name for each in app.options}
    for option in app.options:
        fact = facts.option(option.name)
        yield option if fact is None else _option(option, fact, facts)
    yield from (each for each in own if each.name not in names)
    for fact in facts.options:
        if fact.name not in names and fact.kind is not ConfigKind.SET and _is_arm(app):
            spec = OptionSpec(
                name=fact.name,
                summary=fact.summary or "an option of the VMM",
                kind=_KINDS[fact.kind],
                archs=(Arch.ARM,),
                span=fact.span,
            )
            yield _option(spec, fact, facts)


def _is_arm(app: App) -> bool:
    return "PLATFORM" in app.variables


def _option(option: OptionSpec, fact: ConfigFact, facts: SourceFacts) -> OptionSpec:
    """Return `option` as it is declared; of boards that were not read we know what we knew."""
    kind = option.kind
    is_other_kind = (kind is OptionKind.CHOICE) != (fact.kind is ConfigKind.CHOICE)
    names = set(option.platforms)
    for board in facts.boards:
        allowed = is_allowed(fact, board, facts) if board.arch is Arch.ARM else None
        if not _has_conditions(fact) or allowed is None:
            continue
        if allowed and option.platforms:
            names.add(board.name)
        elif not allowed:
            names = (names or _all_arm(facts)) - {board.name}
    changed = replace(
        option,
        kind=_KINDS.get(fact.kind, kind) if is_other_kind else kind,
        choices=tuple(each.value for each in fact.choices) or option.choices,
        default=fact.default if fact.default is not None else option.default,
        needs=needed_options(fact, facts),
        platforms=_in_order(option, names),
    )
    is_changed = changed != option
    return replace(changed, span=fact.depends_span or fact.span) if is_changed else option


def _in_order(option: OptionSpec, names: set[str]) -> tuple[str, ...]:
    kept = tuple(each for each in option.platforms if each in names)
    return (*kept, *sorted(names - set(kept)))


def _all_arm(facts: SourceFacts) -> set[str]:
    return {each.name for each in facts.boards if each.arch is Arch.ARM}


def _has_conditions(fact: ConfigFact) -> bool:
    return bool(fact.depends) or any(each.depends for each in fact.choices)


def _told(differences: tuple[Difference, ...]) -> Iterator[str]:
    yield from (f"the sources decide: {each}" for each in differences)


def _place(board: BoardFacts) -> str:
    return f"{board.config.file}:{board.config.line}"
